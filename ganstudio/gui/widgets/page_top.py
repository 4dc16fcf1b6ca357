"""The top of a page: its title, a quiet line below, and its buttons. It knows nothing of what they do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.gui import theme


def page_top(title: QLabel, line: QLabel, *buttons: QWidget) -> QHBoxLayout:
    """Dress the title and the line, and return them laid out with the buttons at the right."""
    title.setProperty("role", "title")
    title.setFont(theme.sized_font(1, bold=True))
    line.setProperty("role", "quiet")
    names = QVBoxLayout()
    names.setSpacing(0)
    names.addWidget(title)
    names.addWidget(line)
    top = QHBoxLayout()
    top.addLayout(names, 1)
    for button in buttons:
        top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    return top
