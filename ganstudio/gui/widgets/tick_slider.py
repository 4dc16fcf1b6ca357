"""Tick slider: a slider over few or many places, with a tick for each. It knows nothing of what they are."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.score_marks import star

_CLOSEST = 4
"""Pixels between two ticks at least; where there are more places, some have none."""
_LENGTH = 3
_STAR = 5.0
"""Pixels from the middle of the star to its points."""


class TickSlider(QSlider):
    """Goes to where it is pressed, rather than a page at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(48)
        self.star: int | None = None
        """The place that has a star, if one has."""

    def set_places(self, count: int) -> None:
        """Offer the places 0 to ``count`` - 1."""
        self.setRange(0, max(0, count - 1))
        self.setPageStep(max(1, count // 10))
        self.update()

    def set_star(self, place: int | None) -> None:
        """Draw a star at a place, or none."""
        if place != self.star:
            self.star = place
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
        if self.star is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.current().panel))
            painter.setBrush(QColor(theme.current().score))
            painter.drawPolygon(star(QPointF(self._middle_of(self.star) + 0.5, self.height() - _STAR), _STAR))
        painter.end()

    def ticks(self) -> list[int]:
        """Return where ticks are drawn, in pixels from the left."""
        every = 1
        while self.maximum() and every * self._room()[1] < _CLOSEST * self.maximum():
            every *= 2
        return [self._middle_of(place) for place in range(0, self.maximum() + 1, every)]

    def _middle_of(self, place: int) -> int:
        """Return where the middle of the handle is at a place, in pixels from the left."""
        left, room = self._room()
        return left + QStyle.sliderPositionFromValue(0, self.maximum(), place, room)

    def _room(self) -> tuple[int, int]:
        """Return where the middle of the handle is at the first place, and how far it goes."""
        groove = self._part(QStyle.SubControl.SC_SliderGroove)
        handle = self._part(QStyle.SubControl.SC_SliderHandle)
        return groove.left() + handle.width() // 2, groove.width() - handle.width()

    def _part(self, part: QStyle.SubControl) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
