"""Mixture: Gaussians that one column of numbers resembles, as many as it needs.

It knows nothing of tables.
"""

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AT_MOST = 2000
"""Values that it is fitted to: of more, evenly many from the lowest to the highest."""
_ROUNDS, _STILL = 40, 1e-3
_LEAST_SPREAD = 1e-2
"""A value that occurs again and again is a mode of its own; it is given at least this spread."""

Modes = tuple[tuple[float, float, float], ...]
_Mixture = tuple[Tensor, Tensor, Tensor]
"""Centres, variances and weights, [K] each."""


def fit_modes(values: "NDArray[Any]", most: int = 10) -> Modes:
    """Return at most ``most`` modes of ``values`` [N], each with centre, spread and weight, rising.

    What the mode-specific normalisation of Xu et al., 2019, arXiv:1907.00503, section 4.2, rests on. They
    fit a variational mixture; here it is expectation and maximisation from ``most`` modes, of which the two
    that cost the least are joined again and again (Runnalls, 2007, equation 16), and of all these mixtures
    the one with the lowest Bayesian information criterion (Schwarz, 1978). The same values give the same
    modes. ``values``, N ≥ 1, have a mean of about 0 and a spread of about 1.
    """
    rows = torch.from_numpy(values).double().sort().values
    if len(rows) > _AT_MOST:
        rows = rows[torch.linspace(0, len(rows) - 1, _AT_MOST).long()]
    mixture = _spaced(rows, max(min(most, len(torch.unique(rows))), 1))
    best, lowest = mixture, math.inf
    while True:
        mixture, criterion = _fitted(rows, mixture)
        if criterion < lowest:
            best, lowest = mixture, criterion
        if len(mixture[0]) == 1:
            break
        mixture = _joined(mixture)
    centres, variances, weights = (part.tolist() for part in best)
    found = zip(centres, variances, weights, strict=True)
    return tuple(sorted((centre, math.sqrt(variance), weight) for centre, variance, weight in found))


def _spaced(rows: Tensor, count: int) -> _Mixture:
    """Return as many modes, one in the middle of each equal share of the sorted rows."""
    places = torch.linspace(0, len(rows) - 1, 2 * count + 1)[1::2].long()
    even = torch.ones(count, dtype=torch.float64)
    # Twins would stay twins: each is put a little beside the one before.
    centres = rows[places] + 1e-3 * torch.arange(count)
    return centres, even * max(float(rows.var(unbiased=False)) / count**2, _LEAST_SPREAD**2), even / count


def _fitted(rows: Tensor, mixture: _Mixture) -> tuple[_Mixture, float]:
    """Return a mixture after some rounds, and its information criterion."""
    likelihood = -math.inf
    for _round in range(_ROUNDS):
        joint = _log_joint(rows, mixture)
        whole = torch.logsumexp(joint, 1)
        shares = (joint - whole[:, None]).exp()
        before, likelihood = likelihood, float(whole.sum())
        counts = shares.sum(0).clamp_min(1e-6)
        centres = (shares * rows[:, None]).sum(0) / counts
        variances = (shares * (rows[:, None] - centres) ** 2).sum(0) / counts
        mixture = centres, variances.clamp_min(_LEAST_SPREAD**2), counts / counts.sum()
        if likelihood - before < _STILL * len(rows) / 100:
            break
    free = 3 * len(mixture[0]) - 1
    return mixture, free * math.log(len(rows)) - 2 * likelihood


def _log_joint(rows: Tensor, mixture: _Mixture) -> Tensor:
    """Return ln (weight · density) of each row [N] under each mode, [N, K]."""
    centres, variances, weights = mixture
    apart = (rows[:, None] - centres) ** 2 / variances
    return weights.log() - 0.5 * (apart + variances.log() + math.log(2 * math.pi))


def _joined(mixture: _Mixture) -> _Mixture:
    """Return a mixture with the two modes made one that lose the least by it."""
    centres, variances, weights = mixture
    both = weights[:, None] + weights
    share = weights[:, None] / both
    mean = share * centres[:, None] + (1 - share) * centres
    apart = share * (1 - share) * (centres[:, None] - centres) ** 2
    variance = share * variances[:, None] + (1 - share) * variances + apart
    log = weights * variances.log()
    cost = (both * variance.log() - log[:, None] - log).fill_diagonal_(math.inf)
    first, second = divmod(int(cost.argmin()), len(centres))
    keep = torch.ones(len(centres), dtype=torch.bool)
    keep[second] = False
    joined = tuple(part.clone() for part in mixture)
    for part, value in zip(joined, (mean, variance, both), strict=True):
        part[first] = value[first, second]
    return joined[0][keep], joined[1][keep], joined[2][keep]
