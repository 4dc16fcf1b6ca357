"""Recorder: writes what leaves a training into its run folder, and says what may go on to a window.

It knows nothing of who trains, nor of who looks.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from ganstudio.api.events import (
    CheckpointReady,
    CheckpointSaved,
    Event,
    Preparing,
    PreviewReady,
    ScoreRecord,
    StepRecord,
    plain,
)
from ganstudio.runs.folder import RunFolder


class Recorder:
    """The one consumer that writes the events of a training; it lives on the thread that trains."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run

    def record(self, event: Event) -> Event:
        """Write ``event`` and return it, or what stands for it outside of the thread that trains.

        Raises ``StudioError`` with a sentence when the disk refuses; a run whose end could not be written
        reads as interrupted.
        """
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
                self._run.append_metrics({"step": event.step, "scores": event.values, "took": event.seconds})
            case PreviewReady():
                self._preview(event)
            case CheckpointReady():
                return self._checkpoint(event)
            case Preparing():
                pass
            case _:
                self._run.append_event(event_record(event))
        return event

    def _preview(self, event: PreviewReady) -> None:
        if event.source == "real":
            self._run.write_real(event.array)
        elif event.kept:
            name = "" if event.first else event.source
            self._run.write_sample(event.step, event.array, name, event.columns)

    def _checkpoint(self, event: CheckpointReady) -> CheckpointSaved:
        saved = self._run.write_checkpoint(event.state, event.reason)
        # By its place in the run, so that the folder may be moved.
        inside = self._run.inside(saved.path)
        self._run.append_event({**event_record(saved), "path": inside})
        return saved


def event_record(event: Event) -> dict[str, Any]:
    """Return an event as the plain values of its line, with the time of day (UTC, ISO 8601)."""
    values = {each.name: plain(getattr(event, each.name)) for each in fields(event) if each.name != "step"}
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    return {"event": type(event).__name__, "step": event.step, "time": time, **values}
