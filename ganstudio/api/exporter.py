"""Exporters: other forms to write a trained run in. They know nothing of run folders or of how one asks."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ganstudio.api.architecture import Architecture
from ganstudio.api.component import Component
from ganstudio.api.data import DataSpec, Report


@dataclass(frozen=True)
class TrainedRun:
    """A run at one of its checkpoints, as an exporter is given it."""

    name: str
    """The name of the run's folder."""
    step: int
    images_seen: int
    seconds: float
    """Training time, pauses left out."""
    experiment: Mapping[str, Any]
    """What was asked for, as the tables of an experiment file."""
    data: DataSpec
    architecture: Architecture
    """Built, on the CPU, in evaluation mode and without gradients; its averaged weights where it has any."""


class Exporter(Component, ABC):
    """A tick box under Export, and a name for ``ganstudio export --what``: that of the class.

    It has no settings of the form.
    """

    category: ClassVar[str] = "exporter"

    suffix: ClassVar[str] = ""
    """How the file's name ends, such as ``.onnx``; empty for an exporter that fills a folder."""

    @classmethod
    def refuses(cls, run: TrainedRun) -> str | None:
        """Return why this run cannot be written so and what to do, or ``None`` when it can."""
        return None

    @abstractmethod
    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        """Write the file ``path``, or into the empty folder ``path`` of an exporter without a suffix.

        It is put in its place, under the name of the class, once it is whole: an export that raises leaves
        nothing. ``report`` is told what is being done and the share that is done, and raises when the user
        has given up. Raise ``StudioError`` with a sentence for what the user can mend.
        """
