import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.gui.widgets.series import BLOCK, Column, Series

floats = st.floats(-1e6, 1e6) | st.just(math.nan)


def filled(y: np.ndarray | list[float]) -> Series:
    series = Series()
    series.extend(np.arange(len(y)), y)
    return series


def random_walk(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count).cumsum()


@given(st.lists(st.floats(allow_nan=False), max_size=2000))
def test_a_column_holds_what_was_appended(numbers: list[float]):
    column = Column()
    for number in numbers:
        column.append(number)
    assert column.view.tolist() == numbers


@given(st.lists(floats, min_size=1, max_size=100))
def test_few_points_are_drawn_exactly(numbers: list[float]):
    line = filled(numbers).thinned()
    assert line.x.tolist() == list(range(len(numbers)))
    np.testing.assert_array_equal(line.y, numbers)


@given(
    st.integers(1, 60_000),
    st.integers(0, 5),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 0.4),
)
def test_thinning_keeps_extremes_ends_and_order(count: int, seed: int, a: float, b: float, holes: float):
    rng = np.random.default_rng(seed)
    y = random_walk(count, seed)
    y[rng.random(count) < holes] = np.nan
    left, right = sorted((a * count, b * count))
    series = filled(y)
    line = series.thinned(left, right, buckets=100)
    first, end = max(math.ceil(left) - 1, 0), min(math.floor(right) + 2, count)
    seen = y[first:end]
    assert np.all(np.diff(line.x) > 0)
    assert len(line.x) <= 2 * (100 + 3) + 2
    assert (line.x[0], line.x[-1]) == (first, end - 1)
    np.testing.assert_array_equal(line.y, y[line.x.astype(int)])
    if np.isfinite(seen).any():
        assert (np.nanmin(line.y), np.nanmax(line.y)) == (np.nanmin(seen), np.nanmax(seen))


@pytest.mark.parametrize("count", [150, 5000, 100_000])
def test_thinning_for_a_logarithmic_axis_keeps_the_least_positive_value(count: int):
    y = random_walk(count)
    line = filled(y).thinned(positive=True, buckets=100)
    assert np.all(line.y > 0)
    assert line.y.min() == y[y > 0].min()
    assert line.y.max() == y.max()


def test_growing_point_by_point_gives_the_same_as_all_at_once():
    y = random_walk(3000)
    grown = Series()
    for step, value in enumerate(y):
        grown.append(step, value)
        if step % 700 == 0:
            grown.thinned()
    one, other = grown.thinned(buckets=60), filled(y).thinned(buckets=60)
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.y, other.y)


def test_what_is_drawn_of_the_past_stands_still_while_the_curve_grows():
    y = random_walk(12_000)
    series = filled(y[:10_000])
    before = series.thinned(buckets=200)
    series.extend(np.arange(10_000, 12_000), y[10_000:])
    after = series.thinned(buckets=200)
    settled = before.x < 9000
    assert set(before.x[settled]) <= set(after.x)


def test_a_hole_breaks_the_line():
    y = np.ones(10_000)
    y[4000:5000] = np.nan
    line = filled(y).thinned(buckets=100)
    assert np.isnan(line.y[(line.x > 4100) & (line.x < 4900)]).all()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan], ids=str)
def test_what_is_not_finite_is_kept_as_a_hole(value: float):
    series = Series()
    series.append(1, value)
    series.extend([2, 3], [value, 1.0])
    np.testing.assert_array_equal(series.y, [math.nan, math.nan, 1.0])


def test_going_back_replaces_what_was_there():
    series = filled(random_walk(10 * BLOCK))
    series.thinned()
    series.append(5 * BLOCK + 3, -1e6)
    assert len(series) == 5 * BLOCK + 4
    line = series.thinned(buckets=2)
    assert line.y.min() == -1e6
    assert line.x.max() == 5 * BLOCK + 3


def test_means_after_going_back_forget_what_was_there():
    series = filled([100.0] * 200)
    series.smoothed(5)
    series.append(0, 1.0)
    series.append(1, 3.0)
    assert series.smoothed(99).y.tolist() == [2.0, 2.0]


def test_steps_that_do_not_rise_are_refused_in_bulk():
    with pytest.raises(ValueError, match="rise"):
        Series().extend([1, 1], [0.0, 0.0])


def test_many_points_that_go_back_replace_what_was_there():
    series = filled(random_walk(3 * BLOCK))
    series.thinned()
    series.extend([BLOCK, BLOCK + 5], [7.0, 8.0])
    assert series.x[-3:].tolist() == [BLOCK - 1, BLOCK, BLOCK + 5]
    assert series.thinned().y[-2:].tolist() == [7.0, 8.0]


@given(st.lists(floats, min_size=1, max_size=80), st.integers(1, 30))
def test_smoothing_is_the_mean_around_each_point_without_the_holes(numbers: list[float], window: int):
    y = np.array(numbers)
    line = filled(y).smoothed(window)
    half = window // 2
    for x, mean in zip(line.x.astype(int), line.y, strict=True):
        around = y[max(x - half, 0) : x + half + 1]
        finite = around[np.isfinite(around)]
        if len(finite):
            assert mean == pytest.approx(finite.mean(), abs=1e-6)
        else:
            assert math.isnan(mean)


def test_smoothing_a_long_curve_gives_few_points_and_no_aliasing():
    y = np.tile([0.0, 1.0], 50_000)
    line = filled(y).smoothed(3, buckets=100)
    assert len(line.x) <= 102
    assert np.allclose(line.y, 0.5, atol=0.01)


@pytest.mark.parametrize(("at", "step"), [(-5, 0), (2.4, 2), (2.6, 3), (99, 9), (math.inf, 9)])
def test_the_nearest_point_is_found(at: float, step: float):
    assert filled(np.arange(10.0)).nearest(at) == (step, step)


def test_an_empty_curve_has_nothing_to_show():
    series = Series()
    assert series.nearest(3) is None
    assert len(series.thinned().x) == len(series.smoothed(5).x) == 0
