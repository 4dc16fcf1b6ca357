"""PathBox: a place for a folder or a file, written or looked for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

from ganstudio.gui import theme


class PathBox(QWidget):
    """A path as text, with a button that opens the desktop's chooser of folders.

    Signals:
        changed: the user wrote or chose another path.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("no folder chosen")
        self.button = QToolButton(self)
        self.button.setIcon(theme.icon("folder"))
        self.button.setToolTip("Browse for a folder")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self.changed)
        self.button.clicked.connect(self._browse)

    def value(self) -> str:
        """Return the path as written."""
        return self.line.text().strip()

    def set_value(self, path: str) -> None:
        """Show a path without reporting it."""
        if path != self.line.text():
            self.line.setText(path)

    def name(self, text: str) -> None:
        """Give both parts a name for those who hear the window."""
        self.line.setAccessibleName(text)
        self.button.setAccessibleName(f"Browse for {text}")

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder", self.value())
        if chosen:
            self.line.setText(chosen)
            self.changed.emit(chosen)
