"""MainWindow: the parts of the window and the wires between them and the session; no more than that."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QVBoxLayout, QWidget

from ganstudio import places
from ganstudio.api.events import Event, Failed, Finished, Preparing, Started, StepRecord
from ganstudio.experiment import Problem
from ganstudio.gui import about, theme
from ganstudio.gui.closing import Closer
from ganstudio.gui.far_steering import FarSteering
from ganstudio.gui.files import ExperimentFiles, show_on_desktop
from ganstudio.gui.health_dock import HealthDock
from ganstudio.gui.journeys import Journeys
from ganstudio.gui.live_undo import LiveUndo
from ganstudio.gui.menus import Doings, Menus
from ganstudio.gui.pace import Pace, duration
from ganstudio.gui.pages import Pages
from ganstudio.gui.panel_docks import PanelDocks
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.panels.log_panel import LogPanel
from ganstudio.gui.playing import Playing
from ganstudio.gui.remembering import Remembering
from ganstudio.gui.run_bar import RunBar
from ganstudio.gui.run_state import ACTIVE
from ganstudio.gui.waiting import Waiting
from ganstudio.gui.widgets.banner import Banner
from ganstudio.gui.widgets.dock_title import DockTitle
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.window_memory import WindowMemory
from ganstudio.session.session import Session

if TYPE_CHECKING:
    from ganstudio.gui.panels.live_panel import LivePanel

_SIZE = QSize(1280, 800)
_FORM_WIDTH, _LOG_HEIGHT = 388, 88
_SHUTDOWN_MS, _LOADING_MS = 10_000, 500
_STATE_WORDS = {"preparing": "preparing", "running": "training", "paused": "paused", "stopping": "stopping"}
_HOLDS = {"paused": "paused", "stopping": "stopping…"}
_REASONS = {"done": "All steps done", "stopped": "Stopped"}
_ENDINGS = {"finished": "finished", "failed": "failed"}


class MainWindow(QMainWindow):
    """One window on one session.

    Signals:
        firstPainted: the window is on screen for the first time.
    """

    firstPainted = Signal()  # noqa: N815 - Qt's way of naming

    def __init__(self, session: Session, memory: WindowMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._loading = "" if session.ready else "Loading torch and the plugins…"
        self._pace = Pace()
        self._painted = False
        self.ended = True
        """Whether the worker thread ended in time when the window was closed."""
        self.experiment = ExperimentPanel(self)
        self.log = LogPanel(self)
        self.banner = Banner(self)
        self.notice = Notice("info", action="Stay open", parent=self)
        self.held = Notice("watch", parent=self)
        self.tabs = Pages(session, self.experiment, self)
        self.journeys = Journeys(session, self.tabs, self.experiment, self)
        self.undo = LiveUndo(self)
        self.bar = RunBar(self)
        self.waiting = Waiting(session, self.experiment, self.bar.chosen_device, self.tabs, self)
        self.files = ExperimentFiles(self.experiment, self)
        self.closer = Closer(session, self.notice, self)
        self.remembering = Remembering(memory, self)
        self._lay_out()
        self._connect()
        self.remembering.restore_layout()
        self.panels = PanelDocks(self)
        self.menus.add_panels(self.panels.menu)
        session.eventsArrived.connect(self.panels.take)
        self.bar.show_theme(theme.current().dark)
        self.bar.show_idle(self._loading)
        self._show_catalogue()
        self._show_state()

    # --- What the session says ---------------------------------------------------------------------

    @Slot(str)
    def _take_state(self, state: str) -> None:
        if state == "preparing":
            self.banner.hide()
        if state not in ("running", "paused"):
            self.experiment.end_run()
            self.undo.clear()
        if state in ("running", *_HOLDS) and self._pace.step:
            self._show_pace()
        if state == "preparing":
            self._pace = Pace()
        if state not in ACTIVE:
            self.held.say("")
            self.bar.show_idle(_ENDINGS.get(state, "").capitalize())
        self._show_state()

    @Slot(list)
    def _take_events(self, events: list[Event]) -> None:
        for event in events:
            self._follow(event)
        if any(isinstance(event, Started | StepRecord) for event in events) and self._session.active:
            self._show_pace()
        self.held.say(self._session.held)
        self._begin_steering()
        self.experiment.take(events)
        self.undo.take(events)
        self.log.take(events)
        self._show_state()

    def _begin_steering(self) -> None:
        """Let live settings act on the run, as soon as it trains and its complete experiment is known."""
        running = self._session.experiment
        if (
            self._session.state in ("running", "paused")
            and running is not None
            and not self.experiment.steers
        ):
            self.experiment.start_run(running)

    def _follow(self, event: Event) -> None:
        if isinstance(event, Preparing) and self._session.state == "preparing":
            self.bar.show_preparing(event.what, event.share)
        elif isinstance(event, Started):
            self._pace = Pace(event.total_steps)
        elif isinstance(event, StepRecord):
            self._pace.record(event.step, event.seconds)
        elif isinstance(event, Finished):
            self.bar.show_idle(f"{_REASONS.get(event.reason, 'ended')} in {duration(event.seconds)}")
        elif isinstance(event, Failed):
            sentence = " ".join(part for part in (event.message, event.saved) if part)
            self.show_failure("The run failed.", sentence, event.details)
            self.bar.show_idle("Failed")

    def _show_pace(self) -> None:
        holds = "held: the disk refuses" if self._session.held else _HOLDS.get(self._session.state, "")
        self.bar.show_pace(self._pace, holds)

    @Slot(str)
    def _take_loading(self, what: str) -> None:
        self._loading = what
        if self._session.ready:
            self.waiting.fill(self._queue_dock)
            self._show_panels()
        if not self._session.active:
            self.bar.show_idle(what)
        self._show_state()

    @Slot(list)
    def _take_problems(self, problems: list[Problem]) -> None:
        if self.waiting.works:
            # The queue says of its own entries what is wrong with them; the form shows something else.
            self.bar.show_idle("Not started: an entry of the queue was refused")
            return
        self._form_dock.show()
        self.experiment.show_problems(problems)
        for problem in problems:
            self.log.say(problem.sentence, "bad")
        count = len(problems)
        self.bar.show_idle(f"Not started: {count} {'problem' if count == 1 else 'problems'} in the form")

    @Slot()
    def _show_catalogue(self) -> None:
        catalogue = self._session.catalogue
        self.experiment.set_catalogue(catalogue)
        self.remembering.restore_experiment()
        self._show_panels()
        self._show_state()

    def _show_panels(self) -> None:
        """Offer the panels of the plugins; their classes are there once these are loaded."""
        self.panels.show_catalogue(self._session.catalogue.panels)
        if self._session.data_look.registry is not None:
            self.panels.set_registry(self._session.data_look.registry)

    @Slot()
    def _show_devices(self) -> None:
        self.bar.show_devices(self._session.devices)

    # --- What the user wants -----------------------------------------------------------------------

    @Slot()
    def train(self) -> None:
        """Train what is in the form."""
        experiment = self.experiment.experiment()
        if experiment is None or not self.bar.train.isEnabled():
            return
        self.experiment.welcome(False)
        self.experiment.show_problems([])
        self.remembering.keep_welcomed()
        self.remembering.keep_experiment()
        self.tabs.show_page("Live")
        self.tabs.live()
        self._session.train(experiment, self.bar.chosen_device())

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._session.state == "paused":
            self._session.resume()
        else:
            self._session.pause()

    def _change_theme(self) -> None:
        name = "light" if theme.current().dark else "dark"
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, name)
        self.bar.show_theme(theme.current().dark)
        self.remembering.keep_theme()

    def _show_log_file(self) -> None:
        path = places.log_file()
        self.log.say(f"The log file is {path}.")
        if path.exists():
            show_on_desktop(path)

    def show_failure(self, title: str, sentence: str, details: str = "") -> None:
        """Say in the window that something failed."""
        self.banner.say(title, sentence, details)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pause or resume with the space bar, where no widget had a use for it."""
        if event.key() == Qt.Key.Key_Space and self.bar.pause.isEnabled():
            self._pause_or_resume()
        else:
            super().keyPressEvent(event)

    # --- Closing -----------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while a run goes on; else remember the layout and end the worker thread."""
        if not self.closer.may_close():
            event.ignore()
            return
        self.remembering.keep_everything()
        self.hide()
        # A thread that only loads may be left behind; one that writes a run may not.
        self.ended = self._session.shutdown(_SHUTDOWN_MS if self._session.active else _LOADING_MS)
        self.waiting.shutdown()
        self.panels.shutdown()
        self.ended = self.tabs.shutdown() and self.journeys.shutdown() and self.ended
        event.accept()

    # --- Looks -------------------------------------------------------------------------------------

    def live_panel(self) -> "LivePanel":
        """Return the samples and curves; they are made when first asked for."""
        return self.tabs.live().panel

    @Slot(str, object)
    def _take_page(self, name: str, page: QWidget) -> None:
        if name == "Live":
            self.remembering.restore_plots(self.live_panel())
            shown = self.tabs.live().shown
            shown.changed.connect(self._show_state)
            shown.eventsArrived.connect(self._log_of_others)
            FarSteering(self._session, shown, self.experiment, self)
        elif name == "Runs":
            self.remembering.restore_runs(self.tabs.runs())
        elif name == "Plugins":
            self.remembering.restore_plugins(self.tabs.plugins())
        elif name == "Playground":
            self.remembering.restore_playground(self.tabs.playground())
            Playing(self.tabs.playground(), self.tabs, self.experiment, self.train)

    @Slot(list)
    def _log_of_others(self, events: list[Event]) -> None:
        if not self.tabs.live().shown.own:
            self.log.take(events)

    @Slot()
    def _show_undo(self) -> None:
        self.menus.show_undo(self.undo.undo_text(), self.undo.redo_text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, once, that the window is on screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.firstPainted.emit)

    def _show_state(self) -> None:
        loading = self._loading
        if not loading and not self._session.ready:
            loading = "The plugins could not be loaded; the log file says why."
        state = self._session.state
        self.bar.show_state(state, loading, self.experiment.form is not None)
        self.menus.show_state(state, self.journeys.shown_folder() is not None)
        word = {**_STATE_WORDS, **_ENDINGS}.get(state, "")
        running = self._session.experiment
        name = f"{running.name} — {word} — " if running and word else f"{word} — " if word else ""
        self.setWindowTitle(f"{name}GAN Studio")

    def _lay_out(self) -> None:
        self.resize(_SIZE)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.addToolBar(self.bar)
        centre = QWidget(self)
        centre.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        for widget in (self.banner, self.notice, self.held, self.waiting.notice, self.tabs):
            layout.addWidget(widget)
        self.setCentralWidget(centre)
        self._form_dock = self._dock("Experiment", self.experiment, Qt.DockWidgetArea.LeftDockWidgetArea)
        self._log_dock = self._dock("Log", self.log, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._queue_dock = self._dock("Queue", QWidget(self), Qt.DockWidgetArea.BottomDockWidgetArea)
        self.tabifyDockWidget(self._log_dock, self._queue_dock)
        self.health = HealthDock(self._session, self._form_dock, self)
        self._size_docks()
        self._usual_layout = self.saveState()
        self._log_dock.raise_()
        self.menus = Menus(self, self._doings(), self.bar, self._dock_actions())
        centre.setFocus()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{title.lower()}_dock")
        dock.setTitleBarWidget(DockTitle(dock))
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _size_docks(self) -> None:
        self.resizeDocks([self._form_dock], [_FORM_WIDTH], Qt.Orientation.Horizontal)
        self.resizeDocks([self._log_dock], [_LOG_HEIGHT], Qt.Orientation.Vertical)

    def _reset_layout(self) -> None:
        self.restoreState(self._usual_layout)
        self.health.place()
        self._size_docks()

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _connect(self) -> None:
        session, bar = self._session, self.bar
        session.stateChanged.connect(self._take_state)
        session.eventsArrived.connect(self._take_events)
        session.loadingChanged.connect(self._take_loading)
        session.problemsFound.connect(self._take_problems)
        session.catalogueChanged.connect(self._show_catalogue)
        session.devicesChanged.connect(self._show_devices)
        bar.trainAsked.connect(self.train)
        bar.pauseAsked.connect(self._pause_or_resume)
        bar.stepAsked.connect(session.step_once)
        bar.stopAsked.connect(session.stop)
        bar.themeAsked.connect(self._change_theme)
        self.experiment.liveEdited.connect(session.edit)
        self.experiment.welcomed.connect(self.remembering.keep_welcomed)
        self.files.said.connect(self.log.say)
        self.files.failed.connect(self.show_failure)
        for speaker in (self.tabs, self.journeys, self.waiting):
            speaker.said.connect(self.log.say)
            speaker.failed.connect(self.show_failure)
        self.tabs.made.connect(self._take_page)
        self.journeys.queued.connect(self.waiting.add_branch)
        self.waiting.opened.connect(self.journeys.open)
        self.undo.wanted.connect(session.edit)
        self.undo.changed.connect(self._show_undo)

    def _dock_actions(self) -> list[QAction]:
        docks = (self._form_dock, self._log_dock, self._queue_dock, self.health.dock)
        return [dock.toggleViewAction() for dock in docks]

    def _doings(self) -> Doings:
        return Doings(
            session=self._session,
            journeys=self.journeys,
            open_experiment=self.files.open,
            save_experiment=self.files.save,
            find_setting=self._find_setting,
            change_theme=self._change_theme,
            reset_layout=self._reset_layout,
            full_screen=self._full_screen,
            show_page=self.tabs.show_page,
            new_plugin=lambda: self.tabs.plugins().new(),
            undo=self.undo.undo,
            redo=self.undo.redo,
            help_on_field=about.help_on_focus,
            show_keys=lambda: about.show_keys(self),
            show_log_file=self._show_log_file,
            about=lambda: about.show_about(self, places.home()),
        )

    def _find_setting(self) -> None:
        self._form_dock.show()
        self.experiment.focus_search()
