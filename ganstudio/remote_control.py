"""Remote control: a thread that brings commands of other processes, left in the run's folder, to its mailbox.

It lives as long as the training does. It knows nothing of who sends, and never answers: what became of a
command is told among the run's events.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from ganstudio.runs import control
from ganstudio.training.controls import (
    CheckpointNow,
    Command,
    Controls,
    Edit,
    Pause,
    PreviewNow,
    Resume,
    ScoreNow,
    Stop,
)

POLL_SECONDS = 0.2
"""The folder is looked into this often: five times a second, which is soon enough for a person."""

_PLAIN: Mapping[str, Command] = {
    "pause": Pause(),
    "resume": Resume(),
    "stop": Stop(),
    "abort": Stop(save=False),
    "checkpoint": CheckpointNow(),
    "preview": PreviewNow(),
    "score": ScoreNow(),
}


class RemoteControl:
    """Posts what is sent to the run in the folder ``run``, from entering it to leaving it."""

    def __init__(self, run: Path, controls: Controls) -> None:
        self._run = run
        self._controls = controls
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="remote control", daemon=True)

    def __enter__(self) -> "RemoteControl":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_SECONDS):
            for table in control.take(self._run):
                command = as_command(table)
                if command is not None:
                    self._controls.post(command)


def as_command(table: Mapping[str, Any]) -> Command | None:
    """Return what a table of :mod:`ganstudio.runs.control` asks for, or ``None`` when that is nothing."""
    match table:
        case {"command": "set", "path": str(path), "value": value}:
            return Edit(path, value)
        case {"command": str(name)}:
            return _PLAIN.get(name)
    return None
