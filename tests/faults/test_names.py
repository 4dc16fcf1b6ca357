"""Names and paths in any script and of any length: trained, gone on with, read, listed."""

import os
from pathlib import Path

import pytest

from ganstudio import launch, places
from ganstudio.api import InputError
from ganstudio.api.events import Failed
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from ganstudio.training.controls import Controls
from tests.commands import ganstudio
from tests.faults.trainings import leave, quiet, small

NAMES = {
    "umlauts": "Größe äußerst übel",
    "japanese": "敵対的生成ネットワーク",
    "arabic": "شبكة توليدية",
    "emoji": "🎲🎲",
    "combined": "e\u0301te\u0301",
    "long": "x" * 5000,
    "long in bytes": "数" * 500,
    "like a path": "../../etc/passwd",
    "like an option": "--steps",
    "two lines": "one\ntwo\ttabs",
    "reserved elsewhere": "CON",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_an_experiment_of_any_name_is_trained_gone_on_with_and_listed(name: str, registry: Registry) -> None:
    request = launch.Request(small(10).renamed(name), "cpu")
    for wish in (request, None):
        if wish is None:
            (path,) = [path for path in places.runs().iterdir() if (path / "experiment.toml").exists()]
            wish = launch.Resume(path, 20)
        prepared = launch.prepare(wish, registry, Controls(), quiet)
        assert not [event for event in launch.train(prepared) if isinstance(event, Failed)]
    assert path.parent == places.runs()
    assert len(os.fsencode(path.name)) <= 255
    history = read_history(path)
    assert (history.state, history.step, history.experiment.name) == ("finished", 20, name)
    (entry,) = Library(places.runs()).entries()
    assert entry.experiment_name == name


@pytest.mark.parametrize("folder", ["Läufe mit Leerzeichen", "実行/フォルダー", 'it\'s "quoted" #1'])
def test_a_library_of_any_name_is_used_from_the_command_line(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path / folder))
    done = ganstudio("train", "ring", "--steps", "10", "--device", "cpu")
    assert done.exit_code == 0, done.stderr
    (run,) = [path for path in places.runs().iterdir() if (path / "experiment.toml").exists()]
    done = ganstudio("resume", run, "--steps", "20")
    assert done.exit_code == 0, done.stderr


def deep(parent: Path, length: int) -> Path:
    """A path of so many bytes below ``parent``."""
    path = parent
    while len(os.fsencode(path)) + 101 < length:
        path /= "d" * 100
    return path / ("e" * (length - len(os.fsencode(path)) - 1))


@pytest.mark.skipif(os.name == "nt", reason="paths may be short there")
def test_a_run_deep_below_many_folders_is_trained_and_gone_on_with(
    tmp_path: Path, registry: Registry
) -> None:
    place = deep(tmp_path, 3900)
    leave(place, registry, 30, 20)
    prepared = launch.prepare(launch.Resume(place), registry, Controls(), quiet)
    assert not [event for event in launch.train(prepared) if isinstance(event, Failed)]
    assert RunFolder(place).state == "finished"


@pytest.mark.skipif(os.name == "nt", reason="other sentences there")
@pytest.mark.parametrize(
    "place",
    [Path("n" * 300), Path("/".join(["d" * 100] * 45))],
    ids=["name", "path"],
)
def test_a_folder_too_long_for_the_disk_is_refused_with_a_sentence(
    place: Path, tmp_path: Path, registry: Registry
) -> None:
    request = launch.Request(small(10), "cpu", tmp_path / place)
    with pytest.raises(InputError, match="the name is too long for this disk"):
        launch.prepare(request, registry, Controls(), quiet)


@pytest.mark.skipif(os.name == "nt", reason="paths may be short there")
@pytest.mark.allow_log_warnings
def test_a_run_whose_files_have_no_room_in_the_path_fails_in_words(
    tmp_path: Path, registry: Registry
) -> None:
    """The folder can be made, what is to be in it cannot."""
    request = launch.Request(small(10), "cpu", deep(tmp_path, 4070))
    *_, failed = launch.train(launch.prepare(request, registry, Controls(), quiet))
    assert isinstance(failed, Failed)
    assert failed.step == 1, "before anything is lost by it"
    assert "the name is too long for this disk" in failed.message


def test_bytes_that_are_no_text_are_a_path_like_any(tmp_path: Path, registry: Registry) -> None:
    try:
        place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/run\xff"))
        place.mkdir()
    except OSError:
        pytest.skip("this disk takes text alone")
    leave(place, registry, 30, 20)
    prepared = launch.prepare(launch.Resume(place), registry, Controls(), quiet)
    assert not [event for event in launch.train(prepared) if isinstance(event, Failed)]
    assert read_history(place).state == "finished"
