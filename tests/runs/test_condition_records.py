import json
import math
from typing import Any

import pytest

from ganstudio.api.conditions import Condition, Remedy, Trend
from ganstudio.api.events import plain
from ganstudio.runs.condition_records import condition_of

BARE = Condition("collapse", "bad", 400, "One of 8 modes is left.", "The generator makes one thing.")
WHOLE = Condition(
    "collapse",
    "watch",
    400,
    "3 of 8 modes are left.",
    "The generator makes few things.",
    {"modes": 3.0},
    Trend("score/modes", (200, 400), (8.0, 3.0), limit=4.0),
    (
        Remedy("Add R1", {"regularizers.R1.gamma": 1.0}, "branch", "It bounds gradients."),
        Remedy("Half the rate", {"optimizers.generator.learning_rate": 5e-4}),
        Remedy("More latents", {"architecture.latent_dim": 32}, "anew", "Images differ in more ways."),
    ),
)


@pytest.mark.parametrize("condition", [BARE, WHOLE], ids=["bare", "whole"])
def test_a_condition_comes_back_as_it_was_written(condition: Condition) -> None:
    assert condition_of(json.loads(json.dumps(plain(condition)))) == condition


@pytest.mark.parametrize(
    "change",
    [{"name": None}, {"level": "worse"}, {"since": "early"}, {"sentence": 3}, {"explanation": []}],
    ids=str,
)
def test_what_is_no_condition_gives_none(change: dict[str, Any]) -> None:
    assert condition_of({**plain(BARE), **change}) is None
    assert condition_of(None) is None
    assert condition_of([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"trend": {"name": "x", "steps": [1], "values": []}},
        {"trend": {"name": "x", "steps": ["a"], "values": [1.0]}},
        {"remedies": [{"title": "no changes"}, 3]},
        {"evidence": 3, "remedies": None},
    ],
    ids=str,
)
def test_a_part_that_is_not_as_it_is_written_is_left_out(change: dict[str, Any]) -> None:
    assert condition_of({**plain(BARE), **change}) == BARE


def test_a_figure_that_was_not_finite_is_no_number() -> None:
    condition = condition_of({**plain(BARE), "evidence": {"loss": None}})
    assert condition is not None
    assert math.isnan(condition.evidence["loss"])
