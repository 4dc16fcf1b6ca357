"""Picture files: asking where a picture goes, and writing it there, with a sentence where that fails."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def write_png(image: QImage, path: Path) -> None:
    """Write an image as PNG; raises ``OSError`` where that is not possible."""
    buffer = QBuffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes, the method for text
    path.write_bytes(buffer.data().data())


def ask_and_write(
    parent: QWidget, title: str, suggested: str, kind: str, write: Callable[[Path], None]
) -> None:
    """Ask for a file of a kind (``png``), and have it written; a failure is told in a dialog."""
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, f"*.{kind}")
    if not name:
        return
    path = Path(name) if Path(name).suffix else Path(name).with_suffix(f".{kind}")
    try:
        write(path)
    except OSError as error:
        QMessageBox.warning(parent, title, f"{path} could not be written: {error.strerror or error}.")
