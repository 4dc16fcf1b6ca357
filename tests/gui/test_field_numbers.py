import numpy as np
import pytest

from ganstudio.gui.field_numbers import (
    Span,
    Trails,
    arrow_segments,
    arrow_ways,
    grid_segments,
    modes,
    probabilities,
    trail_segments,
)
from tests.gui.fields import CENTRES


class TestModes:
    def test_counts_points_by_their_nearest_centre_and_those_within_three_sigma(self) -> None:
        points = np.array([[0.5, 0.5], [0.53, 0.5], [0.54, 0.5], [-0.5, 0.4]])
        found = modes(points, CENTRES, 0.0101)
        np.testing.assert_allclose(found.near, [0.5, 0, 0, 0])
        np.testing.assert_allclose(found.nearest, [0.75, 0.25, 0, 0])
        assert found.covered.tolist() == [True, False, False, False]
        assert found.high_quality == 0.5

    def test_points_that_are_no_places_are_near_none(self) -> None:
        found = modes(np.array([[np.nan, 0], [0.5, 0.5]]), CENTRES, 0.01)
        np.testing.assert_allclose(found.near, [0.5, 0, 0, 0])

    @pytest.mark.parametrize(
        ("points", "centres"),
        [
            (np.empty((0, 2)), CENTRES),
            (np.zeros((3, 2)), np.empty((0, 2))),
            (np.full((2, 2), np.inf), CENTRES),
        ],
        ids=["no points", "no modes", "no place"],
    )
    def test_of_nothing_are_nothing(self, points: np.ndarray, centres: np.ndarray) -> None:
        found = modes(points, centres, 0.01)
        assert len(found.near) == len(centres)
        assert found.high_quality == 0


class TestTrails:
    def test_lead_from_look_to_look(self) -> None:
        trails = Trails(points=2)
        for step in (1, 2, 3):
            trails.add(step, np.full((5, 2), step, np.float32))
        lines = trail_segments(trails.places)
        assert lines.shape == (2, 2, 4)
        assert lines[:, 0].tolist() == [[1, 1, 2, 2], [2, 2, 3, 3]]

    def test_forget_the_oldest(self) -> None:
        trails = Trails(looks=3)
        for step in range(10):
            trails.add(step, np.full((1, 2), step, np.float32))
        assert trails.places[:, 0, 0].tolist() == [7, 8, 9]

    def test_do_not_grow_while_training_holds(self) -> None:
        trails = Trails()
        for _ in range(3):
            trails.add(4, np.zeros((1, 2), np.float32))
        assert len(trails.places) == 1

    def test_begin_anew_where_a_run_goes_back(self) -> None:
        trails = Trails()
        for step in (8, 9, 2):
            trails.add(step, np.full((1, 2), step, np.float32))
        assert trails.places[:, 0, 0].tolist() == [2]


def test_a_grid_has_a_line_between_any_two_neighbours() -> None:
    lines = grid_segments(np.arange(12, dtype=np.float32).reshape(2, 3, 2))
    assert lines.shape == (2 * 2 + 3, 4)
    assert [0, 1, 2, 3] in lines.tolist()
    assert [0, 1, 6, 7] in lines.tolist()


def test_arrows_end_where_they_go_and_have_heads_no_longer_than_they_are() -> None:
    lines = arrow_segments(np.zeros((2, 2)), np.array([[10.0, 0], [0, 0]]), 4.0)
    assert lines[0].tolist() == [0, 0, 10, 0]
    assert lines[2, :2].tolist() == [10, 0]
    assert lines[2, 2] == 6
    assert (lines[[1, 3, 5]] == 0).all()


def test_arrows_grow_like_square_roots_up_to_the_longest_and_point_down_the_screen() -> None:
    ways = arrow_ways(np.array([[0.0, 4.0], [1.0, 0.0], [9.0, 0.0]], np.float32), 4.0)
    np.testing.assert_allclose(ways, [[0, -1], [0.5, 0], [1, 0]])


def test_a_pull_that_is_no_number_goes_nowhere() -> None:
    ways = arrow_ways(np.array([[np.nan, 1.0], [np.inf, 0.0], [0.0, 0.0]], np.float32), 1.0)
    assert (ways == 0).all()


class TestSpan:
    def test_takes_the_range_of_most_values_at_once_and_follows_calmly(self) -> None:
        span = Span(calm=0.5)
        span.follow(np.linspace(0, 100, 101))
        assert (span.low, span.high) == (2, 98)
        span.follow(np.linspace(100, 200, 101))
        assert (span.low, span.high) == (52, 148)

    def test_passes_over_what_is_no_number(self) -> None:
        span = Span()
        span.follow(np.array([[np.nan, -np.inf, 3.0], [np.inf, 5.0, np.nan]]))
        assert (span.low, span.high) == (3, 5)
        span.follow(np.full(4, np.nan))
        assert (span.low, span.high) == (3, 5)

    def test_places_values_between_its_ends(self) -> None:
        span = Span()
        span.low, span.high = -1.0, 3.0
        np.testing.assert_allclose(
            span.shares(np.array([-5, -1, 1, 3, np.inf, np.nan])), [0, 0, 0.5, 1, 1, 0]
        )

    def test_of_one_value_lies_in_the_middle(self) -> None:
        span = Span()
        span.follow(np.ones(4))
        assert span.shares(np.ones(2)).tolist() == [0.5, 0.5]


def test_probabilities_of_large_logits_are_whole() -> None:
    np.testing.assert_allclose(probabilities(np.array([-1e4, 0, 1e4])), [0, 0.5, 1])
