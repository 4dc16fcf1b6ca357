"""Table legend: what the colours of a table's charts mean, in a row. It knows nothing of tables."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import Tokens, mix

_SQUARE, _GAP, _BETWEEN, _HEIGHT = 10, 6, 16, 24
"""Pixels: a square's side, from it to its word, from a word to the next square, and of the row."""

Colour = Callable[[Tokens], str]


def real(tokens: Tokens) -> str:
    """Return the colour of bars of real rows."""
    return mix(tokens.panel, tokens.real, 0.5)


def made(tokens: Tokens) -> str:
    """Return the colour of bars of generated rows."""
    return tokens.generator


def less(tokens: Tokens) -> str:
    """Return the colour of pairs that go together less than in real rows."""
    return tokens.generator


def more(tokens: Tokens) -> str:
    """Return the colour of pairs that go together more than in real rows."""
    return tokens.discriminator


class TableLegend(QWidget):
    """A square in each colour, and what it stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[tuple[str, Colour], ...] = ()
        self.setFont(theme.sized_font(-1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier.changed.connect(self.update)

    def show_entries(self, entries: Sequence[tuple[str, Colour]]) -> None:
        """Show words, each with its colour."""
        self.entries = tuple(entries)
        self.setAccessibleName("Colours: " + ", ".join(word for word, _colour in entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for all entries."""
        return QSize(sum(self._width(word) for word, _colour in self.entries), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the entries from the left."""
        painter = QPainter(self)
        tokens, left = theme.current(), 0.0
        for word, colour in self.entries:
            top = (self.height() - _SQUARE) / 2
            painter.fillRect(QRectF(left, top, _SQUARE, _SQUARE), QColor(colour(tokens)))
            painter.setPen(QColor(tokens.quiet))
            room = QRectF(left + _SQUARE + _GAP, 0, self._width(word), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, word)
            left += self._width(word)

    def _width(self, word: str) -> int:
        return _SQUARE + _GAP + self.fontMetrics().horizontalAdvance(word) + _BETWEEN
