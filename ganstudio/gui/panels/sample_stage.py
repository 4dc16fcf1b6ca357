"""Sample stage: where samples are seen: one grid, several side by side, points, or rows of a table.

It shows scenes, and knows nothing of how they come about.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.sample_scenes import Scene, View
from ganstudio.gui.widgets.pick_grid import PickGrid
from ganstudio.gui.widgets.points_view import PointsView
from ganstudio.gui.widgets.table_view import TableView

_MOST = 3
_LEAST_SIDES = {2: 44, 3: 28}
"""By the number of grids, logical pixels of an image, so that one sees something; what has no room is left
out.
"""


class SampleStage(QStackedWidget):
    """``grid`` for one view, ``points`` for points, ``side`` for several views, ``table`` for rows.

    Signals:
        chosen: the user picked a sample; its number.
        pointed: the mouse is over a sample: its number, and how far right and down in it, 0..1.
        left: the user pressed Escape in a grid.
    """

    chosen = Signal(int)
    pointed = Signal(int, float, float)
    left = Signal()

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = PickGrid(placeholder, self)
        self.points = PointsView(placeholder, self)
        self.side = _Side(self)
        self._placeholder = placeholder
        self._table: TableView | None = None
        self._views: tuple[View, ...] = ()
        self._picked: int | None = None
        for view in (self.grid, self.points, self.side):
            self.addWidget(view)
        for place, grid in enumerate((self.grid, *self.side.grids)):
            self._connect(grid, max(place - 1, 0))

    @property
    def table(self) -> TableView:
        """The view of rows; few runs need one, so it is made when it is asked for."""
        if self._table is None:
            self._table = TableView(self._placeholder, self)
            self.addWidget(self._table)
        return self._table

    def clear_table(self) -> None:
        """Forget the rows, if there were any."""
        if self._table is not None:
            self._table.clear()

    def show_points(self) -> None:
        """Show the points."""
        self.setCurrentWidget(self.points)

    def show_scene(self, scene: Scene | None) -> None:
        """Show a scene, or the placeholder for ``None``."""
        self._views = scene.views if scene is not None else ()
        if len(self._views) > 1:
            self.side.show_views(self._views)
            self.setCurrentWidget(self.side)
        else:
            _show(self.grid, self._views[0] if self._views else None)
            self.setCurrentWidget(self.grid)
        self._show_picked()

    def pick(self, number: int | None) -> None:
        """Put a frame around a sample in every grid that has it, or take it away."""
        self._picked = number
        self._show_picked()

    def take_keys(self) -> None:
        """Let the keys go to the grid that is seen, the first of several."""
        grid = self.side.grids[0] if len(self._views) > 1 else self.grid
        grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_picked(self) -> None:
        grids = self.side.grids if len(self._views) > 1 else (self.grid,)
        for view, grid in zip(self._views, grids, strict=False):
            known = self._picked in view.numbers
            grid.pick(view.numbers.index(self._picked) if known and self._picked is not None else None)

    def _connect(self, grid: PickGrid, place: int) -> None:
        def number(index: int) -> int | None:
            numbers = self._views[place].numbers if place < len(self._views) else ()
            return numbers[index] if index < len(numbers) else None

        def tell_chosen(index: int) -> None:
            if (sample := number(index)) is not None:
                self.chosen.emit(sample)

        def tell_pointed(index: int, across: float, down: float) -> None:
            if (sample := number(index)) is not None:
                self.pointed.emit(sample, across, down)

        grid.chosen.connect(tell_chosen)
        grid.pointed.connect(tell_pointed)
        grid.left.connect(self.left)


class _Side(QWidget):
    """Two or three grids side by side, each with its title above."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.grids = tuple(PickGrid("", self) for _ in range(_MOST))
        self._titles = tuple(QLabel(self) for _ in range(_MOST))
        self._columns = tuple(QWidget(self) for _ in range(_MOST))
        for column, title, grid in zip(self._columns, self._titles, self.grids, strict=True):
            title.setProperty("role", "quiet")
            title.setFont(theme.sized_font(-1))
            inner = QVBoxLayout(column)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(2)
            inner.addWidget(title)
            inner.addWidget(grid, 1)
            row.addWidget(column, 1)

    def show_views(self, views: tuple[View, ...]) -> None:
        """Show these, from the left."""
        for place, column in enumerate(self._columns):
            column.setVisible(place < len(views))
            if place < len(views):
                self._titles[place].setText(views[place].title)
                self.grids[place].least_side = _LEAST_SIDES[len(views)]
                self.grids[place].setAccessibleName(views[place].title)
                _show(self.grids[place], views[place])


def _show(grid: PickGrid, view: View | None) -> None:
    if view is None:
        grid.set_images(None)
    else:
        grid.set_images(view.array, view.columns, view.captions, view.rows)
