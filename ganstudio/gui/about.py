"""About: the small dialogs of the Help menu, and the help of the field that has the focus."""

from html import escape
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWhatsThis, QWidget

from ganstudio import __version__

_KEYS = (
    ("Ctrl+R", "Train"),
    ("Space", "Pause or resume, unless a field uses it"),
    ("Ctrl+.", "Stop and save"),
    ("F10", "One step while paused"),
    ("Ctrl+Shift+S, F9", "Checkpoint now, preview now"),
    ("Ctrl+B, Ctrl+Shift+R", "Branch, or resume, the run that is shown"),
    ("Ctrl+Z, Ctrl+Y", "Undo or redo a change of a running run"),
    ("Ctrl+1, Ctrl+2, Ctrl+3", "Live, Compare, Runs"),
    ("←, →, Space", "In the scrubber: step, play"),
    ("Ctrl+F", "Find a setting"),
    ("Ctrl+D", "Look at the data"),
    ("F1", "Help on the field with the focus"),
    ("L, A", "In a plot: logarithmic scale, show everything"),
    ("Ctrl+O, Ctrl+S", "Open or save an experiment"),
    ("Ctrl+Shift+O, Ctrl+E", "Open a run, export a film of it"),
    ("Ctrl+Shift+L", "Load the plugins anew"),
    ("F11", "Full screen"),
    ("Ctrl+Q", "Quit"),
)


def show_about(parent: QWidget, home: Path) -> None:
    """Say what this is, which version, and where it keeps things."""
    _show(
        parent,
        "About GAN Studio",
        f"<h3>GAN Studio {__version__}</h3><p>Trains generative adversarial networks and their relatives; "
        "every variant is a plugin.</p>"
        f"<p>Runs, log and settings are in<br><code>{escape(str(home))}</code></p>",
    )


def show_keys(parent: QWidget) -> None:
    """List the keys."""
    rows = "".join(f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{what}</td></tr>" for keys, what in _KEYS)
    _show(parent, "Keys", f"<table cellspacing='6'>{rows}</table>")


def help_on_focus() -> None:
    """Show the help of the widget with the focus, or of what contains it; else let the user point at one."""
    widget = QApplication.focusWidget()
    while widget is not None and not widget.whatsThis():
        widget = widget.parentWidget()
    if widget is None:
        QWhatsThis.enterWhatsThisMode()
    else:
        QWhatsThis.showText(widget.mapToGlobal(QPoint(16, widget.height())), widget.whatsThis(), widget)


def _show(parent: QWidget, title: str, html: str) -> None:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(html)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.open()
