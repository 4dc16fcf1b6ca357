"""Recorded: what a run folder holds, read back. It writes nothing, and knows nothing of who trains.

Anybody may read a run while it is written.
"""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ganstudio.api.errors import InputError, StudioError
from ganstudio.api.events import HealthChanged
from ganstudio.experiment import Experiment, load_experiment
from ganstudio.runs import lock, migration, preview_files
from ganstudio.runs.checkpoint import Checkpoint, list_checkpoints, read_checkpoint
from ganstudio.runs.event_records import event_of
from ganstudio.runs.lines import LineReader

EXPERIMENT, PROVENANCE = "experiment.toml", "provenance.json"
METRICS, EVENTS, VECTORS = "metrics.jsonl", "events.jsonl", "vectors.jsonl"
SAMPLES, CHECKPOINTS = preview_files.SAMPLES, "checkpoints"

RunState = Literal["running", "finished", "stopped", "failed", "interrupted"]
_SAMPLE = re.compile(r"\d{9,}\.png")
_END = migration.END.strip().encode()


class Recorded:
    """The run in the folder ``path``, to be read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The folder's name, by which people know the run."""
        return self.path.name

    @cached_property
    def experiment(self) -> Experiment:
        """What was asked; raises ``InputError`` when the file is damaged."""
        path = self.path / EXPERIMENT
        experiment = load_experiment(path)
        # A file torn between two lines is valid, and would ask for something else.
        if migration.format_of(self.path) and not path.read_bytes().rstrip().endswith(_END):
            raise InputError(
                f"{path} is damaged: its end is missing. Where it is whole after all, add the line "
                f"{migration.END.strip()!r} to it."
            )
        return experiment

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """What it was made with, empty when that was not kept; raises ``StudioError`` when damaged."""
        path = self.path / PROVENANCE
        try:
            values = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StudioError(f"{path} cannot be read: {error}.") from error
        return values if isinstance(values, dict) else {}

    @property
    def state(self) -> RunState:
        """How the run stands, by its last start or end; an unfinished one runs while its lock is held."""
        ending: RunState | None = None
        for record in self.events():
            match record.get("event"):
                case "Started" | "Restarted":
                    ending = None
                case "Finished":
                    ending = "finished" if record.get("reason") == "done" else "stopped"
                case "Failed":
                    ending = "failed"
        return ending or ("running" if lock.is_held(self.path) else "interrupted")

    def metrics(self) -> LineReader:
        """Return the lines of ``metrics.jsonl``, one by one."""
        return LineReader(self.path / METRICS)

    def events(self) -> LineReader:
        """Return the lines of ``events.jsonl``, one by one."""
        return LineReader(self.path / EVENTS)

    def health(self) -> list[HealthChanged]:
        """Return what health rules said of the run, the oldest first."""
        told = (event_of(record, self.path) for record in self.events())
        return [event for event in told if isinstance(event, HealthChanged)]

    def samples(self) -> list[Path]:
        """Return the pictures of all kept previews, by step; not that of the data."""
        try:
            found = [path for path in (self.path / SAMPLES).iterdir() if _SAMPLE.fullmatch(path.name)]
        except OSError:
            return []
        return sorted((path for path in found if path.is_file()), key=lambda path: int(path.stem))

    def experiment_at(self, step: int) -> Experiment:
        """Return the experiment with every change of a live setting that acts on the step after ``step``."""
        experiment = self.experiment
        for record in self.events():
            match record:
                case {"event": "SettingChanged", "step": int(at), "path": str(path), "value": value} if (
                    at <= step
                ):
                    # TOML has no null; empty text is read as none where that is the default.
                    experiment = experiment.with_value(path, "" if value is None else value)
        return experiment

    def checkpoints(self) -> list[Path]:
        """Return the folders of all checkpoints, by step, whether whole or damaged."""
        return list_checkpoints(self.path / CHECKPOINTS)

    def latest_checkpoint(self) -> tuple[Checkpoint | None, list[str]]:
        """Return the newest checkpoint that is whole, and a sentence for each damaged one passed over."""
        skipped: list[str] = []
        for folder in reversed(self.checkpoints()):
            try:
                return read_checkpoint(folder), skipped
            except StudioError as error:
                skipped.append(str(error))
        return None, skipped

    def inside(self, path: Path | str) -> str:
        """Return a path of the run as it is from its folder, with slashes."""
        return Path(path).relative_to(self.path).as_posix()
