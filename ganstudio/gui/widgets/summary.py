"""Summary: a quiet sentence about something, in which the papers it cites are links."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

_ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")


class Summary(QLabel):
    """A quiet text, wrapped, whose citations open the paper."""

    def __init__(self, text: str = "", role: str = "quiet", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setWordWrap(True)
        self.setOpenExternalLinks(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show another text; no room is taken for an empty one."""
        self.setText(linked(text))
        self.setVisible(bool(text))


def linked(text: str) -> str:
    """Return ``text`` as rich text, each arXiv number a link to its page."""
    return _ARXIV.sub(r'<a href="https://arxiv.org/abs/\1">arXiv:\1</a>', escape(text, quote=False))
