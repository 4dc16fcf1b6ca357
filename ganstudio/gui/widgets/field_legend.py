"""Field legend: what the colours of the discriminator's surface stand for, in a corner of it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.gui import theme
from ganstudio.gui.field_numbers import Span
from ganstudio.gui.tokens import Tokens
from ganstudio.gui.widgets.field_paint import LEVELS, heat_colours

_WIDTH, _BAR, _PAD = 168, 8, 8


class FieldLegend(QLabel):
    """A bar from low to high with its ends. It lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._ends = "", ("", "")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(theme.sized_font(-2))
        self.resize(self.sizeHint())
        self.hide()
        theme.notifier.changed.connect(self._show)

    def show_span(self, span: Span, probability: bool, shown: bool) -> None:
        """Say what lies at both ends."""
        low, high = ("0", "1") if probability else (_number(span.low), _number(span.high))
        title = "Discriminator: probability of real" if probability else "Discriminator: raw logit"
        ends = (f"{low} generated", f"real {high}")
        if (title, ends) != (self._title, self._ends):
            self._title, self._ends = title, ends
            self.setAccessibleName(f"{title}, from {low} for generated to {high} for real")
            self._show()
        self.setVisible(shown)

    def sizeHint(self) -> QSize:
        """Return the room of two lines and the bar."""
        line = QFontMetrics(self.font()).height()
        return QSize(_WIDTH + 2 * _PAD, 2 * _PAD + 2 * line + _BAR + 4)

    @Slot()
    def _show(self) -> None:
        """Draw it once: it lies over something that is painted many times a second."""
        self.setPixmap(self._picture())

    def _picture(self) -> QPixmap:
        ratio, tokens = self.devicePixelRatioF(), theme.current()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(tokens.panel))
        painter = QPainter(picture)
        painter.setFont(self.font())
        painter.setPen(QColor(tokens.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        inner = self.rect().adjusted(_PAD, _PAD, -_PAD, -_PAD)
        painter.setPen(QColor(tokens.text))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), self._title)
        bar = QRectF(inner.left(), inner.top() + painter.fontMetrics().height() + 2, _WIDTH, _BAR)
        painter.fillRect(bar, _ramp(bar, tokens))
        painter.setPen(QColor(tokens.quiet))
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        for text, side in zip(self._ends, sides, strict=True):
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignBottom | side), text)
        painter.end()
        return picture


def _ramp(bar: QRectF, tokens: Tokens) -> QLinearGradient:
    ramp = QLinearGradient(QPointF(bar.left(), 0), QPointF(bar.right(), 0))
    for place in range(0, LEVELS, 51):
        ramp.setColorAt(place / (LEVELS - 1), QColor.fromRgb(int(heat_colours(tokens)[place])))
    return ramp


def _number(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
