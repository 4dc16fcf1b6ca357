"""Plot curve: a series with the items that draw it: the values themselves, and a firm mean of them.

It knows nothing of the plot around it; ranges and colours are given to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ganstudio.gui import theme
from ganstudio.gui.tokens import CurveStyle, mix
from ganstudio.gui.widgets.decimate import BUCKETS, Values
from ganstudio.gui.widgets.plot_ranges import Range
from ganstudio.gui.widgets.series import Line, Series
from ganstudio.gui.widgets.view_item import LineItem

_LEAST_WINDOWS = 5
"""A mean covers no more than this part of a curve: of a short one it would say nothing."""

Transform = Callable[[Values], Values]


@dataclass(frozen=True)
class Drawing:
    """What one curve looks like in a range of steps: ``mean`` is ``None`` where nothing is smoothed."""

    raw: Line
    mean: Line | None


class PlotCurve:
    """One named curve. ``share`` says that its values are shares, drawn on an axis of their own, 0..1."""

    def __init__(self, name: str, label: str, share: bool) -> None:
        self.name, self.label, self.share = name, label, share
        self.series = Series()
        self.shown = True
        self.raw, self.mean = LineItem(), LineItem()
        self.mean.setZValue(2)
        self._style = CurveStyle("#000000")
        self._faint = False

    def set_style(self, style: CurveStyle) -> None:
        """Draw it otherwise from now on."""
        self._style = style
        self.mean.set_pen(theme.curve_pen(style))
        self._set_raw_pen()

    def see(self, steps: Range, positive: bool, window: int, width: int) -> Drawing:
        """Return what there is to draw of a range of steps on so many pixels of width.

        ``window``: points in the mean, 1 for none. ``positive``: for a logarithmic axis.
        """
        left, right = steps
        buckets = min(max(width // 2, 50), BUCKETS)
        raw = self.series.thinned(left, right, positive, buckets)
        window = min(window, len(self.series) // _LEAST_WINDOWS)
        if window <= 1:
            return Drawing(raw, None)
        mean = self.series.smoothed(window, left, right, buckets)
        kept = mean.y > 0 if positive else slice(None)
        return Drawing(raw, Line(mean.x[kept], mean.y[kept]))

    def draw(self, drawing: Drawing, transform: Transform) -> None:
        """Put a drawing on the screen, its values put through ``transform``."""
        faint = drawing.mean is not None
        if faint != self._faint:
            self._faint = faint
            self._set_raw_pen()
        _put(self.raw, drawing.raw, transform)
        self.mean.setVisible(faint and self.shown)
        if drawing.mean is not None:
            _put(self.mean, drawing.mean, transform)

    def set_shown(self, shown: bool) -> None:
        """Show it or not."""
        self.shown = shown
        self.raw.setVisible(shown)
        self.mean.setVisible(shown and self._faint)

    def _set_raw_pen(self) -> None:
        if self._faint:
            tokens = theme.current()
            colour = mix(tokens.panel, self._style.colour, 0.35 if tokens.dark else 0.3)
            self.raw.set_pen(theme.curve_pen(CurveStyle(colour)))
        else:
            self.raw.set_pen(theme.curve_pen(self._style))


def _put(item: LineItem, line: Line, transform: Transform) -> None:
    whole = bool(np.isfinite(line.y).all())
    item.set_points(line.x, transform(line.y), whole)
