"""A metric that costs seconds, asked at a time of its own."""

from collections.abc import Mapping

import pytest
from torch import Tensor

from ganstudio.api import DataSpec, LoadedData, Metric
from ganstudio.evaluation.dear_scores import DearScores
from ganstudio.evaluation.scores import Scores
from tests.training.support import gan, ring


class Spread(Metric):
    """How wide samples are spread, and how narrow, where there is anything to say."""

    title = "Spread"
    count = 50
    dear = True
    figures = ("wide", "narrow")
    lower = ("narrow",)
    says = True

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return True

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        wide = float(samples.detach().std())
        return {"wide": wide, "narrow": -wide} if self.says else {}


def quiet(what: str, share: float | None = None) -> None:
    pass


def test_it_gives_the_figures_that_a_preview_would_have_and_says_which_are_better_low() -> None:
    architecture, data = gan(), ring()
    architecture.build(data.spec)
    dear = DearScores(Spread(), data, seed=3)
    record = dear.record(architecture, 7, quiet)
    assert record is not None
    assert record.step == 7
    assert record.values == Scores([Spread()], data, seed=3)(architecture)
    assert record.lower == ("score/narrow",)
    assert dear.names == ("wide", "narrow")


def test_what_it_costs_is_counted() -> None:
    architecture, data = gan(), ring()
    architecture.build(data.spec)
    dear = DearScores(Spread(), data, seed=0)
    assert not dear.due(39, 0.05)
    assert dear.due(40, 0.05)
    record = dear.record(architecture, 1, quiet)
    assert record is not None
    assert dear.budget.spent == dear.budget.expected == record.seconds > 0


def test_a_metric_without_anything_to_say_gives_no_record() -> None:
    architecture, metric = gan(), Spread()
    architecture.build(ring().spec)
    metric.says = False
    assert DearScores(metric, ring(), 0).record(architecture, 1, quiet) is None


def test_it_can_be_ended_before_it_costs_anything() -> None:
    def refuse(what: str, share: float | None = None) -> None:
        raise KeyboardInterrupt(what)

    dear = DearScores(Spread(), ring(), 0)
    with pytest.raises(KeyboardInterrupt, match="Computing Spread"):
        dear.record(gan(), 1, refuse)
    assert dear.budget.spent == 0
