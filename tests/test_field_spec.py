import json
from dataclasses import asdict
from typing import Any

import pytest

from ganstudio.field_spec import Dependency, FieldSpec, field_at, filled, spec_from_dict
from ganstudio.schema import describe, to_table
from tests.every_type import EveryType

SPECS = {spec.name: spec for spec in describe(EveryType)}


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_survives_being_kept_in_a_file(name: str) -> None:
    assert spec_from_dict(json.loads(json.dumps(asdict(SPECS[name])))) == SPECS[name]


def test_specs_of_an_older_file_are_read() -> None:
    old = {"name": "a", "title": "a", "kind": "int", "default": 1, "choices": []}
    assert spec_from_dict(old) == FieldSpec("a", "a", "int", 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hidden", "a list of 1 to 6 whole numbers from 1 to 4096"),
        ("weights", "a list of numbers from 0 to 1"),
        ("limit", "a whole number from 1 to 100, or nothing"),
        ("offset", "a number"),
        ("kernel", "one of 3, 5, 7"),
        ("tint", "a colour such as #3584e4"),
        ("column", "the name of a column"),
        ("branch", "a table of settings"),
        ("second", "one of Lion, Shampoo, or nothing"),
        ("folder", "a path, or nothing"),
    ],
)
def test_what_is_allowed_is_said_in_words(name: str, words: str) -> None:
    assert SPECS[name].range_text() == words


@pytest.mark.parametrize(
    ("low", "high", "words"), [(1, None, "a number of at least 1"), (None, 3, "a number of at most 3")]
)
def test_one_bound_alone_is_said_too(low: float | None, high: float | None, words: str) -> None:
    assert FieldSpec("a", "a", "float", 1.0, low=low, high=high).range_text() == words


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("hidden", [1, 4096], True),
        ("hidden", [0], False),
        ("hidden", [1.5], False),
        ("hidden", [True], False),
        ("hidden", [], False),
        ("hidden", [1] * 7, False),
        ("hidden", "1, 2", False),
        ("hidden", "", False),
        ("weights", [], True),
        ("weights", [1, 0.5], True),
        ("kernel", 5, True),
        ("kernel", "5", False),
        ("kernel", 5.0, False),
        ("limit", "", True),
        ("layers", "", False),
        ("tint", "#00FF00", True),
        ("tint", "#00ff0", False),
        ("branch", {}, True),
        ("branch", "", False),
        ("second", "", True),
        ("column", "class", True),
    ],
)
def test_whether_a_value_is_allowed(name: str, value: Any, fits: bool) -> None:
    assert SPECS[name].suits(value) is fits


@pytest.mark.parametrize(
    ("path", "title"),
    [("branch.head.units", "units"), ("optimizer.momentum", "momentum"), ("branch", "branch")],
)
def test_a_setting_is_found_by_its_path(path: str, title: str) -> None:
    found = field_at(SPECS.values(), path)
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize("path", ["nothing", "branch.nothing", "width.more", "optimizer.nothing"])
def test_a_path_that_leads_nowhere_finds_nothing(path: str) -> None:
    assert field_at(SPECS.values(), path) is None


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"branch": {"head": {"gate": False}}},
        {"optimizer": {"kind": "Lion"}},
        {"optimizer": {"every": 3}},
        {"extra": {}, "second": {"kind": "Shampoo", "every": 2}, "patience": ""},
    ],
    ids=["defaults", "nested twice", "another kind", "the usual kind", "what may be left out"],
)
def test_filled_in_from_specs_it_is_what_the_class_holds(values: dict[str, Any]) -> None:
    held = to_table(EveryType.model_validate(values))
    assert {name: value for name, value in filled(SPECS.values(), values).items() if value != ""} == {
        name: value for name, value in held.items() if value != ""
    }


@pytest.mark.parametrize(
    ("need", "value", "holds"),
    [
        (Dependency("a", ("one", "two")), "two", True),
        (Dependency("a", ("one",)), "two", False),
        (Dependency("a", (True,)), True, True),
        (Dependency("a", (True,)), 1, False),
        (Dependency("a", above=0), 0, False),
        (Dependency("a", above=0), 0.1, True),
        (Dependency("a", above=0), "", False),
    ],
)
def test_a_setting_applies_where_another_has_a_value(need: Dependency, value: Any, holds: bool) -> None:
    assert need.holds(value) is holds


@pytest.mark.parametrize(
    ("need", "reason"),
    [
        (Dependency("a", ("one", "two")), "Only when the shape is one or two."),
        (Dependency("a", (True,)), "Only when the shape is on."),
        (Dependency("a", above=0), "Only when the shape is above 0."),
    ],
)
def test_the_reason_names_what_it_depends_on(need: Dependency, reason: str) -> None:
    assert need.reason("the shape") == reason
