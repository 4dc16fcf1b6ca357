"""Manifolds of features: what lies within whose nearest neighbours, and the figures that follow from it.

It knows nothing of images, or of what made the features. Shares are 0..1, with Wilson's interval.
"""

import torch
from torch import Tensor

from ganstudio.api import Score
from ganstudio_plugins.feature_distances import NORMAL, around

_ROWS = 1000


def radii(values: Tensor, neighbours: int, count: int | None = None) -> Tensor:
    """Return each sample's distance to its so-many-th nearest other one, [N], of features [N, D].

    ``count``: of so many samples alone, the first ones.
    """
    rank = min(neighbours + 1, len(values))  # The nearest of all is the sample itself.
    return torch.cat([torch.cdist(part, values).kthvalue(rank, 1).values for part in _parts(values[:count])])


def share_within(values: Tensor, centres: Tensor, reach: Tensor) -> Score:
    """Return the share of samples [N, D] within the reach [M] of any of the centres [M, D].

    Of made samples within real ones it is precision, of real within made ones recall (Kynkäänniemi et al.,
    2019, arXiv:1904.06991, equations 1 and 2).
    """
    inside = torch.cat([(torch.cdist(part, centres) <= reach).any(1) for part in _parts(values)])
    return share(int(inside.sum()), len(inside))


def density(values: Tensor, centres: Tensor, reach: Tensor, neighbours: int) -> Score:
    """Return in how many reaches of centres a sample lies, over ``neighbours``, on the mean.

    1 is expected of real samples (Naeem et al., 2020, arXiv:2002.09797, equation 3).
    """
    counts = torch.cat([(torch.cdist(part, centres) <= reach).sum(1) for part in _parts(values)])
    each = counts.double() / neighbours
    return around(float(each.mean()), float(each.std()) / len(each) ** 0.5)


def coverage(values: Tensor, centres: Tensor, reach: Tensor) -> Score:
    """Return the share of centres with a sample within their reach (Naeem et al., 2020, equation 4)."""
    nearest = torch.cat([torch.cdist(part, values).amin(1) for part in _parts(centres)])
    return share(int((nearest <= reach).sum()), len(centres))


def nearest(values: Tensor, known: Tensor) -> Tensor:
    """Return the distance of each sample [N, D] to the nearest of ``known`` [M, D], [N]."""
    return torch.cat([torch.cdist(part, known).amin(1) for part in _parts(values)])


def share(number: int, count: int) -> Score:
    """Return a share with Wilson's interval (Wilson, 1927, J. Am. Stat. Assoc. 22, 209)."""
    if not count:
        return Score(0.0, 0.0, 1.0)
    value, z2 = number / count, NORMAL**2
    middle = (value + z2 / (2 * count)) / (1 + z2 / count)
    half = NORMAL / (1 + z2 / count) * (value * (1 - value) / count + z2 / (4 * count**2)) ** 0.5
    return Score(value, max(middle - half, 0.0), min(middle + half, 1.0))


def mean_distance(values: Tensor) -> Score:
    """Return the mean distance of two different samples of [N, D]."""
    count = len(values)
    if count < 2:
        return Score(0.0, 0.0, 0.0)
    each = torch.cat([torch.cdist(part, values).sum(1, dtype=torch.float64) for part in _parts(values)])
    each /= count - 1
    # Of a mean over pairs each sample has a share in two.
    return around(float(each.mean()), 2 * float(each.std()) / count**0.5)


def median(values: Tensor) -> Score:
    """Return the median of [N], with the interval that the order of the values gives."""
    ordered = values.double().sort().values
    count = len(ordered)
    half = NORMAL * count**0.5 / 2
    low, high = max(int(count / 2 - half), 0), min(int(count / 2 + half) + 1, count - 1)
    return Score(float(ordered.quantile(0.5)), float(ordered[low]), float(ordered[high]))


def over(score: Score, divisor: float) -> Score:
    """Return a figure over another that is taken as known."""
    return Score(score.value / divisor, score.low / divisor, score.high / divisor)


def _parts(values: Tensor) -> tuple[Tensor, ...]:
    parts: tuple[Tensor, ...] = torch.split(values, _ROWS)
    return parts
