"""Plugin agree dialog: what a plugin file says, or how it changed, before the user lets it run.

It is handed the text and returns the answer. It reads no file and agrees to nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.diff_view import DiffView
from ganstudio.gui.widgets.facts import Facts
from ganstudio.gui.widgets.marks import IconMark
from ganstudio.gui.widgets.notice import Notice

_NEW = "Nobody has agreed to it yet. Once you agree, it runs with all your rights: read it first."
_CHANGED = "It is not as you agreed to it. Lines with + came since, lines with - went. Read them first."
_AGAIN = "It changed while you were reading. This is what it says now."
_MINE = "I am writing it: agree to what I save, as long as this window is open"
_MINE_TIP = "Without it you are asked after every save; once the window is closed, you are in any case."
_SIZE = QSize(840, 620)


@dataclass(frozen=True)
class Question:
    """What there is to agree to: a file or folder, its hash, and its text or how it changed."""

    path: Path
    digest: str
    text: str
    changed: bool


class PluginAgreeDialog(QDialog):
    """Stays open when the user agrees, as the file may have changed meanwhile; whoever asked closes it.

    Signals:
        agreed: the user agrees to this ``Question``.
    """

    agreed = Signal(object)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.question = question
        self.title = QLabel(self)
        self.title.setFont(theme.sized_font(1, bold=True))
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.again = Notice("watch", parent=self)
        self.facts = Facts(self)
        self.text = DiffView(self)
        self.mine = QCheckBox(_MINE, self)
        self.mine.setToolTip(_MINE_TIP)
        self.agree = QPushButton(theme.icon("shield", "on_accent"), "Agree", self)
        self.agree.setProperty("primary", True)
        self.agree.setAutoDefault(False)
        self.not_now = QPushButton("Not now", self)
        self.not_now.setDefault(True)
        self.agree.clicked.connect(self._agree)
        self.not_now.clicked.connect(self.reject)
        self._lay_out()
        self._show(question)
        self.resize(_SIZE)
        self.not_now.setFocus()

    def ask_again(self, question: Question) -> None:
        """Show another state of the same file, as it changed while it was read."""
        self.again.say(_AGAIN)
        self._show(question)

    @Slot()
    def _agree(self) -> None:
        self.agreed.emit(self.question)

    def _show(self, question: Question) -> None:
        self.question = question
        name = question.path.name
        self.setWindowTitle(f"Agree to {name}")
        self.title.setText(f"Let {name} run?")
        self.about.setText(_CHANGED if question.changed else _NEW)
        self.facts.show_facts([("Lies in", str(question.path)), ("SHA-256", question.digest)])
        self.text.show_text(question.text, question.changed)
        told = "What changed" if question.changed else "The whole text"
        self.text.setAccessibleName(f"{told} of {name}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconMark("shield", "watch", 20, self))
        head.addWidget(self.title, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.mine, 1)
        buttons.addWidget(self.not_now)
        buttons.addWidget(self.agree)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.about)
        layout.addWidget(self.again)
        layout.addWidget(self.facts)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
