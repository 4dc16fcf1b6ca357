"""Memory: that of a long training does not grow.

It trains a preset through ``launch`` into a real run folder, as the command line does, and looks at the
resident memory of its own process on the way. ``--trace`` tells what grew, at the price of a slower training.
"""

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from ganstudio import launch
from ganstudio.api.events import Failed, Finished
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.training.controls import Controls

LIMIT = 1.05
"""Resident memory at the end, as a multiple of that after the first tenth."""

SAMPLES = 1000
"""How often, over the whole training, the memory is looked at."""


@dataclass(frozen=True)
class Reading:
    """Memory after some steps: ``resident`` in bytes, ``objects`` as Python's collector counts them."""

    step: int
    seconds: float
    resident: int
    objects: int


def main(arguments: list[str]) -> int:
    """Train, print the curve, and return 1 when the memory grew."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as folder:
        place = options.folder or Path(folder) / "run"
        readings = watch(options.preset, options.steps, place, options.out, options.trace)
    print(table(readings))
    grown = growth(readings)
    print(f"resident memory at the end: {grown:.3f} × that after the first tenth (at most {LIMIT})")
    return int(grown > LIMIT)


def watch(
    preset: str, steps: int, place: Path, out: Path | None = None, trace: bool = False
) -> list[Reading]:
    """Train ``steps`` steps of a preset into the folder ``place`` and return the memory on the way.

    ``out``: a file that each reading is appended to at once, one line of JSON each.
    """
    registry = Registry.load()
    experiment = Experiment.from_dict(registry.presets[preset]).with_value("training.steps", steps)
    request = launch.Request(experiment, "cpu", place)
    prepared = launch.prepare(request, registry, Controls(), lambda what, share: None)
    readings: list[Reading] = []
    process, began, every = psutil.Process(), time.monotonic(), max(1, steps // SAMPLES)
    tracer = _Tracer() if trace else None
    for event in launch.train(prepared):
        if isinstance(event, Failed):
            raise AssertionError(event.details)
        if not readings or event.step >= readings[-1].step + every or isinstance(event, Finished):
            objects = sum(gc.get_count()) + len(gc.get_objects()) if trace else 0
            readings.append(Reading(event.step, time.monotonic() - began, process.memory_info().rss, objects))
            _keep(out, readings[-1])
        if tracer:
            tracer.look(event.step / steps)
    if tracer:
        print(tracer.report())
    return readings


def growth(readings: Sequence[Reading]) -> float:
    """Return resident memory at the end over that after the first tenth; medians over a fiftieth of all."""
    width = max(1, len(readings) // 50)
    tenth = len(readings) // 10
    before = statistics.median(reading.resident for reading in readings[tenth : tenth + width])
    return statistics.median(reading.resident for reading in readings[-width:]) / before


def table(readings: Sequence[Reading]) -> str:
    """Return twenty lines of the curve."""
    shown = [*readings[:: max(1, len(readings) // 20)], readings[-1]]
    lines = [f"{each.step:8d}  {each.seconds:8.0f}   {each.resident / 1e6:11.2f}" for each in shown]
    return "\n".join(["    step   seconds   resident MB", *lines])


class _Tracer:
    """Compares what Python holds after a tenth of the training with what it holds near the end."""

    def __init__(self) -> None:
        self._before: tracemalloc.Snapshot | None = None
        self._after: tracemalloc.Snapshot | None = None
        self._kinds: list[Counter[str]] = []
        tracemalloc.start(8)

    def look(self, share: float) -> None:
        """Take the two pictures when it is time."""
        if self._before is None and share >= 0.1:
            self._before = self._picture()
        elif self._after is None and share >= 0.95:
            self._after = self._picture()

    def report(self) -> str:
        """Return what grew most: by line of code, and by kind of object."""
        if self._before is None or self._after is None:
            return "too few steps to compare"
        lines = [str(line) for line in self._after.compare_to(self._before, "lineno")[:25]]
        more = self._kinds[1] - self._kinds[0]
        return "\n".join([*lines, *(f"+{count} {kind}" for kind, count in more.most_common(15))])

    def _picture(self) -> tracemalloc.Snapshot:
        gc.collect()
        self._kinds.append(Counter(type(thing).__name__ for thing in gc.get_objects()))
        return tracemalloc.take_snapshot()


def _keep(out: Path | None, reading: Reading) -> None:
    if out is not None:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(reading)) + "\n")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak memory", description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--preset", default="ring")
    parser.add_argument("--folder", type=Path, help="the run folder to write [default: one that goes away]")
    parser.add_argument("--out", type=Path, help="a file for the readings, written as they come")
    parser.add_argument("--trace", action="store_true", help="tell what grew; slower")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
