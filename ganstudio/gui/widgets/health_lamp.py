"""Health lamps: a shape and a colour for each level, so that neither is needed to tell them apart.

They know levels by their names, and nothing of rules and runs.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ganstudio.gui import theme

LAMP = 12
"""The side of a lamp in pixels."""


def paint_lamp(painter: QPainter, centre: QPointF, level: str) -> None:
    """Draw a lamp: ``good`` a disc, ``watch`` a triangle, ``bad`` a square, ``idle`` an empty ring."""
    tokens = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = LAMP / 2
    square = QRectF(centre.x() - half, centre.y() - half, LAMP, LAMP)
    if level == "idle":
        painter.setPen(QPen(QColor(tokens.quiet), 1.2))
        painter.drawEllipse(square.adjusted(2, 2, -2, -2))
        painter.restore()
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor({"watch": tokens.watch, "bad": tokens.bad}.get(level, tokens.good)))
    if level == "watch":
        corners = [(0, -half), (half + 0.5, half - 0.5), (-half - 0.5, half - 0.5)]
        painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in corners]))
    elif level == "bad":
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
    else:
        painter.drawEllipse(square.adjusted(1, 1, -1, -1))
    painter.restore()


class HealthLamp(QWidget):
    """One lamp that stands still. What it means is said by what stands beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = "idle"
        self.setFixedSize(LAMP + 4, LAMP + 4)

    def show_level(self, level: str) -> None:
        """Show another level."""
        if level != self.level:
            self.level = level
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamp."""
        painter = QPainter(self)
        paint_lamp(painter, QRectF(self.rect()).center(), self.level)
        painter.end()
