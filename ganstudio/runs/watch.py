"""Watch: a run that another process writes, asked again and again for what is new.

It reads the folder and gives the events that the writing process had. It writes nothing, keeps no clock and
knows nothing of who looks.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any, Literal

from ganstudio.api.errors import StudioError
from ganstudio.api.events import (
    Event,
    Failed,
    Finished,
    Paused,
    PreviewReady,
    Restarted,
    Resumed,
    Started,
    Warned,
)
from ganstudio.runs import lock, pictures
from ganstudio.runs.event_records import event_of, measured
from ganstudio.runs.folder import EVENTS, EXPERIMENT, METRICS, REAL, SAMPLES, VECTORS, RunState
from ganstudio.runs.history import History, Kept, find_previews
from ganstudio.runs.lines import decode
from ganstudio.runs.tail import Tail
from ganstudio.runs.vectors import vector_of

Reading = Callable[[Mapping[str, Any]], Event | None]
"""Returns the event that a line of a file tells of."""
WatchState = RunState | Literal["paused"]

FIXED = "fixed"
"""What the first kind of preview is taken for; its files do not name it."""
_PICTURE_SECONDS = 0.1
"""Reading previews takes no longer at a time; the rest comes the next time."""
_SETTLED_NS = 2_000_000_000
"""A folder whose time is younger may change again without its time showing it."""


@dataclass(frozen=True)
class News:
    """What is new: ``events`` in their order, how the run stands, and whether ``more`` is there already."""

    events: Sequence[Event]
    state: WatchState
    more: bool = False


class Watch:
    """Goes on where a history ends. What happened in the very step it ends with may be told once more."""

    def __init__(self, history: History) -> None:
        self.path = history.path
        self._step = history.step
        self._events = Tail(self.path / EVENTS)
        self._metrics = Tail(self.path / METRICS)
        self._vectors = Tail(self.path / VECTORS)
        self._previews = _Previews(self.path / SAMPLES, history)
        self._ending: RunState | None = None
        self._paused = False
        self._gone = False
        self._held: list[Event] = []
        self._follow(event_of(record, self.path) for record in history.events)
        self._begin(history)

    def news(self) -> News:
        """Return what is new. What cannot be read is told once, as a warning."""
        # Asked first: a run that ends between the two is then not taken for one that was interrupted.
        held = lock.is_held(self.path)
        try:
            self._look_for_folder()
            events = self._read()
        except (OSError, StudioError) as error:
            return News(self._told_once(error), self._state(held=False))
        self._gone = False
        more = any(each.more for each in (self._events, self._metrics, self._vectors, self._previews))
        return News(events, self._state(held), more)

    def _look_for_folder(self) -> None:
        if not (self.path / EXPERIMENT).exists():
            raise FileNotFoundError(None, "it is not there any more", str(self.path))

    def _told_once(self, error: Exception) -> list[Event]:
        told, self._gone = self._gone, True
        reason = error.strerror or error if isinstance(error, OSError) else error
        sentence = (
            f"The folder {self.path} cannot be followed: {str(reason).rstrip('.')}. If it comes back, it is "
            "followed again."
        )
        return [] if told else [Warned(self._step, sentence)]

    def _state(self, held: bool) -> WatchState:
        if self._ending or self._gone or not held:
            return self._ending if self._ending and not self._gone else "interrupted"
        return "paused" if self._paused else "running"

    # --- Reading -----------------------------------------------------------------------------------

    def _begin(self, history: History) -> None:
        """Go to where the history ends."""
        known = max((int(curve.steps[-1]) for curve in history.curves.values() if len(curve)), default=0)
        self._skip(known - 1)
        if not history.events:
            return
        for behind, line in self._events.backwards():
            if decode(line) == history.events[-1]:
                self._events.move(behind)
                return
        # It was rewritten meanwhile: what was told before the run went on does not count any more.
        self._events.went_back = True

    def _skip(self, step: int) -> None:
        """Go on with the first lines of a later step."""
        _skip_to(self._metrics, measured, step)
        _skip_to(self._vectors, vector_of, step)

    def _read(self) -> list[Event]:
        told = [*self._held, *self._read_events()]
        starts = [number for number, event in enumerate(told) if isinstance(event, Restarted)]
        before, after = (told[: starts[-1] + 1], told[starts[-1] + 1 :]) if starts else ([], told)
        if starts:
            # What was recorded of later steps is taken back, and made anew.
            self._step = before[-1].step
            self._skip(self._step)
            self._previews.cut(self._step)
        reports = self._measured(self._metrics, measured)
        vectors = self._measured(self._vectors, vector_of)
        after = self._hold_back(after, reports)
        found = list(merge(reports, self._previews.news(), vectors, after, key=lambda event: event.step))
        self._step = max((event.step for event in found), default=self._step)
        self._follow([*before, *found])
        return [*before, *found]

    def _hold_back(self, told: list[Event], reports: list[Event]) -> list[Event]:
        """Keep what happened after reports that are still to be read for the next time, an end above all."""
        read = reports[-1].step if reports and self._metrics.more else math.inf
        self._held = [event for event in told if event.step > read]
        return [event for event in told if event.step <= read]

    def _read_events(self) -> list[Event]:
        again = self._events.went_back
        lines = self._events.read()
        if self._events.went_back or again:
            lines = self._from_last_start(lines)
        return [event for line in lines if (event := event_of(decode(line) or {}, self.path))]

    def _from_last_start(self, lines: list[bytes]) -> list[bytes]:
        """Read a file that was rewritten; what is new in it begins where the run went on."""
        found = list(lines)
        while more := self._events.read():
            found += more
        kinds = [(decode(line) or {}).get("event") for line in found]
        starts = [number for number, kind in enumerate(kinds) if kind in ("Started", "Restarted")]
        return found[starts[-1] :] if starts else found

    def _measured(self, tail: Tail, told: Reading) -> list[Event]:
        lines = tail.read()
        if tail.went_back:
            # Cut back: the event that says to where is about to come. Until then nothing is new.
            _skip_to(tail, told, self._step)
            lines = tail.read()
        return [event for line in lines if (event := told(decode(line) or {}))]

    def _follow(self, events: Iterable[Event | None]) -> None:
        for event in events:
            match event:
                case Started():
                    self._ending, self._paused = None, False
                case Paused() | Resumed():
                    self._paused = isinstance(event, Paused)
                case Finished(reason=reason):
                    self._ending = "finished" if reason == "done" else "stopped"
                case Failed():
                    self._ending = "failed"


def _skip_to(tail: Tail, told: Reading, step: int) -> None:
    """Go on with the first line of a later step."""
    for behind, line in tail.backwards():
        event = told(decode(line) or {})
        if event is not None and event.step <= step:
            tail.move(behind)
            return
    tail.move(0)


class _Previews:
    """The kept previews that come into a folder of samples, in their order."""

    def __init__(self, folder: Path, history: History) -> None:
        self._folder = folder
        self._time = 0
        self._real = history.real is not None
        self._waiting: deque[tuple[str, Kept]] = deque()
        self._known = {
            (kind, kept.step)
            for kind, previews in history.previews.items()
            for kept in previews
            if kept.path.parent == folder
        }

    @property
    def more(self) -> bool:
        """Whether some are not read yet."""
        return bool(self._waiting)

    def cut(self, step: int) -> None:
        """Forget those of later steps, which are made anew."""
        self._known = {known for known in self._known if known[1] <= step}
        self._waiting = deque(each for each in self._waiting if each[1].step <= step)
        self._time = 0

    def news(self) -> list[Event]:
        """Return those that came, as many as there is time for."""
        self._look()
        events: list[Event] = []
        began = time.monotonic()
        while self._waiting and time.monotonic() - began < _PICTURE_SECONDS:
            kind, kept = self._waiting.popleft()
            events += _preview(kind, kept)
        return events

    def _look(self) -> None:
        """See what is in the folder, where it has changed."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed == self._time:
            return
        self._time = changed if time.time_ns() - changed > _SETTLED_NS else 0
        found = [
            (kind, kept)
            for kind, previews in find_previews(self._folder).items()
            for kept in previews
            if (kind, kept.step) not in self._known
        ]
        self._known.update((kind, kept.step) for kind, kept in found)
        self._waiting += sorted(found, key=lambda each: (each[1].step, each[0]))
        real = self._folder / f"{REAL}.png"
        if not self._real and real.is_file():
            self._real = True
            self._waiting.appendleft((REAL, Kept(0, real)))


def _preview(kind: str, kept: Kept) -> list[Event]:
    try:
        picture = pictures.read(kept.path)
    except StudioError:
        # What is no picture is passed over; whoever goes back to it is told.
        return []
    preview = PreviewReady(
        kept.step,
        picture.kind,
        picture.array,
        source=kind or FIXED,
        first=not kind,
        columns=picture.columns,
        captions=picture.captions,
        kept=kind != REAL,
        table=picture.table,
    )
    return [preview]
