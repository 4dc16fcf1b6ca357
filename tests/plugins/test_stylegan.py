from collections.abc import Sequence
from typing import Any

import pytest
import torch

from ganstudio.api import Batch, Fixed, ImageSpec, PointSpec, Regularizer
from ganstudio_plugins.losses import NonSaturating
from ganstudio_plugins.regularizers import R1
from ganstudio_plugins.sides import SIDES
from ganstudio_plugins.stylegan import StyleGAN2

CLASSES = ("a", "b", "c")


def built(
    spec: ImageSpec | None = None, regularizers: Sequence[Regularizer] = (), **settings: Any
) -> StyleGAN2:
    torch.manual_seed(0)
    chosen = StyleGAN2.Settings(**{"width": 4, "latent_dim": 8, "layers": 1, **settings})
    gan = StyleGAN2(chosen, NonSaturating(), regularizers)
    gan.build(spec or ImageSpec(1, 28, 28, CLASSES))
    return gan


def advance(gan: StyleGAN2, steps: int, count: int = 8) -> None:
    channels, height, width = gan_shape(gan)
    rules = {n: torch.optim.Adam(n.parameters(), lr=1e-3) for n in (gan.generator, gan.discriminator)}
    batches = iter(lambda: Batch(torch.rand(count, channels, height, width), torch.arange(count) % 3), None)
    for _step in range(steps):
        for update in gan.training_step(batches):
            assert update.loss.isfinite()
            update.networks.zero_grad()
            update.loss.backward(inputs=list(update.networks.parameters()))
            rules[update.networks].step()
        gan.step += 1


def gan_shape(gan: StyleGAN2) -> tuple[int, ...]:
    latents = gan.draw_latents(1)
    labels = torch.zeros(1, dtype=torch.int64) if gan.classes else None
    with torch.no_grad():
        return tuple(gan.generate(latents, labels).shape[1:])


@pytest.mark.parametrize("channels", [1, 3, 4], ids=["grey", "colour", "four"])
@pytest.mark.parametrize("side", SIDES)
def test_every_accepted_size_goes_through_both_networks(side: int, channels: int) -> None:
    spec = ImageSpec(channels, side, side)
    assert StyleGAN2.refuses(StyleGAN2.Settings(), spec) is None
    gan = built(spec, most=8)
    images = gan.generate(gan.draw_latents(2))
    assert images.shape == (2, channels, side, side)
    assert gan.discriminator(images).shape == (2, 1)


def test_other_data_are_refused_with_the_fix() -> None:
    assert "set Resize to 32" in str(StyleGAN2.refuses(StyleGAN2.Settings(), ImageSpec(1, 33, 34)))
    assert (
        StyleGAN2.refuses(StyleGAN2.Settings(), PointSpec(2)) == "StyleGAN2 cannot be trained on 2-D points."
    )


@pytest.mark.parametrize("discriminator", ["residual", "skip"])
@pytest.mark.parametrize("generator", ["skip", "residual"])
def test_a_few_steps_move_every_weight_and_stay_finite(generator: str, discriminator: str) -> None:
    gan = built(regularizers=[R1()], generator=generator, discriminator=discriminator)
    before = {name: p.detach().clone() for name, p in gan.named_parameters()}
    advance(gan, 5)
    still = [name for name, p in gan.named_parameters() if torch.equal(p, before[name])]
    assert still == []
    assert all(p.isfinite().all() for p in gan.parameters())
    assert gan.path_mean > 0
    assert gan.own_generator.mapping.mean.abs().sum() > 0


@pytest.mark.parametrize("conditioning", ["none", "concatenated", "embedded"])
def test_samples_are_the_same_each_time_unless_it_trains(conditioning: str) -> None:
    gan = built(conditioning=conditioning)
    advance(gan, 2)
    latents, labels = gan.draw_latents(4), torch.arange(4) % 3 if conditioning != "none" else None
    assert not torch.equal(gan.generate(latents, labels), gan.generate(latents, labels))
    gan.eval()
    assert torch.equal(gan.generate(latents, labels), gan.generate(latents, labels))


def test_truncation_leads_to_the_image_of_the_mean_style() -> None:
    gan = built()
    advance(gan, 3)
    gan.eval()
    latents = gan.draw_latents(5)
    apart: list[float] = []
    for psi in (0.0, 0.5, 1.0):
        gan.settings = gan.settings.model_copy(update={"truncation": psi})
        made = gan.generate(latents).detach()
        apart.append(float((made - made.mean(0)).abs().mean()))
    assert apart[0] == pytest.approx(0, abs=1e-6)
    assert apart[0] < apart[1] < apart[2]


def test_noise_can_be_left_out_of_what_is_shown() -> None:
    gan = built()
    advance(gan, 3)
    gan.eval()
    latents = gan.draw_latents(2)
    with_noise = gan.generate(latents)
    gan.settings = gan.settings.model_copy(update={"noise": False})
    assert not torch.equal(gan.generate(latents), with_noise)


@pytest.mark.parametrize("count", [1, 2, 16, 64])
@pytest.mark.parametrize("conditioning", ["none", "concatenated"])
def test_previews_are_samples_a_grid_of_mixed_styles_and_rows_of_truncation(
    conditioning: str, count: int
) -> None:
    gan = built(conditioning=conditioning)
    gan.eval()
    labels = torch.arange(count) % 3 if conditioning != "none" else None
    with torch.no_grad():
        shown = gan.preview(Fixed(gan.draw_latents(count), torch.zeros(count, 1, 28, 28), labels))
    assert list(shown) == ["samples", "style mixing", "truncation"]
    assert len(shown["samples"].values) == count
    for kind in ("style mixing", "truncation"):
        assert len(shown[kind].values) % shown[kind].columns == 0
        assert len(shown[kind].captions) == shown[kind].columns
    side = shown["style mixing"].columns - 1
    if count >= 4:
        assert side**2 == count


def test_the_first_layers_are_those_of_another_style_when_styles_are_mixed() -> None:
    always, never = built(mixing=1.0), built(mixing=0.0)
    latents = always.draw_latents(3)
    mixed = always._drawn_styles(latents, None)
    assert not torch.equal(mixed[:, 0], mixed[:, -1])
    assert torch.equal(mixed[:, 0], always.styles(latents))
    whole = never._drawn_styles(latents, None)
    assert all(torch.equal(whole[:, 0], whole[:, n]) for n in range(whole.shape[1]))


def test_path_lengths_are_a_curve_though_few_steps_compute_them() -> None:
    gan = built(path_every=4)
    advance(gan, 1)
    # None of the next two steps computes them, and the second is reported.
    advance(gan, 1)
    gan.recording = True
    advance(gan, 1)
    logged = gan.take_log()
    assert {"penalty/path_length", "path/length", "path/mean", "logits/real"} <= set(logged)
    assert "penalty/path_length" in gan.take_log()
    assert "logits/real" not in gan.take_log()


def test_without_weight_path_lengths_are_not_computed() -> None:
    gan = built(path_length=0.0)
    advance(gan, 2)
    assert gan.path_mean == 0
    assert not gan.held


def test_it_grows_by_the_images_seen_and_all_networks_together() -> None:
    gan = built(growing=16)
    levels = [growth.levels for growth in gan._growths]
    assert levels == [3, 3]
    found = []
    for _step in range(9):
        advance(gan, 1)
        found.append([float(growth.reached) for growth in gan._growths])
    far = [0, 0, 0, 0.5, 1, 1, 1, 1.5, 2]
    assert found == [[each, each] for each in far]
    assert int(gan.images_shown) == 72


def test_spectral_norm_leaves_no_scaling_beside_it() -> None:
    gan = built(spectral_norm=True)
    scales = [m.scale for m in gan.discriminator.modules() if hasattr(m, "scale")]
    assert scales
    assert set(scales) == {1.0}
