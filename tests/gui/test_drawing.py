import numpy as np
import pytest

from ganstudio.gui.drawing import MOST_POINTS, Drawing


@pytest.fixture
def drawing() -> Drawing:
    made = Drawing()
    made.begin()
    made.spray(0.2, -0.3, 0.1, 40)
    return made


def test_spray_falls_into_the_disc_all_over(drawing: Drawing) -> None:
    drawing.spray(0.2, -0.3, 0.1, 2000)
    far = np.hypot(drawing.points[:, 0] - 0.2, drawing.points[:, 1] + 0.3)
    assert len(far) == 2040
    assert far.max() <= 0.1 + 1e-6
    # Half of a disc's area lies beyond .707 of its radius.
    assert (far > 0.0707).mean() == pytest.approx(0.5, abs=0.05)


def test_what_falls_beyond_the_edge_is_lost(drawing: Drawing) -> None:
    drawing.clear()
    drawing.spray(1.0, 1.0, 0.2, 1000)
    assert (np.abs(drawing.points) <= 1).all()
    assert 150 < len(drawing.points) < 350


def test_erasing_takes_what_is_near(drawing: Drawing) -> None:
    drawing.spray(-0.5, 0.5, 0.1, 10, label=1)
    drawing.erase(0.2, -0.3, 0.11)
    assert len(drawing.points) == 10
    assert set(drawing.labels.tolist()) == {1}


def test_strokes_are_undone_and_redone_in_turn(drawing: Drawing) -> None:
    drawing.begin()
    drawing.spray(0, 0, 0.1, 5)
    drawing.spray(0, 0, 0.1, 5)
    assert len(drawing.points) == 50
    drawing.undo()
    assert len(drawing.points) == 40
    drawing.undo()
    assert len(drawing.points) == 0
    assert not drawing.can_undo()
    drawing.undo()
    drawing.redo()
    drawing.redo()
    assert len(drawing.points) == 50
    assert not drawing.can_redo()


def test_clearing_can_be_undone_and_a_new_stroke_forgets_what_was_undone(drawing: Drawing) -> None:
    drawing.clear()
    drawing.undo()
    assert len(drawing.points) == 40
    drawing.begin()
    assert not drawing.can_redo()


def test_there_is_an_end_to_it(drawing: Drawing) -> None:
    drawing.spray(0, 0, 0.5, MOST_POINTS)
    assert len(drawing.points) == MOST_POINTS
    assert drawing.full


@pytest.mark.parametrize("classes", [1, 3])
def test_a_table_is_read_as_it_was_written(drawing: Drawing, classes: int) -> None:
    for label in range(1, classes):
        drawing.spray(0, 0, 0.1, 7, label)
    table = drawing.to_csv()
    assert table.startswith("x,y\n" if classes == 1 else "x,y,label\n")
    again = Drawing()
    assert again.read_csv(table)
    assert np.allclose(again.points, drawing.points, atol=1e-5)
    assert again.labels.tolist() == drawing.labels.tolist()
    assert not again.can_undo()


@pytest.mark.parametrize("table", ["", "x,y\n", "x,y\n1\n", "x,y\n1,b\n", "x,y\n5,0\n"])
def test_what_is_no_drawing_is_not_taken(drawing: Drawing, table: str) -> None:
    assert not drawing.read_csv(table)
    assert len(drawing.points) == 40
