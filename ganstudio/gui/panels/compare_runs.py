"""Compare runs: one run among those that are compared, as the parts of the page know it. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ganstudio.gui.widgets.compare_styles import letter

if TYPE_CHECKING:
    from ganstudio.runs.history import History


@dataclass(frozen=True)
class ComparedRun:
    """A run at its place: ``history`` is ``None`` while it is read, and where ``failure`` says why not."""

    slot: int
    path: Path
    history: History | None = None
    failure: str = ""
    shown: bool = True

    @property
    def letter(self) -> str:
        """What it is called in little room."""
        return letter(self.slot)

    @property
    def name(self) -> str:
        """What it is called: its folder's name."""
        return self.path.name


def read(runs: Sequence[ComparedRun]) -> list[History]:
    """Return the histories of those that are there."""
    return [run.history for run in runs if run.history is not None]


def shown(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """Return those that the user wants to see."""
    return [run for run in runs if run.shown]
