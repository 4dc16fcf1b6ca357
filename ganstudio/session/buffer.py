"""The buffer between the thread that trains and the thread that paints. It knows nothing of Qt."""

import threading
from collections import deque

from ganstudio.api.events import Event, PreviewReady

LIMIT = 200_000
"""Events kept while nobody drains them: an hour of reports with a dialog open. The oldest go first."""


class EventBuffer:
    """Events wait here until they are taken. Of the previews nobody looked at, only the newest waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: deque[Event] = deque(maxlen=LIMIT)
        self._preview: PreviewReady | None = None

    def put(self, event: Event) -> None:
        """Add an event; callable from any thread."""
        with self._lock:
            if isinstance(event, PreviewReady) and event.source == "fixed":
                self._preview = event
            else:
                self._events.append(event)

    def take(self) -> list[Event]:
        """Return all that wait, in order, and the newest preview behind them."""
        with self._lock:
            events = list(self._events)
            self._events.clear()
            if self._preview is not None:
                events.append(self._preview)
                self._preview = None
            return events
