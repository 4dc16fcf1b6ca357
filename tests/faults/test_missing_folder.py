"""A run folder that goes away while it is written ends the training in words, and is never made anew."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api.events import Event, Failed, Held, StepRecord
from ganstudio.registry import Registry
from ganstudio.training.controls import CheckpointNow
from tests.faults.trainings import begin, go_on

pytestmark = pytest.mark.allow_log_warnings


def removed(place: Path) -> None:
    shutil.rmtree(place)


def replaced_by_a_file(place: Path) -> None:
    shutil.rmtree(place)
    place.write_text("not a run")


def replaced_by_an_empty_folder(place: Path) -> None:
    shutil.rmtree(place)
    place.mkdir()


def moved_away(place: Path) -> None:
    place.rename(place.with_name("elsewhere"))


def library_removed(place: Path) -> None:
    shutil.rmtree(place.parent)


FAULTS = [removed, replaced_by_a_file, replaced_by_an_empty_folder, moved_away, library_removed]


def train_and_cause(cause: Callable[[Path], None], place: Path, registry: Registry) -> list[Event]:
    events: list[Event] = []
    prepared = begin(place, registry)
    for event in launch.train(prepared):
        events.append(event)
        if isinstance(event, StepRecord) and event.step == 5:
            prepared.trainer.controls.post(CheckpointNow())
        if isinstance(event, StepRecord) and event.step == 15:
            cause(place)
    return events


@pytest.mark.parametrize("cause", FAULTS, ids=lambda cause: cause.__name__)
def test_the_training_fails_with_a_sentence_that_says_what_is_left(
    cause: Callable[[Path], None], place: Path, registry: Registry
) -> None:
    *_, failed = events = train_and_cause(cause, place, registry)
    assert isinstance(failed, Failed)
    assert failed.step <= 20, "noticed at the next line, at the latest at the next preview"
    assert "was removed, renamed or replaced while the training wrote there." in failed.message
    assert "Nothing more can be written to the run; it is not made anew." in failed.message
    assert "Traceback" not in failed.message
    assert "Error" not in failed.message
    assert failed.saved == "", "nothing is kept at that place any more, and none is promised"
    assert not [event for event in events if isinstance(event, Held)]


@pytest.mark.parametrize("cause", FAULTS, ids=lambda cause: cause.__name__)
def test_no_half_run_is_made_in_its_place(
    cause: Callable[[Path], None], place: Path, registry: Registry
) -> None:
    train_and_cause(cause, place, registry)
    assert not place.is_dir() or list(place.iterdir()) == []


def test_what_was_moved_away_can_be_gone_on_with_there(place: Path, registry: Registry) -> None:
    train_and_cause(moved_away, place, registry)
    moved = place.with_name("elsewhere")
    events = launch.train(go_on(moved, registry))
    assert not [event for event in events if isinstance(event, Failed)]


@pytest.mark.parametrize("name", ["metrics.jsonl", "events.jsonl"])
def test_a_file_that_goes_away_ends_it_too(name: str, place: Path, registry: Registry) -> None:
    """Whatever is written to a file that has no name any more would be lost without a word."""
    *_, failed = train_and_cause(lambda place: (place / name).unlink(), place, registry)
    assert isinstance(failed, Failed)
    assert f"{place / name} was removed" in failed.message
    assert "checkpoints" in failed.saved


def test_a_folder_of_samples_that_goes_away_is_made_again(place: Path, registry: Registry) -> None:
    events = train_and_cause(lambda place: shutil.rmtree(place / "samples"), place, registry)
    assert not [event for event in events if isinstance(event, Failed)]
