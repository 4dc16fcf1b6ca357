"""Compare tools: which curves of several runs, over what, how smooth: the row above their plots.

It holds what is chosen and says when that changes. It knows nothing of plots.
"""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.compare_picker import ComparePicker
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.plot_menu import SMOOTHINGS, smoothing_text

_OVER = {"steps": "over steps", "images": "over images seen", "seconds": "over seconds"}
_SMOOTHING = 20


class CompareTools(QWidget):
    """A row of buttons.

    Signals:
        axisChanged: the curves are to be drawn over something else.
        smoothingChanged: the points in the means that are to be drawn; 1 for none.
        logChanged: whether values are to be on logarithmic axes.
    """

    axisChanged = Signal()  # noqa: N815 - Qt's way of naming
    smoothingChanged = Signal(int)  # noqa: N815
    logChanged = Signal(bool)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.smoothing = _SMOOTHING
        self.picker = ComparePicker("Curves", "smooth", "Choose the curves to compare", self)
        self.over = CalmCombo(self)
        self.smooth = _tool("smooth", "Smoothing", self)
        self.log = _tool("log-scale", "Logarithmic values (L)", self)
        self.reset = _tool("autorange", "Show everything (A)", self)
        self._menu = self._smoothing_menu()
        self._lay_out()
        self.over.currentIndexChanged.connect(self.axisChanged)
        self.log.toggled.connect(self.logChanged)

    def axis(self) -> str:
        """Return what the curves are drawn over: ``steps``, ``images`` or ``seconds``."""
        return str(self.over.currentData())

    def set_axis(self, axis: str) -> None:
        """Draw over one of these."""
        self.over.setCurrentIndex(self.over.findData(axis))

    def set_smoothing(self, window: int) -> None:
        """Draw means over so many points; 1 for none."""
        self.smoothing = window
        self.smooth.setChecked(window > 1)
        for action in self._menu.actions():
            action.setChecked(action.data() == window)
        self.smoothingChanged.emit(window)

    def _lay_out(self) -> None:
        for axis, text in _OVER.items():
            self.over.addItem(text, axis)
        self.over.setAccessibleName("What the curves are drawn over")
        self.over.setToolTip("What the curves are drawn over: steps, images seen, or time of training")
        self.smooth.setMenu(self._menu)
        self.smooth.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.smooth.setChecked(True)
        self.reset.setCheckable(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.picker)
        row.addStretch(1)
        for widget in (self.over, self.smooth, self.log, self.reset):
            row.addWidget(widget)

    def _smoothing_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for window in SMOOTHINGS:
            action = group.addAction(menu.addAction(smoothing_text(window)))
            action.setCheckable(True)
            action.setData(window)
            action.setChecked(window == self.smoothing)
        group.triggered.connect(lambda action: self.set_smoothing(action.data()))
        return menu


def _tool(icon: str, tip: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon, "quiet"))
    button.setIconSize(QSize(16, 16))
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    button.setProperty("compact", True)
    return button
