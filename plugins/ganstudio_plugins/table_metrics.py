"""Metrics of tables: how near the columns of samples come to the real ones, and what can be learned of them.

They know nothing of what made the samples.
"""

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor

from ganstudio.api import DataSpec, LoadedData, Metric, TableComparison, TableSpec
from ganstudio_plugins.table_classifier import TableClassifier

_MOST = 10_000
"""Real rows that samples are compared with, at most."""


class TableMarginals(Metric):
    """How near columns of samples come to the real ones, one by one and in pairs; all 0 where alike.

    Mean total variation distance of categorical columns, mean distance of Kolmogorov and Smirnov of
    continuous ones, the largest difference of any category's frequency, and the mean difference of how two
    columns go together: Pearson's correlation, Cramér's V, or the correlation ratio.
    """

    title = "Columns and pairs of columns"
    count: ClassVar[int] = 2500
    better = "lower"

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Tables alone."""
        return isinstance(data, TableSpec)

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``columns/…`` and ``pairs`` of samples [N, C], 0..1 each."""
        assert isinstance(real.spec, TableSpec), "suits() saw to it"
        found = TableComparison.of(samples.numpy(), real.values[:_MOST].numpy(), real.spec.columns)
        categorical, continuous = found.mean_of(categorical=True), found.mean_of(categorical=False)
        figures = {"columns/pairs": found.association_gap}
        if categorical is not None:
            figures |= {"columns/categorical": categorical, "columns/largest_gap": found.gap}
        if continuous is not None:
            figures |= {"columns/continuous": continuous}
        return figures


class LearnedFromSamples(Metric):
    """How well the target of real rows is told by a classifier that has seen samples alone.

    TSTR, train on synthetic, test on real (Esteban et al., 2017, arXiv:1706.02633), held against TRTR: a
    classifier that has seen as many real rows. Both are tested on rows that nothing was trained on; figures
    are shares of rows named rightly, each class counting as much as the others. The gap is TRTR minus TSTR.
    """

    title = "What a classifier learns of samples"
    count: ClassVar[int] = 2500
    better = "higher"
    lower = ("TSTR_gap",)
    dear = True
    figures = ("TSTR", "TRTR", "TSTR_gap")

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        """Tables with a target that has categories."""
        if not isinstance(data, TableSpec) or data.target_column is None:
            return False
        return data.columns[data.target_column].categorical

    def __init__(self, settings: Metric.Settings | None = None) -> None:
        super().__init__(settings)
        self._of_real: tuple[LoadedData, float] | None = None

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        """Return ``TSTR``, ``TRTR`` and ``TSTR_gap``; nothing where no row is held out."""
        assert isinstance(real.spec, TableSpec), "suits() saw to it"
        if not real.held_out:
            return {}
        test = real.held_out[0].values
        learned = TableClassifier(real.spec, samples).accuracy(test)
        return {
            "TSTR": learned,
            "TRTR": (of_real := self._from_real(real, len(samples))),
            "TSTR_gap": of_real - learned,
        }

    def _from_real(self, real: LoadedData, count: int) -> float:
        """Return how well it is learned of as many real rows; they are the same at every look."""
        if self._of_real is None or self._of_real[0] is not real:
            assert isinstance(real.spec, TableSpec)
            rows = real.values[:count]
            self._of_real = real, TableClassifier(real.spec, rows).accuracy(real.held_out[0].values)
        return self._of_real[1]
