"""What is remembered of figures: medians, slow decisions, and the strength of a swing."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ganstudio_plugins.health_signals import DRAWN, Standing, Trail, deviation, middle, quantile, slope, swing


def trail(*values: float, every: int = 1) -> Trail:
    made = Trail()
    for place, value in enumerate(values):
        made.add(place * every, value)
    return made


def test_what_is_not_finite_is_not_remembered() -> None:
    made = trail(1.0, math.nan, math.inf, 2.0)
    assert list(made.values) == [1.0, 2.0]
    assert list(made.steps) == [0, 3]
    assert not made.add(4, None)


def test_one_wild_value_moves_no_median() -> None:
    assert trail(1.0, 1.1, 1e9, 1.2, 1.0).middle(5) == 1.1


def test_only_the_newest_values_are_remembered() -> None:
    made = Trail(3)
    for step in range(10):
        made.add(step, step)
    assert list(made.steps) == [7, 8, 9]


def test_a_rise_is_told_of_the_newest_against_those_before() -> None:
    assert trail(1, 1, 1, 2, 2, 2).rise(3) == 2.0
    assert trail(1, 2).rise(3) == 1.0


def test_a_small_plot_is_thinned_and_ends_with_the_newest_value() -> None:
    drawn = trail(*range(350)).drawn("It", 7.0)
    assert len(drawn.steps) == len(drawn.values) <= DRAWN
    assert drawn.values[-1] == 349
    assert drawn.limit == 7.0


def test_a_plot_of_nothing_has_no_points() -> None:
    assert Trail().drawn("It").values == ()


def test_it_stands_only_after_several_sights_and_since_the_first_of_them() -> None:
    standing = Standing(begin=3, end=2)
    seen = [standing.see(step, holds) for step, holds in enumerate([True, True, False, True, True, True])]
    assert seen == [False] * 5 + [True]
    assert standing.since == 3


def test_what_holds_beyond_doubt_stands_at_once_and_since_it_does() -> None:
    standing = Standing(begin=3, end=2)
    assert not standing.see(100, True)
    assert standing.see(200, False, 50)
    assert standing.since == 50
    assert standing.see(300, True, 60)
    assert standing.since == 50
    assert standing.see(400, False)
    assert not standing.see(500, False)


@pytest.mark.parametrize(
    ("values", "begin", "since"),
    [
        ((9, 9, 9, 9), 0, 0),
        ((9, 9, 9, 9), 15, 20),
        ((9, 1, 9, 9), 0, 20),
        ((9, 9, 1, 9), 0, None),
        ((9, 9, 9, 1), 0, None),
        ((9, 9, 9, 9), 25, None),
    ],
    ids=["all", "late ones", "the newest", "one", "over", "too few"],
)
def test_what_lasts_is_dated(values: tuple[float, ...], begin: int, since: int | None) -> None:
    """Values of steps 0, 10, 20, 30: two of them that span ten steps are asked for."""
    assert trail(*values, every=10).lasting(lambda value: value > 5, 2, 10, begin) == since


def test_values_close_together_do_not_last() -> None:
    assert trail(9, 9, 9).lasting(lambda value: value > 5, 2, 10, 0) is None


def test_it_falls_only_after_several_sights() -> None:
    standing = Standing(begin=1, end=2)
    standing.see(0, True)
    assert [standing.see(step, holds) for step, holds in enumerate([False, True, False, False], 1)] == [
        True,
        True,
        True,
        False,
    ]
    assert standing.since is None


def test_figures_of_nothing_are_not_a_number() -> None:
    assert math.isnan(middle([]))
    assert math.isnan(quantile([], 0.5))


def test_deviation_is_that_of_normal_noise_whatever_a_few_say() -> None:
    draw = random.Random(0)
    values = [draw.gauss(0, 2) for _ in range(2000)] + [1e6] * 20
    assert deviation(values) == pytest.approx(2, rel=0.1)


def test_slope_is_that_of_a_line() -> None:
    assert slope([3 * place + 1 for place in range(20)]) == pytest.approx(3)


def test_a_sine_swings_and_noise_or_a_trend_does_not() -> None:
    draw = random.Random(1)
    sine = [math.sin(2 * math.pi * place / 8) for place in range(48)]
    share, period = swing(sine)
    assert share > 0.95
    assert period == pytest.approx(8, rel=0.1)
    assert swing([draw.gauss(0, 1) for _ in range(48)])[0] < 0.4
    assert swing([0.5 * place for place in range(48)]) == (0.0, 0.0)


@given(some.lists(some.floats(-1e12, 1e12), max_size=80))
def test_a_swing_is_a_share(values: list[float]) -> None:
    share, period = swing(values)
    assert 0 <= share <= 1
    assert 0 <= period <= max(len(values), 1)
