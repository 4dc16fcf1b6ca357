"""Tick slider: a slider over few or many places, with a tick for each. It knows nothing of what they are."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from ganstudio.gui import theme

_CLOSEST = 4
"""Pixels between two ticks at least; where there are more places, some have none."""
_LENGTH = 3


class TickSlider(QSlider):
    """Goes to where it is pressed, rather than a page at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(48)

    def set_places(self, count: int) -> None:
        """Offer the places 0 to ``count`` - 1."""
        self.setRange(0, max(0, count - 1))
        self.setPageStep(max(1, count // 10))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the mouse, from where it may be dragged."""
        handle = self._part(QStyle.SubControl.SC_SliderHandle)
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(event.position().toPoint()):
            groove = self._part(QStyle.SubControl.SC_SliderGroove)
            x = round(event.position().x()) - groove.left() - handle.width() // 2
            room = groove.width() - handle.width()
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x, room))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tick below the groove for each place, as far as there is room."""
        super().paintEvent(event)
        if not self.maximum():
            return
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().quiet if self.isEnabled() else theme.current().line))
        for x in self.ticks():
            painter.drawLine(x, self.height() - _LENGTH, x, self.height() - 1)
        painter.end()

    def ticks(self) -> list[int]:
        """Return where ticks are drawn, in pixels from the left."""
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        handle = self._part(QStyle.SubControl.SC_SliderHandle)
        room, left = groove.width() - handle.width(), groove.left() + handle.width() // 2
        every = 1
        while self.maximum() and every * room < _CLOSEST * self.maximum():
            every *= 2
        places = range(0, self.maximum() + 1, every)
        return [left + QStyle.sliderPositionFromValue(0, self.maximum(), place, room) for place in places]

    def _part(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
