"""PanelDocks: the plugins' panels as docks of the window, and the menu that shows and hides them.

It knows nothing of sessions: it is told what panels there are, their classes, and what happens in the run.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu

from ganstudio.api.events import Event, PreviewReady, Started
from ganstudio.catalogue import Entry
from ganstudio.gui.panel_guard import PanelGuard
from ganstudio.gui.panel_host import PanelHost
from ganstudio.gui.widgets.dock_title import DockTitle

_MOST_EVENTS = 10_000
"""Events of a run that a panel is told when it is made; a longer run is told from later on."""


class PanelDocks(QObject):
    """Docks of a window, one a panel, hidden until they are asked for. ``menu`` belongs under View."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._hosts: dict[str, PanelHost] = {}
        self._past: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self._previews: dict[str, Event] = {}
        self._guard = PanelGuard(lambda: tuple(self._hosts.values()))
        self.menu = QMenu("&Panels", window)
        self.menu.setToolTipsVisible(True)
        self.menu.menuAction().setVisible(False)

    def show_catalogue(self, entries: Iterable[Entry]) -> None:
        """Offer a dock for each panel there is, and take away those of panels that are gone."""
        there = {entry.kind: entry for entry in entries}
        for kind in [kind for kind in self._docks if kind not in there]:
            self._remove(kind)
        for kind, entry in there.items():
            if kind not in self._docks:
                self._add(entry)
        self.menu.menuAction().setVisible(bool(self._docks))

    def set_registry(self, registry: Any) -> None:
        """Take the panels' classes from a ``Registry``; a class that was loaded anew is made anew."""
        for kind, host in self._hosts.items():
            cls = registry.get("panel", kind)
            if cls is not None:
                self._guard.install()
                host.offer(cls)

    @Slot(list)
    def take(self, events: Sequence[Event]) -> None:
        """Tell the panels what has happened."""
        for event in events:
            if isinstance(event, Started):
                self._past.clear()
                self._previews.clear()
            if isinstance(event, PreviewReady):
                # The newest of each source alone: they are large.
                self._previews[event.source] = event
            else:
                self._past.append(event)
        for host in self._hosts.values():
            host.take(events)

    def dock(self, kind: str) -> QDockWidget:
        """Return the dock of the panel whose class has this name."""
        return self._docks[kind]

    def host(self, kind: str) -> PanelHost:
        """Return what is in that dock."""
        return self._hosts[kind]

    def shutdown(self) -> None:
        """Let go of what was taken over from Python; the docks go with the window."""
        self._guard.remove()

    def _events_so_far(self) -> list[Event]:
        return [*self._past, *self._previews.values()]

    def _add(self, entry: Entry) -> None:
        dock = QDockWidget(entry.title, self._window)
        dock.setObjectName(f"panel_{entry.kind}")
        dock.setTitleBarWidget(DockTitle(dock))
        host = PanelHost(entry.title, self._events_so_far, dock)
        host.setAccessibleName(entry.title)
        dock.setWidget(host)
        dock.hide()
        self._docks[entry.kind], self._hosts[entry.kind] = dock, host
        # Where it stood the last time, if the window remembers it.
        if not self._window.restoreDockWidget(dock):
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.hide()
        action = dock.toggleViewAction()
        action.setToolTip(entry.summary)
        self.menu.addAction(action)

    def _remove(self, kind: str) -> None:
        dock = self._docks.pop(kind)
        del self._hosts[kind]
        self.menu.removeAction(dock.toggleViewAction())
        self._window.removeDockWidget(dock)
        dock.deleteLater()
