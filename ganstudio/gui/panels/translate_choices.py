"""Translate choices: which run, which step, which direction, which size. It opens and translates nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.flow_layout import FlowLayout
from ganstudio.gui.words import grouped

if TYPE_CHECKING:
    from ganstudio.session.translating_work import Ability, Candidate

_SIZES = (("trained", "As trained"), ("own", "Image's own"))
_SIZE_TIP = (
    "As trained: each image is scaled to about the size of those the model has seen, which it knows best. "
    "Image's own: it stays as large as it is."
)


class TranslateChoices(QWidget):
    """Four lists side by side, in as many lines as it takes.

    Signals:
        runChosen: the folder of a run, and a step or ``None`` for the newest.
        wayChosen: to A or B, and the size, ``trained`` or ``own``.
        folderAsked: the user wants a run from another folder.
    """

    runChosen = Signal(object, object)  # noqa: N815 - Qt's way of naming
    wayChosen = Signal(str, str)  # noqa: N815
    folderAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = _combo("Run", 24, self)
        self.step = _combo("Step", 11, self)
        self.direction = _combo("Direction", 13, self)
        self.size_box = _combo("Size", 10, self)
        self.folder = QToolButton(self)
        self._candidates: Sequence[Candidate] = ()
        self._path: Path | None = None
        self._lay_out()
        for value, text in _SIZES:
            self.size_box.addItem(text, value)
        self.size_box.setToolTip(_SIZE_TIP)
        self.run.activated.connect(self._choose_run)
        self.step.activated.connect(self._choose_step)
        for box in (self.direction, self.size_box):
            box.activated.connect(self._choose_way)
        self.folder.clicked.connect(self.folderAsked)
        self.forget_ability()

    def offer_runs(self, candidates: "Sequence[Candidate]") -> None:
        """Offer these runs, and beside them the one that is chosen."""
        self._candidates = candidates
        self._fill_runs()

    def show_run(self, path: Path | None) -> None:
        """Show which run is chosen; what it can do is not known yet."""
        self._path = path
        self._fill_runs()
        self.forget_ability()

    def forget_ability(self) -> None:
        """Offer no steps and directions."""
        for box in (self.step, self.direction):
            box.clear()
        for box in (self.step, self.direction, self.size_box):
            box.setEnabled(False)

    def show_ability(self, ability: "Ability", to: str, size: str) -> None:
        """Offer what the run can do, with what is chosen of it."""
        self.step.clear()
        for place, step in enumerate(reversed(ability.steps)):
            self.step.addItem(f"{grouped(step)}{' (newest)' if place == 0 else ''}", step)
        self.step.setCurrentIndex(max(self.step.findData(ability.step), 0))
        self.direction.clear()
        for each, title in ability.directions:
            self.direction.addItem(title, each)
        self.direction.setCurrentIndex(max(self.direction.findData(to), 0))
        self.size_box.setCurrentIndex(max(self.size_box.findData(size), 0))
        for box in (self.step, self.direction, self.size_box):
            box.setEnabled(True)
        self.direction.setEnabled(self.direction.count() > 1)

    # --- Inside ------------------------------------------------------------------------------------

    def _fill_runs(self) -> None:
        runs = [(each.path, each.name) for each in self._candidates]
        if self._path is not None and self._path not in [path for path, _name in runs]:
            runs.insert(0, (self._path, self._path.name))
        self.run.clear()
        for path, name in runs:
            self.run.addItem(name, path)
            self.run.setItemData(self.run.count() - 1, str(path), Qt.ItemDataRole.ToolTipRole)
        self.run.setCurrentIndex([path for path, _name in runs].index(self._path) if self._path else -1)
        self.run.setPlaceholderText("Choose a run" if runs else "No run can translate yet")
        self.run.setEnabled(bool(runs))

    def _choose_run(self) -> None:
        path = self.run.currentData()
        if path is not None and path != self._path:
            self.runChosen.emit(path, None)

    def _choose_step(self) -> None:
        newest = self.step.currentIndex() == 0
        self.runChosen.emit(self._path, None if newest else self.step.currentData())

    def _choose_way(self) -> None:
        self.wayChosen.emit(self.direction.currentData(), self.size_box.currentData())

    def _lay_out(self) -> None:
        self.folder.setIcon(theme.icon("folder", "quiet"))
        self.folder.setToolTip("Take a run from another folder")
        self.folder.setAccessibleName("Take a run from another folder")
        flow = FlowLayout(self, gap=8)
        flow.addWidget(_named("Run", self.run, self, self.folder))
        flow.addWidget(_named("Step", self.step, self))
        flow.addWidget(_named("Direction", self.direction, self))
        flow.addWidget(_named("Size", self.size_box, self))


def _combo(name: str, length: int, parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setMinimumContentsLength(length)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _named(name: str, box: QComboBox, parent: QWidget, *more: QWidget) -> QWidget:
    """Return a list with its name before it."""
    whole = QWidget(parent)
    label = QLabel(name, whole)
    label.setProperty("role", "quiet")
    label.setBuddy(box)
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 4)
    row.setSpacing(6)
    for widget in (label, box, *more):
        row.addWidget(widget)
    return whole
