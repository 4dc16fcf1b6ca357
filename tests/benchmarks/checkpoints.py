"""Rows about checkpoints: what one costs a training of 30 million parameters, and the window beside it.

The window's thread is stood for by the main thread of the process, which wants to do a little every 5 ms.
"""

import itertools
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn

from ganstudio.api import Architecture, Batch, DataSpec, Fixed, LoadedData, PointSpec, Preview, Update
from ganstudio.app import SWITCH_SECONDS
from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder
from ganstudio.training.controls import CheckpointNow, Controls
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from tests.benchmarks.measure import Row, spread

SIDE = 5477
"""A square layer of 30 million weights."""
BATCH = 16
TURN_SECONDS = 20.0
TURNS = 4
BETWEEN_SECONDS = 120.0
"""How far apart checkpoints are unless the user says otherwise."""
TICK = 0.005


class Large(Architecture):
    """One layer of 30 million parameters, averaged, with Adam: as much to keep as a large model has."""

    ema = ("layer",)

    def build(self, data: DataSpec) -> None:
        """Make the layer."""
        self.layer = nn.Linear(SIDE, SIDE)
        self.begun: list[float] = []
        self.weights = torch.randn(BATCH, SIDE)

    def training_step(self, batches: Iterator[Batch]) -> Iterator[Update]:
        """Note the time, and move the weights."""
        self.begun.append(time.perf_counter())
        yield Update(self.layer, self.layer(self.weights).square().mean())

    def preview(self, fixed: Fixed) -> Preview:
        """Show two points."""
        return Preview(torch.zeros(2, 2))


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    with tempfile.TemporaryDirectory() as folder:
        training = _Training(Path(folder) / "run")
        training.start()
        try:
            return _measured(training)
        finally:
            training.end()


class _Training:
    """Trains on a thread of its own, as the window's worker does."""

    def __init__(self, folder: Path) -> None:
        experiment = Experiment(Choice("Points"), Choice("Large"))
        self._run = RunFolder.create_at(folder, experiment, {})
        self.architecture = Large()
        self.controls = Controls()
        settings = TrainingSettings(
            steps=10**8, batch_size=2, preview_every=10**6, checkpoint_minutes=0, keep_checkpoints=2
        )
        data = LoadedData(PointSpec(), torch.zeros(4, 2))
        self._trainer = Trainer(self.architecture, data, {}, settings, "cpu", self.controls)
        self._ends = False
        self._thread = threading.Thread(target=self._train)

    def start(self) -> None:
        """Train, and come back once it is warm."""
        self._thread.start()
        time.sleep(10)
        # The first checkpoint makes the memory that all later ones use again.
        self.checkpoint()
        time.sleep(10)

    def checkpoint(self) -> float:
        """Ask for a checkpoint, and return when that was."""
        now = time.perf_counter()
        self.controls.post(CheckpointNow())
        return now

    def end(self) -> None:
        """Stop."""
        self._ends = True
        self._thread.join()

    def _train(self) -> None:
        with self._run, Recorder(self._run) as recorder:
            for event in self._trainer.run():
                recorder.record(event)
                if self._ends:
                    break


def _measured(training: _Training) -> list[Row]:
    sys.setswitchinterval(SWITCH_SECONDS)
    torch.set_num_threads(1)
    shares, holds, late, calm = [], [], [], []
    for turn in range(TURNS):
        quiet = _turn(training, False)
        busy = _turn(training, True)
        shares.append(100 * (1 - busy.steps / quiet.steps) * TURN_SECONDS / BETWEEN_SECONDS)
        holds.append(1000 * (busy.longest - quiet.median))
        late.append(1000 * busy.latest)
        calm.append(1000 * quiet.latest)
        if turn == TURNS - 1:
            note = f"one step takes {1000 * quiet.median:.0f} ms"
    return [
        _row("training held by a checkpoint, 30 M parameters", holds, 60, "ms", note),
        _row("window's thread late meanwhile, longest", late, 20, "ms", f"without {spread(calm)} ms"),
        _row("checkpoint every two minutes, of the training's time", shares, 1, "%"),
    ]


class _Turn:
    """What was seen in one turn: steps made, seconds of a step and of the longest, longest lateness."""

    def __init__(self, begun: list[float], latest: float) -> None:
        gaps = [b - a for a, b in itertools.pairwise(begun)]
        # The first and the last step are cut by the turn: how many were made is told by the time between.
        self.steps = len(gaps) / (begun[-1] - begun[0])
        self.median, self.longest = statistics.median(gaps), max(gaps)
        self.latest = latest


def _turn(training: _Training, kept: bool) -> _Turn:
    first = len(training.architecture.begun)
    began = time.perf_counter()
    latest, asked = 0.0, False
    while (now := time.perf_counter()) - began < TURN_SECONDS:
        if kept and not asked and now - began > 1:
            training.checkpoint()
            asked = True
        time.sleep(TICK)
        latest = max(latest, time.perf_counter() - now - TICK)
    return _Turn(training.architecture.begun[first:], latest)


def _row(measure: str, values: list[float], bound: float, unit: str, note: str = "") -> Row:
    middle = statistics.median(values)
    return Row(measure, f"{spread(values)} {unit}", f"≤ {bound:g} {unit}", middle <= bound, note)
