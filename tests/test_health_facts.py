from dataclasses import replace
from typing import Any

import pytest
import torch

from ganstudio.api import ImageSpec, LoadedData, RunFacts
from ganstudio.experiment import Choice, Experiment
from ganstudio.health_facts import facts_of, watch_for
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from tests import experiments
from tests.health_rules import Counting, Elsewhere

SPEC = ImageSpec(1, 8, 8, ("zero", "one"))
DATA = LoadedData(SPEC, torch.zeros(6, 1, 8, 8, dtype=torch.uint8), torch.tensor([0, 1, 0, 1, 0, 0]))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def digits(**changes: Any) -> Experiment:
    return replace(experiments.digits(), **changes)


def facts(experiment: Experiment, registry: Registry) -> RunFacts:
    return facts_of(resolve(experiment, registry), registry, DATA)


class TestFacts:
    def test_have_every_setting_by_its_path(self, registry: Registry) -> None:
        found = facts(digits(regularizers={"R1": {"gamma": 3.0}}), registry)
        assert found.settings["training.steps"] == found.total_steps == 3
        assert found.settings["regularizers.R1.gamma"] == 3.0
        assert found.settings["optimizers.generator.learning_rate"] > 0
        assert found.settings["architecture.kind"] == found.architecture == "MLPGAN"

    def test_have_the_paths_of_those_that_may_change(self, registry: Registry) -> None:
        found = facts(digits(regularizers={"R1": {"gamma": 3.0}}), registry)
        assert found.live <= set(found.settings)
        assert found.live >= {
            *("optimizers.generator.learning_rate", "architecture.n_critic"),
            *("regularizers.R1.gamma", "training.ema_decay"),
        }
        assert not found.live & {"training.steps", "architecture.width", "architecture.kind"}

    def test_offer_what_is_not_there_already_and_fits_the_data(self, registry: Registry) -> None:
        found = facts(digits(regularizers={"R1": {}}), registry)
        assert "R1" not in found.offered
        assert {"R2", "ADA"} <= found.offered

    def test_offer_nothing_to_a_variant_that_takes_none(self, registry: Registry) -> None:
        found = facts(digits(architecture=Choice("MLPVAE")), registry)
        assert found.offered == frozenset()
        assert not found.adversarial

    @pytest.mark.parametrize(("form", "classes"), [("none", 0), ("embedded", 2)])
    def test_classes_are_those_to_ask_for(self, registry: Registry, form: str, classes: int) -> None:
        conditional = digits(architecture=Choice("MLPGAN", {"conditioning": form}))
        assert facts(conditional, registry).classes == classes

    def test_tell_of_the_data(self, registry: Registry) -> None:
        found = facts(digits(), registry)
        assert (found.count, found.class_counts, found.blank) == (6, (4, 2), 1.0)


class TestWatch:
    def test_has_every_rule_that_suits(self, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(registry.classes, "health", {"Counting": Counting, "Elsewhere": Elsewhere})
        watch = watch_for(resolve(digits(), registry), registry, DATA)
        assert watch is not None
        assert watch.facts.data == SPEC

    def test_there_is_none_where_it_is_not_wanted(self, registry: Registry) -> None:
        resolved = resolve(digits(training={"steps": 3, "health": False}), registry)
        assert watch_for(resolved, registry, DATA) is None
