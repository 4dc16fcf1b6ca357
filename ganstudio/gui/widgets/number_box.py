"""NumberBox: a box for one number, whole or not, written as people write learning rates: ``2e-4``.

It knows nothing of settings; it takes a scale for its range and for the size of an arrow key's step.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

from ganstudio.gui.widgets.scale import Scale, number_text, parse_number

_CHARACTERS = frozenset("0123456789eE+-.,_ ")
_DECIMALS = 30
"""Qt rounds to this many decimals; enough for a double to come back as it was."""


class NumberBox(QDoubleSpinBox):
    """A number in a range. What is typed counts once Return is pressed or the box is left.

    Signals:
        settled: the user gave it another number, a float.
    """

    settled = Signal(float)

    def __init__(self, scale: Scale, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self.setDecimals(_DECIMALS)
        self.setRange(scale.low, scale.high)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setSuffix(f" {unit}" if unit else "")
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.valueChanged.connect(self.settled)

    def show_value(self, value: float) -> None:
        """Show a number without reporting it."""
        blocked = self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(blocked)

    def textFromValue(self, value: float) -> str:
        """Return the number as it is shown."""
        return number_text(value, self._scale.whole)

    def valueFromText(self, text: str) -> float:
        """Return the number that is written, brought into the range."""
        value = parse_number(text.removesuffix(self.suffix()))
        if value is None:
            return self.value()
        value = float(round(value)) if self._scale.whole else value
        return min(max(value, self.minimum()), self.maximum())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let a number be typed in any order; one beyond the range is brought into it in the end."""
        written = text.removesuffix(self.suffix())
        if not set(written) <= _CHARACTERS:
            return QValidator.State.Invalid, text, position
        value = parse_number(written)
        fits = value is not None and self.minimum() <= value <= self.maximum()
        return QValidator.State.Acceptable if fits else QValidator.State.Intermediate, text, position

    def fixup(self, text: str) -> str:
        """Return what is written as a number in the range."""
        return self.textFromValue(self.valueFromText(text)) + self.suffix()

    def stepBy(self, steps: int) -> None:
        """Go up or down by steps of the scale."""
        self.setValue(self._scale.stepped(self.value(), steps))
        self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form around it unless the box has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
