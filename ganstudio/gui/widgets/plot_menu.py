"""Plot menu: what a right click on a plot offers. It knows the plot's methods and nothing of its insides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets import plot_export
from ganstudio.gui.widgets.picture_file import ask_and_write

if TYPE_CHECKING:
    from ganstudio.gui.widgets.curve_plot import CurvePlot

SMOOTHINGS = (1, 5, 20, 100, 500)
"""Points in the mean that the firm line shows."""


def smoothing_text(window: int) -> str:
    """Return what a choice of smoothing is called."""
    return "No smoothing" if window <= 1 else f"Mean of {window} points"


def plot_menu(plot: CurvePlot) -> QMenu:
    """Return a menu that deletes itself once it is closed."""
    menu = QMenu(plot)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    log = menu.addAction("&Logarithmic values")
    log.setCheckable(True)
    log.setChecked(plot.log)
    log.toggled.connect(plot.set_log)
    menu.addAction(theme.icon("autorange"), "Show &everything", plot.follow_button.click)
    submenu = smoothing_menu(plot, menu)
    submenu.setTitle("&Smoothing")
    submenu.setIcon(theme.icon("smooth"))
    menu.addMenu(submenu)
    menu.addSeparator()
    menu.addAction(theme.icon("copy"), "&Copy image", lambda: _copy(plot))
    for kind in plot_export.WRITERS:
        menu.addAction(theme.icon("export"), f"Export {kind.upper()}…", lambda kind=kind: export(plot, kind))
    return menu


def smoothing_menu(plot: CurvePlot, parent: QWidget) -> QMenu:
    """Return a menu of the means that can be drawn, which ticks the present one whenever it opens."""
    menu = QMenu(parent)
    group = QActionGroup(menu)
    for window in SMOOTHINGS:
        action = group.addAction(menu.addAction(smoothing_text(window)))
        action.setCheckable(True)
        action.setData(window)
    group.triggered.connect(lambda action: plot.smoothing_chosen.emit(action.data()))
    menu.aboutToShow.connect(lambda: _tick(group, plot.smoothing))
    return menu


def export(plot: CurvePlot, kind: str) -> None:
    """Ask for a file and write the plot as ``kind``: ``png``, ``svg`` or ``csv``."""
    suggested = f"{plot.title.lower().replace(' ', '-')}.{kind}"
    write = partial(plot_export.WRITERS[kind], plot)
    ask_and_write(plot, f"Export {plot.title}", suggested, kind, write)


def _tick(group: QActionGroup, window: int) -> None:
    for action in group.actions():
        action.setChecked(action.data() == window)


def _copy(plot: CurvePlot) -> None:
    QGuiApplication.clipboard().setImage(plot_export.picture(plot))
