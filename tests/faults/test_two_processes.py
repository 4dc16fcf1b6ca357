"""Several processes on one library: one writes a run, any may look, and a dead one keeps no lock."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.api import InputError
from ganstudio.registry import Registry
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from tests.commands import ganstudio, start
from tests.faults.trainings import leave

LONG = ("ring", "--steps", "100000", "--set", "training.checkpoint_minutes=0.005", "--device", "cpu")


@pytest.fixture
def processes() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that are ended after the test."""
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.communicate()


def wait(until: Callable[[], object], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < ends
        time.sleep(0.02)


def runs_with_a_checkpoint() -> list[Path]:
    found = places.runs().iterdir() if places.runs().exists() else ()
    return [path for path in found if RunFolder(path).checkpoints()]


@pytest.mark.allow_log_warnings
def test_two_trainings_a_reader_and_a_kill(processes: list["subprocess.Popen[str]"]) -> None:
    processes += [start("train", *LONG), start("train", *LONG)]
    wait(lambda: len(runs_with_a_checkpoint()) == 2)
    one, other = sorted(runs_with_a_checkpoint())
    library = Library(places.runs())

    # Whoever looks sees both going on, as often as they like.
    seen = []
    for _ in range(20):
        assert {entry.state for entry in library.entries()} == {"running"}
        seen.append(read_history(one).step)
        time.sleep(0.02)
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]

    refused = ganstudio("resume", one)
    assert refused.exit_code == 2
    assert f"Another process is writing {one}." in refused.stderr

    # The system frees the lock of the dead, and nothing else is needed to go on.
    for process in processes:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert {entry.state for entry in library.entries()} == {"interrupted"}
    checkpoint = int(RunFolder(other).checkpoints()[-1].name)
    gone_on = ganstudio("resume", other, "--steps", str(checkpoint + 20), "--device", "cpu")
    assert gone_on.exit_code == 0, gone_on.stderr
    assert read_history(other).state == "finished"
    assert read_history(one).state == "interrupted"


def test_of_two_that_resume_one_run_at_once_one_is_refused(
    place: Path, registry: Registry, processes: list["subprocess.Popen[str]"]
) -> None:
    leave(place, registry, 30, 20)
    processes += [start("resume", place, "--steps", "100000") for _ in range(2)]
    wait(lambda: any(process.poll() is not None for process in processes))
    (refused,) = [process for process in processes if process.poll() is not None]
    (training,) = [process for process in processes if process is not refused]
    assert refused.returncode == 2
    assert "Another process is writing" in refused.communicate()[1]
    wait(lambda: RunFolder(place).state == "running" and read_history(place).step > 40)
    run = RunFolder(place)
    assert len([event for event in run.events() if event["event"] == "Restarted"]) == 1
    kept = run.checkpoints()
    assert "without a checkpoint" in ganstudio("stop", place, "--abort").stdout
    assert training.wait(timeout=60) == 0
    assert run.checkpoints() == kept
    steps = [line["step"] for line in run.metrics() if "values" in line]
    assert steps == list(range(1, len(steps) + 1)), "only one of them wrote"


def test_of_many_that_open_a_run_at_once_one_may_write(place: Path, registry: Registry) -> None:
    leave(place, registry, 5)
    barrier, opened, refused = threading.Barrier(8), [], []

    def open_it() -> None:
        barrier.wait()
        try:
            opened.append(RunFolder.open(place, writing=True))
        except InputError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert len(refused) == 7
    assert all("Another process is writing" in sentence for sentence in refused)
    opened[0].close()
