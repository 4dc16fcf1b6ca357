import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.gui.widgets.plot_ranges import extent, follow_steps, follow_values

numbers = st.floats(-1e9, 1e9)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.none() | st.integers(1, 10**7))
def test_all_steps_are_shown(one: int, other: int, total: int | None):
    first, last = sorted((one, other))
    left, right = follow_steps(None, first, last, total)
    assert left <= first <= last <= right
    assert left < right


def test_the_steps_begin_at_zero_for_a_run_from_the_start():
    assert follow_steps(None, 10, 1000, None)[0] == 0


def test_the_steps_of_a_resumed_run_begin_where_it_does():
    assert follow_steps(None, 9000, 10_000, None)[0] == 9000


def test_the_steps_change_seldom_while_a_curve_grows():
    shown, changes = None, 0
    for last in range(10, 20_000, 10):
        before, shown = shown, follow_steps(shown, 10, last, None)
        changes += before != shown
    assert changes < 150


def test_the_steps_end_with_the_run():
    assert follow_steps(None, 0, 990, 1000) == (0, 1000)


@given(numbers, numbers)
def test_all_values_are_shown_with_room(one: float, other: float):
    low, high = sorted((one, other))
    bottom, top = follow_values(None, (low, high))
    assert bottom < low <= high < top


def test_values_that_fit_change_nothing():
    shown = follow_values(None, (0, 1))
    assert follow_values(shown, (0.02, 1.05)) == shown


@pytest.mark.parametrize("wanted", [(0, 2), (-1, 1), (0.4, 0.5)], ids=["above", "below", "much less"])
def test_values_that_do_not_fit_change_the_range(wanted: tuple[float, float]):
    shown = follow_values(None, (0, 1))
    assert follow_values(shown, wanted) != shown


def test_the_extent_leaves_out_what_is_not_finite():
    rows = [np.array([np.nan, 2.0]), np.array([-np.inf]), np.array([-1.0, np.inf])]
    assert extent(rows) == (-1.0, 2.0)
    assert extent(rows[1:2]) is None
