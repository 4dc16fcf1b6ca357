"""PathBox: a place for a folder or a file, written or looked for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from ganstudio.gui import theme

FOLDER, FILE, EITHER = "folder", "file", "folder or file"


class PathBox(QWidget):
    """A path as text, with a button that opens the desktop's chooser; ``wants``: of folders, files or either.

    Signals:
        changed: the user wrote or chose another path.
    """

    changed = Signal(str)

    def __init__(self, wants: str = FOLDER, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(f"no {wants} chosen")
        self.button = QToolButton(self)
        self.button.setIcon(theme.icon("folder"))
        self.button.setToolTip(f"Browse for a {wants}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self.changed)
        if wants == EITHER:
            menu = QMenu(self)
            menu.addAction("&Folder…", self._browse_folders)
            menu.addAction("F&ile…", self._browse_files)
            self.button.setMenu(menu)
            self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self.button.setProperty("compact", True)
        else:
            self.button.clicked.connect(self._browse_files if wants == FILE else self._browse_folders)

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

    def _browse_folders(self) -> None:
        self._take(QFileDialog.getExistingDirectory(self, "Choose a folder", self.value()))

    def _browse_files(self) -> None:
        chosen, _filter = QFileDialog.getOpenFileName(self, "Choose a file", self.value())
        self._take(chosen)

    def _take(self, chosen: str) -> None:
        if chosen:
            self.line.setText(chosen)
            self.changed.emit(chosen)
