"""Plot button: a small button for the corner of a plot. It knows nothing of what it does."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton, QWidget

from ganstudio.gui import theme


def plot_button(icon: str, tip: str, key: str, parent: QWidget) -> QToolButton:
    """Return a small button that can be pressed down, for the corner of a plot."""
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon, "quiet"))
    button.setIconSize(QSize(16, 16))
    button.setCheckable(True)
    button.setToolTip(f"{tip} ({key})" if key else tip)
    button.setAccessibleName(tip)
    button.setProperty("compact", True)
    return button
