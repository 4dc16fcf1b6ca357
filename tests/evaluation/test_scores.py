from collections.abc import Mapping

import torch
from torch import Tensor

from ganstudio.api import DataSpec, LoadedData, Metric
from ganstudio.evaluation.scores import Scores
from ganstudio_plugins.point_data import Modes
from tests.training.support import Numbers, gan, ring


class Counting(Metric):
    """Says how many samples it was given."""

    count = 10
    seen: Tensor

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return True

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        self.seen = samples
        return {"given": float(len(samples))}


def test_each_metric_gets_as_many_samples_as_it_wants_the_same_each_time() -> None:
    architecture, data, metric = gan(), ring(), Counting()
    architecture.build(data.spec)
    scores = Scores([metric, Modes()], data, seed=1)
    before = torch.get_rng_state()
    figures = scores(architecture)
    assert set(figures) == {"score/given", "score/modes", "score/high_quality"}
    assert figures["score/given"] == 10
    first = metric.seen
    scores(architecture)
    assert torch.equal(first, metric.seen)
    assert torch.equal(before, torch.get_rng_state())


def test_the_data_itself_has_every_mode() -> None:
    data = ring()
    assert Modes().score(data.values, data)["modes"] == 8
    assert Modes().score(data.values, data)["high_quality"] > 0.95
    assert Modes().score(torch.zeros(10, 2), data) == {"modes": 0.0, "high_quality": 0.0}


def test_a_variant_without_latents_has_no_scores() -> None:
    class Without(Numbers):
        def draw_latents(self, count: int, generator: torch.Generator | None = None) -> None:
            return None

    assert Scores([Counting()], ring(), 0)(Without()) == {}
