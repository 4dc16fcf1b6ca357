"""Progress: a training's events as one line in a terminal, and Ctrl+C as a wish to stop.

Where the output is no terminal, a plain line is printed now and then instead.
"""

import signal
import time
from types import FrameType, TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ganstudio.api.conditions import Condition
from ganstudio.api.events import (
    BEST,
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    HealthChanged,
    Held,
    Released,
    Restarted,
    ScoreRecord,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.training.controls import Controls, Stop

_PLAIN_SECONDS = 5.0


class Reporter:
    """Shows events. The first Ctrl+C stops with a checkpoint, the second at once."""

    def __init__(self, controls: Controls, console: Console | None = None) -> None:
        self.last: Event | None = None
        self._controls = controls
        self._console = console or Console(stderr=True)
        self._live = self._console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._live,
        )
        self._task: TaskID = self._bar.add_task("Preparing", total=None, figures="")
        self._scores = ""
        self._known: dict[str, float] = {}
        self._said = 0.0
        self._total = 0
        self._handler: Any = None

    def __enter__(self) -> "Reporter":
        self._handler = signal.signal(signal.SIGINT, self._interrupt)
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        signal.signal(signal.SIGINT, self._handler)

    def preparing(self, what: str, share: float | None = None) -> None:
        """Show what is being made ready."""
        self._bar.update(self._task, description=what, total=None if share is None else 1.0, completed=share)
        if share is None and not self._live:
            self.say(what)

    def say(self, text: str) -> None:
        """Print a line above the progress."""
        # Brackets in a path or a plugin's words are no markup.
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def show(self, event: Event) -> None:
        """Show one event of the training."""
        self.last = event
        match event:
            case Started():
                self._total = event.total_steps
                if isinstance(event, Restarted):
                    self.say(f"Going on from step {event.step}.")
                for note in event.notes:
                    self.say(note)
                self._bar.reset(self._task, total=event.total_steps, description="Training", figures="")
            case StepRecord():
                self._show_step(event)
            case ScoreRecord():
                # What only tells trouble is for the health rules, and would fill the line.
                self._known |= {k: v for k, v in event.values.items() if not k.startswith("score/vitals/")}
                self._scores = _figures(self._known)
            case CheckpointSaved(reason=reason) if reason != BEST:
                self.say(f"Checkpoint: {event.path}")
            case Warned(message=message) | Held(message=message) | SettingRefused(reason=message):
                self.say(message)
            case HealthChanged(condition=None, before=before) if before:
                self.say(f"Step {event.step}, {before} is over.")
            case HealthChanged(condition=Condition() as found, before=before) if found.name != before:
                self.say(f"Step {event.step}, {found.name}: {found.sentence}")
            case Released():
                self.say("The disk takes it again; training goes on.")
            case Finished():
                ended = f"{event.reason.capitalize()} at step {event.step} after {event.seconds:.1f} s."
                self.say(f"{ended} {self._scores}")
            case Failed():
                self.say(f"Failed at step {event.step}.")

    def _show_step(self, record: StepRecord) -> None:
        rate = (record.step - 1) / record.seconds if record.seconds > 0 else 0.0
        losses = _figures({k: v for k, v in record.values.items() if k.startswith("loss/")})
        figures = f"{record.step}/{self._total}  {rate:.0f} it/s  {losses}  {self._scores}"
        self._bar.update(self._task, completed=record.step, figures=figures)
        if not self._live and time.monotonic() - self._said > _PLAIN_SECONDS:
            self._said = time.monotonic()
            self.say(figures)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        self._controls.post(Stop())
        signal.signal(signal.SIGINT, self._handler)
        self.say("Stopping after this step; Ctrl+C again ends at once.")


def _figures(values: Any) -> str:
    return "  ".join(f"{name.rpartition('/')[2]} {value:.3g}" for name, value in values.items())
