"""Event words: what the log says of each event. Plain text, no Qt."""

from dataclasses import dataclass
from functools import singledispatch

from ganstudio.api import events
from ganstudio.gui.pace import duration
from ganstudio.gui.words import edit, grouped


@dataclass(frozen=True)
class Line:
    """A line of the log. ``level``: ``info``, ``good``, ``watch`` or ``bad``."""

    level: str
    text: str


@singledispatch
def lines_of(event: events.Event) -> list[Line]:
    """Return the lines about an event: none for what is seen elsewhere, such as a step or a preview."""
    return []


@lines_of.register
def _(event: events.Preparing) -> list[Line]:
    # With a share it comes many times and is shown as progress.
    return [Line("info", f"{event.what}…")] if event.share is None else []


@lines_of.register
def _(event: events.Started) -> list[Line]:
    networks = ", ".join(f"{name} {grouped(size)}" for name, size in event.networks.items())
    first = f"Training starts: {grouped(event.total_steps)} steps on {event.device}; parameters: {networks}."
    return [Line("info", first), Line("info", f"Run: {event.run}")] + [
        Line("info", note) for note in event.notes
    ]


@lines_of.register
def _(event: events.Restarted) -> list[Line]:
    text = f"{_at(event)}: the run goes on, to {grouped(event.total_steps)} steps on {event.device}."
    return [Line("info", text), Line("info", f"Run: {event.run}")]


@lines_of.register
def _(event: events.SettingChanged) -> list[Line]:
    return [Line("info", f"{_at(event)}: {edit(event.path, event.before, event.value)}")]


@lines_of.register
def _(event: events.SettingRefused) -> list[Line]:
    return [Line("watch", f"{_at(event)}: {event.reason}")]


@lines_of.register
def _(event: events.SteppedAlone) -> list[Line]:
    return [Line("info", f"{_at(event)}: one step of the {event.network} alone.")]


@lines_of.register
def _(event: events.Paused) -> list[Line]:
    return [Line("info", f"{_at(event)}: paused.")]


@lines_of.register
def _(event: events.Resumed) -> list[Line]:
    return [Line("info", f"{_at(event)}: resumed.")]


@lines_of.register
def _(event: events.Held) -> list[Line]:
    return [Line("bad", f"{_at(event)}: {event.message}")]


@lines_of.register
def _(event: events.Released) -> list[Line]:
    return [Line("good", f"{_at(event)}: all that waited for the disk is written; training goes on.")]


@lines_of.register
def _(event: events.CheckpointSaved) -> list[Line]:
    if event.reason == events.BEST:
        # It may be so at every preview; the scrubber marks it with a star.
        return []
    return [Line("info", f"{_at(event)}: state saved, {event.size / 1e6:.1f} MB, {event.path}")]


@lines_of.register
def _(event: events.Warned) -> list[Line]:
    return [Line("watch", f"{_at(event)}: {event.message}")]


@lines_of.register
def _(event: events.HealthChanged) -> list[Line]:
    found = event.condition
    if found is not None:
        # What is told anew with other figures is the panel's.
        if found.name == event.before:
            return []
        return [Line(found.level, f"{_at(event)}: {found.name}. {found.sentence}")]
    # That all is well from the start on is seen in the panel.
    return [Line("good", f"{_at(event)}: {event.before} is over.")] if event.before else []


@lines_of.register
def _(event: events.Finished) -> list[Line]:
    how = {"done": "Finished: all steps are done", "stopped": "Stopped"}.get(event.reason, "Ended")
    return [Line("good", f"{how}, {grouped(event.step)} steps in {duration(event.seconds)}.")]


@lines_of.register
def _(event: events.Failed) -> list[Line]:
    text = " ".join(part for part in (event.message, event.saved) if part)
    return [Line("bad", f"{_at(event)}: failed. {text}")]


def _at(event: events.Event) -> str:
    return f"step {grouped(event.step)}"
