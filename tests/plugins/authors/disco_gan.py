"""DiscoGAN: two generators that translate between two domains of images, each undoing the other."""

from collections.abc import Iterator
from typing import Annotated

from torch import Tensor, nn
from torch.nn import functional

from ganstudio.api import (
    Architecture,
    Batch,
    Fixed,
    InputError,
    Live,
    Optimizer,
    Preview,
    Range,
    UnpairedSpec,
    Update,
    hookimpl,
    side_by_side,
)


def down(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """Halve the size."""
    return nn.Conv2d(inputs, outputs, 4, 2, 1), nn.LeakyReLU(0.2)


def up(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """Double the size."""
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1), nn.InstanceNorm2d(outputs, affine=True), nn.ReLU()


class DiscoGAN(Architecture):
    """Translation without pairs by two generators (Kim et al., 2017, arXiv:1703.05192)."""

    title = "DiscoGAN"
    accepts = (UnpairedSpec,)
    ema = ("to_b", "to_a")
    default_optimizers = dict.fromkeys(("to_b", "to_a", "judge_a", "judge_b"), Optimizer(learning_rate=2e-4))

    class Settings(Architecture.Settings):
        width: Annotated[int, Range(4, 128, log=True), "Channels of the first layer"] = 16
        reconstruction: Annotated[
            float, Range(0.0, 100.0), Live, "Weight of coming back to the image that was translated"
        ] = 10.0

    @classmethod
    def refuses(cls, settings, data) -> str | None:
        if refused := super().refuses(settings, data):
            return refused
        if data.a.shape != data.b.shape or data.a.height % 4 or data.a.width % 4:
            return f"{cls.title} needs both domains in one size that 4 divides. Set Resize to 32."
        return None

    def build(self, data: UnpairedSpec) -> None:
        channels, self.domains = data.a.channels, data.names
        self.to_b, self.to_a = self.generator(channels), self.generator(channels)
        self.judge_a, self.judge_b = self.judge(channels), self.judge(channels)

    def generator(self, channels: int) -> nn.Module:
        width = self.settings.width
        inner = (*down(channels, width), *down(width, 2 * width), *up(2 * width, width), *up(width, width))
        return nn.Sequential(*inner, nn.Conv2d(width, channels, 3, padding=1), nn.Tanh())

    def judge(self, channels: int) -> nn.Module:
        width = self.settings.width
        return nn.Sequential(*down(channels, width), *down(width, 2 * width), nn.Conv2d(2 * width, 1, 3))

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        real_a, real_b = next(batches).both
        fake_b, fake_a = self.to_b(real_a), self.to_a(real_b)

        # Judges: tell each domain from what was translated into it.
        loss = self.told_apart(self.judge_a, real_a, fake_a) + self.told_apart(self.judge_b, real_b, fake_b)
        self.log("loss/judges", loss)
        yield Update((self.judge_a, self.judge_b), loss)

        # Generators: be taken for the other domain, and undo each other.
        taken = -self.judge_b(fake_b).mean() - self.judge_a(fake_a).mean()
        back = functional.l1_loss(self.to_a(fake_b), real_a) + functional.l1_loss(self.to_b(fake_a), real_b)
        self.log("reconstruction/both", back)
        yield Update((self.to_b, self.to_a), taken + self.settings.reconstruction * back)

    def told_apart(self, judge: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        # The hinge: E max(0, 1 − D(x)) + E max(0, 1 + D(G(y)))
        return (1 - judge(real)).relu().mean() + (1 + judge(fake.detach())).relu().mean()

    def translate(self, images: Tensor, to: str = "B") -> Tensor:
        names = [name.lower() for name in self.domains]
        if to.lower() in ("b", names[1]):
            return self.to_b(images)
        if to.lower() in ("a", names[0]):
            return self.to_a(images)
        raise InputError(f"There is no domain {to!r}. Translate to A or to B.")

    def preview(self, fixed: Fixed) -> dict[str, Preview]:
        return {
            "a to b": self.there_and_back(fixed.real, self.to_b, self.to_a),
            "b to a": self.there_and_back(fixed.other, self.to_a, self.to_b),
        }

    def there_and_back(self, images: Tensor, there: nn.Module, back: nn.Module) -> Preview:
        images = images[: max(len(images) // 3, 1)]
        made = there(images)
        return side_by_side(("input", images), ("translation", made), ("back", back(made)))


@hookimpl
def ganstudio_architectures():
    return [DiscoGAN]
