"""SliderBox: a slider with a box beside it, for one number in a range.

The slider is for trying, the box for an exact value. It knows nothing of settings.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from ganstudio.gui.widgets.number_line import NumberLine
from ganstudio.gui.widgets.scale import POSITIONS, Scale

_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
}


class SliderBox(QWidget):
    """A number in a range, on the scale that suits it.

    Signals:
        changed: the user gave it another number, also while dragging; a float.
        settled: the drag is over.
    """

    changed = Signal(float)
    settled = Signal()

    def __init__(self, scale: Scale, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._value = scale.low
        self.slider = _Slider(scale, self)
        self.box = NumberLine(scale, unit, self)
        self.box.setFixedWidth(self.fontMetrics().horizontalAdvance("0" * 7 + unit) + 20)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.box)
        self.setFocusProxy(self.slider)
        self.slider.moved.connect(self._take_from_slider)
        self.slider.sliderReleased.connect(self.settled)
        self.box.settled.connect(self._take_from_box)

    def value(self) -> float:
        """Return the number, with what is still being typed."""
        self.box.commit()
        return self._value

    def set_value(self, value: float) -> None:
        """Show a number without reporting it."""
        self._value = min(max(float(value), self._scale.low), self._scale.high)
        self.box.show_value(self._value)
        self.slider.show_value(self._value)

    def dragging(self) -> bool:
        """Say whether the user holds the slider."""
        return self.slider.isSliderDown()

    def name(self, text: str) -> None:
        """Give both parts a name for those who hear the window."""
        self.slider.setAccessibleName(f"{text}, slider")
        self.box.setAccessibleName(text)

    def _take_from_slider(self, value: float) -> None:
        self._value = value
        self.box.show_value(value)
        self.changed.emit(value)

    def _take_from_box(self, value: float) -> None:
        self._value = value
        self.slider.show_value(value)
        self.changed.emit(value)
        self.settled.emit()


class _Slider(QSlider):
    """A slider in positions of a scale, which tells values.

    Signals:
        moved: the user moved it to this value.
    """

    moved = Signal(float)

    def __init__(self, scale: Scale, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = scale
        self._exact = scale.low
        self.setRange(0, POSITIONS)
        self.setPageStep(POSITIONS // 10)
        self.setMinimumWidth(48)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._tell)

    def show_value(self, value: float) -> None:
        """Stand where ``value`` is without reporting it."""
        self._exact = value
        blocked = self.blockSignals(True)
        self.setValue(self._scale.position(value))
        self.blockSignals(blocked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by values rather than by positions, so that each press changes the number."""
        steps = _STEPS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
            return
        moved = self._scale.stepped(self._exact, steps)
        if moved != self._exact:
            self.show_value(moved)
            self.moved.emit(moved)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form around it: a setting must not change by scrolling past."""
        event.ignore()

    def _tell(self, position: int) -> None:
        self._exact = self._scale.value(position)
        self.moved.emit(self._exact)
