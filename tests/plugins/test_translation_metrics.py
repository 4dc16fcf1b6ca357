"""How near translations are to their targets, from training and from the command line."""

from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio.api import ImageSpec, LoadedData, PairedSpec
from ganstudio.evaluating import evaluate
from ganstudio.experiment import Experiment
from ganstudio.judging import feature_scores_for, scores_for
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio_plugins.translation_digits import DigitDomains
from ganstudio_plugins.translation_metrics import AbsoluteError
from tests import translated
from tests.commands import ganstudio


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


def test_the_error_is_counted_in_shades() -> None:
    kind = ImageSpec(1, 2, 2)
    wanted = torch.tensor([0, 100, 200, 255], dtype=torch.uint8).view(1, 1, 2, 2)
    real = LoadedData(PairedSpec(kind, kind), wanted, other=wanted)
    exact = wanted.float() / 127.5 - 1
    assert AbsoluteError().score(exact, real) == {"mae": pytest.approx(0, abs=1e-4)}
    assert AbsoluteError().score(exact + 20 / 127.5, real) == {"mae": pytest.approx(15, abs=1e-4)}


def test_what_is_enlarged_is_judged_otherwise() -> None:
    assert AbsoluteError.suits(PairedSpec(ImageSpec(1, 8, 8), ImageSpec(3, 8, 8)))
    assert not AbsoluteError.suits(PairedSpec(ImageSpec(1, 4, 4), ImageSpec(1, 8, 8)))
    assert not AbsoluteError.suits(ImageSpec(1, 8, 8))


@pytest.mark.parametrize("experiment", [translated.PIX2PIX, translated.CYCLEGAN], ids=["pix2pix", "CycleGAN"])
def test_a_training_and_the_command_line_say_the_same_of_images_held_out(
    experiment: Experiment, registry: Registry, tmp_path: Path
) -> None:
    run = translated.make_run(tmp_path / "run", experiment, 2)
    trained = [line["scores"] for line in RunFolder.open(run).metrics() if "scores" in line][-1]
    wanted = ["mae", "psnr", "ssim"]
    found = evaluate(run, registry, silent, wanted=wanted).record.values
    assert {f"score/{name}" for name in wanted} <= trained.keys()
    for name in wanted:
        assert found[f"score/{name}"] == trained[f"score/{name}"], name


def digits(**settings: Any) -> LoadedData:
    return DigitDomains(DigitDomains.Settings(side=16, **settings)).load(silent)


def test_of_two_domains_features_of_translations_are_scored(registry: Registry) -> None:
    found = feature_scores_for(registry, digits(), seed=0, count=2000, wanted=["FID", "KID"])
    assert found is not None
    assert found.names == ("FID", "KID")


def test_of_few_held_out_no_features_are_scored(registry: Registry) -> None:
    data = digits(held_out=0.004)
    assert len(data.held_out[0]) == 10
    assert feature_scores_for(registry, data, seed=0, count=2000) is None
    assert scores_for(registry, data, seed=0, count=2000) is not None


def test_with_nothing_held_out_there_are_no_scores(registry: Registry) -> None:
    data = digits(held_out=0.0)
    assert scores_for(registry, data, seed=0, count=2000) is None


def test_a_run_from_before_goes_on_with_all_of_its_data(registry: Registry, tmp_path: Path) -> None:
    before = translated.PIX2PIX.with_value("data.held_out", 0.0)
    run = translated.make_run(tmp_path / "run", before, 2)
    file = run / "experiment.toml"
    assert "held_out = 0.0\n" in file.read_text()
    file.write_text(file.read_text().replace("held_out = 0.0\n", ""))
    result = ganstudio("resume", run, "--steps", "4")
    assert result.exit_code == 0, result.output
    assert RunFolder.open(run).state == "finished"
