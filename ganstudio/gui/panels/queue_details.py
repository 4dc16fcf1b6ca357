"""Queue details: what is known of one entry of the queue, and what can be done with it.

It is told which entry; it knows neither the queue nor the list beside it.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.queue_words import QueueRow

_MOST_STEPS = 100_000_000


class QueueDetails(QFrame):
    """The selected entry: its name and steps while it waits, why it failed, and what can be done with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.key = ""
        self.name = QLineEdit(self)
        self.steps = QSpinBox(self)
        self.sentence = QLabel(self)
        self.up = self._button("Up", "Train it earlier (Alt+↑)")
        self.down = self._button("Down", "Train it later (Alt+↓)")
        self.remove = self._button("Remove", "Take it out of the queue; its run stays (Delete)")
        self.again = self._button("Try again", "Let it wait to be trained from its beginning")
        self.go_on = self._button("Go on", "Let its run wait to be gone on with from its newest checkpoint")
        self.open = self._button("Open run", "Show the run it became")
        self._lay_out()

    def show_row(self, row: QueueRow | None, place: int, count: int) -> None:
        """Show an entry at a place among so many; nothing where there is none."""
        other = (row.key if row else "") != self.key
        self.key = row.key if row else ""
        self.setEnabled(row is not None)
        if row is None:
            return
        for editor in (self.name, self.steps):
            editor.setEnabled(row.waits)
        # What is being typed is the user's.
        if other or not self.name.hasFocus():
            self.name.setText(row.name)
        if other or not self.steps.hasFocus():
            self.steps.setValue(row.steps or 0)
        self.sentence.setText(row.sentence)
        self.sentence.setVisible(bool(row.sentence))
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)
        self.remove.setEnabled(row.removable)
        for button, offered in ((self.again, row.again), (self.go_on, row.goes_on), (self.open, row.opens)):
            button.setVisible(offered)

    def show_narrow(self, narrow: bool) -> None:
        """Stand the buttons below each other in two rows, or all in one."""
        directions = QBoxLayout.Direction
        self._rows.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    def buttons(self) -> list[QPushButton]:
        """Return those that can be pressed for the entry, or could be for another place of it."""
        optional = [button for button in (self.again, self.go_on, self.open) if not button.isHidden()]
        return [*optional, self.up, self.down, self.remove]

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        return button

    def _lay_out(self) -> None:
        self.name.setAccessibleName("Name of the entry")
        self.name.setMaxLength(200)
        self.steps.setRange(0, _MOST_STEPS)
        self.steps.setMinimumWidth(160)
        self.steps.setSpecialValueText("as it was")
        self.steps.setSuffix(" steps")
        self.steps.setAccessibleName("Steps in all")
        self.steps.setToolTip("How many steps it is to have in all")
        self.steps.setFont(theme.sized_font(0))
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("role", "quiet")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        editors = QHBoxLayout()
        editors.addWidget(self.name, 1)
        editors.addWidget(self.steps)
        always, sometimes = QHBoxLayout(), QHBoxLayout()
        for button in (self.up, self.down, self.remove):
            always.addWidget(button)
        always.addStretch(1)
        for button in (self.again, self.go_on, self.open):
            sometimes.addWidget(button)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._rows.setSpacing(8)
        self._rows.addLayout(always, 1)
        self._rows.addLayout(sometimes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.sentence)
        layout.addLayout(editors)
        layout.addLayout(self._rows)
        layout.addStretch(1)
