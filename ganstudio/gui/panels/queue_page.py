"""Queue page: what waits to be trained, what is being trained, and what became of the rest.

It is told what is in the queue, and says what the user wishes. It knows nothing of sessions and files.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.panels.queue_details import QueueDetails
from ganstudio.gui.queue_words import QueueRow
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.page_top import page_top
from ganstudio.gui.widgets.queue_list import QueueList

_EMPTY = (
    "Nothing is in the queue. Add what is in the form, an experiment file, a preset, or a run to go on with; "
    "then press Start, and they are trained one after another."
)
_SHORT, _LOW = 360, 220
"""Below the first height, in pixels, list and details stand side by side; below the second the list alone."""
_DETAILS_WIDTH, _WIDEST = 340, 16_777_215


class QueuePage(QWidget):
    """The list, buttons above it, and below it what can be done with the selected entry.

    Signals:
        startAsked, holdAsked: to go on with what waits, or to start nothing more.
        formAsked, fileAsked, runAsked: to add what is in the form, from a file, or a run to go on with.
        presetAsked: to add a preset, by its name.
        moved: an entry by its key, and the place it is wanted at.
        removed, againAsked, goOnAsked, openAsked: an entry by its key.
        renamed: a key, and a name. stepsAsked: a key, and a total of steps.
        clearAsked: to take out all that is done.
        watched: whether the page is in view.
    """

    startAsked = Signal()  # noqa: N815 - Qt's way of naming
    holdAsked = Signal()  # noqa: N815
    formAsked = Signal()  # noqa: N815
    fileAsked = Signal()  # noqa: N815
    runAsked = Signal()  # noqa: N815
    presetAsked = Signal(str)  # noqa: N815
    moved = Signal(str, int)
    removed = Signal(str)
    againAsked = Signal(str)  # noqa: N815
    goOnAsked = Signal(str)  # noqa: N815
    openAsked = Signal(str)  # noqa: N815
    renamed = Signal(str, str)
    stepsAsked = Signal(str, int)  # noqa: N815
    clearAsked = Signal()  # noqa: N815
    watched = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._working = False
        self.line = QLabel(self)
        self.start = QPushButton(self)
        self.add = QPushButton("Add", self)
        self.clear = QPushButton("Clear done", self)
        self.presets = QMenu("A &preset", self)
        self.notice = Notice("info", parent=self)
        self.trouble = Notice("bad", parent=self)
        self.list = QueueList(self)
        self.details = QueueDetails(self)
        self._body = QStackedWidget(self)
        self._title = QLabel("Queue", self)
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._lay_out()
        self._connect()
        self.show_rows([], "")
        self.show_working(False, False)

    # --- What it is told ---------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[QueueRow], summary: str) -> None:
        """Show the queue, and all of it in a line."""
        self.line.setText(summary)
        self.list.show_rows(rows)
        self._body.setCurrentIndex(1 if rows else 0)
        self._arrange()
        self.clear.setEnabled(any(row.token == "good" for row in rows))
        self._show_selected()

    def show_working(self, working: bool, possible: bool, why: str = "") -> None:
        """Show whether the queue goes on by itself; where that is not possible, ``why``."""
        self._working = working
        self.start.setText("Hold" if working else "Start")
        self.start.setIcon(theme.icon("pause") if working else theme.icon("train", "on_accent"))
        self.start.setProperty("primary", not working)
        self.start.style().polish(self.start)
        self.start.setEnabled(possible or working)
        told = "Start nothing more; a run that goes on comes to its end" if working else ""
        self.start.setToolTip(told or why or "Train what waits, one after another")

    def say(self, text: str, trouble: str = "") -> None:
        """Say how the queue stands, and what is wrong with it."""
        self.notice.say(text)
        self.trouble.say(trouble)

    def show_presets(self, groups: dict[str, list[str]]) -> None:
        """Offer presets by group."""
        self.presets.clear()
        for group, names in groups.items():
            menu = self.presets.addMenu(group)
            for name in names:
                menu.addAction(name).triggered.connect(
                    lambda _checked=False, chosen=name: self.presetAsked.emit(chosen)
                )
        self.presets.setEnabled(bool(groups))

    # --- Inside ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the page can be seen."""
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it cannot."""
        super().hideEvent(event)
        self.watched.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the best of the room: a dock may be low and wide."""
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Let a dock be as low as the others beside it."""
        return QSize(320, 110)

    def _arrange(self) -> None:
        short, directions = self.height() < _SHORT, QBoxLayout.Direction
        self._parts.setDirection(directions.LeftToRight if short else directions.TopToBottom)
        self.details.setMaximumWidth(_DETAILS_WIDTH if short else _WIDEST)
        self.details.show_narrow(short)
        self._title.setVisible(not short)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(*((8, 4, 8, 4) if short else (12, 12, 12, 8)))
            layout.setSpacing(4 if short else 8)
        self.details.setVisible(self.list.count() > 0 and self.height() >= _LOW)

    def _show_menu(self, place: QPoint) -> None:
        """Offer at an entry what a low page has no room for."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """Return a menu of what the buttons do with the selected entry."""
        self._show_selected()
        menu = QMenu(self)
        for button in self.details.buttons():
            action = menu.addAction(button.text(), button.click)
            action.setEnabled(button.isEnabled())
            action.setToolTip(button.toolTip())
        return menu

    def _show_selected(self) -> None:
        self.details.show_row(self.list.current_row(), self.list.currentRow(), self.list.count())

    def _press_start(self) -> None:
        (self.holdAsked if self._working else self.startAsked).emit()

    def _rename(self) -> None:
        if self.details.name.isEnabled():
            self.details.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.details.name.selectAll()

    def _connect(self) -> None:
        self.start.clicked.connect(self._press_start)
        self.clear.clicked.connect(self.clearAsked)
        self.list.moved.connect(self.moved)
        self.list.removed.connect(self.removed)
        self.list.renaming.connect(self._rename)
        self.list.selected.connect(self._show_selected)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        details = self.details
        details.up.clicked.connect(lambda: self.list.move_current(-1))
        details.down.clicked.connect(lambda: self.list.move_current(1))
        for button, signal in (
            *((details.remove, self.removed), (details.again, self.againAsked)),
            *((details.go_on, self.goOnAsked), (details.open, self.openAsked)),
        ):
            button.clicked.connect(lambda _checked=False, wished=signal: wished.emit(details.key))
        details.name.editingFinished.connect(self._take_name)
        details.steps.editingFinished.connect(self._take_steps)

    def _take_name(self) -> None:
        row, name = self.list.current_row(), self.details.name.text().strip()
        if row is not None and row.waits and row.key == self.details.key and name and name != row.name:
            self.renamed.emit(row.key, name)

    def _take_steps(self) -> None:
        row, steps = self.list.current_row(), self.details.steps.value()
        if row is not None and row.waits and row.key == self.details.key and steps and steps != row.steps:
            self.stepsAsked.emit(row.key, steps)

    def _lay_out(self) -> None:
        self.clear.setToolTip("Take out what is done; the runs stay")
        self._make_menu()
        self._body.addWidget(self._empty())
        self._body.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(page_top(self._title, self.line, self.clear, self.add, self.start))
        for widget in (self.trouble, self.notice):
            layout.addWidget(widget)
        self._parts.setSpacing(8)
        self._parts.addWidget(self._body, 1)
        self._parts.addWidget(self.details)
        layout.addLayout(self._parts, 1)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)

    def _make_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction("What is in the &form", self.formAsked.emit)
        menu.addMenu(self.presets)
        menu.addAction("An experiment &file…", self.fileAsked.emit)
        menu.addAction("A &run to go on with…", self.runAsked.emit)
        self.add.setAccessibleName("Add to the queue")
        self.add.setToolTip("Add an experiment, or a run to go on with, at the end of the queue")
        self.add.setMenu(menu)

    def _empty(self) -> QLabel:
        label = QLabel(_EMPTY, self)
        label.setProperty("role", "quiet")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setContentsMargins(80, 0, 80, 0)
        return label
