"""Health strip: all lamps of a run in a row and the name of the gravest trouble, small enough for a corner.

It shows what it is told and reports what is pressed. It knows nothing of rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QToolTip, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.health_lamp import LAMP, paint_lamp

_PITCH, _PAD, _HEIGHT = 18, 8, 28
_LONGEST = 200


@dataclass(frozen=True)
class Lamp:
    """One lamp. ``spoken``: what it says in words."""

    key: str
    level: str
    spoken: str


class HealthStrip(QAbstractButton):
    """A button with a lamp for each rule.

    Signals:
        asked: it was pressed: the key of the lamp under the mouse, or nothing.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lamps: list[Lamp] = []
        self.word = ""
        self._level = "idle"
        self._pressed_at = ""
        self.setFont(theme.sized_font(0))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._ask)

    def show_lamps(self, lamps: Sequence[Lamp], level: str, word: str, spoken: str) -> None:
        """Show these lamps; ``word`` stands beside them in the colour of ``level``, ``spoken`` is its tip."""
        resized = (len(lamps), word) != (len(self.lamps), self.word)
        self.lamps, self._level, self.word = list(lamps), level, word
        self.setAccessibleName(f"Health: {spoken}")
        self.setVisible(bool(lamps))
        if resized:
            self.updateGeometry()
            self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for all lamps and the word."""
        text = min(self.fontMetrics().horizontalAdvance(self.word), _LONGEST)
        return QSize(2 * _PAD + _PITCH * len(self.lamps) + (text + 10 if text else 0), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lamps, then the word."""
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QColor(tokens.accent if self.hasFocus() else tokens.line))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 4, 4)
        for place, lamp in enumerate(self.lamps):
            paint_lamp(painter, QPointF(_PAD + _PITCH * (place + 0.5), self.height() / 2), lamp.level)
        if self.word:
            painter.setPen(QColor(getattr(tokens, self._level, tokens.text)))
            room = self.rect().adjusted(_PAD + _PITCH * len(self.lamps) + 6, 0, -_PAD, 0)
            text = self.fontMetrics().elidedText(self.word, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say of the lamp under the mouse what it means."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            lamp = self._lamp_at(event.pos().x())
            text = lamp.spoken if lamp else self.accessibleName()
            QToolTip.showText(event.globalPos(), text, self, self._place(lamp))
            return True
        if event.type() == QEvent.Type.MouseButtonPress:
            lamp = self._lamp_at(event.position().x())  # type: ignore[attr-defined]
            self._pressed_at = lamp.key if lamp else ""
        return super().event(event)

    def _ask(self) -> None:
        key, self._pressed_at = self._pressed_at, ""
        self.asked.emit(key)

    def _lamp_at(self, x: float) -> Lamp | None:
        place = int((x - _PAD) // _PITCH)
        return self.lamps[place] if 0 <= place < len(self.lamps) else None

    def _place(self, lamp: Lamp | None) -> QRect:
        if lamp is None:
            return self.rect()
        left = _PAD + _PITCH * self.lamps.index(lamp)
        return QRect(left, (self.height() - LAMP) // 2, _PITCH, LAMP)
