"""The buffer between the thread that trains and the thread that paints. It knows nothing of Qt."""

import threading
from collections import deque

from ganstudio.api.events import Event, FieldReady, PreviewPassed, PreviewReady

LIMIT = 200_000
"""Events kept while nobody drains them: an hour of reports with a dialog open. The oldest go first."""


class _Place:
    """Holds a preview among the events, until a newer one of its kind comes."""

    def __init__(self, preview: PreviewReady) -> None:
        self.event: PreviewReady | PreviewPassed | None = preview

    def empty(self) -> None:
        """Let the samples go; of a preview that the run keeps, it stays known that there is one."""
        left = self.event
        kept = isinstance(left, PreviewReady) and left.kept
        self.event = PreviewPassed(left.step, left.source, left.first) if left and kept else None


class EventBuffer:
    """Events wait here until they are taken. Of the previews nobody looked at, only the newest of each
    kind waits; those before it that the run keeps become ``PreviewPassed``. Of the looks at a game the newest
    waits by itself, for who takes them more often than the rest.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event | _Place] = deque(maxlen=LIMIT)
        self._newest: dict[str, _Place] = {}
        self._field: FieldReady | None = None

    def put(self, event: Event) -> None:
        """Add an event; callable from any thread."""
        with self._lock:
            if isinstance(event, FieldReady):
                self._field = event
            elif isinstance(event, PreviewReady):
                self._put_preview(event)
            else:
                self._events.append(event)

    def take(self) -> list[Event]:
        """Return all that wait, in order."""
        with self._lock:
            waiting = list(self._events)
            self._events.clear()
            self._newest = {}
        events = [each.event if isinstance(each, _Place) else each for each in waiting]
        return [event for event in events if event is not None]

    def take_field(self) -> FieldReady | None:
        """Return the newest look at the game that was not taken yet."""
        with self._lock:
            field, self._field = self._field, None
        return field

    def _put_preview(self, preview: PreviewReady) -> None:
        before = self._newest.get(preview.source)
        if before is not None:
            before.empty()
        place = self._newest[preview.source] = _Place(preview)
        self._events.append(place)
