import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from ganstudio.api import TableColumn
from ganstudio.api.events import PreviewReady
from ganstudio.gui import theme
from ganstudio.gui.panels.samples_pane import SamplesPane
from ganstudio.gui.widgets import table_legend
from ganstudio.gui.widgets.table_view import TableView

COLUMNS = (
    TableColumn("size", "continuous", "numbers", mean=10, spread=2, low=0, high=20, decimals=1, missing=0.1),
    TableColumn("kind", "categorical", "text", ("a", "b", ""), (5, 4, 1)),
    TableColumn("flag", "categorical", "text", ("no", "yes"), (5, 5)),
)
CHANCE = np.random.default_rng(0)


def rows(count: int = 200, yes: float = 0.5) -> np.ndarray:
    size = CHANCE.normal(size=count)
    size[::10] = np.nan
    kinds, flags = CHANCE.integers(0, 3, count), CHANCE.random(count) < yes
    return np.stack([size, kinds, flags], 1).astype(np.float32)


@pytest.fixture
def view(qtbot) -> TableView:
    view = TableView("Nothing yet.")
    qtbot.addWidget(view)
    view.resize(460, 420)
    view.show()
    return view


def test_columns_say_how_far_apart_they_are(view):
    view.set_real(rows(), COLUMNS)
    assert view.comparison is None
    view.set_generated(rows(yes=1.0), COLUMNS)
    assert view.comparison.columns[view.comparison.worst].name == "flag"
    assert "least alike: flag, 0.5" in view.sentence.text()
    assert view.charts.accessibleDescription().startswith("size 0.")
    # An empty cell has a bar of its own, at the end.
    assert view.charts.charts[0].real[-1] == pytest.approx(0.1)


def test_rows_are_shown_as_they_are_written(view):
    view.set_real(rows(), COLUMNS)
    view.set_generated(rows(), COLUMNS)
    view.tabs.setCurrentIndex(2)
    table = view.made_rows
    assert [table.horizontalHeaderItem(place).text() for place in range(3)] == ["size", "kind", "flag"]
    assert table.item(0, 0).text() == "–"
    assert table.item(1, 0).text() == COLUMNS[0].cells(view.generated[1:2, 0])[0]
    assert table.item(1, 2).text() in ("no", "yes")
    assert (table.rowCount(), view.real_rows.rowCount()) == (50, 50)


def test_a_field_of_pairs_says_what_it_holds(view):
    view.set_real(rows(), COLUMNS)
    view.set_generated(rows(), COLUMNS)
    view.tabs.setCurrentIndex(1)
    pairs = view.pairs
    place = QPoint(round(pairs.width() * 0.24) + 3, round(pairs._side()) + 3)
    assert pairs.at(place) == (1, 0)
    assert pairs.at(QPoint(2, 2)) is None
    assert "real" in pairs.accessibleDescription()


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("tab", [0, 1, 2], ids=["columns", "pairs", "rows"])
def test_every_tab_is_painted_in_both_themes(view, tab, name, qapp):
    before = theme.current().name
    theme.apply(qapp, name)
    try:
        view.set_real(rows(), COLUMNS)
        view.set_generated(rows(), COLUMNS)
        view.tabs.setCurrentIndex(tab)
        image = view.grab().toImage()
        shades = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(40, image.height(), 3)}
        assert len(shades) > 5
    finally:
        theme.apply(qapp, before)


def test_real_rows_of_other_columns_do_not_stand_behind(view):
    view.set_real(rows(), COLUMNS)
    view.set_generated(rows()[:, :2], COLUMNS[:2])
    assert view.real is None
    assert view.comparison is None


def test_nothing_is_shown_after_it_was_cleared(view):
    view.set_real(rows(), COLUMNS)
    view.clear()
    assert not view.tabs.isVisible()


def test_the_pane_shows_rows_and_real_ones_behind_them(qtbot):
    pane = SamplesPane()
    qtbot.addWidget(pane)
    pane.show()
    made, real = rows(), rows()
    pane.take_preview(PreviewReady(0, "table", real, source="real", table=COLUMNS))
    pane.take_preview(PreviewReady(5, "table", made, table=COLUMNS))
    table = pane.stage.table
    assert pane.stage.currentWidget() is table
    assert (table.real is real, table.generated is made) == (True, True)
    qtbot.mouseClick(pane.buttons["real"], Qt.MouseButton.LeftButton)
    assert table.generated is None
    pane.clear()
    assert table.columns == ()


def test_colours_of_what_is_shown_are_told(view):
    view.set_real(rows(), COLUMNS)
    assert [word for word, _colour in view.chart_colours.entries] == ["real rows"]
    view.set_generated(rows(), COLUMNS)
    assert [word for word, _colour in view.chart_colours.entries] == ["real rows", "generated"]
    assert view.chart_colours.accessibleName() == "Colours: real rows, generated"


def test_the_legend_is_in_the_colours_of_the_theme(view, qapp):
    before = theme.current().name
    view.set_real(rows(), COLUMNS)
    try:
        for name in ("light", "dark"):
            theme.apply(qapp, name)
            legend = view.chart_colours
            shade = legend.grab().toImage().pixelColor(4, legend.height() // 2).name().upper()
            assert shade == table_legend.real(theme.current()).upper()
    finally:
        theme.apply(qapp, before)


def test_rows_stand_side_by_side_where_there_is_room(view, qtbot):
    view.set_real(rows(), COLUMNS)
    view.set_generated(rows(), COLUMNS)
    view.tabs.setCurrentIndex(2)
    for width, across in ((460, False), (900, True)):
        view.resize(width, 420)
        qtbot.waitUntil(
            lambda across=across: (view.made_rows.parent().x() != view.real_rows.parent().x()) is across
        )
