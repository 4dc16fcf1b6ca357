"""Rows about the window: what it costs training, and what training costs it. Each run is a process."""

import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

import numpy as np

from ganstudio.app import FIRST_PAINT
from tests.benchmarks.measure import Row, at_least, spread

PRESET = "mnist-dcgan"
SECONDS = 15
PAIRS = 3


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    windows, plains, spoiled = [], [], []
    for _ in range(PAIRS):
        plains.append(_child("plain"))
        windows.append(_child("window"))
        spoiled.append(_child("spoiled"))
    kept = [w["rate"] / p["rate"] for w, p in zip(windows, plains, strict=True)]
    unspoiled = [s["rate"] / w["rate"] for s, w in zip(spoiled, windows, strict=True)]
    plots, grids = (statistics.median(w[name] for w in windows) for name in ("plots", "grids"))
    step = 1 / statistics.median(w["rate"] for w in windows)
    return [
        at_least("training with the window live, against without", kept, 0.92, _live(plots, grids)),
        _bound("lateness of a 5 ms timer while training, p99", [w["p99"] for w in windows], 16, "ms"),
        _bound("lateness of a 5 ms timer while training, max", [w["longest"] for w in windows], 50, "ms"),
        _bound("process start to window on screen", [_first_paint() for _ in range(7)], 0.7, "s"),
        _bound(
            "Stop to stopped with its checkpoint, less one step",
            [w["stop"] - step for w in windows],
            0.5,
            "s",
        ),
        _bound("longest redraw of a curve with 1 000 000 points", _million_points(), 20, "ms"),
        at_least("a parallel operation on the window's thread first, against none", unspoiled, 0.92),
    ]


def _live(plots: float, grids: float) -> str:
    return f"plots {plots:.1f} Hz (≥ 4), grid {grids:.1f} Hz (≥ 2), preset {PRESET}"


def _bound(measure: str, values: list[float], bound: float, unit: str) -> Row:
    worst = max(values) if "max" in measure or "longest" in measure else statistics.median(values)
    return Row(measure, f"{spread(values)} {unit}", f"≤ {bound:g} {unit}", worst <= bound)


def _child(mode: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.window_child", mode, PRESET, str(SECONDS)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(ended.stdout.splitlines()[-1]))


def _first_paint() -> float:
    """Return the seconds from starting the process to the window's first paint."""
    environment = {**os.environ, FIRST_PAINT: "quit"}
    began = time.time()
    ended = subprocess.run(
        [sys.executable, "-m", "ganstudio"], env=environment, capture_output=True, text=True, check=True
    )
    line = next(line for line in ended.stdout.splitlines() if line.startswith("first paint"))
    return float(line.split()[2].rstrip(",")) - began


def _million_points() -> list[float]:
    """Return how long redraws hold the thread, in milliseconds, while points go on being added."""
    from PySide6.QtWidgets import QApplication

    from ganstudio.gui import theme
    from ganstudio.gui.widgets.curve_plot import CurvePlot

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")
    plot = CurvePlot("Losses")
    plot.resize(600, 240)
    plot.show()
    generator = np.random.default_rng(0)
    steps = np.arange(1_000_000, dtype=float)
    plot.extend("loss/generator", steps, generator.normal(size=len(steps)).cumsum())
    plot.refresh()
    app.processEvents()
    found = []
    for step in range(1_000_000, 1_000_050):
        plot.append(float(step), {"loss/generator": float(step % 7)})
        began = time.perf_counter()
        plot.refresh()
        plot.repaint()
        app.processEvents()
        found.append(1000 * (time.perf_counter() - began))
    plot.close()
    return found
