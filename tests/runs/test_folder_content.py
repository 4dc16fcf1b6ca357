import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ganstudio.api import StudioError
from ganstudio.experiment import Experiment
from ganstudio.runs import lock
from ganstudio.runs.folder import EXPERIMENT, METRICS, RunFolder
from tests.runs.conftest import State

POINTS = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 3, 5, 1)).astype(np.uint8)

# --- Lines -----------------------------------------------------------------------------------------


def test_metrics_and_events_are_read_while_the_run_goes_on(run: RunFolder) -> None:
    run.append_metrics({"step": 1, "values": {"loss/generator": 0.5}})
    run.append_event({"event": "Warned", "message": "hot"})
    other = RunFolder.open(run.path)
    assert list(other.metrics()) == [{"step": 1, "values": {"loss/generator": 0.5}}]
    assert list(other.events()) == [{"event": "Warned", "message": "hot"}]


def test_a_torn_last_line_is_dropped_and_a_damaged_one_counted(run: RunFolder) -> None:
    run.append_metrics({"step": 1})
    with (run.path / METRICS).open("ab") as file:
        file.write(b'{"step": 2, "val\n{"step": 3}\n{"step": 4')
    lines = run.metrics()
    assert list(lines) == [{"step": 1}, {"step": 3}]
    assert lines.damaged == 1


def test_closing_twice_does_nothing_more(run: RunFolder) -> None:
    run.append_event({"event": "Warned"})
    run.close()
    run.close()
    assert not lock.is_held(run.path)


def test_closing_on_a_disk_that_refuses_still_gives_up_the_lock(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    run.append_event({"event": "Warned"})
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StudioError, match="Input/output error"):
        run.close()
    assert not lock.is_held(run.path)


# --- State -----------------------------------------------------------------------------------------

STARTED: dict[str, Any] = {"event": "Started"}


@pytest.mark.parametrize(
    ("events", "state"),
    [
        pytest.param([], "interrupted", id="died before it started"),
        pytest.param([STARTED, {"event": "Paused"}], "interrupted", id="died"),
        pytest.param([STARTED, {"event": "Finished", "reason": "done"}], "finished", id="done"),
        pytest.param([STARTED, {"event": "Finished", "reason": "stopped"}], "stopped", id="stopped"),
        pytest.param([STARTED, {"event": "Finished", "reason": "aborted"}], "stopped", id="aborted"),
        pytest.param([STARTED, {"event": "Failed"}], "failed", id="failed"),
        pytest.param([{"event": "Failed"}, STARTED], "interrupted", id="begun again and died"),
    ],
)
def test_the_state_follows_from_the_events(run: RunFolder, events: list[Any], state: str) -> None:
    for event in events:
        run.append_event(event)
    run.close()
    assert RunFolder.open(run.path).state == state


def test_a_run_runs_while_its_writer_lives(run: RunFolder) -> None:
    run.append_event(STARTED)
    assert RunFolder.open(run.path).state == "running"
    run.close()
    assert RunFolder.open(run.path).state == "interrupted"


WRITER = """
import sys
from pathlib import Path
from ganstudio.experiment import load_experiment
from ganstudio.runs.folder import RunFolder
run = RunFolder.create_at(Path(sys.argv[2]), load_experiment(Path(sys.argv[1])), {})
run.append_event({"event": "Started"})
run.append_metrics({"step": 1})
print("writing", flush=True)
sys.stdin.read()
"""


def test_a_killed_run_is_interrupted_and_keeps_its_lines(run: RunFolder, tmp_path: Path) -> None:
    path = tmp_path / "killed"
    command = [sys.executable, "-c", WRITER, str(run.path / EXPERIMENT), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        assert RunFolder.open(path).state == "running"
        process.kill()
        process.wait()
    assert RunFolder.open(path).state == "interrupted"
    assert list(RunFolder.open(path).metrics()) == [{"step": 1}]


# --- Samples ---------------------------------------------------------------------------------------


def test_a_preview_of_images_is_a_picture_of_a_grid(run: RunFolder) -> None:
    path = run.write_sample(12_400, IMAGES)
    assert path == run.path / "samples" / "000012400.png"
    with Image.open(path) as picture:
        assert (picture.size, picture.mode) == ((11, 7), "L")
        assert (np.asarray(picture)[:3, :5] == IMAGES[0, :, :, 0]).all()


def test_a_preview_of_points_keeps_the_points_too(run: RunFolder) -> None:
    path = run.write_sample(3, POINTS)
    kept = np.load(path.with_suffix(".npy"))
    assert kept.dtype == np.float32
    assert (kept == POINTS).all()
    with Image.open(path) as picture:
        assert picture.mode == "RGB"


def test_points_are_shown_on_the_scale_of_the_real_ones(run: RunFolder) -> None:
    run.write_real(POINTS)
    near = run.write_sample(1, POINTS).read_bytes()
    far = run.write_sample(2, POINTS * 100 + 1000).read_bytes()
    assert near == (run.path / "samples" / "real.png").read_bytes()
    assert far != near
    with Image.open(run.path / "samples" / "000000002.png") as picture:
        assert (np.asarray(picture) == 255).all()


def test_damaged_real_points_do_not_stop_previews(run: RunFolder) -> None:
    run.write_real(POINTS)
    (run.path / "samples" / "real.npy").write_bytes(b"torn")
    assert run.write_sample(1, POINTS).is_file()


def test_previews_are_listed_by_step(run: RunFolder) -> None:
    assert run.samples() == []
    run.write_real(IMAGES)
    for step in (1_000_000_000, 20, 3):
        run.write_sample(step, IMAGES)
    assert [path.name for path in run.samples()] == ["000000003.png", "000000020.png", "1000000000.png"]


def test_a_run_that_was_removed_is_told(run: RunFolder, tmp_path: Path) -> None:
    run.path.rename(tmp_path / "elsewhere")
    for write in (lambda: run.write_sample(1, IMAGES), lambda: run.write_checkpoint(State(), "end")):
        with pytest.raises(StudioError, match=f"{run.path} was removed, renamed or replaced"):
            write()
    assert not run.path.exists(), "half a run must not come back"


# --- Checkpoints -----------------------------------------------------------------------------------


def test_the_newest_whole_checkpoint_is_found(run: RunFolder) -> None:
    assert run.latest_checkpoint() == (None, [])
    for step in (10, 20, 30):
        run.write_checkpoint(State(step=step), "end")
    (run.checkpoints()[2] / "manifest.json").unlink()
    damaged = run.checkpoints()[1] / "state.pt"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    found, skipped = run.latest_checkpoint()
    assert found is not None
    assert found.step == 10
    assert ["000000030" in skipped[0], "000000020" in skipped[1], len(skipped)] == [True, True, 2]


def test_lines_are_on_the_disk_before_the_checkpoint_is(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def noting(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)
        real(handle)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not tell which files are open")
    run.append_metrics({"step": 1})
    monkeypatch.setattr(os, "fsync", noting)
    run.write_checkpoint(State(), "end")
    assert synced[0] == METRICS
    assert "manifest.json" in synced


def test_a_place_in_the_run_is_told_without_the_run(run: RunFolder) -> None:
    assert run.inside(run.path / "checkpoints" / "000000012") == "checkpoints/000000012"


def test_a_full_disk_stops_each_kind_of_writing_and_room_mends_it(
    tiny_disk: Path, fill: Callable[[Path], Path], experiment: Experiment
) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 3)).astype(np.uint8)
    with RunFolder.create(tiny_disk, experiment, {}) as run:
        run.append_metrics({"step": 1})
        filler = fill(tiny_disk)
        for write in (
            lambda: run.append_metrics({"text": "x" * 8192}),
            lambda: run.write_sample(1, noise),
            lambda: run.write_checkpoint(State(), "end"),
        ):
            with pytest.raises(StudioError, match="is full; free some space"):
                write()
        assert run.samples() == []
        assert run.checkpoints() == []
        filler.unlink()
        run.append_metrics({"step": 2})
        run.write_sample(1, noise)
        run.write_checkpoint(State(), "end")
        assert list(run.metrics()) == [{"step": 1}, {"step": 2}]
        assert run.latest_checkpoint()[0] is not None


def test_a_named_preview_stands_beside_the_main_one_and_is_not_listed(run: RunFolder) -> None:
    main = run.write_sample(200, IMAGES)
    named = run.write_sample(200, IMAGES, "reconstructions", columns=2)
    points = run.write_sample(300, POINTS, "Other points")
    assert named == run.path / "samples" / "000000200-reconstructions.png"
    assert points == run.path / "samples" / "000000300-other-points.png"
    assert points.with_suffix(".npy").is_file()
    assert run.samples() == [main]
