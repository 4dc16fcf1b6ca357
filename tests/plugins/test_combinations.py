"""Every adversarial architecture with every loss, regularizer, conditioning and augmentation there is.

The product is made from the registry, so a plugin that is added is walked through as well. A combination
either takes three steps with finite gradients in every update, or is refused with a sentence. The quick
architecture is walked through the whole product; of the others so much that every loss, regularizer,
conditioning and augmentation meets each one of the other kinds.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import pytest
import torch

from ganstudio.api import GAN, Batch, DataSpec, ImageSpec, InputError, PointSpec, Range
from ganstudio.registry import Registry

REGISTRY = Registry.load()
CLASSES = ("a", "b", "c")
BATCH = 4
QUICK = ("PointGAN",)

ARCHITECTURES = {
    name: cls
    for name, cls in REGISTRY.classes["architecture"].items()
    if issubclass(cls, GAN) and {ImageSpec, PointSpec} & set(cls.accepts)
}
LOSSES = REGISTRY.classes["loss"]
REGULARIZERS = [[], *([cls] for cls in REGISTRY.classes["regularizer"].values()), ["R1", "R2"]]
AUGMENTATIONS = [[], *([cls] for cls in REGISTRY.classes["augmentation"].values())]
CONDITIONING = get_args(GAN.Settings.model_fields["conditioning"].annotation)
MINIBATCH = get_args(GAN.Settings.model_fields["minibatch"].annotation)
OTHERS = {
    "spectral norm": {"spectral_norm": True},
    "packing": {"packing": 2},
    "unrolled": {"unrolled_steps": 1},
    "unrolled, spectral norm": {"unrolled_steps": 2, "spectral_norm": True},
    "n_critic": {"n_critic": 2},
    "n_generator": {"n_generator": 2},
    "smoothing": {"label_smoothing": 0.1},
    "flipping": {"label_flipping": 0.3},
    "noise": {"instance_noise": 0.1, "instance_noise_steps": 2},
    "skipping": {"skip_when_winning": 0.99},
}
SMALL = {"width": 4, "latent_dim": 3, "layers": 1, "blocks": 1, "group_size": 2, "most": 4}
"""Used of these is what the architecture has."""


def small(cls: type[GAN], **chosen: Any) -> Any:
    fields = cls.Settings.model_fields
    settings = {
        name: max([value, *(m.low for m in fields[name].metadata if isinstance(m, Range))])
        for name, value in SMALL.items()
        if name in fields
    }
    return cls.Settings(**settings, **chosen)


def spec_of(cls: type[GAN], channels: int = 1) -> DataSpec:
    if ImageSpec not in cls.accepts:
        return PointSpec(2, classes=CLASSES)
    data = ImageSpec(channels, 28, 28, CLASSES)
    return data if cls.refuses(small(cls), data) is None else ImageSpec(channels, 32, 32, CLASSES)


def made(kinds: Sequence[Any], category: str) -> list[Any]:
    return [(REGISTRY.classes[category][kind] if isinstance(kind, str) else kind)() for kind in kinds]


def batches(data: DataSpec) -> Iterator[Batch]:
    shape = data.shape if isinstance(data, ImageSpec) else (2,)
    generator = torch.Generator().manual_seed(0)
    while True:
        real = torch.rand(BATCH, *shape, generator=generator) * 2 - 1
        yield Batch(real, torch.randint(len(CLASSES), (BATCH,), generator=generator))


def walk(gan: GAN, data: DataSpec, steps: int = 3) -> list[str]:
    """Take some steps of plain gradient descent; return the names of the networks that were updated."""
    torch.manual_seed(0)
    gan.recording = True
    gan.build(data)
    feed, updated = batches(data), []
    for gan.step in range(steps):
        for update in gan.training_step(feed):
            networks = update.networks if isinstance(update.networks, tuple) else (update.networks,)
            parameters = [p for network in networks for p in network.parameters() if p.requires_grad]
            gradients = torch.autograd.grad(update.loss, parameters, allow_unused=True)
            used = [g for g in gradients if g is not None]
            assert used
            assert all(bool(torch.isfinite(g).all()) for g in used)
            with torch.no_grad():
                for parameter, gradient in zip(parameters, gradients, strict=True):
                    if gradient is not None:
                        parameter -= 1e-3 * gradient
            updated.append("generator" if gan.generator in networks else "discriminator")
    return updated


def walk_or_refuse(gan: GAN, data: DataSpec, steps: int = 3) -> bool:
    """Return whether it walked; what is refused says why, and what to set."""
    reason = type(gan).refuses(gan.settings, data)
    if reason is None:
        walk(gan, data, steps)
        return True
    assert reason.endswith(".")
    assert "Set " in reason
    with pytest.raises(InputError):
        gan.build(data)
    return False


def combinations(name: str, turn: int) -> list[tuple[Any, str, list[type]]]:
    """Return the regularizers, conditionings and augmentations that the loss of that number is tried with."""
    augmentations = AUGMENTATIONS if ImageSpec in ARCHITECTURES[name].accepts else [[]]
    if name in QUICK:
        return list(itertools.product(REGULARIZERS, CONDITIONING, augmentations))
    return [
        (
            regularizers,
            CONDITIONING[(turn + number) % len(CONDITIONING)],
            augmentations[(turn + 2 * number) % len(augmentations)],
        )
        for number, regularizers in enumerate(REGULARIZERS)
    ]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_kind_meets_each_of_the_others(name: str) -> None:
    augmentations = AUGMENTATIONS if ImageSpec in ARCHITECTURES[name].accepts else [[]]
    kinds = [range(len(LOSSES)), REGULARIZERS, CONDITIONING, augmentations]
    rows = [(turn, *row) for turn in kinds[0] for row in combinations(name, turn)]
    for one, other in itertools.combinations(range(len(kinds)), 2):
        met = {(str(row[one]), str(row[other])) for row in rows}
        assert met == set(itertools.product(map(str, kinds[one]), map(str, kinds[other])))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_combination_takes_three_steps_or_says_why_not(name: str, loss: type) -> None:
    cls = ARCHITECTURES[name]
    data = spec_of(cls)
    chosen = combinations(name, list(LOSSES.values()).index(loss))
    walked = 0
    for regularizers, form, augmented in chosen:
        gan = cls(
            small(cls, conditioning=form),
            loss(),
            made(regularizers, "regularizer"),
            made(augmented, "augmentation"),
        )
        walked += walk_or_refuse(gan, data)
    assert walked == len(chosen)


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_setting_of_the_step_goes_with_every_conditioning(name: str, others: dict[str, Any]) -> None:
    cls = ARCHITECTURES[name]
    data = spec_of(cls)
    losses = itertools.cycle([LOSSES["NonSaturating"], LOSSES["RelativisticPairing"]])
    forms = itertools.product(CONDITIONING, MINIBATCH)
    if name not in QUICK:
        # Which of them meet differs from setting to setting.
        turned = itertools.islice(itertools.cycle(MINIBATCH), list(OTHERS.values()).index(others), None)
        forms = zip(CONDITIONING, turned, strict=False)
    walked = {
        (form, minibatch): walk_or_refuse(
            cls(
                small(cls, conditioning=form, minibatch=minibatch, **others),
                next(losses)(),
                made(["R1"], "regularizer"),
            ),
            data,
            steps=2,
        )
        for form, minibatch in forms
    }
    refused = {form for (form, _minibatch), did in walked.items() if not did}
    assert refused == ({"projection", "auxiliary"} if "packing" in others else set())


@pytest.mark.parametrize("form", CONDITIONING[1:])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_colour_images_are_conditional_too(name: str, form: str) -> None:
    cls = ARCHITECTURES[name]
    data = spec_of(cls, channels=3)
    walk(cls(small(cls, conditioning=form), LOSSES["Hinge"]()), data, steps=1)


@pytest.mark.parametrize("form", CONDITIONING[1:])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_classes_of_data_without_labels_are_refused(name: str, form: str) -> None:
    cls = ARCHITECTURES[name]
    data = ImageSpec(1, 32, 32) if ImageSpec in cls.accepts else PointSpec(2)
    reason = cls.refuses(small(cls, conditioning=form), data)
    assert reason is not None
    assert "no classes" in reason
    assert "Set Conditioning to none" in reason


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_largest_singular_value_of_a_normalised_layer_is_one(name: str) -> None:
    cls = ARCHITECTURES[name]
    torch.manual_seed(0)
    gan = cls(small(cls, spectral_norm=True))
    data = spec_of(cls)
    gan.build(data)
    layers = [m for m in gan.discriminator.modules() if hasattr(m, "parametrizations")]
    for layer in layers:
        # Weights far from where the estimate of the singular vectors began.
        torch.nn.init.normal_(layer.parametrizations.weight.original, std=3.0)
    samples = next(batches(data)).real
    with torch.no_grad():
        for _pass in range(60):
            gan.discriminator(samples)
    gan.discriminator.eval()
    largest = [float(torch.linalg.matrix_norm(m.weight.detach().flatten(1), 2)) for m in layers]
    assert len(largest) >= 2
    assert largest == pytest.approx([1.0] * len(largest), abs=0.05)
