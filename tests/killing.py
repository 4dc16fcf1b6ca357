"""Trainings in processes that are killed: run as ``python -m tests.killing FOLDER``.

One process loads everything and is forked for each training, so that a kill costs no start of torch.
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganstudio import launch
from ganstudio.api.events import Failed, PreviewReady, StepRecord
from ganstudio.experiment import Choice, Experiment
from ganstudio.registry import Registry
from ganstudio.training.controls import CheckpointNow, Controls, Edit
from ganstudio.training.device import warm_up

STEPS, KEPT, DIES = 80, 40, 57
TRAINING = {"steps": STEPS, "report_every": 7, "preview_every": 20, "preview_count": 4, "batch_size": 16}

SPECTRAL = Experiment(
    Choice("Ring", {"count": 1000}),
    Choice("PointGAN", {"width": 16, "spectral_norm": True}),
    regularizers={"R1": {"every": 3}},
    training=TRAINING,
)
CASES = {
    "gan": SPECTRAL,
    "conditional": Experiment(
        Choice("Digits"),
        Choice("MLPGAN", {"width": 8, "conditioning": "concatenated"}),
        augmentations={"ADA": {"speed": 1.0}},
        training=TRAINING,
    ),
    "vae": Experiment(Choice("Digits"), Choice("MLPVAE", {"width": 8}), training=TRAINING),
    "cyclegan": Experiment(
        Choice("DigitDomains", {"side": 16}),
        Choice(
            "CycleGAN",
            {"generator": "U-Net", "halvings": 2, "width": 4, "discriminator_width": 4, "pool": 20}
            | {"discriminator_layers": 1},
        ),
        training={**TRAINING, "batch_size": 2},
    ),
}
EDITS = {
    21: {
        "gan": ("optimizers.generator.learning_rate", 1e-3),
        "vae": ("architecture.beta", 2.0),
        "cyclegan": ("architecture.cycle", 5.0),
    },
    49: {"gan": ("regularizers.R1.gamma", 0.5), "conditional": ("augmentations.ADA.target", 0.9)},
}
"""Before the checkpoint, and between it and the kill."""


def follow(
    prepared: launch.Prepared, controls: Controls, name: str = "", dies: bool = False, edited: bool = False
) -> None:
    """Train to the end, or to the death of this process, and make the edits of a case where ``edited``."""
    for event in launch.train(prepared):
        if isinstance(event, StepRecord) and edited:
            edit = EDITS.get(event.step, {}).get(name)
            if edit:
                controls.post(Edit(*edit))
        if dies and isinstance(event, PreviewReady) and event.kept and event.step == KEPT:
            controls.post(CheckpointNow())
        if dies and event.step >= DIES:
            while not (prepared.run.path / "checkpoints" / f"{KEPT:09d}").exists():
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)
        if isinstance(event, Failed):
            raise AssertionError(event.details)


class Trainings:
    """What is done in the forked processes."""

    def __init__(self) -> None:
        self.registry = Registry.load()
        warm_up()

    def train(self, experiment: Experiment, place: Path, name: str = "", dies: bool = False) -> None:
        controls = Controls()
        request = launch.Request(experiment, "cpu", place)
        prepared = launch.prepare(request, self.registry, controls, quiet)
        follow(prepared, controls, name, dies, edited=True)

    def resume(self, place: Path) -> None:
        controls = Controls()
        follow(launch.prepare(launch.Resume(place), self.registry, controls, quiet), controls)


def quiet(what: str, share: float | None = None) -> None:
    pass


def fork(work: Callable[..., None], *arguments: Any) -> int:
    """Do ``work`` in a process of its own and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work(*arguments)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def ended(child: int) -> int:
    """Wait for a process and return 0, or the signal that killed it."""
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status <= 0, f"exit status {status}"
    return -status


def once(folder: Path) -> None:
    """Kill one training of each case, and go on with it."""
    trainings = Trainings()
    for name, experiment in CASES.items():
        place = folder / name
        assert ended(fork(trainings.train, experiment, place / "straight", name)) == 0
        assert ended(fork(trainings.train, experiment, place / "killed", name, True)) == signal.SIGKILL
        assert ended(fork(trainings.resume, place / "killed")) == 0


if __name__ == "__main__":
    once(Path(sys.argv[1]))
