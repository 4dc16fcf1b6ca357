"""PanelHost: the place of one plugin's panel: nothing yet, the panel, or what it failed with.

It knows nothing of docks or menus, nor of what a panel shows. Whatever a panel raises stays in here.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.failures import describe_failure
from ganstudio.gui import theme
from ganstudio.gui.panel_handlers import keep_alive

if TYPE_CHECKING:
    from ganstudio.api import Event, Panel

_SIZE = QSize(280, 240)


class FailedPanel(QWidget):
    """What stands in the place of a panel that failed: a sentence, and the traceback folded below it.

    Signals:
        again: the panel is to be made anew.
    """

    again = Signal()

    def __init__(self, title: str, sentence: str, details: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = QLabel(f"{title} stopped. {sentence}", self)
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rest = QLabel("The training and the rest of the window are not affected.", self)
        self.rest.setWordWrap(True)
        self.rest.setProperty("role", "quiet")
        self.retry, self.fold = QPushButton("Try again", self), QPushButton("Details", self)
        self.copy = QPushButton("Copy", self)
        self.fold.setCheckable(True)
        self.details = QPlainTextEdit(details.rstrip(), self)
        self.details.setReadOnly(True)
        self.details.setFont(theme.mono_font())
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName("Details of the failure")
        self.details.hide()
        self.setAccessibleName(self.sentence.text())
        self.retry.clicked.connect(self.again)
        self.copy.clicked.connect(self._copy)
        self.fold.toggled.connect(self.details.setVisible)
        self._lay_out()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.sentence.text()}\n\n{self.details.toPlainText()}\n")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.retry, self.fold, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.sentence)
        layout.addWidget(self.rest)
        layout.addLayout(buttons)
        layout.addWidget(self.details, 1)
        layout.addStretch()


class PanelHost(QWidget):
    """Makes a panel when it is first seen, feeds it, and takes it down when it raises.

    ``past``: returns the events so far, for a panel that is made while a run goes on.
    """

    def __init__(self, title: str, past: "Callable[[], Sequence[Event]]", parent: QWidget) -> None:
        super().__init__(parent)
        self.title = title
        self.panel: Panel | None = None
        self.content: QWidget | None = None
        """The panel's own widget, as long as it has not failed."""
        self._past = past
        self._class: type[Panel] | None = None
        self._waiting = QLabel("The plugins are being loaded…", self)
        self._waiting.setProperty("role", "quiet")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget = self._waiting
        self._layout.addWidget(self._waiting)

    @property
    def failed(self) -> bool:
        """Whether the panel has failed."""
        return isinstance(self._shown, FailedPanel)

    def sizeHint(self) -> QSize:
        """Return the size of a narrow column."""
        return _SIZE

    def offer(self, cls: "type[Panel]") -> None:
        """Say which class makes the panel; a class other than before takes the place of what is shown."""
        if cls is self._class:
            return
        self._class = cls
        if self._shown is not self._waiting:
            self._show(QLabel("", self))
            self.panel = None
        if self.isVisible():
            self.make()

    def take(self, events: "Sequence[Event]") -> None:
        """Feed the panel."""
        if self.panel is None:
            return
        try:
            self.panel.take(events)
        # A panel may even call sys.exit; only the user's Ctrl+C passes.
        except (Exception, SystemExit) as error:
            self.fail(*describe_failure(error))

    @Slot()
    def make(self) -> None:
        """Make the panel and tell it what has happened so far."""
        cls = self._class
        if cls is None:
            return
        try:
            panel = cls()
            content = panel.make(self)
            if not isinstance(content, QWidget):
                raise TypeError(f"make() must return a QWidget, and returned {type(content).__name__}")
        except (Exception, SystemExit) as error:
            self.fail(*describe_failure(error))
            return
        keep_alive(content)
        self.panel, self.content = panel, content
        self._show(content)
        self.take(self._past())

    def fail(self, sentence: str, details: str) -> None:
        """Put the sentence in the place of the panel."""
        self.panel = self.content = None
        card = FailedPanel(self.title, sentence, details, self)
        card.again.connect(self.make)
        self._show(card)
        self._drop_strays(card)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the panel the first time it is seen."""
        super().showEvent(event)
        if self.panel is None and not self.failed:
            self.make()

    def _show(self, widget: QWidget) -> None:
        before, self._shown = self._shown, widget
        self._layout.removeWidget(before)
        self._layout.addWidget(widget)
        widget.show()
        before.hide()
        before.deleteLater()

    def _drop_strays(self, card: QWidget) -> None:
        """Take away what a constructor that failed half-way had already put here."""
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if child is not card:
                child.hide()
                child.deleteLater()
