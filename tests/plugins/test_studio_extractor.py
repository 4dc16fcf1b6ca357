"""The studio extractor: trained on the data at hand, kept, and good enough to score by."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ganstudio.api import Features, LoadedData, Score
from ganstudio_plugins import feature_metrics as metrics
from ganstudio_plugins import studio_extractor
from ganstudio_plugins.digits import Digits
from ganstudio_plugins.studio_extractor import StudioExtractor
from tests.training.support import images


def quiet(what: str, share: float | None = None) -> None:
    pass


@pytest.fixture(scope="module")
def digits() -> LoadedData:
    whole = Digits().load(quiet)
    assert whole.labels is not None
    some = torch.randperm(len(whole), generator=torch.Generator().manual_seed(0))[:2400]
    return replace(whole, values=whole.values[some], labels=whole.labels[some])


@pytest.fixture(scope="module")
def prepared(digits: LoadedData, tmp_path_factory: pytest.TempPathFactory) -> tuple[StudioExtractor, Path]:
    patch = pytest.MonkeyPatch()
    # A fifth of the training, which is enough to tell digits.
    patch.setattr(studio_extractor, "_CLASS_STEPS", 80)
    extractor, cache = StudioExtractor(), tmp_path_factory.mktemp("cache")
    before = torch.get_rng_state()
    extractor.prepare(digits, cache, quiet)
    assert torch.equal(before, torch.get_rng_state())
    patch.undo()
    return extractor, cache


def of(extractor: StudioExtractor, data: LoadedData, chosen: torch.Tensor) -> Features:
    return extractor.features(data.values[chosen].float() / 127.5 - 1)


def test_it_tells_digits_it_was_not_trained_on(prepared: tuple[StudioExtractor, Path]) -> None:
    assert prepared[0].accuracy > 0.8


def test_what_was_trained_is_read_again(prepared: tuple[StudioExtractor, Path], digits: LoadedData) -> None:
    first, cache = prepared
    said: list[str] = []
    again = StudioExtractor()
    again.prepare(digits, cache, lambda what, share: said.append(what))
    assert said == []
    assert again.accuracy == first.accuracy
    some = torch.arange(20)
    assert torch.equal(of(first, digits, some).values, of(again, digits, some).values)


def test_scores_by_its_features_tell_real_digits_half_of_them_and_noise(
    prepared: tuple[StudioExtractor, Path], digits: LoadedData
) -> None:
    extractor = prepared[0]
    assert digits.labels is not None
    real = of(extractor, digits, torch.arange(1200))
    alike = of(extractor, digits, torch.arange(1200, 2400))
    few = (digits.labels[1200:] < 5).nonzero().flatten() + 1200
    half = of(extractor, digits, few)
    noise = extractor.features(torch.rand(600, 1, 28, 28, generator=torch.Generator().manual_seed(1)) * 2 - 1)

    def figure(metric: metrics.OfImages, made: Features, name: str) -> float:
        score = metric.compare(made, real)[name]
        assert isinstance(score, Score)
        return score.value

    assert figure(metrics.FID(), noise, "FID") > 20 * figure(metrics.FID(), alike, "FID")
    assert abs(figure(metrics.KID(), alike, "KID")) < 0.05 * figure(metrics.KID(), noise, "KID")
    assert figure(metrics.PrecisionRecall(), alike, "recall") > 0.7
    assert figure(metrics.PrecisionRecall(), half, "recall") == pytest.approx(0.5, abs=0.15)
    assert figure(metrics.ClassScore(), alike, "IS") > figure(metrics.ClassScore(), half, "IS") > 3


@pytest.mark.parametrize("side", [8, 48], ids=["smaller", "larger"])
def test_data_without_classes_of_any_size_has_features_and_no_logits(
    side: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_extractor, "_IMAGE_STEPS", 12)
    extractor = StudioExtractor()
    data = images(30, side, channels=3)
    extractor.prepare(data, tmp_path, quiet)
    found = extractor.features(data.values.float() / 127.5 - 1)
    assert found.values.shape == (30, 64)
    assert found.logits is None


def test_a_damaged_file_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio_extractor, "_IMAGE_STEPS", 12)
    data = images(30)
    StudioExtractor().prepare(data, tmp_path, quiet)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    again = StudioExtractor()
    again.prepare(data, tmp_path, quiet)
    assert file.stat().st_size > 100
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
