"""Scores asked for afterwards: they are those of the training, and are shown and kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner
from torch import Tensor

from ganstudio import evaluating, launch
from ganstudio.api import DataSpec, FeatureExtractor, Features, ImageSpec, InputError, LoadedData
from ganstudio.api.data import Report
from ganstudio.api.events import ScoreRecord, StepRecord
from ganstudio.commands import common
from ganstudio.commands.evaluate import evaluate as command
from ganstudio.evaluation import real_samples
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import Controls, ScoreNow
from ganstudio_plugins import vitals
from tests import experiments


class Shrunk(FeatureExtractor):
    """Takes 49 pixels of a digit for its features, and ten of these for its classes."""

    title = "Shrunk"
    short = "shrunk"

    @classmethod
    def suits(cls, data: DataSpec) -> bool:
        return isinstance(data, ImageSpec)

    def prepare(self, data: LoadedData, cache: Path, report: Report) -> None:
        report("Shrinking", None)

    def features(self, images: Tensor) -> Features:
        values = torch.nn.functional.adaptive_avg_pool2d(images, 7).flatten(1)
        return Features(values, values[:, :10])


@pytest.fixture(scope="module")
def registry() -> Registry:
    loaded = Registry.load()
    loaded.classes["extractor"] = {"Shrunk": Shrunk}
    return loaded


@pytest.fixture(scope="module", autouse=True)
def _few() -> Iterator[None]:
    """Hold samples against some of the real digits alone, as all of them would take seconds each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real_samples, "LARGEST", 1000)
        patch.setattr(vitals, "KNOWN", 1000)
        yield


@pytest.fixture(scope="module")
def scored(
    registry: Registry, tmp_path_factory: pytest.TempPathFactory
) -> tuple[RunFolder, list[ScoreRecord]]:
    """Return a run that was scored at its last report but one, and its records of scores."""
    place = tmp_path_factory.mktemp("runs") / "digits"
    experiment = experiments.digits(4, report_every=1, keep_every=2, score_count=200, preview_every=100)
    controls = Controls()
    prepared = launch.prepare(
        launch.Request(experiment, "cpu", place), registry, controls, lambda what, share: None
    )
    records = []
    for event in launch.train(prepared):
        if isinstance(event, StepRecord) and event.step == 2:
            controls.post(ScoreNow())
        if isinstance(event, ScoreRecord):
            records.append(event)
    return RunFolder.open(place), records


def quiet(what: str, share: float | None = None) -> None:
    pass


def of_features(record: ScoreRecord) -> dict[str, float]:
    return {name: value for name, value in record.values.items() if name.endswith(")")}


def test_scores_asked_for_while_it_trains_carry_extractor_count_interval_and_floor(
    scored: tuple[RunFolder, list[ScoreRecord]],
) -> None:
    (record,) = [each for each in scored[1] if of_features(each)]
    assert record.step == 2
    name = "score/FID (shrunk, 200)"
    low, high = record.intervals[name]
    assert low < record.values[name] < high
    assert record.floors[name] < record.values[name] / 10
    assert name in record.lower
    assert "score/recall (shrunk, 200)" not in record.lower
    assert record.seconds > 0


def test_the_figures_afterwards_are_those_of_the_training(
    scored: tuple[RunFolder, list[ScoreRecord]], registry: Registry
) -> None:
    run, records = scored
    (record,) = [each for each in records if of_features(each)]
    found = evaluating.evaluate(run.path, registry, quiet, step=2)
    assert of_features(found.record) == record.values
    assert {n: found.record.intervals[n] for n in record.intervals} == record.intervals
    assert found.record.floors == record.floors


def test_the_vital_signs_afterwards_are_those_of_the_last_preview(
    scored: tuple[RunFolder, list[ScoreRecord]], registry: Registry
) -> None:
    run, records = scored
    found = evaluating.evaluate(run.path, registry, quiet).record
    assert found.step == 4
    assert records[-1].step == 4
    assert {name: found.values[name] for name in records[-1].values} == records[-1].values


def test_another_seed_or_count_gives_other_figures(
    scored: tuple[RunFolder, list[ScoreRecord]], registry: Registry
) -> None:
    run, _ = scored
    first = evaluating.evaluate(run.path, registry, quiet, wanted=["FID"])
    other = evaluating.evaluate(run.path, registry, quiet, wanted=["FID"], seed=9)
    fewer = evaluating.evaluate(run.path, registry, quiet, wanted=["FID"], count=100)
    assert list(first.record.values) == list(other.record.values) == ["score/FID (shrunk, 200)"]
    assert list(fewer.record.values) == ["score/FID (shrunk, 100)"]
    assert first.record.values != other.record.values


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"wanted": ["FDI"]}, "FDI"),
        ({"extractor": "Inception"}, "--extractor"),
        ({"step": 3}, "no checkpoint of step 3"),
    ],
    ids=["no such metric", "no such extractor", "no such checkpoint"],
)
def test_what_is_not_there_is_said(
    scored: tuple[RunFolder, list[ScoreRecord]], registry: Registry, asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        evaluating.evaluate(scored[0].path, registry, quiet, **asked)  # type: ignore[arg-type]


@pytest.fixture
def known(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setattr(common, "registry", lambda: registry)
    return CliRunner()


def test_the_command_prints_a_table_and_keeps_what_it_found(
    scored: tuple[RunFolder, list[ScoreRecord]], known: CliRunner
) -> None:
    run, records = scored
    done = known.invoke(command, [f"{run.path}@2", "--metrics", "FID,recall"])
    assert done.exit_code == 0, done.output
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("FID (shrunk, 200)")]
    assert f"{records[0].values['score/FID (shrunk, 200)']:.4g}" in row
    assert row.split()[-1] == "lower"
    kept = json.loads((run.path / "evaluations.jsonl").read_text().splitlines()[-1])
    assert kept["step"] == 2
    assert kept["extractor"] == "shrunk"
    assert set(kept["scores"]) == {"score/FID (shrunk, 200)", "score/recall (shrunk, 200)"}


def test_the_command_prints_json_alone(scored: tuple[RunFolder, list[ScoreRecord]], known: CliRunner) -> None:
    done = known.invoke(command, [str(scored[0].path), "--metrics", "KID", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    low, high = found["intervals"]["score/KID (shrunk, 200)"]
    assert low <= found["scores"]["score/KID (shrunk, 200)"] <= high
