"""Regularizers of the discriminator: penalties on its gradient, and a limit on its weights."""

from collections.abc import Sequence
from typing import Annotated

import torch
from torch import Tensor, nn

from ganstudio.api import Discriminate, Live, Range, Regularizer, hookimpl


class _ZeroCentred(Regularizer):
    """What R1 and R2 share."""

    class Settings(Regularizer.Settings):
        """Strength, and how often."""

        gamma: Annotated[float, Range(1e-4, 1000.0, log=True), Live, "Strength γ of the penalty"] = 1.0
        every: Annotated[
            int, Range(1, 64), Live, "Computed at every n-th step, n times as strong (lazy regularisation)"
        ] = 1

    settings: "_ZeroCentred.Settings"


class R1(_ZeroCentred):
    """Zero-centred gradient penalty on real samples (Mescheder et al., 2018, arXiv:1801.04406)."""

    title = "R1"
    gradients_at = ("real",)

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        """Return γ/2 · E‖∇D(real)‖²."""
        return self.settings.gamma / 2 * discriminate.gradient_square_norm(real).mean()


class R2(_ZeroCentred):
    """Zero-centred gradient penalty on generated samples (Mescheder et al., 2018, arXiv:1801.04406)."""

    title = "R2"
    gradients_at = ("fake",)

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        """Return γ/2 · E‖∇D(fake)‖²."""
        return self.settings.gamma / 2 * discriminate.gradient_square_norm(fake).mean()


class GradientPenalty(Regularizer):
    """WGAN-GP: gradients of length 1 between real and fake (Gulrajani et al., 2017, arXiv:1704.00028)."""

    title = "Gradient penalty (WGAN-GP)"

    class Settings(Regularizer.Settings):
        """Strength."""

        weight: Annotated[
            float, Range(1e-3, 1000.0, log=True), Live, "Strength λ: 10 for images, 0.1 for 2-D toys"
        ] = 10.0

    settings: "GradientPenalty.Settings"

    def penalty(
        self, discriminate: Discriminate, real: Tensor, fake: Tensor, labels: Tensor | None
    ) -> Tensor:
        """Return λ · E(‖∇D(x)‖ − 1)², x drawn evenly between a real and a fake sample."""
        share = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
        between = torch.lerp(real.detach(), fake.detach(), share).requires_grad_()
        length = (discriminate.gradient_square_norm(between) + 1e-12).sqrt()
        return self.settings.weight * (length - 1).square().mean()


class WeightClipping(Regularizer):
    """Keep weights in a box, as in the first Wasserstein GAN (Arjovsky et al., 2017, arXiv:1701.07875)."""

    title = "Weight clipping"

    class Settings(Regularizer.Settings):
        """The box."""

        limit: Annotated[float, Range(1e-4, 10.0, log=True), Live, "Largest absolute value of a weight"] = (
            0.01
        )

    settings: "WeightClipping.Settings"

    @torch.no_grad()
    def after_update(self, discriminator: nn.Module) -> None:
        """Clip every parameter to [−limit, limit]."""
        torch._foreach_clamp_min_(list(discriminator.parameters()), -self.settings.limit)
        torch._foreach_clamp_max_(list(discriminator.parameters()), self.settings.limit)


@hookimpl
def ganstudio_regularizers() -> Sequence[type[Regularizer]]:
    """Offer the regularizers."""
    return [R1, R2, GradientPenalty, WeightClipping]
