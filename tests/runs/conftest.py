"""What the tests of runs share: an experiment, a run in a fresh folder, a training state, a tiny disk."""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch

from ganstudio.api import DataSpec, ImageSpec
from ganstudio.experiment import Choice, Experiment
from ganstudio.runs.folder import RunFolder


@dataclass(frozen=True)
class State:
    """Shaped as the training's own state, but small."""

    step: int = 12
    images_seen: int = 768
    seconds: float = 1.5
    spec: DataSpec = field(default_factory=lambda: ImageSpec(1, 2, 2, ("a", "b")))
    weights: dict[str, torch.Tensor] = field(
        default_factory=lambda: {"generator.0.weight": torch.arange(6.0)}
    )
    averages: dict[str, torch.Tensor] = field(default_factory=lambda: {"generator.0.weight": torch.ones(6)})
    rest: dict[str, Any] = field(default_factory=lambda: {"random": random_states(), "feed": {"epoch": 1}})


def random_states() -> dict[str, Any]:
    version, numbers, gauss = random.Random(1).getstate()
    return {"python": [version, list(numbers), gauss], "torch": torch.get_rng_state()}


@pytest.fixture
def experiment() -> Experiment:
    return Experiment(Choice("Ring", {"modes": 8}), Choice("PointGAN"), name="ring", about="Eight modes")


@pytest.fixture
def run(tmp_path: Path, experiment: Experiment) -> Iterator[RunFolder]:
    with RunFolder.create(tmp_path / "runs", experiment, {"seed": 1}) as made:
        yield made


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a small disk needs Linux and its administrator")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def fill() -> Callable[[Path], Path]:
    def filled(folder: Path) -> Path:
        """Write a file until the disk of ``folder`` is full."""
        path = folder / "filler"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(handle, b"x" * 4096)
        except OSError:
            return path
        finally:
            os.close(handle)

    return filled


def names(folder: Path) -> list[str]:
    """Every name below a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
