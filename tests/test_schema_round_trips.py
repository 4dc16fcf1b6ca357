"""Any schema whatever: what its form, a file and the command line hold is the same, and so are refusals."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import create_model
from pytestqt.qtbot import QtBot

from ganstudio.api import Colour, Column, Group, Length, Live, Range, Settings, Unit, When
from ganstudio.api.setting_types import KIND
from ganstudio.experiment import Choice, Experiment, ExperimentError, parse_assignment
from ganstudio.exporting.settings import spelled
from ganstudio.field_spec import FieldSpec
from ganstudio.gui.panels.settings_section import SettingsSection
from ganstudio.resolve import _Check
from ganstudio.schema import describe, to_table

NAMES = ("alpha", "beta", "gamma", "delta", "width", "rate")
texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=8)
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
help_texts = st.sampled_from(["Of use", "{width} wide", "{2 * rate} {", "{gamma.alpha}"])


@st.composite
def ranges(draw: st.DrawFn, whole: bool) -> tuple[Range, st.SearchStrategy[Any]]:
    """Return a range and values in it."""
    log = draw(st.booleans())
    low = draw(st.integers(1 if log else -50, 40))
    high = draw(st.integers(low + 1, 100))
    numbers = st.integers(low, high) if whole else st.floats(low, high, allow_subnormal=False)
    return Range(low, high, log), numbers


@st.composite
def leaves(draw: st.DrawFn) -> tuple[Any, st.SearchStrategy[Any]]:
    """Return the type of one setting, with its marks, and values of it."""
    kind = draw(
        st.sampled_from(
            ["int", "float", "bool", "text", "choice", "odd", "numbers", "colour", "path", "column"]
        )
    )
    made: Any
    values: st.SearchStrategy[Any]
    match kind:
        case "int" | "float":
            bounds, values = draw(ranges(kind == "int"))
            made = Annotated[int if kind == "int" else float, bounds]
        case "bool":
            made, values = bool, st.booleans()
        case "text":
            made, values = str, texts
        case "choice":
            made, values = Literal["one", "two", "three"], st.sampled_from(["one", "two", "three"])
        case "odd":
            made, values = Literal[3, 5, 7], st.sampled_from([3, 5, 7])
        case "numbers":
            whole = draw(st.booleans())
            bounds, numbers = draw(ranges(whole))
            made = Annotated[tuple[Annotated[int if whole else float, bounds], ...], Length(1, 4)]
            values = st.lists(numbers, min_size=1, max_size=4).map(tuple)
        case "colour":
            made, values = Colour, colours
        case "path":
            made, values = Path, st.sampled_from([Path("here"), Path("/some/where else"), Path("größe")])
        case _:
            made, values = Annotated[str, Column], texts
    # An empty text is how a file and a form say that there is none.
    return (
        (made | None, st.none() | values.filter(lambda v: v != "")) if draw(st.booleans()) else (made, values)
    )


@st.composite
def models(draw: st.DrawFn, depth: int, kind: str = "") -> type[Settings]:
    """Return a settings class, nested down to ``depth``, each field with a default of its own."""
    fields: dict[str, Any] = {KIND: (Literal[kind], kind)} if kind else {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        form = draw(st.sampled_from(["leaf", "leaf", "nested", "union"] if depth else ["leaf"]))
        if form == "leaf":
            made, values = draw(leaves())
        elif form == "nested":
            inner = draw(models(depth - 1))
            optional = draw(st.booleans())
            made = inner | None if optional else inner
            values = st.none() | values_of(inner) if optional else values_of(inner)
        else:
            one, other = draw(models(depth - 1, "One")), draw(models(depth - 1, "Other"))
            made, values = one | other, st.one_of(values_of(one), values_of(other))
        marks = [draw(help_texts), *draw(st.sampled_from([(), (Live,), (Unit("px"),), (Group("More"),)]))]
        if fields and draw(st.booleans()):
            marks.append(When(next(iter(fields)), draw(st.sampled_from(["One", "two", 3, True])), above=1.0))
        fields[name] = (Annotated[made, *marks], draw(values))
    return create_model(f"Made{kind}", __base__=Settings, **fields)


def values_of(model: type[Settings]) -> st.SearchStrategy[Settings]:
    """Return settings of a class, each value its own or one that fits."""
    return st.fixed_dictionaries(
        {}, optional={spec.name: plain(spec) for spec in describe(model) if spec.name != KIND}
    ).map(model.model_validate)


def plain(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Return values of a setting as a file holds them."""
    values: st.SearchStrategy[Any]
    match spec.kind:
        case "int" | "float":
            values = numbers(spec, spec.kind)
        case "bool":
            values = st.booleans()
        case "choice":
            values = st.sampled_from(spec.choices)
        case "numbers":
            values = st.lists(numbers(spec, spec.item), min_size=spec.shortest or 0, max_size=spec.longest)
        case "colour":
            values = colours
        case "path":
            values = st.sampled_from(["here", "/some/where else", "größe"])
        case "settings":
            values = tables(spec.fields)
        case "variant":
            values = st.one_of([tables(fields, kind) for kind, fields in spec.variants.items()])
        case _:
            values = texts
    return st.just("") | values if spec.optional else values


def numbers(spec: FieldSpec, kind: str) -> st.SearchStrategy[Any]:
    assert spec.low is not None
    assert spec.high is not None
    if kind == "int":
        return st.integers(int(spec.low), int(spec.high))
    return st.floats(spec.low, spec.high, allow_subnormal=False)


def tables(fields: tuple[FieldSpec, ...], kind: str = "") -> st.SearchStrategy[dict[str, Any]]:
    """Return tables with some of the settings; of the kind of a union that is said."""
    named = {KIND: st.just(kind)} if kind else {}
    return st.fixed_dictionaries(named, optional={f.name: plain(f) for f in fields if f.name != KIND})


schemas = models(2)
cases = schemas.flatmap(lambda model: st.tuples(st.just(model), tables(describe(model))))
quick = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def checked(model: type[Settings], values: Any) -> Settings:
    """Return settings validated as an experiment's are, or raise with the sentences."""
    problems: list[Any] = []
    found = _Check(SimpleNamespace(), problems).settings("architecture", model, values)  # type: ignore[arg-type]
    if found is None:
        raise ExperimentError(problems)
    return found


def experiment(values: Any) -> Experiment:
    return Experiment(Choice("Data"), Choice("Made", values))


def assignments(path: str, values: Any) -> Iterator[str]:
    """Give ``--set`` for each leaf of a table, the kind of a union before its settings."""
    for name, value in sorted(values.items(), key=lambda item: item[0] != KIND):
        if isinstance(value, dict) and value:
            yield from assignments(f"{path}.{name}", value)
        else:
            yield f"{path}.{name}={spelled(value)}"


@quick
@given(cases)
def test_a_file_holds_what_was_chosen(case: tuple[type[Settings], dict[str, Any]]) -> None:
    model, values = case
    chosen = checked(model, values)
    text = experiment(to_table(chosen)).to_toml()
    read = Experiment.from_dict(tomllib.loads(text)).architecture.settings
    assert checked(model, read) == chosen
    assert to_table(checked(model, read)) == to_table(chosen)


@quick
@given(cases)
def test_the_command_line_sets_each_leaf(case: tuple[type[Settings], dict[str, Any]]) -> None:
    model, values = case
    made = experiment({})
    for text in assignments("architecture", values):
        made = made.with_value(*parse_assignment(text))
    assert checked(model, made.architecture.settings) == checked(model, values)


@quick
@given(case=cases)
def test_a_form_gives_back_what_it_was_given(
    qtbot: QtBot, case: tuple[type[Settings], dict[str, Any]]
) -> None:
    model, values = case
    form = SettingsSection("architecture", describe(model))
    assert form.values() == {}
    assert checked(model, form.current()) == checked(model, {})
    assert form.set_values(values) == []
    assert checked(model, form.values()) == checked(model, values)
    assert checked(model, form.current()) == checked(model, values)
    form.set_baseline(values)
    assert not form.is_changed()
    form.set_values({})
    assert form.values() == {}
    form.deleteLater()


def bounded(prefix: str, fields: tuple[FieldSpec, ...]) -> Iterator[tuple[str, FieldSpec]]:
    """Give every setting with a range that is there by default, by its path."""
    for spec in fields:
        path = f"{prefix}.{spec.name}"
        if spec.kind == "settings" and spec.default != "":
            yield from bounded(path, spec.fields)
        elif spec.kind == "variant":
            yield from bounded(path, spec.variants[spec.default[KIND]])
        elif spec.high is not None:
            yield path, spec


@quick
@given(schemas, st.data())
def test_what_is_out_of_range_is_refused_with_its_path(model: type[Settings], data: st.DataObject) -> None:
    found = list(bounded("architecture", describe(model)))
    if not found:
        return
    path, spec = data.draw(st.sampled_from(found))
    assert spec.high is not None
    wrong: Any = [spec.high + 1] if spec.kind == "numbers" else spec.high + 1
    made = experiment({}).with_value(*parse_assignment(f"{path}={spelled(wrong)}"))
    with pytest.raises(ExperimentError) as caught:
        checked(model, made.architecture.settings)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert problem.sentence == f"{path}: {wrong!r} is not {spec.range_text()}."
    assert str(spec.high) in problem.sentence
