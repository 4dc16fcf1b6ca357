"""Playground tab: the playground page, and the session whose game it shows while it is in view."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.api.events import Event, WatchRefused
from ganstudio.gui.panels.playground_page import PlaygroundPage
from ganstudio.session.session import Session

LOOK_SECONDS = 0.043
"""Time between two looks where painting them is quick: 22 a second."""
LONGEST_SECONDS = 0.25
_PAINT_SHARE = 0.35
"""Of this thread, at most, that painting takes: where it is slow, there is more time between two looks."""
_POLL_MS = 12
_SETTLE_MS = 120
"""While one moves about, the part of the plane that is judged follows at most so often."""


class PlaygroundTab(QWidget):
    """The page and what feeds it.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
        presetAsked: the name of a preset that is to be trained.
        drawAsked: the user wants to draw data with the mouse.
    """

    said = Signal(str)
    failed = Signal(str, str)
    presetAsked = Signal(str)  # noqa: N815 - Qt's way of naming
    drawAsked = Signal()  # noqa: N815

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seconds = LOOK_SECONDS
        self.looks = 0
        """How many were shown."""
        self.page = PlaygroundPage(self)
        self._poll = QTimer(self, interval=_POLL_MS, timerType=Qt.TimerType.PreciseTimer)
        self._poll.timeout.connect(self._fetch)
        self._settle = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._watch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._connect()
        self._take_state(session.state)
        self._show_ready()

    def shutdown(self, timeout_ms: int) -> bool:
        """Watch no more."""
        self._unwatch()
        return True

    def _connect(self) -> None:
        page, session = self.page, self._session
        session.stateChanged.connect(self._take_state)
        session.eventsArrived.connect(self._take_events)
        session.loadingChanged.connect(self._show_ready)
        page.presetAsked.connect(self.presetAsked)
        page.drawAsked.connect(self.drawAsked)
        page.stepAsked.connect(session.step_once)
        page.pauseAsked.connect(self._pause)
        page.paceChosen.connect(session.set_pace)
        page.watchChanged.connect(self._watch_soon)
        page.shown.connect(self._watch)
        page.hidden.connect(self._unwatch)

    @Slot(str)
    def _take_state(self, state: str) -> None:
        if state == "preparing":
            # A look at the run before may still lie there.
            self._session.take_field()
        self.page.show_state(state)
        self._show_ready()
        if state in ("running", "paused"):
            if not self._poll.isActive():
                self._watch()
        elif self._poll.isActive():
            self._fetch()
            self._poll.stop()

    @Slot(list)
    def _take_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, WatchRefused):
                self._poll.stop()
                self.page.show_refusal(event.reason)

    @Slot()
    def _show_ready(self) -> None:
        self.page.set_ready(self._session.ready and not self._session.active)

    @Slot()
    def _pause(self) -> None:
        if self._session.state == "paused":
            self._session.resume()
        else:
            self._session.pause()

    # --- Watching ----------------------------------------------------------------------------------

    @Slot()
    def _watch(self) -> None:
        """Ask for looks at what is in view, as long as anybody sees them."""
        if not self.page.isVisible() or self._session.state not in ("running", "paused"):
            return
        view = self.page.view
        region = view.camera.region() if view.look is not None else None
        self._session.watch(self._seconds, self.page.label, region)
        self._poll.start()

    @Slot()
    def _unwatch(self) -> None:
        self._settle.stop()
        if self._poll.isActive():
            self._poll.stop()
            self._session.watch(0)

    @Slot()
    def _watch_soon(self) -> None:
        if self._poll.isActive() and not self._settle.isActive():
            self._settle.start()

    @Slot()
    def _fetch(self) -> None:
        look = self._session.take_field()
        if look is None:
            return
        first = self.page.view.look is None
        self.page.show_look(look)
        self.looks += 1
        wanted = self.page.view.cost_ms / 1000 / _PAINT_SHARE
        wanted = min(max(wanted, LOOK_SECONDS), LONGEST_SECONDS)
        if first or not 0.7 < wanted / self._seconds < 1.4:
            self._seconds = wanted
            self._watch_soon()
