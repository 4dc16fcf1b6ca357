"""Adversarial losses over raw logits. D is the discriminator's logit, σ the logistic function."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from torch import Tensor
from torch.nn import functional
from torch.nn.functional import softplus

from ganstudio.api import AdversarialLoss, hookimpl


class NonSaturating(AdversarialLoss):
    """The usual GAN loss: binary cross-entropy on logits (Goodfellow et al., 2014, arXiv:1406.2661)."""

    title = "Non-saturating"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return −log σ(D(real)) − log(1 − σ(D(fake)))."""
        return softplus(-real_logits).mean() + softplus(fake_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return −log σ(D(fake))."""
        return softplus(-fake_logits).mean()


class Minimax(NonSaturating):
    """The loss of the game itself, whose generator stalls early (Goodfellow et al., 2014)."""

    title = "Minimax (saturating)"

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return log(1 − σ(D(fake)))."""
        return -softplus(fake_logits).mean()


class LeastSquares(AdversarialLoss):
    """Squared distance of logits to 1 (real) and 0 (fake) (Mao et al., 2017, arXiv:1611.04076)."""

    title = "Least squares"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return ½ (D(real) − 1)² + ½ D(fake)²."""
        return ((real_logits - 1).square().mean() + fake_logits.square().mean()) / 2

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return ½ (D(fake) − 1)²."""
        return (fake_logits - 1).square().mean() / 2


class Hinge(AdversarialLoss):
    """A margin of 1 on either side (Lim & Ye, 2017, arXiv:1705.02894)."""

    title = "Hinge"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return max(0, 1 − D(real)) + max(0, 1 + D(fake))."""
        return functional.relu(1 - real_logits).mean() + functional.relu(1 + fake_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return −D(fake)."""
        return -fake_logits.mean()


class Wasserstein(AdversarialLoss):
    """An estimate of the earth mover's distance (Arjovsky et al., 2017, arXiv:1701.07875).

    It wants a gradient penalty or weight clipping beside it.
    """

    title = "Wasserstein"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return D(fake) − D(real)."""
        return fake_logits.mean() - real_logits.mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return −D(fake)."""
        return -fake_logits.mean()


class RelativisticPairing(AdversarialLoss):
    """Each real sample against the fake one beside it (Huang et al., 2024, arXiv:2501.05441).

    First in Jolicoeur-Martineau, 2018, arXiv:1807.00734.
    """

    title = "Relativistic pairing"
    relativistic = True

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return −log σ(D(real) − D(fake))."""
        return softplus(fake_logits - real_logits).mean()

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return −log σ(D(fake) − D(real))."""
        assert real_logits is not None, "a relativistic loss is given the logits of real samples"
        return softplus(real_logits - fake_logits).mean()


class RelativisticAverage(AdversarialLoss):
    """Each sample against the mean of the other kind (Jolicoeur-Martineau, 2018, arXiv:1807.00734)."""

    title = "Relativistic average (RaGAN)"
    relativistic = True

    class Settings(AdversarialLoss.Settings):
        """Which loss is made relativistic."""

        form: Annotated[
            Literal["standard", "least squares", "hinge"],
            "Standard: cross-entropy (RaSGAN). Least squares (RaLSGAN) and hinge (RaHingeGAN): both with a "
            "margin of 1",
        ] = "standard"

    settings: "RelativisticAverage.Settings"

    def discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        """Return E f(D(real) − E D(fake)) + E f(E D(real) − D(fake)), f as :data:`_FORMS` has it."""
        return self._apart(real_logits, fake_logits)

    def generator_loss(self, fake_logits: Tensor, real_logits: Tensor | None) -> Tensor:
        """Return the same with real and fake in each other's place."""
        assert real_logits is not None, "a relativistic loss is given the logits of real samples"
        return self._apart(fake_logits, real_logits)

    def _apart(self, above: Tensor, below: Tensor) -> Tensor:
        cost = _FORMS[self.settings.form]
        return cost(above - below.mean()).mean() + cost(above.mean() - below).mean()


_FORMS: dict[str, Callable[[Tensor], Tensor]] = {
    "standard": lambda lead: softplus(-lead),  # −log σ(lead)
    "least squares": lambda lead: (lead - 1).square(),
    "hinge": lambda lead: functional.relu(1 - lead),
}
"""What a lead of one sample over the mean of the other kind costs, so that the lead is to grow."""


@hookimpl
def ganstudio_losses() -> Sequence[type[AdversarialLoss]]:
    """Offer the losses, the best known first."""
    return [
        NonSaturating,
        RelativisticPairing,
        RelativisticAverage,
        Hinge,
        LeastSquares,
        Wasserstein,
        Minimax,
    ]
