"""The command line of a run asks for the same experiment, and the settings file says what was changed."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganstudio.catalogue import Catalogue, Entry, FieldSpec
from ganstudio.commands.common import choose_experiment, with_assignments
from ganstudio.commands.training import train
from ganstudio.experiment import Choice, Experiment, ExperimentError, parse_assignment
from ganstudio.exporting.settings import (
    arguments,
    command_line,
    completed,
    run_command_line,
    settings_text,
    spelled,
    toml,
)
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.folder import RunFolder
from ganstudio.schema import describe
from tests import experiments
from tests.every_type import EveryType


def typed(line: str, registry: Registry) -> Experiment:
    """Return what the command line, typed into a shell, asks to be trained."""
    program, command, *words = shlex.split(line)
    assert (program, command) == ("ganstudio", "train")
    context: click.Context = train.make_context("train", list(words))
    chosen = choose_experiment(context.params["experiment"], registry)
    wishes = {f"{number}": text for number, text in enumerate(context.params["assignments"])}
    return resolve(with_assignments(chosen, wishes)[0], registry).experiment


def order(experiment: Experiment) -> list[list[str]]:
    return [list(experiment.regularizers), list(experiment.augmentations)]


def test_every_preset_is_completed_as_a_run_has_it(registry: Registry, catalogue: Catalogue) -> None:
    assert len(registry.presets) > 10
    for name, preset in registry.presets.items():
        experiment = Experiment.from_dict(preset)
        table = completed(experiment, catalogue)
        assert table is not None
        complete = resolve(experiment, registry).experiment.to_dict()
        # Empty text may stand for nothing at all.
        for part in ("training", "data", "architecture"):
            complete[part] = {key: value for key, value in complete[part].items() if value != ""}
        assert Experiment.from_dict(table) == Experiment.from_dict(complete), name


def test_a_preset_as_it_stands_needs_no_settings(registry: Registry, catalogue: Catalogue) -> None:
    for name, preset in registry.presets.items():
        complete = resolve(Experiment.from_dict(preset), registry).experiment
        assert arguments(complete, catalogue) == ["ganstudio", "train", name]


def values(field: FieldSpec) -> st.SearchStrategy[object]:
    """Draw what a setting may be."""
    if field.kind == "bool":
        return st.booleans()
    if field.kind == "choice":
        return st.sampled_from(field.choices)
    if field.kind == "int" and field.low is not None and field.high is not None:
        return st.integers(int(field.low), int(field.high))
    if field.kind == "float" and field.low is not None and field.high is not None:
        return st.floats(field.low, field.high)
    if field.kind in ("text", "path"):
        return st.text(max_size=12).map(lambda text: text.replace("\x00", ""))
    return st.just(field.default)


@st.composite
def changed(draw: st.DrawFn, catalogue: Catalogue) -> Experiment:
    """Draw a preset with settings changed at will, parts taken out and others put in."""
    preset = Experiment.from_dict(draw(st.sampled_from(catalogue.presets)))
    table = preset.to_dict()
    table["name"] = draw(st.one_of(st.just(preset.name), st.text(min_size=1, max_size=10)))
    architecture = next(e for e in catalogue.architectures if e.kind == preset.architecture.kind)
    data = next(e for e in catalogue.data if e.kind == preset.data.kind)
    fields: list[tuple[str, FieldSpec]] = [("architecture", f) for f in architecture.fields]
    fields += [("data", f) for f in data.fields] + [("training", f) for f in catalogue.training]
    for part, field in draw(st.lists(st.sampled_from(fields), max_size=4)):
        table.setdefault(part, {})[field.name] = draw(values(field))
    for network in architecture.optimizers:
        for field in draw(st.lists(st.sampled_from(catalogue.optimizer), max_size=2)):
            own = table.setdefault("optimizers", {}).setdefault(network, {})
            own[field.name] = draw(values(field))
    if architecture.adversarial:
        _change_adversary(draw, table, catalogue)
    return Experiment.from_dict(table)


def _change_adversary(draw: st.DrawFn, table: dict[str, object], catalogue: Catalogue) -> None:
    loss = draw(st.sampled_from(catalogue.losses))
    if draw(st.booleans()):
        table["loss"] = {"kind": loss.kind, **{f.name: draw(values(f)) for f in loss.fields[:1]}}
    for part, entries in (
        *(("regularizers", catalogue.regularizers), ("augmentations", catalogue.augmentations)),
    ):
        if draw(st.booleans()):
            chosen = draw(st.lists(st.sampled_from(entries), max_size=3, unique_by=lambda e: e.kind))
            table[part] = {e.kind: {f.name: draw(values(f)) for f in e.fields[:1]} for e in chosen}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_what_is_typed_is_the_same_experiment(
    draw: st.DataObject, registry: Registry, catalogue: Catalogue
) -> None:
    experiment = draw.draw(changed(catalogue))
    try:
        complete = resolve(experiment, registry).experiment
    except ExperimentError:
        return
    again = typed(command_line(complete, catalogue), registry)
    assert again == complete
    assert order(again) == order(complete)


@settings(max_examples=200, deadline=None)
@given(text=st.text())
def test_any_text_comes_back(text: str) -> None:
    from ganstudio.experiment import parse_assignment

    assert parse_assignment(f"name={spelled(text)}") == ("name", text)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        *((True, "true"), (3, "3"), (2e-4, "0.0002"), ("hinge", '"hinge"'), (None, '""')),
        *(([1, "a"], '[1, "a"]'), ({"a b": 0.5}, '{"a b" = 0.5}'), ({}, "{}")),
    ],
    ids=str,
)
def test_a_value_stands_on_one_line(value: object, written: str) -> None:
    assert toml(value) == written
    if value is not None:
        assert tomllib.loads(f"v = {written}")["v"] == value


class TestOfARun:
    def test_names_the_nearest_preset_and_what_differs(
        self, registry: Registry, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        asked = Experiment.from_dict(registry.presets["ring"]).with_value("regularizers.R1.gamma", 0.5)
        complete = resolve(asked.with_value("training.seed", 7), registry).experiment
        line = command_line(complete, catalogue, tmp_path / "experiment.toml")
        assert line == "ganstudio train ring --set regularizers.R1.gamma=0.5 --set training.seed=7"

    def test_reproduces_a_real_run(
        self, runs: dict[str, Path], registry: Registry, catalogue: Catalogue
    ) -> None:
        for path in runs.values():
            run = RunFolder.open(path)
            assert typed(run_command_line(run, catalogue), registry) == run.experiment

    def test_names_the_file_where_no_preset_is_near(
        self, registry: Registry, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        file = tmp_path / "a folder" / "experiment.toml"
        file.parent.mkdir()
        foreign = {**experiments.ring().to_dict(), "architecture": {"kind": "NotInstalledGAN"}}
        line = command_line(Experiment.from_dict(foreign), catalogue, file)
        assert shlex.split(line) == ["ganstudio", "train", str(file)]

    def test_the_file_is_the_experiment_and_says_what_was_changed_live(self, ring: Path) -> None:
        text = settings_text(RunFolder.open(ring))
        assert Experiment.from_dict(tomllib.loads(text)) == RunFolder.open(ring).experiment
        (remark,) = [line for line in text.splitlines() if line.startswith("#   step")]
        assert "optimizers.generator.learning_rate = 0.0005 (it was 0.001)" in remark

    def test_the_file_of_an_unchanged_run_is_its_own(self, runs: dict[str, Path]) -> None:
        run = RunFolder.open(runs["images"])
        assert settings_text(run) == run.experiment.to_toml()


class TestNested:
    CATALOGUE = Catalogue(
        data=(Entry("Data", "Data", "", "p"),),
        architectures=(Entry("Every", "Every", "", "p", fields=describe(EveryType)),),
        presets=({"name": "every", "data": {"kind": "Data"}, "architecture": {"kind": "Every"}},),
    )

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"branch": {"head": {"units": 3}}}, ["architecture.branch.head.units=3"]),
            ({"hidden": [8]}, ["architecture.hidden=[8]"]),
            ({"optimizer": {"every": 3}}, ["architecture.optimizer.every=3"]),
            (
                {"optimizer": {"kind": "Lion"}},
                ['architecture.optimizer={kind = "Lion", rate = 0.0001, momentum = 0.9}'],
            ),
            ({"patience": ""}, ["architecture.patience="]),
            ({"extra": {}}, ["architecture.extra={units = 32, gate = true}"]),
        ],
        ids=["nested twice", "list", "of the usual kind", "another kind", "none", "what may be left out"],
    )
    def test_the_command_names_what_differs_and_asks_for_the_same(
        self, settings: dict[str, Any], words: list[str]
    ) -> None:
        wanted = Experiment(Choice("Data"), Choice("Every", settings), name="every")
        said = arguments(wanted, self.CATALOGUE)
        assert said == ["ganstudio", "train", "every", *(w for word in words for w in ("--set", word))]
        made = Experiment.from_dict(self.CATALOGUE.presets[0])
        for word in said[4::2]:
            made = made.with_value(*parse_assignment(word))
        assert EveryType.model_validate(made.architecture.settings) == EveryType.model_validate(settings)
