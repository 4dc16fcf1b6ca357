"""Translate progress: how many images are translated or saved, and a button to stop. It stops nothing."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget


class TranslateProgress(QWidget):
    """A line that is hidden while there is nothing to wait for.

    Signals:
        stopAsked, goOnAsked: to translate no more of what waits, or to go on.
    """

    stopAsked = Signal()  # noqa: N815 - Qt's way of naming
    goOnAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self.text = QLabel(self)
        self.bar = QProgressBar(self)
        self.stop = QPushButton("Stop", self)
        self.bar.setAccessibleName("Progress of the translation")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.stop)
        self.stop.clicked.connect(self._press)
        self.hide()

    def show_states(self, states: Sequence[str], saving: int, held: bool) -> None:
        """Show how the images stand; ``saving``: how many are still to be written."""
        total, failed = len(states), states.count("failed")
        made = states.count("translated")
        done = total - saving if saving > 1 else made + failed
        self._held = held and saving <= 1
        self.setVisible(total > 1 and (saving > 1 or done < total))
        amiss = f", {failed} not" if failed else ""
        self.text.setText(
            f"{saving} still to be saved" if saving > 1 else f"{made} of {total} translated{amiss}"
        )
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.stop.setText("Go on" if self._held else "Stop")

    def _press(self) -> None:
        (self.goOnAsked if self._held else self.stopAsked).emit()
