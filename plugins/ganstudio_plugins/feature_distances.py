"""Distances between two sets of features: Fréchet and kernel distance, each with its interval.

It knows nothing of images, or of what made the features. Intervals hold with 95 % confidence.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.api import Score

NORMAL = 1.96
"""Standard errors to either side of an estimate."""
_GROUPS = 20
_STUDENT = 2.093
"""The same where the error is estimated from that many groups: Student's t with 19 degrees of freedom."""
_ROWS = 1000


@dataclass(frozen=True)
class Moments:
    """Mean [D] and covariance [D, D] of features, and the symmetric root of the covariance; ``float64``."""

    mean: Tensor
    covariance: Tensor
    root: Tensor

    @classmethod
    def of(cls, values: Tensor) -> "Moments":
        """Return the moments of features [N, D], N at least 2."""
        values = values.double()
        mean, covariance = values.mean(0), values.T.cov().reshape(values.shape[1], -1)
        return cls(mean, covariance, root(covariance))


def root(covariance: Tensor) -> Tensor:
    """Return the symmetric square root of a covariance [D, D]."""
    values, vectors = torch.linalg.eigh(covariance)
    symmetric: Tensor = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    return symmetric


def frechet(made: Tensor, real: Moments) -> Score:
    """Return the Fréchet distance of Gaussians (Heusel et al., 2017, arXiv:1706.08500), of features [N, D].

    |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½). Its bias of order 1/N belongs to the count, and to the value. The
    interval is by the infinitesimal jackknife: with M = Σ₂^½ (Σ₂^½ Σ₁ Σ₂^½)^−½ Σ₂^½ a sample whose deviation
    from μ₁ is c moves the distance by 2 (μ₁ − μ₂)·c + cᵀ(I − M)c, less the mean of that, over N.
    """
    values = made.double()
    mean = values.mean(0)
    deviations, apart = values - mean, mean - real.mean
    covariance = deviations.T @ deviations / (len(values) - 1)
    eigenvalues, vectors = torch.linalg.eigh(real.root @ covariance @ real.root)
    eigenvalues = eigenvalues.clamp_min(0)
    value = apart.square().sum() + covariance.trace() + real.covariance.trace() - 2 * eigenvalues.sqrt().sum()

    # Directions in which nothing varies have no influence, rather than an infinite one.
    known = eigenvalues > eigenvalues.max() * 1e-10
    inverse = torch.where(known, eigenvalues.clamp_min(1e-300).rsqrt(), 0.0)
    turned = deviations @ real.root @ vectors
    influence = 2 * deviations @ apart + deviations.square().sum(1) - (turned.square() * inverse).sum(1)
    error = float(influence.std()) / len(values) ** 0.5
    return around(max(float(value), 0.0), error)


def kernel_distance(made: Tensor, real: Tensor) -> Score:
    """Return the kernel distance KID (Bińkowski et al., 2018, arXiv:1801.01401), of features [N, D] each.

    The unbiased estimate of MMD² under k(a, b) = (a·b / D + 1)³; of as many samples of either side. The
    interval is by the jackknife: the estimate anew without each of twenty groups of both sides.
    """
    count = min(len(made), len(real)) // _GROUPS * _GROUPS
    if not count:
        raise ValueError(f"KID needs at least {_GROUPS} samples of either side.")
    made, real = made[:count].float(), real[:count].float()
    within = _group_sums(made, made) + _group_sums(real, real)
    own = (_kernel_of_itself(made) + _kernel_of_itself(real)).view(_GROUPS, -1).sum(1)
    across = _group_sums(made, real)

    def estimate(within: Tensor, own: Tensor, across: Tensor, count: int) -> Tensor:
        return (within - own) / (count * (count - 1)) - 2 * across / count**2

    def without(sums: Tensor) -> Tensor:
        return sums.sum() - sums.sum(0) - sums.sum(1) + sums.diagonal()

    value = float(estimate(within.sum(), own.sum(), across.sum(), count))
    left = count - count // _GROUPS
    others = estimate(without(within), own.sum() - own, without(across), left)
    error = float(((_GROUPS - 1) * others.var(correction=0)).sqrt())
    return around(value, error, _STUDENT, low=-float("inf"))


def around(value: float, error: float, errors: float = NORMAL, low: float = 0.0) -> Score:
    """Return a figure with so many standard errors to either side, not below ``low``."""
    return Score(value, max(value - errors * error, low), value + errors * error)


def _group_sums(first: Tensor, second: Tensor) -> Tensor:
    """Return the kernel summed over pairs of groups, [20, 20], of as many samples [N, D] each."""
    size = len(first) // _GROUPS
    rows = [
        _kernel(part, second).view(len(part), _GROUPS, size).sum(2, dtype=torch.float64)
        for part in torch.split(first, _ROWS)
    ]
    return torch.cat(rows).view(_GROUPS, size, _GROUPS).sum(1)


def _kernel(first: Tensor, second: Tensor) -> Tensor:
    kernel = (first @ second.T).div_(first.shape[1]).add_(1)
    return kernel.square().mul_(kernel)


def _kernel_of_itself(values: Tensor) -> Tensor:
    return (values.double().square().sum(1) / values.shape[1] + 1) ** 3
