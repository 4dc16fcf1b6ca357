"""Rows about reading runs back: long ones into plots, and one that another process writes.

Files are written just before, so that the system still holds them: what is measured is the reading, not the
disk. Curves are painted for real, on a screen that nobody sees.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from ganstudio.api.events import Event, Started, StepRecord
from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import METRICS, RunFolder
from ganstudio.runs.lines import encode
from ganstudio.runs.recorder import event_record
from tests.benchmarks.measure import Row, spread

NAMES = (
    "loss/discriminator",
    "loss/generator",
    "grad_norm/discriminator",
    "grad_norm/generator",
    "penalty/R1",
    "logits/real",
    "logits/fake",
    "accuracy/discriminator",
)
REPORTS, LONG, SCORES_EVERY = 1_000_000, 10_000_000, 1000
_AT_ONCE = 100_000
_VALUES = 10_007
_MORE_MB = 300


def write_run(folder: Path, reports: int) -> Path:
    """Write a run of so many reports, with a score and the name of a preview every thousand; return it."""
    experiment = Experiment(Choice("Ring"), Choice("PointGAN"), name=f"{reports} reports")
    with RunFolder.create_at(folder / str(reports), experiment, {}) as run:
        run.append_event(event_record(Started(1, run.name, reports, "cpu", {})))
        random = np.random.default_rng(0).standard_normal((_VALUES, len(NAMES))).astype(np.float32)
        values = [encode(dict(zip(NAMES, row.tolist(), strict=True))).decode().rstrip() for row in random]
        with (run.path / METRICS).open("w", encoding="utf-8") as file:
            for start in range(1, reports + 1, _AT_ONCE):
                steps = range(start, start + _AT_ONCE)
                file.write("".join(_line(step, values[step % _VALUES]) for step in steps))
        samples = run.path / "samples"
        samples.mkdir()
        for step in range(SCORES_EVERY, reports + 1, SCORES_EVERY):
            (samples / f"{step:09d}.png").touch()
    return run.path


def _line(step: int, values: str) -> str:
    line = f'{{"step":{step},"seconds":{step * 0.00123},"images_seen":{step * 128},"values":{values}}}\n'
    if step % SCORES_EVERY == 0:
        line += f'{{"step":{step},"scores":{{"score/modes":{step % 9}}},"took":0.01}}\n'
    return line


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        return [
            _long_row(write_run(place, REPORTS), "1 000 000 reports from the folder into painted plots", 1.0),
            _long_row(write_run(place, LONG), "10 000 000 lines opened and painted", 3.0),
            _following_row(place),
        ]


def _long_row(run: Path, name: str, bound: float) -> Row:
    """Measure in a process of its own, whose memory is its own as well."""
    command = [sys.executable, "-m", "tests.benchmarks.reading", str(run)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, more, points, scores = json.loads(done.stdout.splitlines()[-1])
    reached = statistics.median(seconds) <= bound and more <= _MORE_MB
    size = (run / METRICS).stat().st_size / 1e9
    note = f"{size:.1f} GB; {points} reports and {scores} scores drawn; {more:.0f} MB more memory"
    return Row(name, f"{spread(seconds)} s", f"≤ {bound:g} s, ≤ {_MORE_MB} MB", reached, note)


def _measure_opening(run: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from ganstudio.gui.panels.live_panel import LivePanel
    from ganstudio.runs.history import read_history

    app = QApplication([])
    process = psutil.Process()
    panel = LivePanel()
    panel.resize(1200, 800)
    panel.show()
    app.processEvents()
    before = process.memory_info().rss
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        history = read_history(run)
        panel.stack.show_history(history)
        panel.stack.refresh()
        app.processEvents()
        seconds.append(time.perf_counter() - began)
    more = (process.memory_info().rss - before) / 1e6
    points, scores = len(history.curves["loss/generator"]), len(history.curves["score/modes"])
    print(json.dumps([seconds, more, points, scores]))


def _following_row(folder: Path) -> Row:
    """Measure from a line's being written to its event's arrival on the thread of the window."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from ganstudio.runs.history import read_history
    from ganstudio.session.follower import Follower

    app = QApplication.instance() or QApplication([])
    experiment = Experiment(Choice("Ring"), Choice("PointGAN"))
    with RunFolder.create_at(folder / "followed", experiment, {}) as run:
        run.append_event(event_record(Started(1, run.name, 1000, "cpu", {})))
        follower = Follower(read_history(run.path))
        arrived: dict[int, float] = {}

        def take(events: list[Event]) -> None:
            now = time.perf_counter()
            arrived.update({event.step: now for event in events if isinstance(event, StepRecord)})

        follower.eventsArrived.connect(take)
        follower.start()
        loop = QEventLoop()
        delays = []
        random = np.random.default_rng(0)
        for step in range(1, 61):
            line = {"step": step, "seconds": 0.1, "images_seen": 1, "values": dict.fromkeys(NAMES, 0.5)}
            run.append_metrics(line)
            written = time.perf_counter()
            while step not in arrived:
                app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            delays.append(1000 * (arrived[step] - written))
            # The next one comes at any moment between two looks, while the window lives.
            QTimer.singleShot(round(1000 * random.uniform(0, 0.2)), loop.quit)
            loop.exec()
        follower.stop()
    late = float(np.quantile(delays, 0.95))
    measured = f"{np.median(delays):.0f} ms, 95 % within {late:.0f} ms"
    return Row("delay of a report that another process writes", measured, "≤ 500 ms", late <= 500, "60 lines")


if __name__ == "__main__":
    _measure_opening(Path(sys.argv[1]))
