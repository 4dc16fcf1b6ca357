"""Small run folders as a training leaves them, made without one, for tests of what reads runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import History, read_history

WHEN = datetime(2026, 11, 22, 7, 46)


def experiment(name: str = "ring", rate: float = 2e-4, **settings: Any) -> Experiment:
    """A small GAN on points; ``settings`` by path, with ``__`` for a point."""
    made = Experiment(
        Choice("Ring"),
        Choice("PointGAN", {"width": 64, "latent_dim": 2}),
        name=name,
        loss=Choice("Hinge"),
        optimizers={"generator": {"learning_rate": rate}, "discriminator": {"learning_rate": 2e-4}},
        training={"steps": 400, "seed": 0, "preview_count": 4},
    )
    for path, value in settings.items():
        made = made.with_value(path.replace("__", "."), value)
    return made


def digits(name: str = "digits", **settings: Any) -> Experiment:
    """A small GAN on images."""
    made = Experiment(
        Choice("Digits"),
        Choice("ConvGAN", {"width": 32, "latent_dim": 8}),
        name=name,
        loss=Choice("Hinge"),
        optimizers={"generator": {"learning_rate": 2e-4}},
        training={"steps": 400, "seed": 0, "preview_count": 4},
    )
    for path, value in settings.items():
        made = made.with_value(path.replace("__", "."), value)
    return made


def make_run(
    library: Path,
    asked: Experiment,
    steps: int = 40,
    previews: Sequence[int] = (20, 40),
    changes: Sequence[tuple[int, str, Any, Any]] = (),
    checkpoints: Sequence[int] = (),
    ended: bool = True,
    provenance: Mapping[str, Any] | None = None,
) -> Path:
    """Write a run of ``steps`` steps with a report every ten, and return its folder.

    ``changes``: step, path, value before and after. ``checkpoints``: empty folders of these steps.
    """
    with RunFolder.create(library, asked, provenance or {}, WHEN) as run:
        started = {"run": run.name, "total_steps": 400, "device": "cpu", "networks": {}, "modes": 8}
        run.append_event({"event": "Started", "step": 1, **started})
        for step, path, before, value in changes:
            run.append_event(
                {"event": "SettingChanged", "step": step, "path": path, "value": value, "before": before}
            )
        for step in range(10, steps + 1, 10):
            values = {"loss/generator": 1 / step, "loss/discriminator": float(step), "logits/real": 0.1}
            metrics = {"step": step, "seconds": step / 100, "images_seen": 4 * step, "values": values}
            run.append_metrics(metrics)
        run.append_metrics({"step": steps, "scores": {"modes": 7.0}, "took": 0.1})
        for step in previews:
            run.write_sample(step, _samples(asked, step))
        for step in checkpoints:
            (run.path / "checkpoints" / f"{step:09d}").mkdir(parents=True)
            time = f"2026-11-22T07:{46 + step % 10}:00.000+00:00"
            saved = {"path": f"checkpoints/{step:09d}", "size": 4096, "reason": "end"}
            run.append_event({"event": "CheckpointSaved", "step": step, "time": time, **saved})
        if ended:
            run.append_event({"event": "Finished", "step": steps, "reason": "done", "seconds": 1.0})
    return run.path


def made(library: Path, asked: Experiment, **kept: Any) -> History:
    """Write a run and read its history."""
    return read_history(make_run(library, asked, **kept))


def _samples(asked: Experiment, step: int) -> Any:
    if asked.data.kind == "Ring":
        return np.random.default_rng(step).normal(size=(50, 2)).astype(np.float32)
    return np.full((4, 8, 8, 1), step % 256, np.uint8)
