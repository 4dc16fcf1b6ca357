"""Rows about the playground: what it costs training to be watched, and how often it is painted anew.

The real window trains a preset; its playground is in view and out of view in turns, in one process, so that
a machine that slows down favours neither. Out of view means a page that shows nothing of the run.
"""

import json
import statistics
import subprocess
import sys
from typing import Any

from tests.benchmarks.measure import Row, at_least, spread

PRESETS = ("ring", "grid-r3gan")
TURNS = 7
SECONDS = 4.0
SETTLE = 0.7
"""After a change of page, before it is measured."""


def rows() -> list[Row]:
    """Measure and return every row of this file."""
    return [row for preset in PRESETS for row in _of(preset)]


def _of(preset: str) -> list[Row]:
    command = [sys.executable, "-m", "tests.benchmarks.playground", preset]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(ended.stdout.splitlines()[-1])
    looks = found["looks"]
    note = (
        f"{statistics.median(found['rates']):.0f} steps/s, all layers, a painting {found['paint_ms']:.1f} ms"
    )
    return [
        at_least(
            f"training with the playground in view, against out of view, {preset}", found["kept"], 0.9, note
        ),
        Row(f"looks painted a second, {preset}", spread(looks), "≥ 20", statistics.median(looks) >= 20),
    ]


def measure(preset: str) -> dict[str, Any]:
    """Train in the window, with the playground in view and out of view in turns."""
    from tests.driving import Driver

    driver = Driver()
    driver.window.resize(1280, 800)
    driver.open()
    tab = driver.window.tabs.playground()
    experiment = driver.preset(preset, steps=10_000_000, preview_every=1_000_000)
    driver.session.train(experiment, "cpu")
    driver.wait(lambda: driver.session.state == "running", 60)
    driver.spin(3)
    kept, looks, rates = [], [], []
    for turn in range(TURNS):
        order = ("Playground", "Plugins") if turn % 2 else ("Plugins", "Playground")
        found = {}
        for page in order:
            driver.window.tabs.show_page(page)
            driver.spin(SETTLE)
            before = tab.looks
            found[page] = _rate(driver)
            if page == "Playground":
                looks.append((tab.looks - before) / SECONDS)
        kept.append(found["Playground"] / found["Plugins"])
        rates.append(found["Plugins"])
    driver.close()
    return {"kept": kept, "looks": looks, "rates": rates, "paint_ms": tab.page.view.cost_ms}


def _rate(driver: Any) -> float:
    """Return steps a second of training over some seconds."""
    from ganstudio.api.events import StepRecord

    driver.events.clear()
    driver.spin(SECONDS)
    records = [event for event in driver.events if isinstance(event, StepRecord)]
    return (records[-1].step - records[0].step) / (records[-1].seconds - records[0].seconds)


if __name__ == "__main__":
    import os
    import tempfile

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["GANSTUDIO_HOME"] = tempfile.mkdtemp()
    print(json.dumps(measure(sys.argv[1])), flush=True)
