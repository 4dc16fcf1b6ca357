"""``python -m tests.figures.times [NAME …]``: how long each preset takes on this machine when it is quiet.

What the cards of the presets say under ``minutes`` comes from here, on two cores.
"""

import sys
import time

from ganstudio.api.events import StepRecord
from ganstudio.training.device import flush_denormals
from tests.figures.trainings import REGISTRY, trainer_of

SECONDS = 2.0


def minutes(preset: str) -> float:
    """Return the minutes that all steps of a preset take, from some seconds of them."""
    trainer = trainer_of(preset, {"training.steps": 10**8, "training.preview_every": 10**6})
    steps = REGISTRY.presets[preset]["training"]["steps"]
    events = (event for event in trainer.run() if isinstance(event, StepRecord))
    next(events)
    first, began = trainer.step, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        next(events)
    return steps * (time.perf_counter() - began) / (trainer.step - first) / 60


def main() -> None:
    """Print the minutes of the presets that are named, or of all."""
    flush_denormals()
    for name in sys.argv[1:] or REGISTRY.presets:
        print(f"{name:32} {minutes(name):6.2f} min", flush=True)


if __name__ == "__main__":
    main()
