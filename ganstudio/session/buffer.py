"""The buffer between the thread that trains and the thread that paints. It knows nothing of Qt."""

import threading
from collections import deque

from ganstudio.api.events import Event, PreviewPassed, PreviewReady

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
    kind waits; those before it that the run keeps become ``PreviewPassed``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event | _Place] = deque(maxlen=LIMIT)
        self._newest: dict[str, _Place] = {}

    def put(self, event: Event) -> None:
        """Add an event; callable from any thread."""
        with self._lock:
            if isinstance(event, PreviewReady):
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

    def _put_preview(self, preview: PreviewReady) -> None:
        before = self._newest.get(preview.source)
        if before is not None:
            before.empty()
        place = self._newest[preview.source] = _Place(preview)
        self._events.append(place)
