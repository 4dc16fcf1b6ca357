"""Sample tools: the ways to look at samples, a button each. It knows nothing of samples."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ganstudio.gui import theme

_COMPARE = "Compare other steps with this one"
_END = "Compare with {step} no more"


class SampleTools(QWidget):
    """Buttons that stay down; those that do not apply are not seen.

    Signals:
        changed: another one is down.
        closerAsked: samples are to be looked at closely, or not any more.
    """

    changed = Signal()
    closerAsked = Signal(bool)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.beside = self._button("compare", "Real samples beside generated ones", row)
        self.by_class = self._button("by-class", "A row for each class", row)
        self.pin = self._button("pin", _COMPARE, row)
        self.closer = self._button("search", "Look at samples closely (click one, or Enter)", row)
        self.beside.clicked.connect(self._take_beside)
        self.pin.clicked.connect(self._take_pin)
        self.by_class.clicked.connect(self.changed)
        self.closer.clicked.connect(self.closerAsked)

    def offer(self, *, beside: bool, classes: bool, steps: bool, closer: bool) -> None:
        """Show the buttons that apply; one that does not is let go."""
        offered = {self.beside: beside, self.by_class: classes, self.pin: steps, self.closer: closer}
        for button, applies in offered.items():
            button.setVisible(applies)

    def clear(self) -> None:
        """Let every button go."""
        for button in (self.beside, self.by_class, self.pin, self.closer):
            button.setChecked(False)
        self.show_pinned("")

    def show_pinned(self, step: str) -> None:
        """Say which step others are compared with, nothing for none."""
        self.pin.setChecked(bool(step))
        tip = _END.format(step=step) if step else _COMPARE
        self.pin.setToolTip(tip)
        self.pin.setAccessibleName(tip)

    def _take_beside(self, down: bool) -> None:
        if down:
            self.show_pinned("")
        self.changed.emit()

    def _take_pin(self, down: bool) -> None:
        if down:
            self.beside.setChecked(False)
        self.changed.emit()

    def _button(self, icon: str, tip: str, row: QHBoxLayout) -> QToolButton:
        button = QToolButton(self)
        # No higher than the line of text beside it: the samples above need every pixel.
        button.setProperty("compact", "line")
        button.setCheckable(True)
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(16, 16))
        button.setFixedHeight(20)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.hide()
        row.addWidget(button)
        return button
