"""One process of the window's measurements: trains a preset for some seconds and prints what it saw as JSON.

``python -m tests.benchmarks.window_child window|plain|spoiled PRESET SECONDS``. ``plain`` trains and records
without a window; ``spoiled`` is ``window`` with a parallel operation on the window's thread before training.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["GANSTUDIO_HOME"] = tempfile.mkdtemp()

from ganstudio.api.events import StepRecord

ENDLESS = {"steps": 10_000_000, "preview_every": 1_000_000}
WARM_UP = 5.0


def rate(records: list[StepRecord]) -> float:
    """Return steps a second of training, the warm-up left out."""
    timed = [record for record in records if record.seconds > WARM_UP]
    return (timed[-1].step - timed[0].step) / (timed[-1].seconds - timed[0].seconds)


def plain(preset: str, seconds: float) -> dict[str, Any]:
    """Train and record without a window."""
    from ganstudio import launch
    from ganstudio.experiment import Experiment
    from ganstudio.registry import Registry
    from ganstudio.training.controls import Controls

    registry = Registry.load()
    experiment = Experiment.from_dict(registry.presets[preset])
    for name, value in ENDLESS.items():
        experiment = experiment.with_value(f"training.{name}", value)
    prepared = launch.prepare(launch.Request(experiment, "cpu"), registry, Controls(), lambda *_: None)
    records = []
    for event in launch.train(prepared):
        if isinstance(event, StepRecord):
            records.append(event)
            if event.seconds > seconds:
                break
    return {"rate": rate(records)}


class Lateness:
    """How late a 5 ms timer fires in the window's thread."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.late: list[float] = []
        self._due = 0.0
        self.timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._fire)

    def start(self) -> None:
        """Begin to measure."""
        self._due = time.perf_counter() + 0.005
        self.timer.start()

    def _fire(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, 1000 * (now - self._due)))
        self._due = now + 0.005

    def figures(self) -> tuple[float, float]:
        """Return the 99th percentile and the longest, in milliseconds."""
        self.timer.stop()
        ordered = sorted(self.late)
        return ordered[int(len(ordered) * 0.99)], ordered[-1]


def window(preset: str, seconds: float, spoiled: bool = False) -> dict[str, Any]:
    """Train in the window with everything live, then press Stop."""
    from ganstudio.api.events import CheckpointSaved
    from tests.driving import Driver

    driver = Driver()
    driver.window.resize(1280, 800)
    driver.open()
    if spoiled:
        _one_parallel_operation()
    live = driver.window.live_panel()
    painted = _counted(live.stack, "refresh"), _counted(live.samples, "take_preview")
    driver.session.train(driver.preset(preset, **ENDLESS), "cpu")
    driver.wait(lambda: driver.session.state == "running", 60)
    driver.spin(WARM_UP)
    before = [count() for count in painted]
    lateness = Lateness()
    lateness.start()
    driver.spin(seconds - WARM_UP)
    p99, longest = lateness.figures()
    plots, grids = (count() - b for count, b in zip(painted, before, strict=True))
    records = [event for event in driver.events if isinstance(event, StepRecord)]
    began = time.perf_counter()
    driver.session.stop()
    driver.wait(lambda: driver.session.state == "finished", 60)
    stopped = time.perf_counter() - began
    saved = [event for event in driver.events if isinstance(event, CheckpointSaved)]
    assert Path(saved[-1].path).is_dir()
    driver.close()
    shown = seconds - WARM_UP
    return {
        "rate": rate(records),
        "p99": p99,
        "longest": longest,
        "plots": plots / shown,
        "grids": grids / shown,
        "stop": stopped,
    }


def _counted(thing: Any, method: str) -> Any:
    """Count the calls of a method, and return what tells the count."""
    calls = [0]
    original = getattr(thing, method)

    def counting(*arguments: Any) -> Any:
        calls[0] += 1
        return original(*arguments)

    setattr(thing, method, counting)
    return lambda: calls[0]


def _one_parallel_operation() -> None:
    import torch

    torch.randn(2000, 2000) @ torch.randn(2000, 2000)


if __name__ == "__main__":
    mode, name, length = sys.argv[1], sys.argv[2], float(sys.argv[3])
    figures = plain(name, length) if mode == "plain" else window(name, length, spoiled=mode == "spoiled")
    print(json.dumps(figures), flush=True)
