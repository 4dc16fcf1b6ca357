"""Health dock: the Health panel as a dock, its lamps in a corner of the pages, and their wires to the run.

What the run that is shown tells goes to the panel and the plots; what the panel asks for is an edit of that
run, wherever it trains, or a new run. It knows nothing of how rules find what they find.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget

from ganstudio import differences
from ganstudio.api.conditions import Condition, Remedy
from ganstudio.api.errors import StudioError
from ganstudio.api.events import Event, Failed, Restarted, SettingChanged, Started
from ganstudio.gui import health_words
from ganstudio.gui.health_offers import Standing, offer
from ganstudio.gui.health_record import Finding
from ganstudio.gui.panels.health_panel import HealthPanel
from ganstudio.gui.widgets.dock_title import DockTitle
from ganstudio.gui.widgets.health_strip import HealthStrip
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.gui.live_tab import LiveTab
    from ganstudio.gui.main_window import MainWindow
    from ganstudio.runs.history import History

WIDE = 1560
"""Pixels of a window from which on there is room for the panel beside form, samples and plots."""
_WIDTH = 320
_CHANGING = ("running", "paused")
_NO_PLUGINS = "The plugins are not loaded yet; try again in a moment."


class HealthDock(QObject):
    """Joins panel, lamps, plots and the run that is shown.

    ``beside``: the dock of ``window`` that it shares the room with where the window is narrow.
    """

    def __init__(self, session: Session, beside: QDockWidget, window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._beside, self._window = session, beside, window
        self._pages = pages = window.tabs
        self._live: LiveTab | None = None
        self._changes: dict[str, Any] = {}
        """What was changed in the run that is shown since it began, as far as no history tells of it."""
        self._marked: set[tuple[int, str, str]] = set()
        self._way_out: tuple[Condition, Remedy] | None = None
        self.panel = HealthPanel(window)
        self.strip = HealthStrip(pages)
        self.dock = QDockWidget("Health", window)
        self.dock.setObjectName("health_dock")
        self.dock.setTitleBarWidget(DockTitle(self.dock))
        self.dock.setWidget(self.panel)
        self.place()
        pages.setCornerWidget(self.strip, Qt.Corner.TopRightCorner)
        self._connect()
        self._show_catalogue()

    # --- Where it stands ---------------------------------------------------------------------------

    def place(self) -> None:
        """Put the dock where it takes no room from samples: right in a wide window, else beside the form."""
        if self._window.width() >= WIDE:
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self._window.resizeDocks([self.dock], [_WIDTH], Qt.Orientation.Horizontal)
        else:
            self._window.tabifyDockWidget(self._beside, self.dock)
            self._beside.raise_()
        self.dock.show()

    @Slot(str)
    def show(self, rule: str = "") -> None:
        """Bring the panel into view, with a rule opened."""
        self.dock.show()
        self.dock.raise_()
        self.panel.choose(rule)

    # --- What is told ------------------------------------------------------------------------------

    @Slot(str, object)
    def _join(self, name: str, page: Any) -> None:
        if name == "Live":
            self._live = page
            page.shown.historyArrived.connect(self._take_history)
            page.shown.eventsArrived.connect(self._take_events)
            page.shown.changed.connect(self._show_standing)
            page.closed.connect(self._clear)

    @Slot(object)
    def _take_history(self, history: "History") -> None:
        self._changes.clear()
        self._marked.clear()
        changes = [SettingChanged(each.step, each.path, each.value, each.before) for each in history.changes]
        self.panel.show_history([*history.health, *changes])
        self._mark()
        self._show_standing()

    @Slot(list)
    def _take_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, Restarted):
                self._marked = {each for each in self._marked if each[0] <= event.step}
            elif isinstance(event, Started):
                self._changes.clear()
                self._marked.clear()
            elif isinstance(event, SettingChanged):
                self._changes[event.path] = event.value
        self.panel.take(events)
        self._mark()
        self._show_standing()
        failures = [event for event in events if isinstance(event, Failed)]
        if failures:
            self._offer_way_out()

    @Slot()
    def _clear(self) -> None:
        self._marked.clear()
        self.panel.clear()
        self._show_standing()

    def _mark(self) -> None:
        """Mark on the plots what began and ended since the last time."""
        for found in self.panel.record.findings:
            name = found.condition.name
            if self._is_new(found.told, found.rule, f"{name} begins"):
                self._mark_step(found.since, health_words.begin(found))
            if found.ended is not None and self._is_new(found.ended, found.rule, f"{name} ends"):
                self._mark_step(found.ended, health_words.end(found))

    def _is_new(self, step: int, rule: str, what: str) -> bool:
        new = (step, rule, what) not in self._marked
        self._marked.add((step, rule, what))
        return new

    def _mark_step(self, step: int, text: str) -> None:
        if self._live is not None:
            self._live.panel.stack.mark(step, text)

    @Slot()
    def _show_catalogue(self) -> None:
        self.panel.set_catalogue(self._session.catalogue.health)

    @Slot()
    def _show_lamps(self) -> None:
        panel = self.panel
        troubles = panel.record.troubles()
        self.strip.show_lamps(panel.lamps(), panel.level(), health_words.short(troubles), panel.summary())
        count = len(troubles)
        self.dock.setWindowTitle(f"Health ({count})" if count else "Health")

    # --- How the run stands ------------------------------------------------------------------------

    @Slot()
    def _show_standing(self) -> None:
        self.panel.show_standing(self._standing())

    def _standing(self) -> Standing:
        session = self._session
        return Standing(
            trains="here" if self._trains_here() else "elsewhere" if self._trains_elsewhere() else "",
            folder=self._folder() is not None,
            asks=session.active,
            busy="" if session.ready else _NO_PLUGINS,
            held=self._held(),
        )

    def _trains_here(self) -> bool:
        own = self._live is None or self._live.shown.own
        return own and self._session.state in _CHANGING

    def _trains_elsewhere(self) -> bool:
        shown = self._live.shown if self._live else None
        return shown is not None and shown.follower is not None and shown.state in _CHANGING

    def _folder(self) -> Path | None:
        return self._live.shown.folder if self._live else self._session.run_path

    def _held(self) -> dict[str, Any]:
        """Return every setting of the run that is shown, as it holds now."""
        history = self._live.shown.history if self._live else None
        if history is not None:
            experiment = differences.experiment_at(history, history.step)
        elif self._session.experiment is not None:
            experiment = self._session.experiment
        else:
            return {}
        return differences.settings_of(experiment) | self._changes

    def _branch_step(self, condition: Condition) -> int | None:
        """Return the newest checkpoint from before a condition began, if there is one."""
        from ganstudio.remedying import step_before
        from ganstudio.runs.folder import RunFolder

        folder = self._folder()
        try:
            return step_before(RunFolder.open(folder), condition.since) if folder else None
        except StudioError:
            # The press of the button will say what is wrong with the folder.
            return None

    # --- What the user wants -----------------------------------------------------------------------

    @Slot(str, object)
    def _edit(self, path: str, value: Any) -> None:
        if self._trains_here():
            self._session.edit(path, value)
        elif self._trains_elsewhere() and self._live is not None and self._live.shown.follower is not None:
            self._live.shown.follower.set(path, value)

    @Slot(object)
    def _note_remedy(self, remedy: Remedy) -> None:
        if self._trains_here():
            self._window.undo.expect(remedy.title, remedy.changes)

    @Slot(object, object)
    def _branch(self, condition: Condition, remedy: Remedy) -> None:
        from ganstudio.remedying import request_for

        folder = self._folder()
        if folder is None:
            return
        try:
            request = request_for(folder, condition, remedy)
        except StudioError as error:
            self._window.show_failure("The remedy cannot be applied.", str(error))
        else:
            self._window.journeys.begin(request)

    @Slot(int)
    def _go_to(self, step: int) -> None:
        if self._live is not None:
            self._pages.show_page("Live")
            self._live.panel.samples.go_to(step)

    def _offer_way_out(self) -> None:
        """Offer what may bring back the run that failed: the first remedy of what was told last."""
        grave = [found for found in self.panel.record.troubles() if found.condition.level == "bad"]
        self._way_out = next(_remedies(sorted(grave, key=lambda found: -found.told)), None)
        if self._way_out is not None:
            condition, remedy = self._way_out
            step = self._branch_step(condition)
            way = offer(remedy, self._standing(), step)
            if way.way:
                self._window.banner.propose(health_words.way_out(remedy, step), way.why)

    @Slot()
    def _take_offer(self) -> None:
        if self._way_out is not None:
            self._branch(*self._way_out)

    def _connect(self) -> None:
        session, panel = self._session, self.panel
        panel.branch_step = self._branch_step
        panel.changed.connect(self._show_lamps)
        panel.editAsked.connect(self._edit)
        panel.remedyChosen.connect(self._note_remedy)
        panel.branchAsked.connect(self._branch)
        panel.stepAsked.connect(self._go_to)
        self.strip.asked.connect(self.show)
        session.catalogueChanged.connect(self._show_catalogue)
        session.stateChanged.connect(self._show_standing)
        session.loadingChanged.connect(self._show_standing)
        self._window.banner.proposed.connect(self._take_offer)
        self._pages.made.connect(self._join)


def _remedies(findings: Sequence[Finding]) -> Iterator[tuple[Condition, Remedy]]:
    return ((found.condition, remedy) for found in findings for remedy in found.condition.remedies)
