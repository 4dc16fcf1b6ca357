"""After a power cut, whatever file was torn: the run opens, and goes on or says what is damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api import InputError, StudioError
from ganstudio.api.events import Failed, Warned
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from ganstudio.runs.notes import Notes, read_notes, write_notes
from tests.faults.trainings import go_on, leave, straight
from tests.same_run import assert_same_run, assert_same_weights, pictures, without_times


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def torn_tail(data: bytes) -> bytes:
    return data[:-7]


def zeros(data: bytes) -> bytes:
    """What a file system may show of blocks that it had no time to write."""
    kept = 2 * len(data) // 3
    return data[:kept] + bytes(len(data) - kept)


def zeros_behind(data: bytes) -> bytes:
    return data + bytes(4096)


def nothing(data: bytes) -> bytes:
    return b""


DAMAGES = [half, torn_tail, zeros, zeros_behind, nothing]
NEWEST, BEFORE = "checkpoints/000000020", "checkpoints/000000010"
CHECKPOINT = ["weights.safetensors", "averages.safetensors", "state.pt", "manifest.json"]
SAMPLES = ["samples/000000010.png", "samples/000000010.npy", "samples/real.png", "samples/real.npy"]
RECORDS = ["metrics.jsonl", "events.jsonl", "provenance.json", "notes.json", ".lock"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> RunFolder:
    """A run that nothing happened to."""
    return straight(tmp_path_factory.mktemp("whole") / "run", registry, 10, 20)


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    """One that the power cut ended at step 30, with checkpoints of steps 10 and 20."""
    place = tmp_path_factory.mktemp("cut") / "run"
    leave(place, registry, 30, 10, 20)
    write_notes(place, Notes(name="before the cut"))
    return place


@pytest.fixture
def run(cut: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cut, tmp_path / "run"))


def tear(path: Path, damage: Callable[[bytes], bytes]) -> None:
    path.write_bytes(damage(path.read_bytes()))


def resume(place: Path, registry: Registry) -> list[str]:
    """Go on to the end and return what was warned of."""
    events = list(launch.train(go_on(place, registry)))
    failed = [event for event in events if isinstance(event, Failed)]
    assert not failed, failed[0].details
    return [event.message for event in events if isinstance(event, Warned)]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", [*RECORDS, *SAMPLES])
def test_a_torn_record_or_picture_is_no_hindrance(
    name: str, damage: Callable[[bytes], bytes], run: Path, whole: RunFolder, registry: Registry
) -> None:
    tear(run / name, damage)
    history = read_history(run)
    assert history.state == "interrupted"
    assert [kept.step for kept in history.checkpoints] == [10, 20]
    resume(run, registry)
    gone_on = RunFolder(run)
    assert_same_weights(whole, gone_on)
    assert gone_on.state == "finished"
    assert gone_on.metrics().damaged == gone_on.events().damaged == 0
    lines = without_times(gone_on.metrics())
    assert lines == [line for line in without_times(whole.metrics()) if line in lines], "none stands twice"
    changed = {path for path, data in pictures(gone_on).items() if data != pictures(whole)[path]}
    assert changed <= {name.removeprefix("samples/")}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", CHECKPOINT)
def test_for_a_torn_checkpoint_the_one_before_is_used(
    name: str, damage: Callable[[bytes], bytes], run: Path, whole: RunFolder, registry: Registry
) -> None:
    tear(run / NEWEST / name, damage)
    assert read_history(run).state == "interrupted"
    (warning,) = resume(run, registry)
    assert str(run / NEWEST / name) in warning
    assert warning.endswith("The checkpoint of step 10 is used instead.")
    assert_same_run(whole, RunFolder(run))


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_torn_experiment_is_named_and_never_trained_as_another(
    damage: Callable[[bytes], bytes], run: Path, registry: Registry
) -> None:
    tear(run / "experiment.toml", damage)
    for look in (read_history, lambda place: go_on(place, registry)):
        with pytest.raises(InputError, match=str(run / "experiment.toml")):
            look(run)


def test_an_experiment_torn_between_any_two_lines_is_noticed(run: Path) -> None:
    path = run / "experiment.toml"
    lines = path.read_bytes().splitlines(keepends=True)
    for count in range(len(lines)):
        path.write_bytes(b"".join(lines[:count]))
        with pytest.raises(InputError, match=str(path)):
            _ = RunFolder(run).experiment


def test_what_was_torn_of_the_provenance_is_kept_and_told(run: Path, registry: Registry) -> None:
    tear(run / "provenance.json", half)
    torn = (run / "provenance.json").read_bytes()
    (warning,) = resume(run, registry)
    assert "provenance.json was damaged, and is now called provenance.json.damaged." in warning
    assert (run / "provenance.json.damaged").read_bytes() == torn
    assert RunFolder(run).provenance == {"format": 1}


def test_torn_notes_are_named_and_hide_no_run_from_the_list(run: Path) -> None:
    tear(run / "notes.json", half)
    with pytest.raises(StudioError, match=f"{run / 'notes.json'} is damaged"):
        read_notes(run)
    (entry,) = Library(run.parent).entries()
    assert (entry.path, entry.state, entry.name) == (run, "interrupted", "run")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_whatever_is_torn_the_list_of_runs_has_it(damage: Callable[[bytes], bytes], run: Path) -> None:
    for name in (*RECORDS, *SAMPLES, "experiment.toml"):
        tear(run / name, damage)
    assert [entry.path for entry in Library(run.parent).entries()] == [run]


def test_with_every_record_torn_at_once_it_still_goes_on(
    run: Path, whole: RunFolder, registry: Registry
) -> None:
    for name in (*RECORDS, *SAMPLES, f"{NEWEST}/state.pt"):
        tear(run / name, half)
    resume(run, registry)
    assert_same_weights(whole, RunFolder(run))
