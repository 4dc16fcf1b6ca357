"""Diff view: a text to be read, in a monospaced face; lines that came or went are coloured as well as signed.

It knows nothing of what the text is; whoever hands it over has made invisible characters visible.
"""

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ganstudio.gui import theme

_HEADS = ("--- ", "+++ ", "@@ ")


class DiffView(QPlainTextEdit):
    """A read-only text: a unified difference, or a whole file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(theme.mono_font())
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._colours = _Colours(self.document())

    def show_text(self, text: str, difference: bool) -> None:
        """Show a text; ``difference``: whether it is a unified difference, whose lines have signs."""
        self._colours.active = difference
        self.setPlainText(text.rstrip("\n"))


class _Colours(QSyntaxHighlighter):
    """Colours a line by its first sign."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.active = False
        theme.notifier.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        if not self.active:
            return
        tokens = theme.current()
        if text.startswith(_HEADS):
            colour = tokens.quiet
        elif text.startswith("+"):
            colour = tokens.good
        elif text.startswith("-"):
            colour = tokens.bad
        else:
            return
        style = QTextCharFormat()
        style.setForeground(QColor(colour))
        self.setFormat(0, len(text), style)
