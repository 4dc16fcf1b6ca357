"""LogPanel: what happened, a line each, oldest first. It reads events and messages; it writes no file."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ganstudio.api.events import Event
from ganstudio.gui import theme
from ganstudio.gui.event_words import Line, lines_of

_MOST_LINES = 2000
_SIGNS = {"info": "·", "watch": "!", "bad": "✕", "good": "✓"}
_WORDS = {"info": "info", "watch": "warn", "bad": "error", "good": "done"}


class LogPanel(QWidget):
    """A bounded list of lines: time, level in a word, message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = QPlainTextEdit(self)
        self.view.setReadOnly(True)
        self.view.setMaximumBlockCount(_MOST_LINES)
        self.view.setUndoRedoEnabled(False)
        self.view.setFont(theme.mono_font())
        self.view.setAccessibleName("Log")
        self.view.setPlaceholderText("What happens is written here.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.addWidget(self.view)
        self._lines: deque[tuple[str, Line]] = deque(maxlen=_MOST_LINES)
        theme.notifier.changed.connect(self._repaint)

    def take(self, events: Iterable[Event]) -> None:
        """Add a line for each event that a person may want to read of."""
        for event in events:
            for line in lines_of(event):
                self._add(line)

    def say(self, message: str, level: str = "info") -> None:
        """Add a message; ``level`` is ``info``, ``good``, ``watch`` or ``bad``."""
        self._add(Line(level, message))

    def text(self) -> str:
        """Return all that is shown."""
        return self.view.toPlainText()

    def _add(self, line: Line) -> None:
        stamped = (f"{datetime.now():%H:%M:%S}", line)
        self._lines.append(stamped)
        bar = self.view.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        self._write(*stamped)
        if at_end:
            bar.setValue(bar.maximum())

    def _write(self, time: str, line: Line) -> None:
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        tokens = theme.current()
        colours = {"info": tokens.quiet, "watch": tokens.watch, "bad": tokens.bad, "good": tokens.good}
        if not self.view.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(f"{time}  ", _coloured(tokens.quiet))
        cursor.insertText(f"{_SIGNS[line.level]} {_WORDS[line.level]:<5}  ", _coloured(colours[line.level]))
        indent = " " * 19
        cursor.insertText(line.text.replace("\n", f"\n{indent}"), _coloured(tokens.text))

    def _repaint(self) -> None:
        """Write every line anew in the colours of the other theme."""
        self.view.clear()
        for stamped in self._lines:
            self._write(*stamped)
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())


def _coloured(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made
