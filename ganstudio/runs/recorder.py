"""Recorder: writes what leaves a training into its run folder, and says what may go on to a window.

It knows nothing of who trains, nor of who looks.
"""

from collections import deque
from dataclasses import fields, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.api.events import (
    CheckpointReady,
    CheckpointSaved,
    Event,
    Failed,
    FieldReady,
    Finished,
    Preparing,
    PreviewReady,
    Restarted,
    ScoreRecord,
    StepRecord,
    VectorRecord,
    WatchRefused,
    plain,
)
from ganstudio.runs.background import BackgroundWriter
from ganstudio.runs.folder import RunFolder


class Recorder:
    """The one consumer that writes the events of a training; it lives on the thread that trains.

    Checkpoints that may be written in the background are; leaving the recorder waits for the last of them.
    """

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._background = BackgroundWriter(self._write)
        self._waiting: deque[Event] = deque()
        self._told: list[Event] = []

    def record(self, event: Event) -> list[Event]:
        """Write ``event`` and return what may go on: itself, or what stands for it outside of this thread.

        Before it stands what the background came to meanwhile; a checkpoint it is still writing comes
        later, and never after an end. Raises ``DiskError`` with a sentence when the disk refuses: what is
        not written then waits for :meth:`again`. A run whose end could not be written reads as interrupted.
        """
        if isinstance(event, CheckpointReady) and event.background:
            self._collect()
            self._background.submit(event)
            self._collect(wait=event.awaited)
        else:
            self._collect(wait=isinstance(event, CheckpointReady | Finished | Failed))
            self._waiting.append(event)
        return self._write_waiting()

    def add(self, event: Event) -> None:
        """Let ``event`` be written after what the disk refused."""
        self._waiting.append(event)

    def again(self) -> list[Event]:
        """Write what the disk refused; returns and raises as :meth:`record` does."""
        return self._write_waiting()

    def give_up(self) -> None:
        """Forget what the disk refused."""
        self._waiting.clear()
        self._told.clear()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._collect(wait=True)
            self._write_waiting()
        except StudioError:
            # What went wrong first is what counts.
            if error is None:
                raise

    def _collect(self, wait: bool = False) -> None:
        """Let what became of checkpoints in the background wait to be written down.

        One that came back is written on this thread, which nothing goes on beside.
        """
        for outcome in self._background.done(wait):
            if isinstance(outcome, CheckpointReady):
                outcome = replace(outcome, background=False)
            self._waiting.append(outcome)

    def _write_waiting(self) -> list[Event]:
        while self._waiting:
            self._told.append(self._recorded(self._waiting[0]))
            self._waiting.popleft()
        told, self._told = self._told, []
        return told

    def _recorded(self, event: Event) -> Event:
        match event:
            case StepRecord():
                self._run.append_metrics(
                    {
                        "step": event.step,
                        "seconds": event.seconds,
                        "images_seen": event.images_seen,
                        "values": event.values,
                    }
                )
            case ScoreRecord():
                details = {"lower": event.lower, "intervals": event.intervals, "floors": event.floors}
                known = {name: value for name, value in details.items() if value}
                self._run.append_metrics(
                    {"step": event.step, "scores": event.values, "took": event.seconds, **known}
                )
            case VectorRecord():
                labels = {"labels": event.labels} if event.labels else {}
                self._run.append_vectors({"step": event.step, "values": event.values, **labels})
            case PreviewReady():
                self._preview(event)
            case CheckpointReady():
                return self._noted(self._write(event))
            case Preparing() | FieldReady() | WatchRefused():
                pass
            case Restarted():
                self._run.cut_back(event.step, event.changes, event_record(event))
            case _:
                return self._noted(event)
        return event

    def _preview(self, event: PreviewReady) -> None:
        if event.source == "real":
            self._run.write_real(event.array, event.columns, event.captions, event.table)
        elif event.kept:
            name = "" if event.first else event.source
            self._run.write_sample(event.step, event.array, name, event.columns, event.captions, event.table)

    def _write(self, event: CheckpointReady) -> CheckpointSaved:
        return self._run.write_checkpoint(event.state, event.reason, event.keep)

    def _noted(self, event: Event) -> Event:
        record = event_record(event)
        if isinstance(event, CheckpointSaved):
            # By its place in the run, so that the folder may be moved.
            record["path"] = self._run.inside(event.path)
        self._run.append_event(record)
        return event


def event_record(event: Event) -> dict[str, Any]:
    """Return an event as the plain values of its line, with the time of day (UTC, ISO 8601)."""
    values = {each.name: plain(getattr(event, each.name)) for each in fields(event) if each.name != "step"}
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"event": type(event).__name__, "step": event.step, "time": time, **values}
