"""A small variant that conforms, and variants of it that each break one promise."""

import time
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from ganstudio.api import (
    GAN,
    Architecture,
    Batch,
    DataSpec,
    Fixed,
    ImageSpec,
    Optimizer,
    PairedSpec,
    PointSpec,
    Preview,
    Range,
    Settings,
    UnpairedSpec,
    Update,
)


class Good(Architecture):
    """Two small networks for points, with a step of their own (Goodfellow et al., 2014)."""

    title = "Good"
    accepts = (PointSpec,)
    default_optimizers: ClassVar = {"generator": Optimizer(), "discriminator": Optimizer()}
    ema = ("generator",)

    class Settings(Architecture.Settings):
        width: Annotated[int, Range(1, 64, log=True), "Neurons of the hidden layer"] = 8

    settings: "Good.Settings"
    generator: nn.Module
    discriminator: nn.Module

    def build(self, data: DataSpec) -> None:
        assert isinstance(data, PointSpec)
        self.generator = self.mlp(2, data.dimensions)
        self.discriminator = self.mlp(data.dimensions, 1)

    def mlp(self, inputs: int, outputs: int) -> nn.Module:
        width = self.settings.width
        return nn.Sequential(nn.Linear(inputs, width), nn.Tanh(), nn.Linear(width, outputs))

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real = next(batches).points
        fake = self.generator(self.draw_latents(len(real)))
        yield Update(self.discriminator, self.telling_apart(real, fake.detach()))
        yield Update(self.generator, softplus(-self.discriminator(fake)).mean())

    def telling_apart(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(-self.discriminator(real)).mean() + softplus(self.discriminator(fake)).mean()

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        return torch.randn(count, 2, generator=generator)

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.generator(latents)


class Unused(nn.Module):
    """A discriminator with a head that its logits do not depend on."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.body = nn.Linear(inputs, 1)
        self.head = nn.Linear(1, 1)

    def forward(self, points: Tensor) -> Tensor:
        return self.body(points)


class NoSource(Good):
    """Two small networks for points."""


class NoDocstring(Good):
    title = "No docstring"


class Colour(Enum):
    RED = "red"


class OddSetting(Good):
    """A setting that no form can show (2024)."""

    class Settings(Good.Settings):
        thing: Annotated[complex, "A number"] = 1j


class NoHelp(Good):
    """A setting without help (2024)."""

    class Settings(Good.Settings):
        depth: Annotated[int, Range(1, 3)] = 1


class BadDefault(Good):
    """A default out of its range (2024)."""

    class Settings(Good.Settings):
        depth: Annotated[int, Range(1, 3), "Layers"] = 7


class BuildRaises(Good):
    """Raises in build (2024)."""

    def build(self, data: DataSpec) -> None:
        raise ValueError("no such layer")


class BuildExits(Good):
    """Calls sys.exit in build (2024)."""

    def build(self, data: DataSpec) -> None:
        raise SystemExit(3)


class NoNetworks(Good):
    """Makes no network (2024)."""

    def build(self, data: DataSpec) -> None:
        self.list = [nn.Linear(2, 2)]


class WrongEma(Good):
    """Averages a network that there is not (2024)."""

    ema = ("generater",)


class NoOptimizer(Good):
    """Forgets an optimizer (2024)."""

    default_optimizers: ClassVar = {"generator": Optimizer()}


class RefusesAll(Good):
    """Refuses all data (2024)."""

    @classmethod
    def refuses(cls, settings: Settings, data: DataSpec) -> str | None:
        return "It takes nothing."


class NoStep(Good):
    """Yields nothing (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        yield from ()


class ReturnsList(Good):
    """Returns its updates (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Any:
        return [Update(self.discriminator, self.telling_apart(next(batches).points, torch.zeros(4, 2)))]


class YieldsTensor(Good):
    """Yields a loss without an update (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Any]:
        yield self.telling_apart(next(batches).points, torch.zeros(4, 2))


class ForeignModule(Good):
    """Updates a part of a network (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        loss = self.telling_apart(next(batches).points, torch.zeros(4, 2))
        yield Update(self.discriminator[0], loss)  # type: ignore[index]


class LossOfMany(Good):
    """Forgets the mean (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        yield Update(self.discriminator, self.discriminator(next(batches).points))


class DetachedLoss(Good):
    """Detaches its loss (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real = next(batches).points
        loss = self.telling_apart(real, real).detach()
        yield Update(self.discriminator, loss)


class StepRaises(Good):
    """Raises in its step (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        yield Update(self.discriminator, self.discriminator(torch.zeros(2, 99)).mean())


class NotFinite(Good):
    """Takes the logarithm of zero (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real = next(batches).points
        loss = (self.discriminator(real).mean() * 0).log()
        yield Update(self.discriminator, loss)


class UnusedHead(Good):
    """Has a head that nothing depends on (2024)."""

    def build(self, data: DataSpec) -> None:
        super().build(data)
        self.discriminator = Unused(data.dimensions)  # type: ignore[attr-defined]

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real = next(batches).points
        fake = self.generator(self.draw_latents(len(real)))
        loss = self.telling_apart(real, fake.detach())
        yield Update(self.discriminator, loss)
        yield Update(self.generator, softplus(-self.discriminator(fake)).mean())


class Forgotten(Good):
    """Has a network that no update names (2024)."""

    default_optimizers: ClassVar = {**Good.default_optimizers, "encoder": Optimizer()}

    def build(self, data: DataSpec) -> None:
        super().build(data)
        self.encoder = nn.Linear(2, 2)


class BeginsLate(Good):
    """Trains its discriminator after a hundred steps (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        updates = super().training_step(batches)
        telling_apart = next(updates)
        if self.step >= 100:
            yield telling_apart
            yield from updates
            return
        fooling = self.generator(self.draw_latents(4)) - next(batches).points.mean()
        yield Update(self.generator, fooling.square().mean())


class BadGradient(Good):
    """Takes a root at zero (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real = next(batches).points
        loss = self.telling_apart(real, real) + (self.discriminator(real) * 0).abs().sum().sqrt()
        yield Update(self.discriminator, loss)


class DoesNotMove(Good):
    """Trains against a constant (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        for network in (self.discriminator, self.generator):
            given = next(batches).points if network is self.discriminator else self.draw_latents(4)
            yield Update(network, 0 * network(given).mean())


class Meddles(Good):
    """Moves weights by hand (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        with torch.no_grad():
            for weight in self.generator.parameters():
                weight.mul_(0.9)
        yield from super().training_step(batches)


class Shares(Good):
    """Gives both networks one layer (2024)."""

    def build(self, data: DataSpec) -> None:
        super().build(data)
        shared = nn.Linear(data.dimensions, data.dimensions)  # type: ignore[attr-defined]
        self.generator.append(shared)  # type: ignore[operator]
        self.discriminator.insert(0, shared)  # type: ignore[operator]


class Clock(Good):
    """Depends on the clock (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        for update in super().training_step(batches):
            yield Update(update.networks, update.loss * (1 + time.perf_counter_ns() % 97))


class HiddenState(Good):
    """Keeps what it makes samples with where no checkpoint finds it (2024)."""

    def build(self, data: DataSpec) -> None:
        super().build(data)
        self.place = torch.randn(data.dimensions)  # type: ignore[attr-defined]

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.generator(latents) + self.place


class Remembers(Good):
    """Remembers the last batch, and not beyond an interruption (2024)."""

    def build(self, data: DataSpec) -> None:
        super().build(data)
        self.last: Tensor | None = None

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        yield from super().training_step(batches)
        if self.last is not None:
            yield Update(self.generator, (self.generator(self.last) - 3).square().mean())
        self.last = next(batches).points


class KeepsTheUnkeepable(Good):
    """Returns what cannot be kept (2024)."""

    def checkpoint_state(self) -> Mapping[str, Any]:
        return {"networks": self.generator}


class WrongShape(Good):
    """Generates too many numbers (2024)."""

    def generate(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.generator(latents).repeat(1, 2)


class OddPreview(Good):
    """Previews a tensor (2024)."""

    def preview(self, fixed: Fixed) -> Any:
        return fixed.real


class FlatImages(Good):
    """Previews rows of pixels (2024)."""

    def preview(self, fixed: Fixed) -> Preview:
        return Preview(fixed.real[:, :, None])


class TwoDimensionsAlone(Good):
    """Does not say that it needs two dimensions (2024)."""

    def build(self, data: DataSpec) -> None:
        self.generator, self.discriminator = self.mlp(2, 2), self.mlp(2, 1)


class GoodGAN(GAN):
    """A GAN for points (Goodfellow et al., 2014)."""

    title = "Good GAN"
    accepts = (PointSpec,)

    def build_generator(self, data: DataSpec) -> nn.Module:
        assert isinstance(data, PointSpec)
        return nn.Sequential(nn.Linear(self.generator_inputs, 8), nn.ReLU(), nn.Linear(8, data.dimensions))

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        assert isinstance(data, PointSpec)
        return nn.Sequential(nn.Linear(data.dimensions, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))


class LatentsAlone(GoodGAN):
    """Forgets that labels come with latents (2024)."""

    def build_generator(self, data: DataSpec) -> nn.Module:
        return nn.Linear(self.settings.latent_dim, data.dimensions)  # type: ignore[attr-defined]


class OnceDifferentiable(nn.Module):
    """Whose output can be differentiated once."""

    def forward(self, values: Tensor) -> Tensor:
        return _Once.apply(values)  # type: ignore[no-any-return, no-untyped-call]


class _Once(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        return values.clone()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(context: Any, slope: Tensor) -> Tensor:
        return slope


class NoSecondGradient(GoodGAN):
    """Has a layer that can be differentiated once (2024)."""

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        made = super().build_discriminator(data)
        return nn.Sequential(OnceDifferentiable(), *made)  # type: ignore[misc]


class IgnoresRegularizers(GoodGAN):
    """Leaves the penalties out (2024)."""

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        self.regularizers = ()
        yield from super().training_step(batches)


class Sigmoid(GAN):
    """Makes images in [0, 1] (2024)."""

    title = "Sigmoid"
    accepts = (ImageSpec,)

    def build_generator(self, data: DataSpec) -> nn.Module:
        assert isinstance(data, ImageSpec)
        numbers = data.channels * data.height * data.width
        return nn.Sequential(
            nn.Linear(self.generator_inputs, numbers), nn.Sigmoid(), nn.Unflatten(1, data.shape)
        )

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        assert isinstance(data, ImageSpec)
        return nn.Sequential(nn.Flatten(), nn.Linear(data.channels * data.height * data.width, 1))


class _Translator(Architecture):
    """What a variant of two kinds of images needs."""

    title = "Translator"
    default_optimizers: ClassVar = {"generator": Optimizer()}
    generator: nn.Module

    def build(self, data: DataSpec) -> None:
        one, other = data.parts  # type: ignore[attr-defined]
        self.generator = nn.Conv2d(one.channels, other.channels, 3, padding=1)

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        given, wanted = next(batches).both
        yield Update(self.generator, (self.generator(given) - wanted).square().mean())

    def preview(self, fixed: Fixed) -> Preview:
        return Preview(self.generator(fixed.real))


class GoodPaired(_Translator):
    """Learns from pairs (2024)."""

    accepts = (PairedSpec,)


class GoodUnpaired(_Translator):
    """Learns from two domains (2024)."""

    accepts = (UnpairedSpec,)
