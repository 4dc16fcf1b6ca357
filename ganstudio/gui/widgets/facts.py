"""Facts: names and values below each other, quiet and to be selected. It knows nothing of what they mean."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ganstudio.gui import theme


class Facts(QWidget):
    """A column of names, and a value beside each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[QLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Show these names and values in place of those before."""
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        for row, (name, value) in enumerate(facts):
            self._add(row, 0, name, "quiet")
            shown = self._add(row, 1, value, "")
            shown.setAccessibleName(f"{name}: {value}")
            shown.setWordWrap(True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def text(self) -> str:
        """Return all of it, a line each."""
        cells = [label.text() for label in self._labels]
        return "\n".join(f"{name}: {value}" for name, value in zip(cells[::2], cells[1::2], strict=True))

    def _add(self, row: int, column: int, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(theme.sized_font(0))
        if role:
            label.setProperty("role", role)
        self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._labels.append(label)
        return label
