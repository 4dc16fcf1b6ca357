"""Kind row: a button for each kind of thing that can be shown in one place, and nothing of the things."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget


class KindRow(QWidget):
    """Buttons side by side, of which one is down.

    Signals:
        chosen: the name of the kind whose button the user pressed.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        """By kind, in no order."""
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)

    def add(self, kind: str, text: str, tip: str, place: int = -1) -> None:
        """Add a button at a place from the left, or as the last."""
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(kind))
        self._group.addButton(button)
        self._row.insertWidget(place, button)
        self.buttons[kind] = button

    def remove(self, kind: str) -> None:
        """Take a button away."""
        button = self.buttons.pop(kind)
        self._group.removeButton(button)
        self._row.removeWidget(button)
        button.hide()
        button.deleteLater()

    def clear(self) -> None:
        """Take all buttons away."""
        for kind in list(self.buttons):
            self.remove(kind)

    def show_choice(self, kind: str, visible: bool) -> None:
        """Let the button of a kind be down, and all of them be seen or not."""
        for each, button in self.buttons.items():
            button.setVisible(visible)
            button.setChecked(each == kind)

    def shown(self) -> list[str]:
        """Return the texts of the buttons, from the left."""
        items = (self._row.itemAt(place) for place in range(self._row.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [button.text() for button in widgets if isinstance(button, QToolButton)]
