"""What is learned of a table's samples: scored when time allows, when asked for, and afterwards alike."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ganstudio import evaluating, launch
from ganstudio.api import InputError
from ganstudio.api.events import CheckpointSaved, Event, ScoreRecord, StepRecord, Warned
from ganstudio.commands import common
from ganstudio.commands.evaluate import evaluate as command
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.training.controls import Controls, ScoreNow
from ganstudio_plugins import table_classifier
from ganstudio_plugins.table_metrics import LearnedFromSamples
from tests import tables

LEARNED = ("score/TSTR", "score/TRTR", "score/TSTR_gap")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture(scope="module", autouse=True)
def _soon() -> Iterator[None]:
    """Let classifiers learn for a moment alone: how well they learn is not the matter here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_classifier, "_STEPS", 20)
        yield


@pytest.fixture(scope="module")
def scored(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, list[Event]]:
    """Return a run over a table that was asked for its scores at step 3, and its events."""
    place = tmp_path_factory.mktemp("runs") / "loans"
    controls, events = Controls(), []
    request = launch.Request(tables.loans(4, keep_best="TSTR", keep_checkpoints=5), "cpu", place)
    for event in launch.train(launch.prepare(request, registry, controls, quiet)):
        events.append(event)
        if isinstance(event, StepRecord) and event.step == 3:
            controls.post(ScoreNow())
    return RunFolder.open(place), events


def quiet(what: str, share: float | None = None) -> None:
    pass


def records(events: list[Event]) -> dict[int, ScoreRecord]:
    return {event.step: event for event in events if isinstance(event, ScoreRecord)}


def test_previews_of_a_short_training_have_only_what_costs_little(
    scored: tuple[RunFolder, list[Event]],
) -> None:
    found = records(scored[1])
    assert list(found) == [2, 3, 4]
    for step in (2, 4):
        assert found[step].values
        assert not set(LEARNED) & set(found[step].values)


def test_asked_for_they_come_at_once_and_the_best_is_kept(scored: tuple[RunFolder, list[Event]]) -> None:
    record = records(scored[1])[3]
    assert tuple(record.values) == LEARNED
    assert record.lower == ("score/TSTR_gap",)
    assert record.seconds > 0
    saved = [(event.step, event.reason) for event in scored[1] if isinstance(event, CheckpointSaved)]
    assert saved == [(3, "best"), (4, "end")]
    assert not [event for event in scored[1] if isinstance(event, Warned)]


@pytest.mark.parametrize("wanted", ["tstr", "TSTR_gap", "LearnedFromSamples"])
def test_afterwards_they_are_the_same_by_the_name_of_a_figure_or_of_the_metric(
    scored: tuple[RunFolder, list[Event]], registry: Registry, wanted: str
) -> None:
    run, events = scored
    found = evaluating.evaluate(run.path, registry, quiet, step=3, wanted=[wanted]).record
    named = {"tstr": LEARNED[:1], "TSTR_gap": LEARNED[2:]}.get(wanted, LEARNED)
    assert found.values == {name: records(events)[3].values[name] for name in named}


def test_what_was_not_asked_for_costs_nothing(
    scored: tuple[RunFolder, list[Event]], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(LearnedFromSamples, "score")
    found = evaluating.evaluate(scored[0].path, registry, quiet, wanted=["columns/pairs"])
    assert list(found.record.values) == ["score/columns/pairs"]
    with pytest.raises(InputError, match="No score of this run is called 'TSTS'; there is columns/pairs"):
        evaluating.evaluate(scored[0].path, registry, quiet, wanted=["TSTS"])


def test_the_command_keeps_what_it_found_of_all_scores(
    scored: tuple[RunFolder, list[Event]], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "registry", lambda: registry)
    done = CliRunner().invoke(command, [f"{scored[0].path}@3", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    asked, shown = (records(scored[1])[step].values for step in (3, 2))
    assert {name: found["scores"][name] for name in LEARNED} == asked
    assert set(found["scores"]) == {*asked, *shown}
    assert "score/TSTR_gap" in found["lower"]
    kept = json.loads((Path(scored[0].path) / evaluating.FILE).read_text().splitlines()[-1])
    assert kept["scores"] == found["scores"]
