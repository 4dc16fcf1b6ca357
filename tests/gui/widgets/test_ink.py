import numpy as np
import pytest

from ganstudio.gui.widgets.ink import Ink
from ganstudio.gui.widgets.stamp import Stamp

RED, GREEN, FAINT, CLEAR = 0xFFFF0000, 0xFF00FF00, 0x80FF0000, 0
EDGE = 6


def ink(width: int = 20, height: int = 10, breadth: int = 1) -> Ink:
    return Ink(np.zeros((height + 2 * EDGE, width + 2 * EDGE), np.uint32), breadth, EDGE)


def picture(made: Ink) -> np.ndarray:
    return made.canvas[EDGE:-EDGE, EDGE:-EDGE]


def cover(made: Ink) -> np.ndarray:
    """How much of each pixel of the picture is covered, 0..1."""
    return (picture(made) >> 24) / 255


def drawn(*segments: tuple[float, ...], colour: int = RED, breadth: int = 1) -> Ink:
    made = ink(breadth=breadth)
    made.draw([(np.array(segments, np.float64).reshape(-1, 4), colour)])
    return made


class TestLines:
    @pytest.mark.parametrize(
        ("segment", "pixels"),
        [
            ((2, 3, 6, 3), {(3, x) for x in range(2, 7)}),
            ((6, 3, 2, 3), {(3, x) for x in range(2, 7)}),
            ((4, 1, 4, 5), {(y, 4) for y in range(1, 6)}),
            ((1, 1, 5, 5), {(n, n) for n in range(1, 6)}),
            ((5, 1, 1, 5), {(n, 6 - n) for n in range(1, 6)}),
            ((7, 7, 7, 7), {(7, 7)}),
        ],
        ids=["right", "left", "down", "aslant", "back", "a point"],
    )
    def test_go_from_end_to_end(self, segment: tuple[float, ...], pixels: set[tuple[int, int]]) -> None:
        made = cover(drawn(segment))
        assert set(zip(*(int_.tolist() for int_ in made.nonzero()), strict=True)) == pixels
        assert made.max() == 1

    @pytest.mark.parametrize("breadth", [1, 2, 3])
    def test_cover_as_much_as_they_are_broad_wherever_they_lie(self, breadth: int) -> None:
        for y in (4.0, 4.25, 4.5, 4.9):
            made = cover(drawn((2, y, 16, y), breadth=breadth))
            np.testing.assert_allclose(made[:, 5].sum(), breadth, atol=0.02)
            middle = (made[:, 5] * np.arange(10)).sum() / breadth
            assert middle == pytest.approx(y, abs=0.02)

    def test_are_premultiplied_and_as_faint_as_their_colour(self) -> None:
        assert picture(drawn((2, 3, 6, 3), colour=FAINT))[3, 4] == 0x80800000

    def test_that_come_later_lie_in_front(self) -> None:
        made = ink()
        made.draw([(np.array([[0.0, 3, 9, 3]]), RED), (np.array([[4.0, 0, 4, 9]]), GREEN)])
        assert picture(made)[3, 4] == GREEN
        assert picture(made)[3, 5] == RED

    def test_take_no_bite_out_of_others(self) -> None:
        made = ink()
        made.draw([(np.array([[0.0, 3, 9, 3]]), RED), (np.array([[0.0, 2.4, 9, 2.4]]), GREEN)])
        assert picture(made)[3, 5] == RED

    @pytest.mark.parametrize(
        "segment",
        [(-30, 3, 50, 3), (50, 3, -30, 3), (-9, 3, 10, 3), (4, -900, 4, 900)],
        ids=["through", "through backwards", "in", "from above"],
    )
    def test_are_cut_at_the_sides(self, segment: tuple[float, ...]) -> None:
        made = drawn(segment)
        assert cover(made).sum() in (20, 11, 10)
        outside = made.canvas.copy()
        outside[EDGE:-EDGE, EDGE:-EDGE] = 0
        assert not outside.any()

    def test_keep_their_way_where_they_are_cut(self) -> None:
        whole, cut = cover(drawn((0, 2, 19, 7.5))), cover(drawn((-38, -9, 57, 18.5)))
        np.testing.assert_allclose(cut, whole, atol=0.02)

    @pytest.mark.parametrize(
        "segment",
        [(np.nan, 0, 1, 1), (0, 0, np.inf, 1), (1e30, 1e30, 0, 0), (-5, -5, -1, -9), (25, 0, 25, 9)],
        ids=["no number", "endless", "far off", "beside", "right of it"],
    )
    def test_that_are_not_there_leave_nothing(self, segment: tuple[float, ...]) -> None:
        assert not drawn(segment).canvas.any()

    def test_are_taken_away(self) -> None:
        made = drawn((2, 3, 6, 3))
        made.clear()
        assert not made.canvas.any()

    def test_of_no_colour_at_all_are_none(self) -> None:
        made = ink()
        made.draw([])
        made.draw([(np.empty((0, 4)), RED)])
        assert not made.canvas.any()


class TestStamp:
    def test_lies_where_it_belongs_to_a_part_of_a_pixel(self) -> None:
        for x in (8.0, 8.25, 8.5, 8.75):
            made = ink()
            Stamp(2.0, RED, CLEAR).draw(made, np.array([[x, 4.0]]))
            shares = cover(made)
            assert (shares.sum(0) * np.arange(20)).sum() / shares.sum() == pytest.approx(x, abs=0.02)
            assert shares.sum() == pytest.approx(np.pi * 4, rel=0.1)

    def test_has_a_rim_that_another_one_covers(self) -> None:
        made = ink()
        mark = Stamp(2.0, RED, GREEN)
        mark.draw(made, np.array([[5.0, 4.0]]))
        assert picture(made)[4, 8] == 0x80008000
        for places in ([[5.0, 4.0], [9.0, 4.0]], [[9.0, 4.0], [5.0, 4.0]]):
            made.clear()
            mark.draw(made, np.array(places))
            # The disc of one reaches into the rim of the other, whichever comes first.
            assert [picture(made)[4, x] for x in (6, 8)] == [RED, RED]

    def test_is_seen_in_part_at_the_sides_and_nowhere_beyond(self) -> None:
        made = ink()
        Stamp(2.0, RED, GREEN).draw(made, np.array([[0.0, 0.0], [40.0, 4.0], [np.nan, 1.0], [1e30, -np.inf]]))
        assert picture(made)[0, 0] == RED
        assert not picture(made)[5:].any()
        assert not picture(made)[:, 5:].any()
