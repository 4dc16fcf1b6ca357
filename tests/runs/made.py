"""Runs as a training leaves them, made without one: small, and at once."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.api.events import Failed, Finished, ScoreRecord, Started, StepRecord
from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder

LONG_AGO = 1_700_000_000


def make_run(
    root: Path,
    name: str = "a-run",
    *,
    ends: str = "done",
    steps: int = 20,
    total: int = 20,
    scores: Mapping[int, Mapping[str, float]] | None = None,
    lower: tuple[str, ...] = (),
    checkpoint: bool = True,
    picture: bool = True,
    began: str = "2026-11-22T08:00:00+00:00",
    parent: Mapping[str, Any] | None = None,
    data: str = "Ring",
    architecture: str = "PointGAN",
    settled: bool = True,
) -> Path:
    """Make the run ``root``/``name``. ``ends``: done, stopped, failed, or empty for one that was killed.

    ``settled``: its files look as if they were written long ago.
    """
    experiment = Experiment(Choice(data), Choice(architecture), name="trial", training={"steps": total})
    provenance = {"time": began, "device": "cpu", **({"parent": dict(parent)} if parent else {})}
    with RunFolder.create_at(root / name, experiment, provenance) as run, Recorder(run) as recorder:
        recorder.record(Started(1, name, total, "cpu", {"generator": 10}))
        for step in range(10, steps + 1, 10):
            recorder.record(StepRecord(step, step / 10, 32 * step, {"loss/generator": 0.5}))
            if scores and step in scores:
                recorder.record(ScoreRecord(step, scores[step], lower=lower))
        if picture:
            run.write_sample(steps, np.full((4, 8, 8, 1), 200, np.uint8))
        if checkpoint:
            (run.path / "checkpoints" / f"{steps:09d}").mkdir(parents=True)
        if ends == "failed":
            recorder.record(Failed(steps, "The loss is NaN."))
        elif ends:
            recorder.record(Finished(steps, ends, steps / 10))
    if settled:
        settle(root / name)
    return root / name


def settle(folder: Path, time: float = LONG_AGO) -> None:
    """Let everything in a run look as if it was last written then."""
    for place, folders, files in os.walk(folder):
        for each in (*folders, *files):
            os.utime(Path(place) / each, (time, time))
    os.utime(folder, (time, time))


def edit_provenance(run: Path, **values: Any) -> None:
    """Change what a run says it was made with."""
    path = run / "provenance.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))
