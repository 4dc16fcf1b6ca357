"""Files that are not what they are called: what is good is read, and nothing fails as a whole."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio import launch
from ganstudio.api import StudioError
from ganstudio.api.events import Failed
from ganstudio.registry import Registry
from ganstudio.runs import pictures
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from tests.faults.trainings import go_on, leave, straight
from tests.same_run import assert_same_weights


def circle(path: Path) -> None:
    """A link that leads to itself."""
    path.symlink_to(path.name)


def file_instead(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.write_bytes(b"no folder")


def circle_instead(path: Path) -> None:
    shutil.rmtree(path)
    circle(path)


ODD: dict[str, Callable[[Path], object]] = {
    "text as a preview": lambda run: (run / "samples/000000010.png").write_text("not a picture"),
    "folder as a preview": lambda run: (run / "samples/000000100.png").mkdir(),
    "circle as a preview": lambda run: circle(run / "samples/000000100.png"),
    "link to nothing as a preview": lambda run: (run / "samples/000000100.png").symlink_to("nothing"),
    "pipe as a preview": lambda run: os.mkfifo(run / "samples/000000100.png"),
    "strange names": lambda run: [
        (run / "samples" / name).write_text("") for name in ("x.png", "٣.png", ".png")
    ],
    "file as a checkpoint": lambda run: file_instead(run / "checkpoints/000000100"),
    "circle as a checkpoint": lambda run: circle(run / "checkpoints/000000100"),
    "folder as weights": lambda run: (run / "checkpoints/000000015").mkdir(),
    "circle in the run": lambda run: (run / "circle").symlink_to("."),
    "folder as the picture of the data": lambda run: (run / "samples/real").mkdir(),
}
LOST: dict[str, Callable[[Path], object]] = {
    "file as samples": lambda run: file_instead(run / "samples"),
    "circle as samples": lambda run: circle_instead(run / "samples"),
}


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Path:
    place = tmp_path_factory.mktemp("odd") / "run"
    leave(place, registry, 30, 20)
    return place


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> RunFolder:
    return straight(tmp_path_factory.mktemp("whole") / "run", registry, 20)


@pytest.fixture
def run(cut: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(cut, tmp_path / "run"))


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes as Unix has them")
@pytest.mark.parametrize("name", [*ODD, *LOST])
def test_what_is_good_is_read(name: str, run: Path) -> None:
    {**ODD, **LOST}[name](run)
    history = read_history(run)
    assert history.state == "interrupted"
    assert 20 in [kept.step for kept in history.checkpoints]
    assert 100 not in [kept.step for kept in history.checkpoints]
    shown = [kept.step for kept in history.previews.get("", ())]
    assert shown == ([] if name in LOST else [10, 20])
    assert [int(path.stem) for path in RunFolder(run).samples()] == shown
    (entry,) = Library(run.parent).entries()
    assert entry.state == "interrupted"


@pytest.mark.skipif(os.name == "nt", reason="needs links and pipes as Unix has them")
@pytest.mark.parametrize("name", ODD)
def test_the_run_goes_on(name: str, run: Path, whole: RunFolder, registry: Registry) -> None:
    ODD[name](run)
    failed = [event for event in launch.train(go_on(run, registry)) if isinstance(event, Failed)]
    assert not failed, failed[0].details
    assert_same_weights(whole, RunFolder(run))


@pytest.mark.allow_log_warnings
@pytest.mark.parametrize("name", LOST)
def test_where_nothing_can_be_kept_it_fails_in_words(name: str, run: Path, registry: Registry) -> None:
    LOST[name](run)
    *_, failed = launch.train(go_on(run, registry))
    assert isinstance(failed, Failed)
    assert str(run / "samples") in failed.message
    assert failed.saved == f"The state at step 20 is kept in {run / 'checkpoints' / '000000020'}."


def test_what_is_no_picture_is_named(run: Path) -> None:
    path = run / "samples/000000010.png"
    path.with_suffix(".npy").unlink()
    path.write_text("not a picture")
    with pytest.raises(StudioError, match=str(path)):
        pictures.read(path)
