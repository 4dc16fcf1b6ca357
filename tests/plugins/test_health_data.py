"""Trouble of the data is named before anything is trained."""

from typing import Any

import pytest

from ganstudio_plugins.health_data import DataTrouble
from tests.plugins.streams import facts


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"blank": 0.5}, "constant images"),
        ({"value_range": (100.0, 112.0)}, "narrow range"),
        ({"class_counts": (500,) * 9 + (1,), "classes": 10}, "classes missing"),
        ({"repeated": 0.9}, "repeated images"),
        ({"count": 16}, "tiny set"),
        ({"count": 90}, "tiny set"),
    ],
    ids=["blank", "narrow", "missing", "copies", "tiny", "small"],
)
def test_trouble_of_the_data_is_named_from_the_start(changed: dict[str, Any], name: str) -> None:
    rule = DataTrouble()
    rule.begin(facts(**changed))
    condition = rule.condition()
    assert condition is not None
    assert (condition.name, condition.since) == (name, 0)


def test_data_without_trouble_is_in_none() -> None:
    rule = DataTrouble()
    rule.begin(facts(class_counts=(500,) * 10))
    assert rule.condition() is None


def test_classes_that_nobody_asks_for_may_be_rare() -> None:
    rule = DataTrouble()
    rule.begin(facts(class_counts=(500,) * 9 + (1,), classes=0))
    assert rule.condition() is None
