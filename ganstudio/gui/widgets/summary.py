"""Summary: a quiet sentence about something, in which the papers it cites are links."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ganstudio.gui import theme

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
        self._text = ""
        self.show_text(text)
        theme.notifier.changed.connect(self._colour)

    def show_text(self, text: str) -> None:
        """Show another text; no room is taken for an empty one."""
        self._text = text
        self._colour()
        self.setVisible(bool(text))

    def _colour(self) -> None:
        """Set the text in the colours of the theme; a label keeps its links in those they were made in."""
        self.setText(linked(self._text, theme.current().accent))


def linked(text: str, colour: str) -> str:
    """Return ``text`` as rich text, each arXiv number a link to its page."""
    link = rf'<a style="color: {colour}" href="https://arxiv.org/abs/\1">arXiv:\1</a>'
    return _ARXIV.sub(link, escape(text, quote=False))
