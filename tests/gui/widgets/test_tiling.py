import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.gui.widgets.tiling import fit

sides = st.integers(1, 2000)


def test_64_digits_in_a_square_make_8_rows_of_8():
    tiling = fit(64, (28, 28), (460, 460), 1)
    assert (tiling.rows, tiling.columns, tiling.factor) == (8, 8, 2)


def test_a_wide_room_gives_wide_rows():
    tiling = fit(64, (28, 28), (1000, 240), 1)
    assert tiling.columns > tiling.rows


def test_no_place_is_left_empty_for_nothing():
    tiling = fit(12, (28, 28), (400, 300), 1)
    assert tiling.places == 12


def test_large_images_are_shown_in_part_rather_than_shrunk():
    tiling = fit(64, (128, 128), (600, 600), 1)
    assert (tiling.places, tiling.factor) == (16, 1)


def test_images_larger_than_the_room_are_shrunk():
    assert 0 < fit(4, (256, 256), (100, 100), 1).factor < 1


@pytest.mark.parametrize(
    ("count", "tile", "room"),
    [(0, (28, 28), (100, 100)), (4, (28, 28), (0, 100)), (400, (28, 28), (3, 3))],
    ids=["no images", "no room", "less room than gaps"],
)
def test_nothing_to_see_gives_nothing(count: int, tile: tuple[int, int], room: tuple[int, int]):
    tiling = fit(count, tile, room, 1)
    assert tiling is None or tiling.factor > 0


@given(st.integers(1, 200), st.tuples(sides, sides), st.tuples(sides, sides), st.integers(1, 3))
def test_the_images_always_fit_and_fill_the_places(
    count: int, tile: tuple[int, int], room: tuple[int, int], gap: int
):
    tiling = fit(count, tile, room, gap)
    if tiling is None:
        return
    for side, number, space in zip(tile, (tiling.columns, tiling.rows), room, strict=True):
        assert number * side * tiling.factor + gap * (number - 1) <= space + 1e-6
    assert tiling.factor < 1 or tiling.factor == int(tiling.factor)
    assert tiling.factor == 1 or tiling.places >= count


def test_given_columns_are_kept_whatever_would_fill_the_room_better():
    tiling = fit(20, (28, 28), (1000, 300), 1, 0, 10)
    assert (tiling.rows, tiling.columns) == (2, 10)


def test_in_given_columns_a_whole_factor_is_taken_unless_it_wastes_much_room():
    assert fit(20, (28, 28), (620, 600), 1, 0, 10).factor == 2
    assert fit(20, (28, 28), (500, 600), 1, 0, 10).factor == pytest.approx(491 / 280)
    assert fit(20, (28, 28), (200, 600), 1, 0, 10).factor == pytest.approx(191 / 280)
    assert fit(20, (28, 28), (5, 600), 1, 0, 10) is None


def test_images_have_a_least_side_as_long_as_enough_of_them_fit():
    crowded = fit(100, (28, 28), (500, 400), 1, 48)
    assert crowded.factor == 2
    assert crowded.places < 100
    assert fit(100, (28, 28), (120, 120), 1, 48) == fit(100, (28, 28), (120, 120), 1)
    assert fit(9, (28, 28), (500, 400), 1, 48).places == 9
