"""Rows about the library: how soon thousands of runs are there, from the index and without it."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ganstudio.experiment import Choice, Experiment
from ganstudio.runs import index
from ganstudio.runs.library import Library
from tests.benchmarks.measure import Row, spread

RUNS, REPORTS, PICTURES = 5000, 500, 25
TURNS = 5


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        make_library(root, RUNS)
        rebuilt = [_seconds(lambda: _rebuild(root)) for _ in range(2)]
        opened = [_seconds(lambda: _open(root)) for _ in range(TURNS)]
        library = Library(root)
        library.entries()
        again = [_seconds(library.entries) for _ in range(TURNS)]
        size = (root / index.NAME).stat().st_size
    what = f"{RUNS} runs of {REPORTS} reports"
    return [
        Row(
            f"{RUNS} runs opened from the index",
            f"{spread(opened)} s",
            "≤ 1 s",
            sorted(opened)[TURNS // 2] <= 1,
            f"an index of {size / 1e6:.1f} MB",
        ),
        Row(f"{RUNS} runs looked through again", f"{spread(again)} s", "none", None, "nothing has changed"),
        Row("the index rebuilt", f"{spread(rebuilt)} s", "none", None, f"{what}, from the disk's cache"),
    ]


def make_library(root: Path, count: int) -> None:
    """Fill ``root`` with ``count`` runs as a training leaves them, but for the weights."""
    root.mkdir(parents=True, exist_ok=True)
    first = root / "2026-01-01-0000-run-0"
    _make_run(first)
    for number in range(1, count):
        shutil.copytree(first, root / f"2026-01-01-0000-run-{number}", copy_function=os.link)


def _make_run(folder: Path) -> None:
    from ganstudio.api.events import Finished, ScoreRecord, Started, StepRecord
    from ganstudio.runs.folder import RunFolder
    from ganstudio.runs.recorder import Recorder

    experiment = Experiment(
        Choice("Digits"), Choice("ConvGAN", {"width": 64}), name="run", training={"steps": 10 * REPORTS}
    )
    generator = np.random.default_rng(0)
    names = ("loss/generator", "loss/discriminator", "logits/real", "logits/fake", "grad_norm/generator")
    run = RunFolder.create_at(folder, experiment, {"time": "2026-01-01T00:00:00+00:00", "device": "cpu"})
    with run, Recorder(run) as recorder:
        recorder.record(Started(1, folder.name, 10 * REPORTS, "cpu", {"generator": 1}))
        for report in range(1, REPORTS + 1):
            values = dict(zip(names, generator.normal(size=len(names)).tolist(), strict=True))
            recorder.record(StepRecord(10 * report, 0.1 * report, 640 * report, values))
            if report % (REPORTS // PICTURES) == 0:
                recorder.record(ScoreRecord(10 * report, {"score/fid": 1000 / report}, lower=("score/fid",)))
                run.write_sample(10 * report, np.zeros((4, 8, 8, 1), np.uint8))
        recorder.record(Finished(10 * REPORTS, "done", 0.1 * REPORTS))


def _open(root: Path) -> None:
    assert len(Library(root).entries()) == RUNS


def _rebuild(root: Path) -> None:
    (root / index.NAME).unlink(missing_ok=True)
    _open(root)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
