import enum
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from ganstudio.api import Live, Range, Settings, Shown, Unit
from ganstudio.catalogue import FieldSpec
from ganstudio.field_spec import Dependency, spec_from_dict
from ganstudio.schema import describe, extractors_named, to_table, unshowable
from tests.every_type import Branch, EveryType


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
        ("where", FieldSpec("where", "where", "path", "", optional=True)),
        ("mode", FieldSpec("mode", "mode", "choice", "two", choices=("one", "two"))),
        ("colour", FieldSpec("colour", "colour", "choice", "blue", choices=("red", "blue"))),
        ("maybe", FieldSpec("maybe", "maybe", "int", "", low=0, high=5, optional=True)),
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


EVERY = {spec.name: spec for spec in describe(EveryType)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("width", "int"), ("rate", "float"), ("on", "bool"), ("title", "text"), ("shape", "choice")),
        *(("kernel", "choice"), ("side", "choice"), ("hidden", "numbers"), ("weights", "numbers")),
        *(("limit", "int"), ("tint", "colour"), ("folder", "path"), ("column", "column")),
        ("features", "choice"),
        *(("branch", "settings"), ("extra", "settings"), ("optimizer", "variant"), ("second", "variant")),
    ],
)
def test_each_type_has_its_kind(name: str, kind: str) -> None:
    assert EVERY[name].kind == kind


def test_a_setting_that_names_an_extractor_is_a_choice_among_those_there_are() -> None:
    # Which others there are is known where the plugins are.
    assert (EVERY["features"].of, EVERY["features"].choices) == ("extractor", ("studio",))
    assert extractors_named(EveryType(features="random")) == {"features": "random"}
    assert extractors_named(EveryType(features="")) == {}


def test_a_list_of_numbers_says_which_and_how_many() -> None:
    hidden = EVERY["hidden"]
    assert (hidden.item, hidden.low, hidden.high, hidden.shortest, hidden.longest) == ("int", 1, 4096, 1, 6)
    assert hidden.default == [256, 128]
    assert (EVERY["weights"].item, EVERY["weights"].longest) == ("float", None)


def test_nested_settings_start_from_the_default_around_them() -> None:
    fields = {spec.name: spec for spec in EVERY["branch"].fields}
    assert fields["width"].default == 16
    assert {spec.name: spec.default for spec in fields["head"].fields} == {"units": 16, "gate": True}
    assert EVERY["branch"].default == {"width": 16, "rate": 0.5, "head": {"units": 16, "gate": True}}


def test_each_kind_of_a_union_has_its_fields_without_the_kind() -> None:
    optimizer = EVERY["optimizer"]
    assert optimizer.choices == ("Lion", "Shampoo")
    defaults = {kind: {s.name: s.default for s in fields} for kind, fields in optimizer.variants.items()}
    assert defaults == {"Lion": {"rate": 1e-4, "momentum": 0.9}, "Shampoo": {"rate": 0.05, "every": 10}}


@pytest.mark.parametrize("name", ["limit", "patience", "folder", "extra", "second"])
def test_what_may_be_left_out_says_so(name: str) -> None:
    assert EVERY[name].optional


def test_a_dependency_becomes_plain_data() -> None:
    assert EVERY["hidden"].when == (Dependency("shape", ("listed",)),)


def test_what_changes_samples_alone_is_live_and_names_its_previews() -> None:
    class Looks(Settings):
        """Both ways to say so, and neither."""

        everywhere: Annotated[float, Range(0.0, 1.0), Shown()] = 1.0
        here: Annotated[int, Shown("mixing")] = 4
        trained: Annotated[float, Live] = 1.0

    specs = describe(Looks)
    assert [(spec.live, spec.shown, spec.previews) for spec in specs] == [
        (True, True, ()),
        (True, True, ("mixing",)),
        (True, False, ()),
    ]
    assert [spec_from_dict(asdict(spec)) for spec in specs] == list(specs)


def test_all_that_is_nested_in_a_live_setting_is_live() -> None:
    class Around(Settings):
        branch: Annotated[Branch, Live] = Branch()

    (around,) = describe(Around)
    assert all(spec.live for spec in around.fields)
    assert {spec.name: spec.live for spec in EVERY["branch"].fields} == {
        "width": False,
        "rate": True,
        "head": False,
    }


def test_bounds_of_pydantics_own_count_too() -> None:
    class Mine(Settings):
        count: Annotated[int, Field(ge=2, le=9)] = 3

    assert (describe(Mine)[0].low, describe(Mine)[0].high) == (2, 9)


class TestUnshowable:
    def test_every_type_can_be_shown(self) -> None:
        assert unshowable(EveryType) == []

    def test_what_no_form_can_show_is_named(self) -> None:
        class Inner(Settings):
            table: dict[str, int] = {}  # noqa: RUF012

        class Mine(Settings):
            pair: tuple[int, int] = (1, 2)
            inner: Inner = Inner()
            mixed: int | str = 3

        assert unshowable(Mine, "Mine") == [
            "Mine.pair: no form can show the type tuple[int, int].",
            "Mine.inner.table: no form can show the type dict[str, int].",
            "Mine.mixed: no form can show the type int | str.",
        ]

    def test_a_field_without_a_default_is_named(self) -> None:
        class Mine(Settings):
            count: int

        assert unshowable(Mine, "Mine") == [
            "Mine.count: it has no default; a form has to start from a value."
        ]


class TestTable:
    def test_nothing_stays_away_where_that_is_the_default(self) -> None:
        table = to_table(EveryType())
        assert "limit" not in table
        assert "folder" not in table

    def test_nothing_is_written_where_it_is_not_the_default(self) -> None:
        table = to_table(EveryType(patience=None))
        assert table["patience"] == ""
        assert EveryType.model_validate(table).patience is None

    def test_nothing_within_nested_settings_is_written_whatever_their_own_default(self) -> None:
        class Inner(Settings):
            limit: int | None = None

        class Outer(Settings):
            inner: Inner = Inner(limit=3)

        table = to_table(Outer(inner=Inner()))
        assert table == {"inner": {"limit": ""}}
        assert Outer.model_validate(table).inner.limit is None
        assert Outer.model_validate({"inner": {}}).inner.limit == 3
