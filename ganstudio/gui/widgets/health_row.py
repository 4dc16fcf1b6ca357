"""Health row: one rule, its lamp and the word for it; a press opens or closes what there is to say.

It shows what it is told. It knows nothing of rules.
"""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import mix
from ganstudio.gui.widgets.health_lamp import LAMP, paint_lamp

_PAD, _LINE, _GAP = 8, 18, 10
_ARROW = 12


class HealthRow(QAbstractButton):
    """Lamp and title, the word for the lamp at the right end; for a trouble, its name on a second line."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.level = "idle"
        self.line = self.word = ""
        self.setCheckable(True)
        self.setFont(theme.sized_font(0))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrows = {True: theme.icon("glyph-down", "quiet"), False: theme.icon("glyph-right", "quiet")}

    def show_rule(self, title: str, level: str, line: str, word: str, spoken: str) -> None:
        """Show how a rule stands; ``line`` is the second line, where there is one."""
        taller = bool(line) != bool(self.line)
        self.level, self.line, self.word = level, line, word
        self.setText(title)
        self.setAccessibleName(spoken)
        if taller:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of one line or of two."""
        return QSize(160, _LINE * (2 if self.line else 1) + 10)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a row is never lower."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw lamp, title, word and second line."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        first = QRect(_PAD + LAMP + _GAP, 5, self.width() - 2 * _PAD - LAMP - _GAP - _ARROW - 4, _LINE)
        middle = first.center().y() + 1
        paint_lamp(painter, QPointF(_PAD + LAMP / 2, middle), self.level)
        arrow = QRect(self.width() - _PAD - _ARROW, middle - _ARROW // 2, _ARROW, _ARROW)
        self._arrows[self.isChecked()].paint(painter, arrow)
        coloured = self.level in ("watch", "bad")
        painter.setPen(QColor(getattr(tokens, self.level) if coloured else tokens.quiet))
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.word)
        room = first.width() - painter.fontMetrics().horizontalAdvance(self.word) - _GAP
        painter.setPen(QColor(tokens.text))
        painter.setFont(theme.sized_font(0, bold=coloured))
        self._draw(painter, QRect(first.left(), first.top(), room, _LINE), self.text())
        if self.line:
            painter.setFont(theme.sized_font(0))
            painter.setPen(QColor(tokens.text if coloured else tokens.quiet))
            self._draw(painter, first.translated(0, _LINE), self.line)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        tokens = theme.current()
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mix(tokens.window, tokens.text, 0.06)))
            painter.drawRoundedRect(self.rect(), 4, 4)
        if self.hasFocus():
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)

    @staticmethod
    def _draw(painter: QPainter, room: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
