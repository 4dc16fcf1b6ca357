"""What is far beyond its limit is told after a few previews, if they are far apart."""

from typing import Any

import pytest

from ganstudio.api import HealthRule
from ganstudio.api.events import Event
from ganstudio_plugins.health_collapse import ModeCollapse
from ganstudio_plugins.health_memory import Memorising
from ganstudio_plugins.health_oscillation import Oscillation
from ganstudio_plugins.health_output import Artefacts
from tests.plugins.streams import RING, TOTAL, after, facts, good, only, reports, scores, watched

SELDOM = range(400, TOTAL + 1, 200)
"""Previews as far apart as those of a long run."""


def seldom(**changed: Any) -> list[Event]:
    """Return a few scores of good samples, with some figures of another kind."""
    return scores(SELDOM, **{f"vitals/{name}": value for name, value in changed.items()})


@pytest.mark.parametrize(
    ("rule", "changed", "previews"),
    [
        (ModeCollapse, {"diversity": 0.05, "repeats": 1.0, "nearest": 1.2}, 2),
        (ModeCollapse, {"diversity": 0.2, "repeats": 1.0, "nearest": 1.2, "coverage": 0.1}, 2),
        (Memorising, {"diversity": 0.9, "nearest": 0.2}, 2),
        (Artefacts, {"clipped": 0.9}, 2),
        (Artefacts, {"nyquist": 12.0}, 3),
    ],
    ids=["one image", "a few images", "copies", "black and white", "chequered"],
)
def test_what_is_beyond_doubt_is_told_after_a_few_previews_that_are_far_apart(
    rule: type[HealthRule], changed: dict[str, float], previews: int
) -> None:
    told, condition = only(watched(rule(), facts(), seldom(**changed)))
    assert (told, condition.since) == (SELDOM[previews - 1], SELDOM[0])


def test_previews_close_together_are_no_more_than_one_look() -> None:
    often = range(200, 230, 10)
    stream = scores(often, **{"vitals/diversity": 0.05, "vitals/repeats": 1.0, "vitals/nearest": 1.2})
    assert watched(ModeCollapse(), facts(), stream) == []


@pytest.mark.parametrize(
    ("diversity", "nearest"),
    [(lambda at: 0.02 * 1.3 ** (at / 200), 1.2), (0.05, 4.0)],
    ids=["it grows", "no image of any kind"],
)
def test_little_variety_is_no_collapse_yet(diversity: Any, nearest: float) -> None:
    found = watched(
        ModeCollapse(), facts(), seldom(diversity=diversity, repeats=1.0, nearest=nearest, coverage=0.3)
    )
    assert all(step > SELDOM[5] for step, _ in found)


def test_few_modes_are_told_at_once_unless_they_become_more() -> None:
    stays = scores(SELDOM, modes=1.0, high_quality=0.5)
    assert only(watched(ModeCollapse(), facts(RING), stays))[0] == SELDOM[1]
    grows = scores(SELDOM, modes=lambda at: at // 200, high_quality=0.5)
    assert watched(ModeCollapse(), facts(RING), grows) == []


def test_a_collapse_is_sudden_after_two_good_previews_too() -> None:
    stream = seldom(diversity=after(600, 0.1, 0.9), repeats=0.3, nearest=1.3)
    step, condition = only(watched(ModeCollapse(), facts(), stream))
    assert (step, condition.name) == (1000, "sudden mode collapse")


def test_noise_of_an_untrained_generator_is_no_variety_to_lose() -> None:
    stream = scores(range(50, 1000, 75), **{"vitals/diversity": after(150, 0.65, 1.3)})
    assert watched(ModeCollapse(), facts(), stream) == []


def test_repeats_of_samples_that_differ_and_reach_more_are_no_collapse() -> None:
    """A fully connected generator begins with noise that all its images share."""
    stream = good(
        diversity=lambda at: 0.3 + at / 3000, coverage=lambda at: 0.3 * 1.12 ** (at / 150), repeats=1.0
    )
    assert [step for step, _ in watched(ModeCollapse(), facts(), stream) if step < 1200] == []


def test_samples_that_are_thrown_about_are_told_after_four_previews_far_apart() -> None:
    found = watched(Oscillation(), facts(), reports(SELDOM, movement__fixed=0.4))
    step, condition = only(found)
    assert (step, condition.since) == (SELDOM[3], SELDOM[0])
    assert watched(Oscillation(), facts(), reports(SELDOM, movement__fixed=0.05)) == []
