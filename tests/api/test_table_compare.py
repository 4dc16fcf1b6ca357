import numpy as np
import pytest

from ganstudio.api import TableColumn, TableComparison
from ganstudio.api.table_compare import associations

NUMBER = TableColumn("x", "continuous", low=-9, high=9, missing=0.1)
KIND = TableColumn("k", "categorical", "text", ("a", "b", "c"))
CHANCE = np.random.default_rng(0)
X = CHANCE.normal(size=4000).astype(np.float32)


def test_like_rows_are_alike():
    rows = np.stack([X, CHANCE.integers(0, 3, 4000)], 1)
    found = TableComparison.of(rows, rows, (NUMBER, KIND))
    assert found.distances == (0.0, 0.0)
    assert (found.gap, found.association_gap) == (0.0, 0.0)


def test_distances_are_those_of_total_variation_and_of_kolmogorov_and_smirnov():
    real = np.array([[0, 0], [0, 1], [1, 1], [1, 2]], np.float32)
    made = np.array([[0, 0], [0, 0], [0, 1], [1, 2]], np.float32)
    found = TableComparison.of(made, real, (NUMBER, KIND))
    assert found.distances == pytest.approx((0.25, 0.25))
    assert found.gap == pytest.approx(0.25)


def test_empty_cells_count_as_a_distance():
    real, made = np.stack([X], 1), np.stack([np.where(np.arange(4000) % 2, np.nan, X)], 1)
    assert TableComparison.of(made, real, (NUMBER,)).distances[0] == pytest.approx(0.5)


def test_pairs_are_correlation_cramers_v_and_the_correlation_ratio():
    kinds = (X > 0).astype(np.float32)
    noisy = 0.8 * X + 0.6 * CHANCE.normal(size=4000)
    rows = np.stack([X, noisy, kinds, kinds, CHANCE.integers(0, 3, 4000)], 1)
    found = associations(rows, (NUMBER, NUMBER, KIND, KIND, KIND))
    assert found[1, 0] == pytest.approx(np.corrcoef(X, noisy)[0, 1], abs=1e-5)
    assert found[3, 2] == pytest.approx(1, abs=1e-6)
    # Of a normal variable and its sign: √(2/π).
    assert found[2, 0] == pytest.approx(np.sqrt(2 / np.pi), abs=0.02)
    assert abs(found[4, 2]) < 0.05
    assert (found == found.T).all()


def test_what_never_changes_goes_with_nothing():
    rows = np.stack([X, np.zeros(4000)], 1)
    assert associations(rows, (NUMBER, KIND))[1, 0] == 0
