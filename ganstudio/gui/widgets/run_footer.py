"""Run footer: how many runs there are, what they take on disk, and what lies in the trash."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.gui import words
from ganstudio.gui.data_words import memory
from ganstudio.runs.entry import Entry


class RunFooter(QWidget):
    """One line.

    Signals:
        emptyAsked: the trash is to be emptied.
    """

    emptyAsked = Signal()  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = QLabel(self)
        self.counts.setProperty("role", "quiet")
        self.trash = QLabel(self)
        self.trash.setProperty("role", "quiet")
        self.empty = QPushButton("Empty trash…", self)
        self.empty.setFlat(True)
        self.empty.clicked.connect(self.emptyAsked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.counts, 1)
        layout.addWidget(self.trash)
        layout.addWidget(self.empty)
        self.show_trash(0)

    def show_counts(self, entries: Sequence[Entry], shown: Sequence[Entry]) -> None:
        """Say how many runs there are, how many of them are shown, and their size."""
        many = _runs(len(entries))
        of = many if len(shown) == len(entries) else f"{words.grouped(len(shown))} of {many}"
        taken = sum(entry.size for entry in shown)
        running = sum(entry.state == "running" for entry in entries)
        parts = [of, f"{memory(taken)} on disk", f"{running} training" if running else ""]
        self.counts.setText(", ".join(part for part in parts if part) if entries else "")

    def show_trash(self, count: int) -> None:
        """Say how many runs lie in the trash."""
        self.trash.setText(f"{_runs(count)} in the trash")
        for widget in (self.trash, self.empty):
            widget.setVisible(count > 0)


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{words.grouped(count)} runs"
