from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from ganstudio.api import Colour, Optimizer, Range, Settings, When


class Mine(Settings):
    """A few fields."""

    count: Annotated[int, Range(1, 10), "How many"] = 3
    rate: Annotated[float, Range(0.5, 2.0)] = 1.0


@pytest.mark.parametrize("count", [1, 10])
def test_both_ends_of_a_range_are_allowed(count: int) -> None:
    assert Mine(count=count).count == count


@pytest.mark.parametrize(
    "values",
    [
        {"count": 0},
        {"count": 11},
        {"count": 2.5},
        {"count": "many"},
        {"rate": float("nan")},
        {"rate": float("inf")},
        {"rate": None},
        {"speed": 1},
    ],
    ids=str,
)
def test_what_is_no_value_of_a_field_is_refused(values: dict) -> None:
    with pytest.raises(ValidationError):
        Mine(**values)


def test_settings_do_not_change_in_place() -> None:
    settings = Mine()
    with pytest.raises(ValidationError):
        settings.count = 4


def test_a_default_out_of_its_range_is_refused() -> None:
    class Wrong(Settings):
        count: Annotated[int, Range(1, 10)] = 11

    with pytest.raises(ValidationError):
        Wrong()


def test_the_optimizer_starts_from_known_values() -> None:
    optimizer = Optimizer()
    assert (optimizer.kind, optimizer.learning_rate, optimizer.beta1, optimizer.beta2) == (
        *("Adam", 2e-4, 0.5, 0.999),
    )


class Head(Settings):
    units: int = 32
    gate: bool = True


class Body(Settings):
    head: Head = Head(units=16)
    maybe: int | None = 5


def test_what_nested_settings_leave_out_comes_from_the_default_around_them() -> None:
    assert Body.model_validate({"head": {"gate": False}}).head == Head(units=16, gate=False)


def test_empty_text_is_none_wherever_that_is_allowed() -> None:
    assert Body.model_validate({"maybe": ""}).maybe is None


@pytest.mark.parametrize("value", [True, [True]], ids=["number", "list"])
def test_true_is_no_number(value: Any) -> None:
    class Numbers(Settings):
        one: int | None = 1
        many: tuple[int, ...] = (1,)

    name = "many" if isinstance(value, list) else "one"
    with pytest.raises(ValidationError):
        Numbers.model_validate({name: value})


def test_a_colour_is_kept_in_small_letters() -> None:
    class Painted(Settings):
        tint: Annotated[Colour, "A colour"] = "#FF0000"

    assert Painted().tint == "#ff0000"


def test_a_dependency_without_values_is_refused() -> None:
    with pytest.raises(TypeError, match="neither values nor"):
        When("shape")
