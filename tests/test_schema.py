import enum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from ganstudio.api import Live, Range, Settings, Unit
from ganstudio.catalogue import FieldSpec
from ganstudio.schema import describe


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Everything(Settings):
    """One field of each kind."""

    count: Annotated[int, Range(1, 9, log=True), Live, Unit("px"), "How many"] = 3
    rate: Annotated[float, "How fast", "and how far"] = 0.5
    on: bool = True
    word: str = "a"
    folder: Path = Path("here")
    where: Path | None = None
    mode: Literal["one", "two"] = "two"
    colour: Colour = Colour.BLUE
    maybe: Annotated[int | None, Range(0, 5)] = None
    titled: Annotated[int, Field(title="A title", description="Said so.")] = 1
    odd: tuple[int, int] = (1, 2)
    made: Annotated[int, Field(default_factory=lambda: 7)]


SPECS = {spec.name: spec for spec in describe(Everything)}


def test_fields_come_in_the_order_of_declaration() -> None:
    assert list(SPECS) == list(Everything.model_fields)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "count",
            FieldSpec("count", "count", "int", 3, "How many", 1, 9, log=True, unit="px", live=True),
        ),
        ("rate", FieldSpec("rate", "rate", "float", 0.5, "How fast and how far")),
        ("on", FieldSpec("on", "on", "bool", True)),
        ("word", FieldSpec("word", "word", "text", "a")),
        ("folder", FieldSpec("folder", "folder", "path", "here")),
        ("where", FieldSpec("where", "where", "path", "")),
        ("mode", FieldSpec("mode", "mode", "choice", "two", choices=("one", "two"))),
        ("colour", FieldSpec("colour", "colour", "choice", "blue", choices=("red", "blue"))),
        ("maybe", FieldSpec("maybe", "maybe", "int", "", low=0, high=5)),
        ("titled", FieldSpec("titled", "A title", "int", 1, "Said so.")),
        ("odd", FieldSpec("odd", "odd", "text", "(1, 2)")),
        ("made", FieldSpec("made", "made", "int", 7)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_field_becomes_plain_data(name: str, expected: FieldSpec) -> None:
    assert SPECS[name] == expected


def test_an_underscore_is_a_space_in_the_title() -> None:
    class Mine(Settings):
        learning_rate: float = 0.1

    assert describe(Mine)[0].title == "learning rate"


def test_settings_inherit_the_fields_of_their_base() -> None:
    class More(Everything):
        count: Annotated[int, Range(1, 5)] = 2
        extra: int = 0

    specs = {spec.name: spec for spec in describe(More)}
    assert specs["count"].high == 5
    assert list(specs)[-1] == "extra"
