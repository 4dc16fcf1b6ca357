"""The buffer between the thread that trains and the thread that paints. It knows nothing of Qt."""

import threading
from collections import deque

from ganstudio.api.events import Event, PreviewReady

LIMIT = 200_000
"""Events kept while nobody drains them: an hour of reports with a dialog open. The oldest go first."""


class _Place:
    """Stands where a preview came, so that the newest one keeps its place among the events."""


class EventBuffer:
    """Events wait here until they are taken. Of the previews nobody looked at, only the newest of each
    kind waits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event | _Place] = deque(maxlen=LIMIT)
        self._previews: dict[_Place, PreviewReady] = {}
        self._newest: dict[str, _Place] = {}

    def put(self, event: Event) -> None:
        """Add an event; callable from any thread."""
        with self._lock:
            if isinstance(event, PreviewReady):
                place = _Place()
                self._previews.pop(self._newest.get(event.source, place), None)
                self._newest[event.source] = place
                self._previews[place] = event
                self._events.append(place)
            else:
                self._events.append(event)

    def take(self) -> list[Event]:
        """Return all that wait, in order."""
        with self._lock:
            waiting, previews = list(self._events), self._previews
            self._events.clear()
            self._previews, self._newest = {}, {}
        events = [previews.get(event) if isinstance(event, _Place) else event for event in waiting]
        return [event for event in events if event is not None]
