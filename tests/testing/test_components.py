"""Each check of losses, regularizers, augmentations, data and metrics is failed by a class that breaks it."""

from collections.abc import Mapping
from itertools import count
from typing import Annotated, Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ganstudio.api import (
    AdversarialLoss,
    Augmentation,
    Component,
    DataSource,
    DataSpec,
    Discriminate,
    ImageSource,
    ImageSpec,
    InputError,
    LoadedData,
    Metric,
    PairedSpec,
    PointSpec,
    Range,
    Regularizer,
    Report,
    UnpairedSpec,
)
from ganstudio.testing import Finding, check

WRONG: list[tuple[type[Component], str, str]] = []


def fails(name: str, words: str) -> Any:
    """Note which check a class is to fail, and with what words."""

    def note(cls: type[Component]) -> type[Component]:
        WRONG.append((cls, name, words))
        return cls

    return note


# --- Losses ----------------------------------------------------------------------------------------


class GoodLoss(AdversarialLoss):
    """The usual loss (Goodfellow et al., 2014)."""

    title = "Good"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        return softplus(-fake_logits).mean()


@fails("values", "discriminator_loss is inf for logits of up to ±30")
class LogOfSigmoid(GoodLoss):
    """Rounds to infinity (2024)."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return -(real_logits.sigmoid().log() + (1 - fake_logits.sigmoid()).log()).mean()


@fails("values", "generator_loss is to return one number, and returns [16, 1]")
class NoMean(GoodLoss):
    """Forgets the mean (2024)."""

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        return softplus(-fake_logits)


@fails("values", "unsupported operand")
class UnaskedReal(GoodLoss):
    """Is relativistic and does not say so (2024)."""

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        return softplus(real_logits - fake_logits).mean()  # type: ignore[operator]


@fails("directions", "does not raise the logits of real samples")
class Exchanged(GoodLoss):
    """Takes real for generated (2024)."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return super().discriminator_loss(fake_logits, real_logits)


@fails("directions", "does not lower the logits of generated samples")
class RealAlone(GoodLoss):
    """Leaves generated samples out (2024)."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return softplus(-real_logits).mean()


@fails("directions", "does not raise the logits of generated samples")
class WrongSign(GoodLoss):
    """Has the wrong sign (2024)."""

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        return fake_logits.mean()


@fails("directions", "does not depend on its logits")
class NoGradient(GoodLoss):
    """Detaches (2024)."""

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        return super().discriminator_loss(real_logits, fake_logits).detach()


@fails("shapes", "for logits [B, 1] and")
class Broadcasts(GoodLoss):
    """Compares every logit with every other, of one shape alone (2024)."""

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        return softplus(-fake_logits).mean() + (fake_logits - fake_logits.mean(0)).mean(-1).square().mean()


# --- Regularizers ----------------------------------------------------------------------------------


class GoodRegularizer(Regularizer):
    """Zero-centred penalty (Mescheder et al., 2018)."""

    title = "Good"

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor | None:
        return discriminate.gradient_square_norm(real).mean()


@fails("penalty", "penalty is to return one number, or None; for samples [6, 2] it returns [6]")
class ManyPenalties(GoodRegularizer):
    """Forgets the mean (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        return discriminate.gradient_square_norm(real)


@fails("penalty", "penalty is inf")
class InfinitePenalty(GoodRegularizer):
    """Divides by zero (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        return 1 / (discriminate(real) * 0).square().sum()


@fails("penalty", "for samples [6, 1, 8, 8]")
class PointsAlone(GoodRegularizer):
    """Takes samples for points (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        return discriminate.gradient(real).square().sum(1).mean((0) if real.ndim == 2 else (0,))


@fails("differentiable", "Gradients within it must be taken by discriminate.gradient")
class OnceAlone(GoodRegularizer):
    """Takes its gradient without a graph (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        (slope,) = torch.autograd.grad(discriminate(real).sum(), real, retain_graph=True)
        return slope.square().mean()


@fails("differentiable", "does not depend on the weights of the discriminator")
class OfSamples(GoodRegularizer):
    """Penalises the samples (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        return real.square().mean()


@fails("differentiable", "add 1e-12 below the root")
class RootOfZero(GoodRegularizer):
    """Takes the root of zero (2024)."""

    def penalty(self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Any) -> Tensor:
        return (discriminate(real) * 0).square().sum().sqrt() + discriminate(real).mean()


@fails("limits", "puts other parameters in the place")
class Replaces(GoodRegularizer):
    """Makes new parameters (2024)."""

    def after_update(self, discriminator: nn.Module) -> None:
        discriminator[1].weight = nn.Parameter(discriminator[1].weight.clamp(-1, 1))  # type: ignore[index]


@fails("limits", "does nothing")
class Idle(Regularizer):
    """Does nothing (2024)."""

    title = "Idle"


@fails("every", "With its setting every = 4 it is computed at every 1. step")
class NotLazy(GoodRegularizer):
    """Has a setting that it does not heed (2024)."""

    class Settings(Regularizer.Settings):
        every: Annotated[int, Range(1, 64), "Computed at every n-th step"] = 2

    @property
    def every(self) -> int:
        return 1


@fails("every", "gradients_at may name real and fake; it names generated")
class OddPlace(GoodRegularizer):
    """Says gradients are where they cannot be (2024)."""

    gradients_at = ("generated",)


# --- Augmentations ---------------------------------------------------------------------------------


class GoodAugmentation(Augmentation):
    """Random brightness (Zhao et al., 2020)."""

    title = "Good"

    def augment(self, samples: Tensor) -> Tensor:
        return samples + 0.1 * torch.randn(len(samples), 1, 1, 1)


@fails("kinds", "accepts is to name kinds of data")
class OddKinds(GoodAugmentation):
    """Accepts a word (2024)."""

    accepts = ("images",)  # type: ignore[assignment]


@fails("shape", "augment gives [6, 1, 8, 16]")
class Shrinks(GoodAugmentation):
    """Crops (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        return samples[:, :, :8]


@fails("shape", "changes the samples it is given")
class InPlace(GoodAugmentation):
    """Changes in place (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        with torch.no_grad():
            samples += 0.1
        return samples * 1.0


@fails("shape", "values that are not finite")
class Divides(GoodAugmentation):
    """Divides by zero (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        return samples / 0


@fails("differentiable", "No gradient flows through augment")
class Rounds(GoodAugmentation):
    """Goes through NumPy (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        return torch.from_numpy(samples.detach().numpy() * 0.5)


@fails("differentiable", "zero everywhere")
class Signs(GoodAugmentation):
    """Takes signs (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        return samples.sign()


@fails("seeded", "other samples with the same seed")
class OwnSeed(GoodAugmentation):
    """Draws from the system (2024)."""

    def augment(self, samples: Tensor) -> Tensor:
        return samples + float(np.random.default_rng().random())


@fails("adapts", "strength is not finite")
class RunsAway(GoodAugmentation):
    """Adapts without a limit (2024)."""

    strength = torch.ones(())

    def adapt(self, real_logits: Tensor) -> None:
        self.strength = self.strength / 0


# --- Data ------------------------------------------------------------------------------------------


class GoodSource(DataSource):
    """A few points."""

    title = "Good"
    gives = PointSpec

    def load(self, report: Report) -> LoadedData:
        report("Drawing", 0.5)
        return LoadedData(PointSpec(2, classes=("a", "b")), torch.zeros(6, 2), torch.arange(6) % 2)


class GoodImages(ImageSource):
    """A few images."""

    title = "Good images"

    def read(self, report: Report) -> LoadedData:
        return LoadedData(ImageSpec(3, 8, 9), torch.zeros(6, 3, 8, 9, dtype=torch.uint8))


class AsksFirst(GoodSource):
    """Needs a file."""

    def load(self, report: Report) -> LoadedData:
        raise InputError("Choose the file with the points.")


class _Changed(GoodSource):
    """Points that are changed before they are given."""

    def load(self, report: Report) -> LoadedData:
        loaded = super().load(report)
        self.change(loaded)
        return loaded

    def change(self, loaded: LoadedData) -> None:
        raise NotImplementedError


@fails("loads", "It says it gives ImageSpec, and gives PointSpec")
class OtherKind(GoodSource):
    """Says that it gives images."""

    gives = ImageSpec


@fails("loads", "is to be told what is done")
class OddReport(GoodSource):
    """Tells per cent."""

    def load(self, report: Report) -> LoadedData:
        report("Drawing", 50)
        return super().load(report)


@fails("loads", "no whole sentence")
class Grumbles(GoodSource):
    """Says too little."""

    def load(self, report: Report) -> LoadedData:
        raise InputError("no file")


@fails("loads", "no sample at all")
class Empty(_Changed):
    """Gives nothing."""

    def change(self, loaded: LoadedData) -> None:
        loaded.values, loaded.labels = torch.zeros(0, 2), None


@fails("values", "the spec says float32 [N, 2]")
class ThreeNumbers(_Changed):
    """Gives points of three numbers."""

    def change(self, loaded: LoadedData) -> None:
        loaded.values = torch.zeros(6, 3)


@fails("values", "not finite numbers")
class MissingNumbers(_Changed):
    """Leaves gaps in."""

    def change(self, loaded: LoadedData) -> None:
        loaded.values = torch.full((6, 2), float("nan"))


@fails("values", "the spec says uint8 [N, 1, 8, 8]")
class FloatImages(DataSource):
    """Gives images in [-1, 1]."""

    title = "Float images"
    gives = ImageSpec

    def load(self, report: Report) -> LoadedData:
        return LoadedData(ImageSpec(1, 8, 8), torch.zeros(6, 1, 8, 8))


@fails("values", "There are 6 inputs and 5 targets")
class LostTarget(DataSource):
    """Loses a target."""

    title = "Lost target"
    gives: Any = PairedSpec

    def load(self, report: Report) -> LoadedData:
        image = ImageSpec(1, 8, 8)
        images = torch.zeros(6, 1, 8, 8, dtype=torch.uint8)
        return LoadedData(self.gives(image, image), images, other=self.others(images))

    def others(self, images: Tensor) -> Any:
        return images[:5]


@fails("values", "LoadedData.other is to hold the second")
class OneDomain(LostTarget):
    """Forgets the second domain."""

    gives = UnpairedSpec

    def others(self, images: Tensor) -> Any:
        return None


@fails("labels", "Labels run from 0 to 5, and there are 2 classes")
class TooManyLabels(_Changed):
    """Numbers its samples."""

    def change(self, loaded: LoadedData) -> None:
        loaded.labels = torch.arange(6)


@fails("labels", "int64 [6] is wanted")
class FloatLabels(_Changed):
    """Gives labels as floats."""

    def change(self, loaded: LoadedData) -> None:
        loaded.labels = torch.zeros(6)


@fails("labels", "the spec names no classes")
class NamelessLabels(_Changed):
    """Names no classes."""

    def change(self, loaded: LoadedData) -> None:
        loaded.spec = PointSpec(2)


@fails("notes", "one is 'two lines skipped'")
class ShortNote(_Changed):
    """Notes something."""

    def change(self, loaded: LoadedData) -> None:
        loaded.notes = ["two lines skipped"]


@fails("deterministic", "Loaded twice, the data differs")
class Drifts(_Changed):
    """Draws anew each time."""

    times = count()

    def change(self, loaded: LoadedData) -> None:
        loaded.values = loaded.values + next(self.times)


# --- Metrics ---------------------------------------------------------------------------------------


class GoodMetric(Metric):
    """Distance of means (2024)."""

    title = "Good"
    better = "lower"

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return isinstance(data, PointSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        return {"distance": float((samples.std(0) - real.values.std(0)).abs().sum())}


@fails("suits", "It suits no toy data")
class SuitsNothing(GoodMetric):
    """Suits nothing (2024)."""

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return False


@fails("suits", "better is 'more'")
class OddBetter(GoodMetric):
    """Says more is better (2024)."""

    better = "more"  # type: ignore[assignment]


@fails("scores", "figures are floats by name")
class TensorFigure(GoodMetric):
    """Gives a tensor (2024)."""

    def score(self, samples: Tensor, real: LoadedData) -> Any:
        return {"distance": samples.mean()}


@fails("scores", "it gives other figures")
class RandomFigure(GoodMetric):
    """Draws without a seed (2024)."""

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        return {"distance": float(torch.rand(()))}


@fails("scores", "distance is nan for real samples")
class NaNFigure(GoodMetric):
    """Divides zero by zero (2024)."""

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        return {"distance": float("nan")}


@fails("ranks", "noise is better than the real samples")
class WrongWay(GoodMetric):
    """Has better the wrong way round (2024)."""

    better = "higher"


class GoodDear(GoodMetric):
    """Takes its time, and says before what it gives (2024)."""

    dear = True
    figures = ("distance",)


@fails("scores", "score gives 'distance', which does not stand in figures")
class UnnamedFigure(GoodMetric):
    """Takes its time, and keeps to itself what it gives (2024)."""

    dear = True


GOOD = (GoodLoss, GoodRegularizer, GoodAugmentation, GoodSource, GoodImages, AsksFirst, GoodMetric, GoodDear)


@pytest.mark.parametrize("cls", GOOD, ids=lambda cls: cls.__name__)
def test_a_class_that_keeps_its_promises_passes_every_check(cls: type[Component]) -> None:
    report = check(cls)
    assert report.ok, report.card()
    assert len(report.findings) >= 5


@pytest.mark.parametrize(("cls", "name", "words"), WRONG, ids=[cls.__name__ for cls, _name, _words in WRONG])
def test_what_is_wrong_is_found_and_nothing_else(cls: type[Component], name: str, words: str) -> None:
    report = check(cls)
    found: tuple[Finding, ...] = report.failures
    assert [finding.check for finding in found] == [name], report.card()
    assert words in found[0].sentence
    assert found[0].file == __file__
    assert found[0].line > 0
