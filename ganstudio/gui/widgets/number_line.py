"""NumberLine: one number in a line of text, written as people write learning rates: ``2e-4``.

It goes beside a slider. It knows nothing of settings; it takes a scale for its range and its steps.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ganstudio.gui.widgets.scale import Scale, number_text, parse_number


class NumberLine(QLineEdit):
    """A number in a range. What is typed counts once Return is pressed or the line is left.

    Signals:
        settled: the user gave it another number, a float.
    """

    settled = Signal(float)

    def __init__(self, scale: Scale, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._unit = f" {unit}" if unit else ""
        self._value = scale.low
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self.commit)
        self.show_value(scale.low)

    def value(self) -> float:
        """Return the number, without what is still being typed."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number without reporting it."""
        self._value = value
        text = number_text(value, self._scale.whole) + self._unit
        if text != self.text():
            self.setText(text)

    def commit(self) -> None:
        """Take what is written, brought into the range; what is no number falls back to the number before."""
        value = self._written()
        changed = value != self._value
        self.show_value(value)
        if changed:
            self.settled.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrow keys; Escape takes back what was typed."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.setText(number_text(self._scale.stepped(self._written(), step), self._scale.whole))
            self.commit()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self.show_value(self._value)
        else:
            super().keyPressEvent(event)

    def _written(self) -> float:
        text = self.text()
        # What is shown may be rounded: only what was typed is read back.
        if text == number_text(self._value, self._scale.whole) + self._unit:
            return self._value
        value = parse_number(text.removesuffix(self._unit))
        if value is None:
            return self._value
        value = float(round(value)) if self._scale.whole else value
        return min(max(value, self._scale.low), self._scale.high)
