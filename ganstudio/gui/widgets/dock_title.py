"""DockTitle: the header of a dock: its title, and a button to close it. It is dragged like any header."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from ganstudio.gui import theme


class DockTitle(QWidget):
    """Title and button; the View menu brings a closed dock back."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        title = QLabel(dock.windowTitle(), self)
        title.setProperty("role", "title")
        close = QToolButton(self)
        close.setIcon(theme.icon("cross", "quiet"))
        close.setIconSize(QSize(12, 12))
        close.setToolTip(f"Close {dock.windowTitle()}; the View menu brings it back")
        close.setAccessibleName(f"Close {dock.windowTitle()}")
        close.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 0)
        layout.addWidget(title, 1)
        layout.addWidget(close)
