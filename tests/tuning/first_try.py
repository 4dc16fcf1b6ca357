"""The networks of the first try at readable digits, kept so that later recipes are measured beside them."""

from typing import Annotated

from torch import nn

from ganstudio.api import GAN, DataSpec, ImageSpec, Range


class FirstTry(GAN):
    """Width 24, a generator 7 × 7 → 14 → 28 and a discriminator of three convolutions, for 28 × 28 grey."""

    title = "First try"
    accepts = (ImageSpec,)

    class Settings(GAN.Settings):
        """Sizes of the two networks."""

        width: Annotated[int, Range(4, 512, log=True), "Channels at the largest size"] = 24
        batch_norm: Annotated[bool, "Batch normalisation, as in DCGAN"] = False

    settings: "FirstTry.Settings"

    def build_generator(self, data: DataSpec) -> nn.Module:
        w = self.settings.width
        return nn.Sequential(
            nn.Linear(self.settings.latent_dim, 4 * w * 49),
            nn.Unflatten(1, (4 * w, 7, 7)),
            *(*self._norm(4 * w), nn.ReLU(), nn.ConvTranspose2d(4 * w, 2 * w, 4, 2, 1)),
            *(*self._norm(2 * w), nn.ReLU(), nn.ConvTranspose2d(2 * w, 1, 4, 2, 1)),
            nn.Tanh(),
        )

    def build_discriminator(self, data: DataSpec) -> nn.Module:
        w = self.settings.width
        return nn.Sequential(
            *(nn.Conv2d(1, w, 4, 2, 1), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(w, 2 * w, 4, 2, 1), *self._norm(2 * w), nn.LeakyReLU(0.2)),
            *(nn.Conv2d(2 * w, 4 * w, 4, 2, 1), *self._norm(4 * w), nn.LeakyReLU(0.2)),
            *(nn.Flatten(), nn.Linear(4 * w * 9, 1)),
        )

    def _norm(self, channels: int) -> list[nn.Module]:
        return [nn.BatchNorm2d(channels)] if self.settings.batch_norm else []
