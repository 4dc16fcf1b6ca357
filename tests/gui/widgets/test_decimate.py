import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.gui.widgets.decimate import bucket_size, extremes, in_order

values = st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=400).map(np.array)


@given(st.integers(1, 10_000_000), st.integers(50, 500))
def test_buckets_are_powers_of_two_and_no_more_than_asked_for(count: int, buckets: int):
    size = bucket_size(count, buckets)
    assert size & (size - 1) == 0
    assert -(-count // size) <= buckets
    assert size == 1 or -(-count // (size // 2)) > buckets


@given(values, st.integers(1, 50), st.integers(0, 100))
def test_every_bucket_keeps_its_extremes(y: np.ndarray, size: int, start: int):
    lowest, highest = extremes(y, size, start)
    owner = (np.arange(len(y)) + start % size) // size
    assert len(lowest) == len(highest) == owner[-1] + 1
    for bucket, (low, high) in enumerate(zip(lowest, highest, strict=True)):
        members = y[owner == bucket]
        assert owner[low] == owner[high] == bucket
        if np.isfinite(members).any():
            assert (y[low], y[high]) == (np.nanmin(members), np.nanmax(members))


@given(values, st.integers(1, 50))
def test_indices_come_in_order_and_once(y: np.ndarray, size: int):
    assert np.all(np.diff(in_order(*extremes(y, size))) > 0)


def test_nothing_gives_nothing():
    lowest, highest = extremes(np.empty(0), 4)
    assert len(in_order(lowest, highest)) == 0


@pytest.mark.parametrize("start", [0, 1, 5, 8])
def test_bucket_edges_stay_where_they_are_when_the_view_moves(start: int):
    y = np.random.default_rng(0).normal(size=64)
    whole = set(extremes(y, 8)[0].tolist())
    part = {start + index for index in extremes(y[start:], 8, start)[0].tolist()}
    first_full = -(-start // 8) * 8
    assert {index for index in whole if index >= first_full} <= part
