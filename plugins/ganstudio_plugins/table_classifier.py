"""Table classifier: a small network that tells one column of a table from the others.

The same rows give the same classifier, whatever else is drawn. It knows nothing of what the rows are.
"""

import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.api import TableSpec

_WIDTH, _BATCH, _STEPS, _RATE, _DECAY = 64, 256, 250, 5e-3, 1e-3


class TableClassifier:
    """One hidden layer, trained on ``rows`` [N, C] to name the category of the target of ``spec``.

    Classes that are rare count as much as others.
    """

    def __init__(self, spec: TableSpec, rows: Tensor) -> None:
        place = spec.target_column
        assert place is not None, "it tells the target"
        self._spec, self._target = spec, place
        self._classes = len(spec.columns[place].categories)
        chance = torch.Generator().manual_seed(0)
        features, labels = self._features(rows), self._labels(rows)
        sizes = [(features.shape[1], _WIDTH), (_WIDTH, self._classes)]
        self._layers = [
            part.requires_grad_()
            for given, made in sizes
            for part in (torch.randn(given, made, generator=chance) / given**0.5, torch.zeros(made))
        ]
        with torch.enable_grad():
            self._learn(features, labels, chance)

    def accuracy(self, rows: Tensor) -> float:
        """Return the share of rows [N, C] named rightly, 0..1, the mean over the classes they are of."""
        labels = self._labels(rows)
        with torch.no_grad():
            right = (self._logits(self._features(rows)).argmax(1) == labels).float()
        of_each = [right[labels == label].mean() for label in torch.unique(labels)]
        return float(torch.stack(of_each).mean())

    def _learn(self, features: Tensor, labels: Tensor, chance: torch.Generator) -> None:
        counts = torch.bincount(labels, minlength=self._classes).float()
        weights = torch.where(counts > 0, len(labels) / counts.clamp_min(1) / (counts > 0).sum(), 0.0)
        rule = torch.optim.AdamW(self._layers, _RATE, weight_decay=_DECAY)
        for step in range(_STEPS):
            for group in rule.param_groups:
                group["lr"] = _RATE * (1 - step / _STEPS)
            drawn = torch.randint(len(labels), (_BATCH,), generator=chance)
            loss = functional.cross_entropy(self._logits(features[drawn]), labels[drawn], weights)
            for part, slope in zip(self._layers, torch.autograd.grad(loss, self._layers), strict=True):
                part.grad = slope
            rule.step()

    def _logits(self, features: Tensor) -> Tensor:
        first, first_bias, last, last_bias = self._layers
        return (features @ first + first_bias).relu() @ last + last_bias

    def _labels(self, rows: Tensor) -> Tensor:
        return rows[:, self._target].nan_to_num().round().long().clamp(0, self._classes - 1)

    def _features(self, rows: Tensor) -> Tensor:
        """Return all but the target: numbers, squashed where they are far, and categories as ones."""
        parts = []
        for place, column in enumerate(self._spec.columns):
            values = rows[:, place]
            if place == self._target:
                continue
            if column.categorical:
                known = values.nan_to_num().round().long().clamp(0, len(column.categories) - 1)
                parts.append(functional.one_hot(known, len(column.categories)).float())
                continue
            there = values.nan_to_num()
            parts.append(torch.stack([(there / 3).tanh() * 3, (there * 3).tanh(), values.isnan().float()], 1))
        return torch.cat(parts or [torch.ones(len(rows), 1)], 1)
