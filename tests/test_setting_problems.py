from typing import Any

import pytest
from pydantic import ValidationError

from ganstudio.setting_problems import problems_of
from tests.every_type import EveryType

LISTED = "is not a list of 1 to 6 whole numbers from 1 to 4096."
OF_SHAMPOO = (
    "architecture.optimizer.momentum: this is a setting of Lion, but the kind is Shampoo; leave it out, or "
    'replace all at once with architecture.optimizer={kind="Shampoo"}.'
)
WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an item of a list": ({"hidden": [256, 5000]}, [f"architecture.hidden: [256, 5000] {LISTED}"]),
    "two items of a list": ({"hidden": [0, 5000]}, [f"architecture.hidden: [0, 5000] {LISTED}"]),
    "a list that is empty": ({"hidden": []}, [f"architecture.hidden: [] {LISTED}"]),
    "no list": ({"hidden": 256}, [f"architecture.hidden: 256 {LISTED}"]),
    "a truth in a list": ({"hidden": [True]}, [f"architecture.hidden: [True] {LISTED}"]),
    "a truth for a number that may be none": (
        {"limit": True},
        ["architecture.limit: True is not a whole number from 1 to 100, or nothing."],
    ),
    "one of several numbers": ({"kernel": 4}, ["architecture.kernel: 4 is not one of 3, 5, 7."]),
    "a colour": ({"tint": "blue"}, ["architecture.tint: 'blue' is not a colour such as #3584e4."]),
    "nested": (
        {"branch": {"width": 2}},
        ["architecture.branch.width: 2 is not a whole number from 4 to 64."],
    ),
    "nested twice": (
        {"branch": {"head": {"units": 0}}},
        ["architecture.branch.head.units: 0 is not a whole number from 1 to 512."],
    ),
    "an unknown name further in": (
        {"branch": {"head": {"unit": 3}}},
        ["architecture.branch.head.unit: there is no 'unit' here; did you mean units?"],
    ),
    "no table": ({"branch": 3}, ["architecture.branch: 3 is not a table of settings."]),
    "a setting of the kind": (
        {"optimizer": {"every": 0}},
        ["architecture.optimizer.every: 0 is not a whole number from 1 to 100."],
    ),
    "a setting of another kind": ({"optimizer": {"momentum": 0.5}}, [OF_SHAMPOO]),
    "a setting of no kind": (
        {"optimizer": {"kind": "Lion", "momentun": 0.5}},
        ["architecture.optimizer.momentun: there is no 'momentun' here; did you mean momentum?"],
    ),
    "an unknown kind": (
        {"optimizer": {"kind": "Lino", "rate": 9}},
        ["architecture.optimizer.kind: 'Lino' is not one of Lion, Shampoo."],
    ),
    "no kind where there is none by itself": (
        {"second": {"rate": 0.5}},
        ["architecture.second.kind: say which, one of Lion, Shampoo, or nothing."],
    ),
    "a validator of the field": (
        {"layers": 7},
        ["architecture.layers: seven layers do not fit two by two; 7 was given."],
    ),
    "a validator of the class": (
        {"shape": "wide", "width": 8},
        ["architecture.width: a wide shape needs a width of at least 16, not 8."],
    ),
    "several at once": (
        {"layers": 0, "branch": {"rate": 2}, "optimizer": {"rate": 3}},
        [
            "architecture.layers: 0 is not a whole number from 1 to 12.",
            "architecture.branch.rate: 2 is not a number from 0 to 1.",
            "architecture.optimizer.rate: 3 is not a number from 1e-06 to 1.",
        ],
    ),
}


@pytest.mark.parametrize(("values", "sentences"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_where_it_is(values: dict[str, Any], sentences: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        EveryType.model_validate(values)
    problems = problems_of("architecture", EveryType, values, caught.value)
    assert [problem.sentence for problem in problems] == sentences
    assert all(problem.sentence.startswith(f"{problem.path}: ") for problem in problems)
