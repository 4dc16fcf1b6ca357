"""Scores of features of what was made of images that are held out."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from ganstudio.api import FeatureExtractor, Features, ImageSpec, LoadedData, Report, UnpairedSpec
from ganstudio.evaluation.feature_scores import FeatureScores
from ganstudio.evaluation.translations import held_out_inputs, second_domain
from ganstudio_plugins.feature_metrics import FID, KID
from tests.training.support import Numbers

KIND = ImageSpec(1, 8, 8)


class Pooled(FeatureExtractor):
    """Features that take no time: the mean of each quarter."""

    short = "pooled"

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        assert data.spec == KIND

    @classmethod
    def suits(cls, data: Any) -> bool:
        return True

    def features(self, images: Tensor) -> Features:
        return Features(torch.nn.functional.avg_pool2d(images, 4).flatten(1))


class Inverting(Numbers):
    """Translates by a factor; it makes nothing of latents."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def draw_latents(self, count: int, generator: torch.Generator | None = None) -> None:
        return None

    def translate(self, images: Tensor, to: str = "B") -> Tensor:
        return self.factor * images


@pytest.fixture
def data() -> LoadedData:
    """Dark images, and bright ones that are as the dark ones inverted."""
    chance = torch.Generator().manual_seed(0)
    dark = torch.randint(0, 100, (700, 1, 8, 8), generator=chance, dtype=torch.uint8)
    spec = UnpairedSpec(KIND, KIND)
    return LoadedData(spec, dark[:200], other=255 - dark[200:600], held_out=[LoadedData(KIND, dark[600:])])


def record(data: LoadedData, architecture: Any, tmp_path: Path) -> Any:
    second = second_domain(data)
    assert second is not None
    cache = lambda kind: tmp_path / kind  # noqa: E731
    scores = FeatureScores([FID(), KID()], Pooled(), second, cache, 0, 2000, held_out_inputs(data))
    with torch.no_grad():
        return scores.record(architecture, 3, lambda what, share=None: None)


def test_translations_are_held_against_the_second_domain(data: LoadedData, tmp_path: Path) -> None:
    right, wrong = (record(data, Inverting(factor), tmp_path) for factor in (-1.0, 1.0))
    fid, kid = "score/FID (pooled, 100)", "score/KID (pooled, 100)"
    assert set(right.values) == {fid, kid}
    assert right.lower == (fid, kid)
    # What is inverted rightly is as near as other images of the domain are to each other.
    assert right.values[fid] < 5 * right.floors[fid]
    assert wrong.values[fid] > 100 * right.values[fid]
    low, high = right.intervals[kid]
    assert low < 0.01 < wrong.values[kid]
    assert high < wrong.values[kid]


def test_what_does_not_translate_is_not_scored(data: LoadedData, tmp_path: Path) -> None:
    class Still(Inverting):
        translate = None  # type: ignore[assignment]

    assert record(data, Still(1.0), tmp_path) is None


def test_too_few_images_held_out_are_none(data: LoadedData) -> None:
    few = LoadedData(data.spec, data.values, other=data.other, held_out=[LoadedData(KIND, data.values[:19])])
    assert held_out_inputs(few) is None
    assert held_out_inputs(LoadedData(KIND, data.values)) is None


def test_there_is_a_second_domain_of_unpaired_images_alone(data: LoadedData) -> None:
    assert second_domain(LoadedData(KIND, data.values)) is None
    second = second_domain(data)
    assert second is not None
    assert (len(second), second.spec) == (400, KIND)
