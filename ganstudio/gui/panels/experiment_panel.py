"""ExperimentPanel: presets, search, the form, and what there is to say about it.

It shows what the next run will be. While a run goes on, its ⚡ settings steer that run as well. It knows
the catalogue and the running experiment, and nothing of sessions, files and the rest of the window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from ganstudio.api.events import Event, SettingChanged, SettingRefused
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Choice, Experiment, Problem
from ganstudio.gui import theme
from ganstudio.gui.panels.experiment_form import ExperimentForm
from ganstudio.gui.panels.form_problems import FormProblems
from ganstudio.gui.panels.form_search import show_matching
from ganstudio.gui.panels.preset_picker import PresetPicker
from ganstudio.gui.steering import Steering
from ganstudio.gui.widgets.form_scroll import FormScroll
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.throttle import Throttle

_STEERS = "A run is going on: ⚡ settings act at once, the others in the next run."
_APART = "A run is going on. This form is for the next one."
_WELCOME = "Press Train: readable digits in about two minutes. ⚡ settings can be dragged meanwhile."


class ExperimentPanel(QWidget):
    """The Experiment form.

    Signals:
        changed: the form shows something else, by the user's doing or not.
        liveEdited: the user gave a live setting of the running experiment another value; path and value.
        welcomed: the user dismissed the hint of the first start.
    """

    changed = Signal()
    liveEdited = Signal(str, object)  # noqa: N815 - Qt's way of naming
    welcomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form: ExperimentForm | None = None
        self.picker: PresetPicker | None = None
        self._steering = Steering()
        self._offered: Catalogue | None = None
        """What the form was made from."""
        self._following = False
        self._compared = ""
        self._throttle = Throttle(parent=self)
        self._throttle.passed.connect(self._steer)
        self._loading = QLabel("Loading plugins…", self)
        self._loading.setProperty("role", "quiet")
        self._loading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.search = _SearchBox(self)
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._go_to_found)
        self._running = Notice("live", action="Back to the run", parent=self)
        self._running.acted.connect(self._show_run)
        self._replaced = Notice("info", action="Undo", closable=True, parent=self)
        self._replaced.acted.connect(self._bring_back)
        self._columns: tuple[str, ...] = ()
        self._before: tuple[Experiment, str] | None = None
        """What was in the form before a preset replaced it, and what it was compared with."""
        self._welcome = Notice("info", closable=True, parent=self)
        self._welcome.dismissed.connect(self.welcomed)
        self.problems = FormProblems(self)
        self._scroll = FormScroll(self)
        self._lay_out()
        self._show_loaded(False)

    # --- The catalogue and the choice --------------------------------------------------------------

    def set_catalogue(self, catalogue: Catalogue) -> None:
        """Make the form anew where there is something else to choose from; what was chosen stays chosen."""
        offered = replace(catalogue, plugins=())
        if not (catalogue.data and catalogue.architectures) or offered == self._offered:
            return
        self._offered = offered
        chosen, baseline = self.experiment(), self.baseline_name()
        self._renew_picker(catalogue)
        self._renew_form(catalogue)
        self._show_loaded(True)
        if chosen is not None:
            self.set_experiment(chosen, baseline)
        else:
            self.begin()

    def begin(self) -> None:
        """Show what a new user begins with."""
        first = self.picker.select_first() if self.picker else None
        if first is not None:
            self._show(first, first)
        elif self.form is not None:
            self.form.show_defaults()

    def experiment(self) -> Experiment | None:
        """Return the choice, or ``None`` while there is nothing to choose from."""
        return self.form.experiment() if self.form else None

    def set_experiment(self, experiment: Experiment, baseline: str = "") -> None:
        """Show an experiment, compared with the preset called ``baseline``, or with itself."""
        if self.form is None or self.picker is None:
            return
        preset = self.picker.select(baseline or experiment.name)
        if preset is None:
            self.picker.select_own(experiment, baseline or experiment.name)
        self._show(experiment, preset or experiment)
        self._follow_run(False)

    def offer_columns(self, names: Sequence[str]) -> None:
        """Offer the names of the data's columns wherever a setting asks for one."""
        self._columns = tuple(names)
        if self.form is not None:
            self.form.offer_columns(self._columns)

    def choose_data(self, choice: Choice) -> None:
        """Choose data as the user would."""
        problems = self.form.choose_data(choice) if self.form is not None else []
        if problems:
            self.show_problems(problems)

    def baseline_name(self) -> str:
        """Return the name of what the form is compared with."""
        return self.picker.current() if self.picker else ""

    def welcome(self, shown: bool) -> None:
        """Show the hint of the first start, or take it away."""
        self._welcome.say(_WELCOME if shown else "")

    def show_problems(self, problems: list[Problem]) -> None:
        """Mark the fields that are wrong, list the rest, and scroll to the first."""
        if self.form is not None:
            self.search.clear()
            first = self.problems.show_problems(self.form, problems)
            if first is not None:
                # The label of the sentence has its place only once the layout has been made.
                QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(first))

    # --- The run that goes on ----------------------------------------------------------------------

    @property
    def steers(self) -> bool:
        """Whether a run goes on that live settings act on."""
        return self._steering.running is not None

    def start_run(self, running: Experiment) -> None:
        """A run of this complete experiment goes on: live settings steer it from now on."""
        self._steering.begin(running)
        chosen = self.experiment()
        self._follow_run(chosen is None or _alike(chosen, running))

    def end_run(self) -> None:
        """The run is over: every setting is for the next one."""
        self._throttle.drop()
        self._steering.end()
        self._follow_run(False)

    def take(self, events: Iterable[Event]) -> None:
        """Show what holds in the run, and why an edit was refused."""
        for event in events:
            if isinstance(event, SettingChanged):
                self._show_held(event.path, event.value)
            elif isinstance(event, SettingRefused):
                self._show_refused(event.path, event.reason)

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- Inside ------------------------------------------------------------------------------------

    def _renew_picker(self, catalogue: Catalogue) -> None:
        if self.picker is not None:
            self._top.removeWidget(self.picker)
            self.picker.hide()
            self.picker.deleteLater()
        self.picker = PresetPicker(catalogue.presets, self)
        self.picker.picked.connect(self._take_preset)
        self._top.insertWidget(0, self.picker)
        QWidget.setTabOrder(self.picker.chooser, self.search)

    def _renew_form(self, catalogue: Catalogue) -> None:
        self.form = ExperimentForm(catalogue)
        self.form.setContentsMargins(8, 4, 8, 8)
        self.form.edited.connect(self._take_edit)
        self.form.settled.connect(self._throttle.flush)
        self.form.changed.connect(self.changed)
        self.form.offer_columns(self._columns)
        self._scroll.setWidget(self.form)
        self._search(self.search.text())

    def _show(self, experiment: Experiment, baseline: Experiment) -> None:
        assert self.form is not None
        self._before = None
        self._replaced.say("")
        problems = self.form.set_experiment(experiment)
        self.form.set_baseline(baseline)
        self.problems.clear()
        if problems:
            self.show_problems(problems)
        self._compared = self.baseline_name()
        self.changed.emit()

    def _follow_run(self, following: bool) -> None:
        """Say what the form is for: the run that goes on and the next, or the next alone."""
        self._following = following and self.steers
        self._running.say((_STEERS if self._following else _APART) if self.steers else "")
        self._running.show_button(not self._following)

    def _show_run(self) -> None:
        running = self._steering.running
        if running is not None:
            self.set_experiment(running, running.name)
            self._follow_run(True)

    def choose_preset(self, name: str) -> bool:
        """Take a preset as if it had been picked; return whether there is one of this name."""
        preset = self.picker.select(name) if self.picker is not None else None
        if preset is not None:
            self._take_preset(preset)
        return preset is not None

    def _take_preset(self, preset: Experiment) -> None:
        replaced = self._edited()
        self._show(preset, preset)
        self._follow_run(False)
        if replaced is not None:
            self._before = replaced
            self._replaced.say(f"Your changes to {replaced[1]} were replaced.")

    def _edited(self) -> tuple[Experiment, str] | None:
        """Return what was made of the preset shown, with its name; ``None`` where it is as it was."""
        experiment = self.experiment()
        if self.form is None or experiment is None or not self.form.is_changed():
            return None
        return experiment, self._compared

    def _bring_back(self) -> None:
        """Undo the pick of a preset."""
        if self._before is not None:
            self.set_experiment(*self._before)

    def _take_edit(self, path: str, value: Any) -> None:
        field = self.form.field(path) if self.form and self._following else None
        if field is not None and field.spec.live and self._steering.steers(path, self.experiment()):
            self._throttle.give(path, value)

    def _steer(self, path: str, value: Any) -> None:
        if self._steering.running is not None:
            self._steering.sent(path)
            self.liveEdited.emit(path, value)

    def _show_held(self, path: str, value: Any) -> None:
        last = self._steering.answered(path, value)
        field = self.form.field(path) if self.form and self._following else None
        if field is not None and last and not field.dragging() and field.value() != value:
            field.set_value(value)

    def _show_refused(self, path: str, reason: str) -> None:
        self._steering.answered(path)
        field = self.form.field(path) if self.form and self._following else None
        held = self._steering.held(path)
        if field is not None:
            if held is not None:
                field.set_value(held)
            field.show_problem(reason)

    def _search(self, text: str) -> None:
        if self.form is not None:
            show_matching(self.form, text)

    def _go_to_found(self) -> None:
        found = show_matching(self.form, self.search.text()) if self.form else None
        if found is not None:
            found.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_loaded(self, loaded: bool) -> None:
        self._loading.setVisible(not loaded)
        self.search.setVisible(loaded)
        self._scroll.setVisible(loaded)

    def _lay_out(self) -> None:
        self._top = QVBoxLayout()
        self._top.setContentsMargins(8, 8, 8, 4)
        self._top.setSpacing(8)
        for widget in (self.search, self._replaced, self._welcome, self._running, self.problems):
            self._top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._top)
        layout.addWidget(self._loading, 1)
        layout.addWidget(self._scroll, 1)


def _alike(one: Experiment, other: Experiment) -> bool:
    """Say whether two choices are of the same variant, so that the settings of one are those of the other."""
    return one.architecture.kind == other.architecture.kind and one.data.kind == other.data.kind


class _SearchBox(QLineEdit):
    """Finds settings by name or help; Escape empties it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Find a setting")
        self.setAccessibleName("Find a setting")
        self.setToolTip("Shows the settings in whose name or help these words occur (Ctrl+F)")
        self.setWhatsThis(self.toolTip())
        self.setClearButtonEnabled(True)
        self.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the box on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)
