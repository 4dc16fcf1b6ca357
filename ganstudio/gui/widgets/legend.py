"""Legend: one button for each curve, with a piece of its line, its name and a value.

A button that is not pressed means a curve that is not shown. It knows nothing of plots.
"""

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import CurveStyle
from ganstudio.gui.widgets.flow_layout import FlowLayout

_SAMPLE = 16
_ORDER = ("generator", "real", "fake", "discriminator")
LINE_HEIGHT = 24
WIDEST = "−0.000"
"""The widest number that an entry keeps room for, unless it is told of a wider one."""


class LegendEntry(QAbstractButton):
    """Shows and hides one curve."""

    def __init__(self, label: str, style: CurveStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_of_curve = style
        self._value = ""
        self._widest = WIDEST
        self.setText(label)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFont(theme.sized_font(-1))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{label} curve")
        self.setToolTip(f"Show or hide {label}")

    def set_value(self, text: str) -> None:
        """Show a value beside the name, or none where it is empty; room that it once needed is kept."""
        if text != self._value:
            self._value = text
            if self.fontMetrics().horizontalAdvance(text) > self.fontMetrics().horizontalAdvance(
                self._widest
            ):
                self.keep_room(text)
            self.setAccessibleDescription(text)
            self.update()

    def keep_room(self, widest: str) -> None:
        """Keep room for a value as wide as this text."""
        if widest != self._widest:
            self._widest = widest
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return room for the line, the name and the widest number."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(self._widest)
        return QSize(_SAMPLE + 18 + width, LINE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the size it always has."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it, quiet where its curve is hidden."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, tokens)
        draw_sample(painter, QPointF(4, self.height() / 2), self.style_of_curve, self._opacity())
        room = QRect(_SAMPLE + 10, 0, self.width() - _SAMPLE - 10, self.height())
        painter.setPen(QColor(tokens.text if self.isChecked() else tokens.quiet))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._value and self.isChecked():
            painter.setPen(QColor(tokens.quiet))
            room.setLeft(room.left() + self.fontMetrics().horizontalAdvance(self.text()) + 6)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._value)

    def _draw_ground(self, painter: QPainter, tokens: theme.Tokens) -> None:
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.window))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _opacity(self) -> float:
        return 1.0 if self.isChecked() else 0.3


class Legend(QWidget):
    """A title, and the entries of one plot in the order of the curves.

    Signals:
        toggled: the name of a curve, and whether it is to be shown.
    """

    toggled = Signal(str, bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: dict[str, LegendEntry] = {}
        self._flow = FlowLayout(self)
        self.heading: QWidget = _heading(title)
        self._flow.addWidget(self.heading)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_heading(self, heading: QWidget) -> None:
        """Have another widget in place of the title."""
        self._flow.removeWidget(self.heading)
        self.heading.hide()
        self.heading.deleteLater()
        self.heading = heading
        self._flow.insert_widget(0, heading)

    def keep_corner(self, width: int) -> None:
        """Leave room at the right end of the first line."""
        self._flow.corner = width
        self._flow.invalidate()

    def add(self, name: str, label: str, style: CurveStyle, shown: bool = True) -> None:
        """Add an entry; the generator and what is real come first, whatever came first."""
        entry = LegendEntry(label, style, self)
        entry.setChecked(shown)
        entry.toggled.connect(lambda shown: self.toggled.emit(name, shown))
        place = 1 + sum(_rank(other) <= _rank(name) for other in self.entries)
        self.entries[name] = entry
        self._flow.insert_widget(place, entry)

    def remove(self, name: str) -> None:
        """Remove one entry."""
        entry = self.entries.pop(name)
        self._flow.removeWidget(entry)
        entry.hide()
        entry.deleteLater()

    def clear(self) -> None:
        """Remove all entries."""
        for name in list(self.entries):
            self.remove(name)

    def set_style(self, name: str, style: CurveStyle) -> None:
        """Draw an entry's line otherwise."""
        self.entries[name].style_of_curve = style
        self.entries[name].update()


def _heading(title: str) -> QLabel:
    heading = QLabel(title)
    heading.setProperty("role", "title")
    heading.setContentsMargins(4, 0, 6, 0)
    heading.setFixedHeight(LINE_HEIGHT)
    return heading


def _rank(name: str) -> int:
    last = name.rpartition("/")[2]
    return _ORDER.index(last) if last in _ORDER else len(_ORDER)


def draw_sample(painter: QPainter, start: QPointF, style: CurveStyle, opacity: float = 1.0) -> None:
    """Draw a short piece of a curve's line, to the right from ``start``."""
    pen = theme.curve_pen(style, 2)
    pen.setDashPattern([length / 1.4 for length in style.dash]) if style.dash else None
    painter.save()
    painter.setOpacity(opacity)
    painter.setPen(pen)
    painter.drawLine(start, start + QPointF(_SAMPLE, 0))
    painter.restore()
