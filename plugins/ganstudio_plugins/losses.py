"""Adversarial losses over raw logits. D is the discriminator's logit, σ the logistic function."""

from collections.abc import Sequence

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


@hookimpl
def ganstudio_losses() -> Sequence[type[AdversarialLoss]]:
    """Offer the losses, the best known first."""
    return [NonSaturating, RelativisticPairing, Hinge, LeastSquares, Wasserstein, Minimax]
