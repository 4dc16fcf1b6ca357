"""Group plot: one plot for several groups of curves, of which it shows one at a time.

What does not share a scale is not drawn on one axis, and not everything needs a plot of its own. It knows how
to group names because it is told so, and nothing of what they mean.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from ganstudio.gui import theme
from ganstudio.gui.tokens import CurveStyle
from ganstudio.gui.widgets.curve_plot import CurvePlot
from ganstudio.gui.widgets.legend import LINE_HEIGHT
from ganstudio.gui.widgets.plot_curve import PlotCurve

_EDGES = 20
"""Pixels beside the text of a title, those of its arrow among them."""


@dataclass(frozen=True)
class Grouping:
    """How curves are sorted into groups; names are those of curves.

    ``group``: of a name, a key that is the same for curves which share a scale. ``title`` and ``entry``: what
    the names of one group are called above the plot, and in the menu. ``label``: a curve in the legend.
    ``first``: of keys with their names, the key to begin with, empty of none.
    """

    group: Callable[[str], str]
    title: Callable[[Sequence[str]], str]
    entry: Callable[[Sequence[str]], str]
    label: Callable[[str], str]
    first: Callable[[Iterable[tuple[str, Sequence[str]]]], str]


class GroupPlot(CurvePlot):
    """A plot whose title chooses what it shows, where there is more than one group.

    ``kind``: what it is called while it has no curve.

    Signals:
        groupChosen: the key of the group that the user chose to see.
    """

    groupChosen = Signal(str)  # noqa: N815 - Qt's way of naming

    def __init__(
        self,
        kind: str,
        grouping: Grouping,
        left_label: str = "",
        shares: Callable[[str], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.kind = kind
        self.groups: dict[str, list[str]] = {}
        """The names of the curves of each group."""
        self.shown_group = ""
        self._grouping = grouping
        self._wish = ""
        self._logs: dict[str, bool] = {}
        super().__init__(kind, left_label, shares, parent)
        self.chooser = _chooser(self)
        self._menu = QMenu(self.chooser)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.legend.set_heading(self.chooser)
        self._show_group()

    # --- What it is told ---------------------------------------------------------------------------

    def choose(self, group: str) -> None:
        """Show this group wherever it has curves, and another where it has none; empty: as it fits."""
        self._wish = group
        self._show_group()

    def clear(self) -> None:
        """Remove curves and markers, and follow what comes."""
        self.groups = {}
        super().clear()
        self._show_group()

    def set_log(self, on: bool) -> None:
        """Draw values on a logarithmic axis, those of the group that is shown."""
        if self.shown_group:
            self._logs[self.shown_group] = on
        super().set_log(on)

    def state(self) -> dict[str, Any]:
        """Return what the user has chosen, as plain data."""
        logs = sorted(group for group, on in self._logs.items() if on)
        return {**super().state(), "group": self._wish, "logs": logs}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave; what is not in it stays as it is."""
        self._logs |= dict.fromkeys(map(str, state.get("logs", ())), True)
        log = self._logs.get(self.shown_group, bool(state.get("log", self.log)))
        super().restore({**state, "log": log})
        self.choose(str(state.get("group", self._wish)))

    # --- Groups ------------------------------------------------------------------------------------

    def _add(self, name: str) -> None:
        self.groups.setdefault(self._grouping.group(name), []).append(name)
        super()._add(name)
        self._show_group()

    def _show_group(self) -> None:
        """Show the curves that were chosen, or those to begin with."""
        fits = self._wish if self._wish in self.groups else self._grouping.first(self.groups.items())
        changed, self.shown_group = fits != self.shown_group, fits
        for name, curve in self.curves.items():
            curve.set_shown(self._wanted(name))
            self.legend.entries[name].setVisible(self._grouping.group(name) == fits)
        self._show_furniture()
        self._name()
        if changed:
            self._values, self._follows_values = None, True
            super().set_log(self._logs.get(fits, self.log and not self._logs))
            self._again()

    def _name(self) -> None:
        names, several = self.groups.get(self.shown_group), len(self.groups) > 1
        self.title = self._grouping.title(names) if names else self.kind
        self.chooser.setText(self.title)
        text = self.chooser.fontMetrics().horizontalAdvance(self.title)
        self.chooser.setFixedWidth(text + _EDGES)
        self.chooser.setMenu(self._menu if several else None)  # type: ignore[arg-type]
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus if several else Qt.FocusPolicy.NoFocus)
        self.chooser.setToolTip("Choose what this plot shows" if several else "")
        self.chooser.setAccessibleName(
            f"{self.title}. Choose what this plot shows" if several else self.title
        )

    def _fill_menu(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        for key, names in self.groups.items():
            action = group.addAction(self._menu.addAction(self._grouping.entry(names)))
            action.setCheckable(True)
            action.setChecked(key == self.shown_group)
            action.setData(key)
        group.triggered.connect(lambda action: self._on_group(action.data()))

    def _on_group(self, group: str) -> None:
        self.choose(group)
        self.groupChosen.emit(group)

    def _wanted(self, name: str) -> bool:
        return super()._wanted(name) and self._grouping.group(name) == self.shown_group

    def _in_view(self) -> list[PlotCurve]:
        return [self.curves[name] for name in self.groups.get(self.shown_group, ()) if name in self.curves]

    def _label(self, name: str) -> str:
        return self._grouping.label(name)

    def _styles(self) -> dict[str, CurveStyle]:
        """Return a style for each curve; those that are never shown together may look the same."""
        styles: dict[str, CurveStyle] = {}
        for names in self.groups.values():
            styles |= theme.curve_styles(names, theme.current())
        return styles


def _chooser(parent: QWidget) -> QToolButton:
    """Return a title that opens a menu."""
    chooser = QToolButton(parent)
    chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    chooser.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    chooser.setFont(theme.sized_font(0, bold=True))
    chooser.setProperty("heading", True)
    chooser.setFixedHeight(LINE_HEIGHT)
    return chooser
