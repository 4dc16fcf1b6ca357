import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.api import InputError
from ganstudio.api.table_treatments import TREATMENTS, treatments_text
from ganstudio.catalogue import Entry, FieldSpec
from ganstudio.experiment import (
    Choice,
    Experiment,
    ExperimentError,
    load_experiment,
    parse_assignment,
    parse_value,
    slug,
    unknown_name,
)
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.schema import describe
from ganstudio.training.settings import TrainingSettings
from tests import experiments

REGISTRY = Registry.load()
CATALOGUE = REGISTRY.catalogue(describe(TrainingSettings))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def value_of(field: FieldSpec) -> st.SearchStrategy[Any]:
    """Return values that a field takes."""
    if field.name == "treat":
        asked = st.dictionaries(texts.filter(bool), st.sampled_from(TREATMENTS), max_size=3)
        return asked.map(treatments_text)
    match field.kind:
        case "int":
            return st.integers(int(field.low or 0), int(field.high or 0))
        case "float":
            return st.floats(field.low, field.high, allow_subnormal=False)
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(field.choices)
        case "path":
            return st.sampled_from(["here", "/some/where else", "größe"])
        case "numbers":
            one = st.integers(int(field.low or 0), int(field.high or 0))
            assert field.item == "int"
            return st.lists(one, min_size=field.shortest or 0, max_size=field.longest)
    return texts.filter(bool)


def values_of(fields: tuple[FieldSpec, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={field.name: value_of(field) for field in fields})


def choice_of(entries: tuple[Entry, ...]) -> st.SearchStrategy[Choice]:
    return st.sampled_from(entries).flatmap(
        lambda entry: values_of(entry.fields).map(lambda values: Choice(entry.kind, values))
    )


@st.composite
def several_of(
    draw: st.DrawFn, entries: tuple[Entry, ...], architecture: Entry, data: Entry
) -> dict[str, dict[str, Any]]:
    """Return some of the components that an adversarial architecture takes, for this kind of data."""
    suited = [e for e in entries if not e.data_kinds or set(data.data_kinds) <= set(e.data_kinds)]
    if not suited or not architecture.adversarial:
        return {}
    chosen = draw(st.lists(st.sampled_from(suited), unique_by=lambda entry: entry.kind))
    return {entry.kind: draw(values_of(entry.fields)) for entry in chosen}


@st.composite
def valid_experiments(draw: st.DrawFn) -> Experiment:
    data = draw(st.sampled_from(CATALOGUE.data))
    architectures = [a for a in CATALOGUE.architectures if set(data.data_kinds) <= set(a.data_kinds)]
    architecture = draw(st.sampled_from(architectures))
    chosen, training = draw(choice_of((architecture,))), draw(values_of(CATALOGUE.training))
    if "packing" in chosen.settings:
        # Batches are to be divided into packs.
        training["batch_size"] = draw(st.integers(1, 9)) * chosen.settings["packing"]
    return Experiment(
        name=draw(texts.filter(bool)),
        about=draw(texts),
        data=draw(choice_of((data,))),
        architecture=chosen,
        loss=draw(st.none() | choice_of(CATALOGUE.losses)) if architecture.adversarial else None,
        regularizers=draw(several_of(CATALOGUE.regularizers, architecture, data)),
        augmentations=draw(several_of(CATALOGUE.augmentations, architecture, data)),
        optimizers=draw(
            st.dictionaries(st.sampled_from(sorted(architecture.optimizers)), values_of(CATALOGUE.optimizer))
        ),
        training=training,
    )


def read(text: str) -> Experiment:
    return Experiment.from_dict(tomllib.loads(text))


@settings(max_examples=40, deadline=None, database=None)
@given(valid_experiments())
def test_any_experiment_survives_being_written_as_toml(experiment: Experiment) -> None:
    assert read(experiment.to_toml()) == experiment


@settings(max_examples=40, deadline=None, database=None)
@given(valid_experiments())
def test_any_experiment_resolves_to_a_complete_one_that_means_the_same(experiment: Experiment) -> None:
    complete = resolve(experiment, REGISTRY).experiment
    assert read(complete.to_toml()) == complete
    assert resolve(complete, REGISTRY).experiment == complete
    for part in ("data", "architecture"):
        asked, filled = getattr(experiment, part), getattr(complete, part)
        assert asked.kind == filled.kind
        assert dict(asked.settings).items() <= dict(filled.settings).items()
    assert dict(experiment.training).items() <= dict(complete.training).items()


class TestReading:
    def test_a_regularizer_without_settings_is_still_there(self) -> None:
        experiment = dataclasses.replace(experiments.ring(), regularizers={"R1": {}})
        assert read(experiment.to_toml()).regularizers == {"R1": {}}

    def test_an_augmentation_without_settings_is_still_there(self) -> None:
        experiment = dataclasses.replace(experiments.digits(), augmentations={"ADA": {}})
        assert read(experiment.to_toml()) == experiment
        assert "[augmentations.ADA]" in experiment.to_toml()

    def test_the_card_of_a_preset_is_no_part_of_the_choice(self, tmp_path: Path) -> None:
        text = experiments.ring().to_toml()
        path = tmp_path / "mine.toml"
        path.write_text(text + '\n[preset]\ngroup = "2-D"\nanything = "else"\n')
        assert load_experiment(path) == experiments.ring()
        assert load_experiment(path).to_toml() == text

    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("", ["data: say which kind", "architecture: say which kind"]),
            ("nonsense = 1", ["nonsense: there is no 'nonsense' here"]),
            ("[trainig]\nsteps = 1", ["trainig: there is no 'trainig' here; did you mean training?"]),
            ("data = 5", ["data: write a table with a kind, not 5."]),
            ("[data]\nkind = 5", ["data: say which kind"]),
            ("loss = 'Hinge'", ["loss: write a table with a kind, not 'Hinge'."]),
            ("[loss]\ngamma = 1", ["loss: say which kind"]),
            ("training = 3", ["training: write its settings as tables, as in [training]."]),
            (
                "regularizers = ['R1']",
                ["regularizers: write its settings as tables, as in [regularizers.name]"],
            ),
            ("[regularizers]\nR1 = 1.0", ["regularizers: write its settings as tables"]),
            (
                "augmentations = ['ADA']",
                ["augmentations: write its settings as tables, as in [augmentations"],
            ),
            ("[augmentations]\nADA = true", ["augmentations: write its settings as tables"]),
            ("optimizers = 1", ["optimizers: write its settings as tables"]),
            ("name = 7", ["name: this must be text, not 7."]),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_each_wrong_part_is_named(self, text: str, sentences: list[str], tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text(text)
        with pytest.raises(ExperimentError) as caught:
            load_experiment(path)
        said = str(caught.value).splitlines()
        for sentence in sentences:
            assert any(line.startswith(f"{path}: {sentence}") for line in said), said

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"[data\n", "is not valid TOML: "),
            (b"\xff\xfe\x00", "cannot be read: "),
            (None, "cannot be read: "),
        ],
        ids=["no TOML", "no text", "no file"],
    )
    def test_a_file_that_is_none_is_named(self, content: bytes | None, said: str, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(InputError) as caught:
            load_experiment(path)
        assert str(caught.value).startswith(f"{path} {said}")


class TestChanging:
    def test_a_setting_changes_in_a_copy(self) -> None:
        before = experiments.ring(steps=6)
        after = before.with_value("training.steps", 9)
        assert (before.training["steps"], after.training["steps"]) == (6, 9)
        assert after.with_value("training.steps", 6) == before

    @pytest.mark.parametrize(
        ("path", "value", "where"),
        [
            ("architecture.width", 8, lambda e: e.architecture.settings["width"]),
            ("regularizers.R1.gamma", 0.5, lambda e: e.regularizers["R1"]["gamma"]),
            ("augmentations.ADA.limit", 0.5, lambda e: e.augmentations["ADA"]["limit"]),
            ("optimizers.generator.beta1", 0.1, lambda e: e.optimizers["generator"]["beta1"]),
            ("loss.kind", "Hinge", lambda e: e.loss.kind),
            ("name", "other", lambda e: e.name),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_any_part_can_be_reached(self, path: str, value: Any, where) -> None:
        assert where(experiments.ring().with_value(path, value)) == value

    def test_what_is_nested_is_reached_however_deep(self) -> None:
        before = experiments.ring().with_value("architecture.inner.head.units", 8)
        after = before.with_value("architecture.inner.head.units", 9)
        assert after.architecture.settings["inner"] == {"head": {"units": 9}}
        assert before.architecture.settings["inner"] == {"head": {"units": 8}}

    def test_settings_that_were_left_out_are_brought_about(self) -> None:
        without = experiments.ring().with_value("architecture.inner", "")
        assert without.with_value("architecture.inner.width", 8).architecture.settings["inner"] == {
            "width": 8
        }

    def test_another_kind_forgets_the_settings_of_the_one_before(self) -> None:
        before = experiments.ring()
        assert before.with_value("data.kind", "Grid").data == Choice("Grid")
        assert before.with_value("data.kind", "Ring").data == before.data

    @pytest.mark.parametrize(
        "path",
        ["", ".", "speed", "trainig.steps", "training..steps", "a.b.c.d", "name.first", "data.kind.name"],
    )
    def test_a_path_that_leads_nowhere_is_refused(self, path: str) -> None:
        with pytest.raises(ExperimentError) as caught:
            experiments.ring().with_value(path, 1)
        assert [problem.path for problem in caught.value.problems] == [path]
        assert str(caught.value).startswith(path)

    def test_a_new_name_changes_nothing_else(self) -> None:
        renamed = experiments.ring().renamed("new")
        assert renamed == dataclasses.replace(experiments.ring(), name="new")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("training.steps=20", ("training.steps", 20)),
        (" training.steps = 20 ", ("training.steps", 20)),
        ("architecture.spectral_norm=true", ("architecture.spectral_norm", True)),
        ("a.b=1e-3", ("a.b", 1e-3)),
        ("a.b=plain text", ("a.b", "plain text")),
        ('a.b="quoted"', ("a.b", "quoted")),
        ("a.b=x=y", ("a.b", "x=y")),
        ("a.b=", ("a.b", "")),
        ("a.b=[1, 2]", ("a.b", [1, 2])),
        ("a.b=1\nc=2", ("a.b", "1\nc=2")),
        ("a.b=007", ("a.b", "007")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_assignment_is_a_path_and_a_value_as_toml_reads_it(text: str, expected: tuple[str, Any]) -> None:
    assert parse_assignment(text) == expected


@pytest.mark.parametrize("text", ["training.steps", "", "=5", "  =5"])
def test_an_assignment_without_a_path_or_an_equals_sign_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write it as path=value"):
        parse_assignment(text)


@given(st.text(max_size=30))
@settings(database=None)
def test_any_text_is_some_value(text: str) -> None:
    parse_value(text)


@pytest.mark.parametrize(
    ("known", "hint"),
    [(["training", "data"], "did you mean training?"), (["R1"], "there is R1."), ([], "there is none.")],
    ids=["near", "far", "none"],
)
def test_an_unknown_name_comes_with_the_nearest(known: list[str], hint: str) -> None:
    assert unknown_name("p", "trainig", known) == f"p: there is no 'trainig' here; {hint}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("My First GAN!", "my-first-gan"), ("../../etc", "etc"), ("…", "experiment"), ("größe 2", "größe-2")],
)
def test_a_name_becomes_one_of_a_folder(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text(max_size=100))
@settings(database=None)
def test_any_name_becomes_one_of_a_folder(name: str) -> None:
    assert slug(name)
    assert len(slug(name)) <= 60
    assert not set(slug(name)) & set("/\\:. \n\0")
