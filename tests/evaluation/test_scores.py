import math
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from ganstudio.api import DataSpec, ImageSpec, LoadedData, Metric, PairedSpec, PointSpec
from ganstudio.evaluation.drawing import draw_labels
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
    assert set(figures) == {"score/given", "score/modes", "score/high_quality", "score/reverse_kl"}
    assert figures["score/given"] == 10
    first = metric.seen
    scores(architecture)
    assert torch.equal(first, metric.seen)
    assert torch.equal(before, torch.get_rng_state())


def test_the_data_itself_has_every_mode() -> None:
    data = ring()
    assert Modes().score(data.values, data)["modes"] == 8
    assert Modes().score(data.values, data)["high_quality"] > 0.95
    assert Modes().score(data.values, data)["reverse_kl"] == pytest.approx(0, abs=0.02)
    inside = Modes().score(torch.zeros(10, 2) + torch.tensor([0.5, 0.0]), data)
    assert inside == {"modes": 0.0, "high_quality": 0.0, "reverse_kl": pytest.approx(math.log(8))}


def test_a_variant_without_latents_has_no_scores() -> None:
    class Without(Numbers):
        def draw_latents(self, count: int, generator: torch.Generator | None = None) -> None:
            return None

    assert Scores([Counting()], ring(), 0)(Without()) == {}


class Halves(Metric):
    """Says how far samples are from the targets of the data they are compared with."""

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return True

    def score(self, samples: Tensor, real: LoadedData) -> Mapping[str, float]:
        assert real.other is not None
        return {"apart": float((samples - real.other).abs().mean())}


def test_a_variant_without_latents_is_scored_on_pairs_held_out() -> None:
    class Translating(Numbers):
        def draw_latents(self, count: int, generator: torch.Generator | None = None) -> None:
            return None

        def translate(self, images: Tensor) -> Tensor:
            return images + 1

    spec = PairedSpec(ImageSpec(1, 2, 2), ImageSpec(1, 2, 2))

    def pairs(shade: int, target: int) -> LoadedData:
        values, other = (torch.full((1, 1, 2, 2), each, dtype=torch.uint8) for each in (shade, target))
        return LoadedData(spec, values, other=other)

    data = pairs(0, 0)
    data.held_out = (pairs(255, 2), pairs(0, 4))
    scores = Scores([Halves()], data, 0)
    # 255 is 1 and becomes 2; 0 is -1 and becomes 0.
    assert scores(Translating()) == {"score/apart": 2.0}
    assert scores.better == {"score/apart": "higher"}


LABELLED = PointSpec(2, classes=("a", "b", "c"))


def test_labels_are_drawn_of_all_classes_evenly_and_the_same_each_time() -> None:
    architecture = gan(conditioning="concatenated")
    architecture.build(LABELLED)
    first, again = (draw_labels(architecture, 3000, torch.Generator().manual_seed(1)) for _ in range(2))
    assert first is not None
    assert torch.equal(first, again)
    assert first.dtype == torch.int64
    assert (first.bincount() / 3000).tolist() == pytest.approx([1 / 3] * 3, abs=0.03)


def test_an_architecture_without_classes_draws_no_labels() -> None:
    architecture = gan()
    architecture.build(LABELLED)
    assert draw_labels(architecture, 10, torch.Generator()) is None


@pytest.mark.parametrize("form", ["none", "concatenated", "projection"])
def test_samples_of_all_classes_are_scored(form: str) -> None:
    architecture, metric = gan(conditioning=form), Counting()
    architecture.build(LABELLED)
    asked: list[Tensor | None] = []
    generate = architecture.generate

    def watched(latents: Tensor, labels: Tensor | None = None) -> Tensor:
        asked.append(labels)
        return generate(latents, labels)

    architecture.generate = watched
    metric.count = 200
    figures = Scores([metric], ring(), seed=1)(architecture)
    assert figures == {"score/given": 200.0}
    (labels,) = asked
    assert (labels is None) == (form == "none")
    assert labels is None or set(labels.tolist()) == {0, 1, 2}
