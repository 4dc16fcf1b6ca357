"""The checks of architectures: they are built, walked, kept, put back and looked at on toy data.

Training itself is done by the studio's own trainer. Nothing in it is about one variant.
"""

from collections.abc import Mapping
from typing import get_args

import torch

from ganstudio.api import (
    DataSpec,
    Optimizer,
    Preview,
    StudioError,
)
from ganstudio.testing import common, looking, trainings, where
from ganstudio.testing.engine import Check, Wrong
from ganstudio.testing.stand_ins import GradientPenalty
from ganstudio.testing.toys import specs, toy_data
from ganstudio.testing.variant import BATCH, LATE, Variant
from ganstudio.testing.watching import trained_parameters, watch

# --- Building --------------------------------------------------------------------------------------


def builds(variant: Variant) -> str:
    """Check that ``build`` makes networks, and that what is said of networks names some that there are."""
    cls, networks = variant.cls, variant.architecture.networks()
    if not networks:
        raise Wrong(
            f"{cls.__name__}.build makes no network: set each as an attribute, self.generator = ….",
            where.of_method(cls, "build"),
        )
    for said, names in (("default_optimizers", cls.default_optimizers), ("ema", cls.ema)):
        for name in names:
            if name not in networks:
                raise Wrong(
                    f"{cls.__name__}.{said} names {name!r}, which build does not make; its networks are "
                    f"{', '.join(networks)}."
                )
    for name, parameters in trained_parameters(variant.architecture).items():
        if parameters and name not in cls.default_optimizers:
            raise Wrong(
                f"{cls.__name__}.default_optimizers has nothing for `{name}`, so its learning rate could "
                "not be "
                f"chosen: add {name!r}: Optimizer()."
            )
    for name, optimizer in cls.default_optimizers.items():
        if not isinstance(optimizer, Optimizer):
            raise Wrong(f"{cls.__name__}.default_optimizers[{name!r}] must be a ganstudio.api.Optimizer.")
    sizes = {name: sum(p.numel() for p in network.parameters()) for name, network in networks.items()}
    told = ", ".join(f"{name} ({size:,} weights)" for name, size in sizes.items())
    return f"Built for {variant.data.spec.describe()}: {told}."


def steps(variant: Variant) -> str:
    """Check that steps can be walked, and update something."""
    seen = variant.seen
    if not seen.updates:
        raise Wrong(
            f"{variant.cls.__name__}.training_step yields no update, so nothing is ever trained.",
            where.of_method(variant.cls, "training_step"),
        )
    names = ", ".join(seen.updates)
    return f"{seen.steps} steps were made, each with updates of {names}."


def finite(variant: Variant) -> str:
    """Check that every loss, and every gradient, is a finite number."""
    for name, watched in variant.seen.updates.items():
        if not trainings.is_finite(watched.losses[-1]):
            raise Wrong(
                f"The loss of the update of `{name}` is {watched.losses[-1]} at step {len(watched.losses)}.",
                watched.place,
            )
        if watched.bad:
            path, place = next(iter(watched.bad.items()))
            network, _, parameter = path.partition(".")
            raise Wrong(f"The gradient of `{parameter}` of `{network}` is not a finite number.", place)
    last = ", ".join(f"{name} {watched.losses[-1]:.3g}" for name, watched in variant.seen.updates.items())
    return f"All losses are finite: {last}."


def gradients(variant: Variant) -> str:
    """Check that every parameter of every network gets a gradient."""
    seen, cls = variant.seen, variant.cls
    parameters = trained_parameters(variant.architecture)
    for network, names in parameters.items():
        own = [watched for name, watched in seen.updates.items() if network in name.split("+")]
        fed = {path for watched in own for path in watched.fed}
        missing = [name for name in names if f"{network}.{name}" not in fed]
        if own and missing:
            raise Wrong(
                f"`training_step` yields an update for `{network}`, but the loss does not depend on its "
                f"{_several(missing)}.",
                own[-1].place if own[-1].place.line else where.of_method(cls, f"build_{network}"),
            )
        if not own and names:
            raise Wrong(
                f"`training_step` yields no update for `{network}`, so its weights never change. Yield "
                f"Update(self.{network}, loss), or freeze it: self.{network}.requires_grad_(False).",
                where.of_method(cls, "training_step"),
            )
    return f"All {sum(map(len, parameters.values()))} parameters get a finite gradient."


def learns(variant: Variant) -> str:
    """Check that losses and weights move."""
    seen = variant.seen
    for name, watched in seen.updates.items():
        if len(watched.losses) > 1 and len(set(watched.losses)) == 1:
            raise Wrong(
                f"The loss of the update of `{name}` is {watched.losses[0]:.4g} at each of {seen.steps} "
                "steps: it "
                "does not move.",
                watched.place,
            )
        for network in name.split("+"):
            if not any(path.partition(".")[0] == network for path in seen.moved):
                raise Wrong(
                    f"The updates of `{network}` moved none of its weights in {seen.steps} steps: every "
                    "gradient is zero.",
                    watched.place,
                )
    changes = ", ".join(
        f"{name} {watched.losses[0]:.3g} → {watched.losses[-1]:.3g}" for name, watched in seen.updates.items()
    )
    return f"Losses and weights move: {changes}."


def others(variant: Variant) -> str:
    """Check that a step moves no weights but those that its updates name."""
    seen = variant.seen
    for path, (name, place) in seen.shared.items():
        network, _, parameter = path.partition(".")
        raise Wrong(
            f"The update of `{name}` also moves `{parameter}` of `{network}`: both hold the same weights. "
            f"Update them together, Update((self.{name}, self.{network}), loss), or give each its own.",
            place,
        )
    for path, place in seen.meddled.items():
        network, _, parameter = path.partition(".")
        raise Wrong(
            f"`training_step` changes `{parameter}` of `{network}` itself, before an update of `{network}`. "
            "Weights are moved by the updates that are yielded; freeze those that are not trained.",
            place if place.line else where.of_method(variant.cls, "training_step"),
        )
    return "No update moves the weights of other networks."


# --- Training, keeping, looking --------------------------------------------------------------------


def same_seed(variant: Variant) -> str:
    """Check that two trainings with one seed end at the same weights."""
    again = trainings.train(variant.made(), variant.data)
    name = trainings.first_difference(variant.trained.state.weights, again.state.weights)
    if name:
        raise Wrong(
            f"Two trainings with the same seed end with another `{name}`. Draw all randomness from torch, "
            "numpy "
            "or random, and depend on no order of sets or on the clock.",
            where.of_method(variant.cls, "training_step"),
        )
    return f"Two trainings of {trainings.STEPS} steps with one seed have the same weights."


def keeps(variant: Variant) -> str:
    """Check that a state can be kept, and that weights put into new networks give the same samples."""
    trained = variant.trained
    state = trainings.kept_and_read(trained.state, variant.cls)
    other = variant.made()
    torch.manual_seed(1)
    other.build(variant.data.spec)
    trainings.put_in(other, state)
    # Those that were trained may hold more than their state: what is compared is what is shown of them.
    name = looking.difference(trained.architecture, other, variant.data)
    if name:
        raise Wrong(
            f"Loaded into new networks, the weights give another preview ({name}). Something that matters "
            "is in "
            "neither parameters nor buffers: register_buffer it, or return it from checkpoint_state.",
            where.of_method(variant.cls, "build"),
        )
    return "Saved and loaded, the weights give the same preview."


def resumes(variant: Variant) -> str:
    """Check that a training that was interrupted ends as one that was not."""
    half = trainings.train(variant.made(), variant.data, until=trainings.STEPS // 2)
    state = trainings.kept_and_read(half.state, variant.cls)
    whole = trainings.train(variant.made(), variant.data, start_from=state)
    name = trainings.first_difference(variant.trained.state.weights, whole.state.weights)
    if name:
        raise Wrong(
            f"A training that is resumed half-way ends with another `{name}` than one that is not "
            "interrupted. "
            "What it remembers from step to step must be returned by checkpoint_state and taken back by "
            "load_checkpoint_state.",
            where.of_method(variant.cls, "checkpoint_state"),
        )
    return "A resumed training ends as one that was never interrupted."


def previews(variant: Variant) -> str:
    """Check shapes and ranges of what is shown and generated."""
    architecture = variant.architecture
    told = looking.check_samples(architecture, variant.data.spec)
    shown: Mapping[str, Preview] = looking.previews_of(architecture, variant.data)
    looking.check_previews(type(architecture), shown)
    kinds = ", ".join(f"{name} {list(preview.values.shape)}" for name, preview in shown.items())
    return f"{told}Previews: {kinds}."


def other_data(variant: Variant) -> str:
    """Check that it can be trained on every kind of toy data that it does not refuse."""
    tried = [variant.data.spec.describe()]
    for spec in specs(variant.cls.accepts, odd=True):
        if variant.refusal(spec) is not None:
            continue
        try:
            architecture = variant.built(spec)
            watch(architecture, toy_data(spec, BATCH), 1, BATCH)
            looking.check_samples(architecture, spec)
        except (Exception, SystemExit) as error:
            raise _does_not_refuse(variant, spec, error) from error
        tried.append(spec.describe())
    return f"It takes what it does not refuse: {', '.join(dict.fromkeys(tried))}."


def _does_not_refuse(variant: Variant, spec: DataSpec, error: BaseException) -> Wrong:
    reason = str(error) if isinstance(error, Wrong | StudioError) else f"{type(error).__name__}: {error}"
    return Wrong(
        f"It does not refuse {spec.describe()}, but cannot be trained on them ({reason.rstrip('.')}). Let "
        "refuses return a sentence that says what is needed.",
        where.of_error(error),
    )


def labels(variant: Variant) -> str:
    """Check, of a GAN, that classes can be asked for in every form."""
    if not hasattr(variant.settings, "conditioning") or not getattr(variant.data.spec, "classes", ()):
        return "Labels are not asked of it."
    done = []
    # A variant may leave out forms that mean nothing to it.
    allowed = get_args(variant.cls.Settings.model_fields["conditioning"].annotation)
    for form in [form for form in allowed if form != "none"]:
        reason = variant.refusal(
            variant.data.spec, variant.cls.Settings.model_validate({"conditioning": form})
        )
        if reason:
            continue
        try:
            watch(variant.built(conditioning=form), variant.data, 1, BATCH)
        except (Exception, SystemExit) as error:
            said = str(error).rstrip(".") if str(error) else type(error).__name__
            raise Wrong(
                f"With Conditioning {form} it cannot be trained ({said}). The generator is to take "
                "self.generator_inputs numbers, the discriminator what its data describes, and to be an "
                "nn.Sequential that ends in nn.Linear(features, 1).",
                where.of_error(error),
            ) from error
        done.append(form)
    return f"Labels can be {', '.join(done)}."


def penalties(variant: Variant) -> str:
    """Check, of what takes regularizers, that the gradient of its discriminator can be penalised."""
    if not variant.cls.adversarial:
        return "It brings its own loss, so no penalty is asked of it."
    penalty = GradientPenalty()
    try:
        architecture = variant.built(regularizers=(penalty,))
        penalty.watched = [p for p in architecture.parameters() if p.requires_grad]
        seen = watch(architecture, variant.data, 1, BATCH, first=LATE)
    except (Exception, SystemExit) as error:
        raise Wrong(
            f"With a gradient penalty it cannot be trained ({type(error).__name__}: "
            f"{str(error).rstrip('.')}). "
            "Layers of the discriminator must be differentiable twice.",
            where.of_error(error),
        ) from error
    if not any(curve.startswith("penalty/") for curve in seen.curves):
        raise Wrong(
            "Its step leaves the regularizers out: add each penalty to the discriminator's loss, or set "
            "adversarial = False.",
            where.of_method(variant.cls, "training_step"),
        )
    if not penalty.reached:
        raise Wrong(
            "A penalty on the gradient of its discriminator does not reach the weights: some layer of it "
            "cannot "
            "be differentiated twice.",
            where.of_method(variant.cls, "build_discriminator"),
        )
    return "A penalty on the gradient of its discriminator works."


def speed(variant: Variant) -> str:
    """Tell how fast it is."""
    return (
        f"{variant.trained.rate:.3g} steps a second with batches of {trainings.BATCH} of "
        f"{variant.data.spec.describe()}, on this machine's processor as busy as it is now."
    )


def _several(names: list[str]) -> str:
    """Return the first few names."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(f"`{name}`" for name in names[:3]) + more


CHECKS: tuple[Check[Variant], ...] = (
    common.WORDS,
    common.SETTINGS,
    Check(
        "builds",
        "build makes its networks as attributes, and default_optimizers and ema name them.",
        builds,
        ("settings",),
    ),
    Check("steps", "training_step yields updates of its networks with scalar losses.", steps, ("builds",)),
    Check("finite", "Every loss and every gradient is a finite number.", finite, ("steps",)),
    Check(
        "gradients",
        "Every parameter of every network gets a gradient from some update.",
        gradients,
        ("finite",),
    ),
    Check("learns", "Losses and weights move.", learns, ("gradients",)),
    Check("others", "An update moves the weights of its own networks alone.", others, ("finite",)),
    Check("previews", "Samples and previews have the right shape and range.", previews, ("finite",)),
    Check("same seed", "The same seed gives the same weights.", same_seed, ("previews",)),
    Check("keeps", "Saved and loaded, its weights give the same preview.", keeps, ("same seed",)),
    Check(
        "resumes", "An interrupted training that goes on ends as one that was not.", resumes, ("same seed",)
    ),
    Check("other data", "It takes all data that it does not refuse.", other_data, ("previews",)),
    Check("labels", "A GAN can be asked for classes in every form.", labels, ("previews",)),
    Check("penalties", "The gradient of the discriminator can be penalised.", penalties, ("finite",)),
    Check("speed", "Tells how many steps a second it makes.", speed, ("same seed",)),
)
