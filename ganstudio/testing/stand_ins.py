"""Stand-ins: the smallest loss, penalty, features and discriminators to try a class under check with."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, softplus

from ganstudio.api import (
    AdversarialLoss,
    DataSpec,
    Discriminate,
    FeatureExtractor,
    Features,
    LoadedData,
    Regularizer,
    Report,
)


class UsualLoss(AdversarialLoss):
    """Non-saturating loss (Goodfellow et al., 2014, arXiv:1406.2661)."""

    title = "Non-saturating"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return −log σ(D(real)) − log(1 − σ(D(fake)))."""
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return −log σ(D(fake))."""
        return softplus(-fake_logits).mean()


class GradientPenalty(Regularizer):
    """Zero-centred penalty on gradients (Mescheder et al., 2018, arXiv:1801.04406)."""

    title = "R1"
    gradients_at = ("real",)

    watched: Sequence[nn.Parameter] = ()
    """Weights that the penalty should depend on."""
    reached = False
    """Whether it did."""

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        """Return E‖∇D(real)‖²."""
        value = discriminate.gradient_square_norm(real).mean()
        if value.requires_grad:
            # A layer that cannot be differentiated twice may stay silent, and only cut the gradient off.
            slopes = torch.autograd.grad(value, list(self.watched), retain_graph=True, allow_unused=True)
            self.reached |= any(slope is not None and bool(slope.any()) for slope in slopes)
        return value


class PlainFeatures(FeatureExtractor):
    """The pixels themselves, at the whole size and the half (no source: it stands in for an extractor)."""

    title = "Pixels"
    short = "pixels"

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Anything."""
        return True

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        """There is nothing to make ready."""

    def features(self, images: Tensor) -> Features:
        """Return all values in a row, [N, D]."""
        return Features(images.detach().flatten(1))

    def perceive(self, images: Tensor) -> Sequence[Tensor]:
        """Return the images, and their halves."""
        return [images, avg_pool2d(images, 2)]


def discriminator_of(samples: Tensor) -> nn.Module:
    """Return a small discriminator of such samples, the same each time: smooth, so that it has penalties."""
    numbers = samples[0].numel()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(numbers, 16), nn.Softplus(), nn.Linear(16, 1))
