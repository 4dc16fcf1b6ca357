"""Recipes for readable digits, side by side: ``python -m tests.tuning.digits [NAME …]``.

Each recipe gets the steps it can make in the same time: how fast each is on all cores is measured first, in
turns, so that whatever else the machine does slows all of them alike. Then it trains on the built-in digits,
and :mod:`tests.tuning.judge` scores 10 000 samples of the averaged weights. It is a comparison, not a test.
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from ganstudio.api.events import Event, PreviewReady, StepRecord
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.training.previews import to_uint8
from ganstudio.training.trainer import Trainer
from tests.tuning.first_try import FirstTry
from tests.tuning.judge import Judge, Verdict

SAMPLES = 10_000
ROUNDS = 8
STEPS_A_ROUND = 20
QUARTERS = 4

_SLOW_ADAM = {"learning_rate": 2e-4, "beta1": 0.5, "beta2": 0.999}
_NO_MOMENTUM = {"learning_rate": 5e-4, "beta1": 0.0, "beta2": 0.99}


def _first_try(
    adam: dict[str, float], loss: str, regularizers: Any = None, **settings: Any
) -> dict[str, Any]:
    return {
        "data": {"kind": "Digits"},
        "architecture": {"kind": "FirstTry", "latent_dim": 64, **settings},
        "loss": {"kind": loss},
        "regularizers": regularizers or {},
        "optimizers": {"generator": adam, "discriminator": adam},
        "training": {"batch_size": 64, "ema_decay": 0.99},
    }


FIRST_TRIES = {
    "first try, DCGAN": _first_try(_SLOW_ADAM, "NonSaturating", batch_norm=True),
    "first try, hinge": _first_try({**_SLOW_ADAM, "beta1": 0.0, "beta2": 0.9}, "Hinge", spectral_norm=True),
    "first try, R1": _first_try(_NO_MOMENTUM, "NonSaturating", {"R1": {"gamma": 1.0, "every": 4}}),
    "first try, relativistic": _first_try(
        _NO_MOMENTUM, "RelativisticPairing", {"R1": {"gamma": 1.0, "every": 4}}
    ),
}


def main() -> None:
    """Compare the presets and first tries that are asked for, and print a table as it grows."""
    registry = Registry.load()
    registry.classes["architecture"]["FirstTry"] = FirstTry
    recipes = {name: registry.presets[name] for name in ("mnist-dcgan", "mnist-mlp")} | FIRST_TRIES
    asked = _arguments(list(recipes))
    chosen = {name: Recipe(name, recipes[name], registry) for name in asked.names or recipes}
    seconds = _seconds_a_step(list(chosen.values()))
    judge = Judge()
    print(f"the judge is right on {judge.accuracy:.2%} of the test digits; {asked.seconds} s each")
    print(f"{'recipe':28} seed  steps  steps/s  distance   sure  classes        after each quarter")
    for seed in asked.seeds:
        for name, recipe in chosen.items():
            steps = int(asked.seconds / seconds[name])
            verdicts, samples = recipe.train(steps, seed, judge)
            print(_row(name, seed, steps, 1 / seconds[name], verdicts), flush=True)
            if asked.grids:
                _save_grid(samples[:64], asked.grids / f"{name}-{seed}.png")


class Recipe:
    """An experiment by name, and its trainings."""

    def __init__(self, name: str, table: dict[str, Any], registry: Registry) -> None:
        self.name = name
        self._experiment = Experiment.from_dict({**table, "name": name})
        self._registry = registry

    def trainer(self, steps: int, seed: int, preview_every: int) -> Trainer:
        experiment = self._experiment
        training = {"steps": steps, "seed": seed, "preview_every": preview_every, "report_every": 10}
        for key, value in training.items():
            experiment = experiment.with_value(f"training.{key}", value)
        resolved = resolve(experiment, self._registry)
        data = resolved.source.load(lambda what, share: None)
        return Trainer(resolved.architecture, data, resolved.optimizers, resolved.training)

    def train(self, steps: int, seed: int, judge: Judge) -> tuple[list[Verdict], Tensor]:
        """Return a verdict for each quarter of the training, and the last samples."""
        quarter = max(1, steps // QUARTERS)
        trainer = self.trainer(QUARTERS * quarter, seed, preview_every=quarter)
        verdicts = []
        for event in trainer.run():
            if isinstance(event, PreviewReady) and event.kept and event.step:
                samples = _samples(trainer)
                verdicts.append(judge.score(samples))
        return verdicts, samples


def _samples(trainer: Trainer) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    with trainer.average.applied(trainer.architecture) as architecture:
        parts = [architecture.draw_latents(500, generator) for _ in range(SAMPLES // 500)]
        return torch.cat([architecture.generate(latents) for latents in parts])


def _seconds_a_step(recipes: list[Recipe]) -> dict[str, float]:
    """Return the median time of a step of each recipe, measured in turns."""
    running = {recipe.name: recipe.trainer(10**6, 0, 10**6).run() for recipe in recipes}
    for events in running.values():
        _steps(events, STEPS_A_ROUND)
    times: dict[str, list[float]] = {name: [] for name in running}
    for _round in range(ROUNDS):
        for name, events in running.items():
            times[name].append(_steps(events, STEPS_A_ROUND) / STEPS_A_ROUND)
    return {name: statistics.median(measured) for name, measured in times.items()}


def _steps(events: Iterator[Event], count: int) -> float:
    """Go on for ``count`` steps, a report being every tenth; return the seconds that took."""
    began = time.perf_counter()
    for _report in range(count // 10):
        next(event for event in events if isinstance(event, StepRecord))
    return time.perf_counter() - began


def _row(name: str, seed: int, steps: int, rate: float, verdicts: list[Verdict]) -> str:
    last = verdicts[-1]
    quarters = "  ".join(f"{verdict.distance:.0f}/{verdict.sure:.0%}" for verdict in verdicts)
    classes = f"{last.rarest:.1%}–{last.commonest:.1%}"
    return (
        f"{name:28} {seed:4}  {steps:5}  {rate:7.1f}  {last.distance:8.1f}  {last.sure:5.1%}  {classes:13}  "
        f"{quarters}"
    )


def _save_grid(samples: Tensor, path: Path) -> None:
    rows = to_uint8(samples).reshape(8, 8, 28, 28).swapaxes(1, 2).reshape(224, 224)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(rows).resize((672, 672), Image.Resampling.NEAREST).save(path)


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tuning.digits", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(names)}; all without")
    parser.add_argument(
        "--seconds", type=float, default=110.0, help="training time of each on a quiet machine"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--grids", type=Path, help="a folder for pictures of 64 samples of each")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    main()
