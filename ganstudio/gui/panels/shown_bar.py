"""Shown bar: says which run is looked at when it is not the one that trains here, and what can be done.

It shows what it is told and reports what is pressed. It knows nothing of folders and of sessions.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.marks import IconMark
from ganstudio.gui.words import grouped

_MARKS = {
    "running": ("live", "accent"),
    "paused": ("pause", "watch"),
    "finished": ("check", "good"),
    "stopped": ("stop", "quiet"),
    "failed": ("warning", "bad"),
    "interrupted": ("warning", "watch"),
}
_WORDS = {
    "running": "trained by another process",
    "paused": "paused, in another process",
    "finished": "finished",
    "stopped": "stopped",
    "failed": "failed",
    "interrupted": "interrupted",
    "": "being read…",
}


class ShownBar(QFrame):
    """A line above the samples and curves of a run that was opened.

    Signals:
        resumeAsked, branchAsked, settingsAsked, compareAsked: what the user wants of the run.
        pauseAsked, stopAsked: the same, of one that another process trains. Pause also means going on.
        closeAsked: the user wants to look at it no more.
    """

    resumeAsked = Signal()  # noqa: N815 - Qt's way of naming
    branchAsked = Signal()  # noqa: N815
    settingsAsked = Signal()  # noqa: N815
    compareAsked = Signal()  # noqa: N815
    pauseAsked = Signal()  # noqa: N815
    stopAsked = Signal()  # noqa: N815
    closeAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._mark = IconMark("info", "quiet", 16, self)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setMinimumWidth(120)
        self.pause = self._button("Pause", "pause", "Hold it, or let it go on, in the process that trains it")
        self.stop = self._button("Stop", "stop", "End it after this step, with a checkpoint")
        self.resume = self._button("Resume", "train", "Go on with this run from its newest checkpoint")
        self.branch = self._button("Branch…", "branch", "Begin a new run from one of its checkpoints")
        self.compare = self._button("Compare", "compare", "Hold it beside other runs")
        self.settings = self._button("To form", "copy", "Copy its settings to the form")
        self.cross = QToolButton(self)
        self.cross.setIcon(theme.icon("cross", "quiet"))
        self.cross.setToolTip("Close this run (it stays on the disk)")
        self.cross.setAccessibleName("Close this run")
        self._connect()
        self._lay_out()
        self.hide()

    def show_run(self, name: str, state: str, step: int, total: int) -> None:
        """Show the line for a run in a state: one of those of a run folder, ``paused``, or empty."""
        self._mark.show_icon(*_MARKS.get(state, ("info", "quiet")))
        done = f"step {grouped(step)} / {grouped(total)}" if total else ""
        text = "   ".join(part for part in (name, done, _WORDS.get(state, state)) if part)
        self.text.setText(text)
        self.text.setToolTip(text)
        self.setAccessibleName(text)
        elsewhere = state in ("running", "paused")
        for button in (self.pause, self.stop):
            button.setVisible(elsewhere)
        self.pause.setText("Go on" if state == "paused" else "Pause")
        self.resume.setVisible(bool(state) and not elsewhere)
        for button in (self.branch, self.compare, self.settings):
            button.setEnabled(bool(state))
        self.show()

    def show_free(self, free: bool) -> None:
        """Say whether a training can be begun here now."""
        for button in (self.resume, self.branch):
            button.setEnabled(free)
            why = button.property("why")
            button.setToolTip(why if free else "A run goes on here; stop it first.")

    def _button(self, text: str, icon: str, why: str) -> QPushButton:
        button = QPushButton(theme.icon(icon), text, self)
        button.setToolTip(why)
        button.setProperty("why", why)
        return button

    def _connect(self) -> None:
        self.pause.clicked.connect(self.pauseAsked)
        self.stop.clicked.connect(self.stopAsked)
        self.resume.clicked.connect(self.resumeAsked)
        self.branch.clicked.connect(self.branchAsked)
        self.compare.clicked.connect(self.compareAsked)
        self.settings.clicked.connect(self.settingsAsked)
        self.cross.clicked.connect(self.closeAsked)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setSpacing(6)
        layout.addWidget(self._mark)
        layout.addWidget(self.text, 1)
        for button in (self.pause, self.stop, self.resume, self.branch, self.compare, self.settings):
            layout.addWidget(button)
        layout.addWidget(self.cross)
