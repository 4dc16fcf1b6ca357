"""When scores in a feature space are due; what they are is tested where they are computed."""

from pathlib import Path

import pytest
import torch

from ganstudio.api import ImageSpec, LoadedData
from ganstudio.evaluation.budget import FIRST_GUESS
from ganstudio.evaluation.feature_scores import MAKING_GUESS, FeatureScores
from ganstudio_plugins.studio_extractor import StudioExtractor

SHARE = 0.05


@pytest.fixture
def scores(tmp_path: Path) -> FeatureScores:
    data = LoadedData(ImageSpec(1, 28, 28), torch.zeros(4, 1, 28, 28, dtype=torch.uint8))
    return FeatureScores([], StudioExtractor(), data, lambda kind: tmp_path / kind, seed=0, count=4)


def test_the_first_waits_for_what_it_costs_to_make_the_extractor(scores: FeatureScores) -> None:
    earned = FIRST_GUESS / SHARE + 1
    assert not scores.due(earned - 2, SHARE)
    assert not scores.due(earned, SHARE)
    assert scores.due(earned + MAKING_GUESS / SHARE, SHARE)


def test_an_extractor_that_was_made_before_is_only_read(scores: FeatureScores, tmp_path: Path) -> None:
    (tmp_path / "StudioExtractor").mkdir()
    assert scores.due(FIRST_GUESS / SHARE + 1, SHARE)
