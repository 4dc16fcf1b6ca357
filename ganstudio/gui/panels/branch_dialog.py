"""Branch dialog: from which checkpoint a new run is to begin, and with which settings.

It is given a history and a catalogue and returns what was chosen. It starts nothing.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio import differences
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Experiment, Problem
from ganstudio.gui import theme
from ganstudio.gui.panels import branch_words
from ganstudio.gui.panels.branch_checkpoints import BranchCheckpoints
from ganstudio.gui.panels.experiment_form import ExperimentForm
from ganstudio.gui.panels.form_search import show_matching
from ganstudio.gui.widgets.form_scroll import FormScroll
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.setting_field import SettingField

if TYPE_CHECKING:
    from ganstudio.runs.history import History

FACTORS = (0.5, 2.0)
"""By which all learning rates can be changed at one press."""

_ABOUT = "The new run begins in the very state of a checkpoint. The run it branches from stays as it is."
_DATA = "A branch goes on with the data of the run it comes from. Begin a new run for other data."
_SHAPE = "The weights of the checkpoint fit no network built otherwise. Begin a new run to change this."
_NO_CHECKPOINT = "This run has no checkpoint, so there is nothing to branch from."
_NO_PLUGINS = "The plugins are not loaded yet. Close this, and try again in a moment."
_WIDTH, _HEIGHT, _LEFT = 900, 640, 348


class BranchDialog(QDialog):
    """A list of checkpoints on the left, the settings of the run at the chosen one on the right.

    ``step``: the checkpoint to begin with; ``None``, or one that is not there, stands for the newest.
    """

    def __init__(
        self,
        history: "History",
        catalogue: Catalogue,
        parent: QWidget | None = None,
        step: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._base: Experiment | None = None
        self._unfit: list[Problem] = []
        self.checkpoints = BranchCheckpoints(history, self)
        self.form = ExperimentForm(catalogue)
        self.problem = Notice("bad", parent=self)
        self.hint = Notice("watch", parent=self)
        self.steps_line = QLabel(self)
        self.changes = QLabel(self)
        self.search = QLineEdit(self)
        self.factors = {factor: QPushButton(f"× {factor:g}", self) for factor in FACTORS}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.branch = QPushButton("Branch", self)
        self._lay_out()
        self._connect()
        self.checkpoints.choose(step)
        self._take_checkpoint()
        self._refuse()

    def chosen(self) -> tuple[Path, int, Experiment]:
        """Return the folder of the run to branch from, the step, and the new run's whole experiment.

        Meant for after the dialog was accepted; raises ``ValueError`` where nothing can be branched from.
        """
        step, experiment = self.checkpoints.step(), self.form.experiment()
        if step is None or experiment is None:
            raise ValueError("There is no checkpoint, or there are no plugins, to branch with.")
        return self._history.path, step, experiment

    # --- What the user does ------------------------------------------------------------------------

    def scale_rates(self, factor: float) -> None:
        """Multiply the learning rate of every network, as far as its range goes."""
        for section in self.form.optimizers.sections.values():
            field = section.fields.get("learning_rate")
            if field is not None:
                low, high = field.spec.low or 0.0, field.spec.high or 1.0
                field.set_value(min(max(field.value() * factor, low), high))
        self._show_changes()

    def _take_checkpoint(self) -> None:
        """Show what held at the chosen checkpoint; what the user has changed already stays."""
        step = self.checkpoints.step()
        if step is None or not self.form.architecture.entries:
            return
        held = self._suggested(step)
        if self._base is None:
            self._unfit = self.form.set_experiment(held)
            self._grey()
        else:
            self._carry_over(held)
        self._base = held
        self.form.set_baseline(held)
        self._show_changes()

    def _suggested(self, step: int) -> Experiment:
        """Return what held at a step, under a name of its own and with steps left to make."""
        held = differences.experiment_at(self._history, step)
        if int(held.training.get("steps", self._history.total_steps)) <= step:
            held = held.with_value("training.steps", 2 * max(step, 1))
        return held.renamed(branch_words.branch_name(held.name, step))

    def _carry_over(self, held: Experiment) -> None:
        """Give the fields that stand where the last checkpoint had them the values of another."""
        wanted = {"name": held.name, **differences.settings_of(held)}
        for field in self.form.fields():
            if not field.is_changed() and field.path in wanted and field.value() != wanted[field.path]:
                field.set_value(wanted[field.path])

    def _grey(self) -> None:
        """Grey what a branch cannot change, and say why."""
        self.form.data.set_unavailable(_DATA)
        architecture = self.form.architecture
        for group in (self.form.data, architecture):
            group.set_open(False)
        architecture.chooser.setEnabled(False)
        architecture.chooser.setToolTip(_SHAPE)
        for field in architecture.settings.fields.values():
            if not field.spec.live:
                field.set_unavailable(_SHAPE)

    def _find(self, text: str) -> None:
        show_matching(self.form, text)
        # These two stand apart from the form, and are not searched.
        for field in self._apart():
            field.setVisible(True)

    def _apart(self) -> list[SettingField]:
        steps = self.form.training.fields.get("steps")
        return [self.form.name] if steps is None else [self.form.name, steps]

    # --- What there is to say ----------------------------------------------------------------------

    def _show_changes(self) -> None:
        base, wanted, step = self._base, self.form.experiment(), self.checkpoints.step()
        if base is None or wanted is None or step is None:
            return
        edited = {field.path: field.value() for field in self.form.fields() if field.is_changed()}
        self.changes.setText(branch_words.changes(base, wanted, edited))
        total = int(self.form.training.fields["steps"].value())
        self.steps_line.setText(branch_words.steps_left(step, total))
        self.steps_line.setProperty("role", "quiet" if total > step else "bad")
        self.steps_line.style().polish(self.steps_line)
        self.branch.setEnabled(total > step and not self._blocking())

    def _blocking(self) -> list[Problem]:
        """Return what cannot be shown because a plugin is not there: without it nothing can go on."""
        return [problem for problem in self._unfit if problem.path.endswith(".kind")]

    def _refuse(self) -> None:
        """Say why there can be no branch, or what of the run's settings is shown otherwise."""
        blocking = self._blocking()
        if not self.form.architecture.entries or not self.form.data.entries:
            reason = _NO_PLUGINS
        elif self.checkpoints.step() is None:
            reason = _NO_CHECKPOINT
        else:
            reason = "\n".join(problem.sentence for problem in blocking)
        self.problem.say(reason)
        self.hint.say("\n".join(each.sentence for each in self._unfit if each not in blocking))
        if reason:
            self.branch.setEnabled(False)

    # --- Making ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.checkpoints.chosen.connect(self._take_checkpoint)
        self.checkpoints.activated.connect(self.branch.click)
        self.form.changed.connect(self._show_changes)
        self.search.textChanged.connect(self._find)
        self.branch.clicked.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for factor, button in self.factors.items():
            button.clicked.connect(lambda _=False, factor=factor: self.scale_rates(factor))

    def _lay_out(self) -> None:
        self.setWindowTitle(f"Branch of {self._history.path.name}")
        self.resize(_WIDTH, _HEIGHT)
        about = QLabel(_ABOUT, self)
        about.setProperty("role", "quiet")
        about.setWordWrap(True)
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self._left())
        body.addWidget(self._right(), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        heading = _title(f"Branch of {self._history.path.name}", self, 1)
        for widget in (heading, about, self.problem, self.hint):
            layout.addWidget(widget)
        layout.addLayout(body, 1)
        layout.addLayout(self._foot())

    def _left(self) -> QFrame:
        panel, column = _panel(self)
        panel.setFixedWidth(_LEFT)
        column.addWidget(_title("From the checkpoint", self))
        column.addWidget(self.checkpoints, 1)
        for field in self._apart():
            column.addWidget(field)
        self.steps_line.setWordWrap(True)
        column.addWidget(self.steps_line)
        return panel

    def _right(self) -> QFrame:
        panel, column = _panel(self)
        rates = QHBoxLayout()
        rates.setSpacing(4)
        rates.addWidget(_title("With the settings", self))
        rates.addStretch(1)
        label = QLabel("All learning rates", self)
        label.setProperty("role", "quiet")
        rates.addWidget(label)
        for factor, button in self.factors.items():
            button.setAutoDefault(False)
            button.setToolTip(f"Multiply the learning rate of every network by {factor:g}")
            button.setAccessibleName(f"All learning rates times {factor:g}")
            rates.addWidget(button)
        self.search.setPlaceholderText("Find a setting")
        self.search.setAccessibleName("Find a setting")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        scroll = FormScroll(self)
        self.form.setContentsMargins(0, 4, 8, 8)
        scroll.setWidget(self.form)
        column.addLayout(rates)
        column.addWidget(self.search)
        column.addWidget(scroll, 1)
        return panel

    def _foot(self) -> QHBoxLayout:
        self.changes.setProperty("role", "quiet")
        self.changes.setWordWrap(True)
        self.changes.setAccessibleName("What differs from the run")
        self.branch.setProperty("primary", True)
        self.branch.setDefault(True)
        self.branch.setEnabled(False)
        self.buttons.addButton(self.branch, QDialogButtonBox.ButtonRole.ActionRole)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.changes, 1)
        foot.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignBottom)
        return foot


def _panel(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    panel = QFrame(parent)
    panel.setProperty("role", "panel")
    column = QVBoxLayout(panel)
    column.setContentsMargins(12, 8, 12, 12)
    column.setSpacing(8)
    return panel, column


def _title(text: str, parent: QWidget, size: int = 0) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "title")
    label.setFont(theme.sized_font(size, bold=True))
    return label
