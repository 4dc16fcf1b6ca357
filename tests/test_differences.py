"""The settings in which runs differ, and those that held at a step."""

from dataclasses import replace
from pathlib import Path

import pytest

from ganstudio import differences
from ganstudio.catalogue import Catalogue, Entry
from ganstudio.differences import ABSENT, Cell, Row
from ganstudio.experiment import Choice
from ganstudio.runs.history import Change, Family, History
from ganstudio.schema import describe
from tests.compared import digits, experiment, made
from tests.every_type import EveryType
from tests.gui.catalogues import CATALOGUE


def rows(*runs: History, catalogue: Catalogue = CATALOGUE) -> dict[str, Row]:
    return {row.path: row for row in differences.differing_settings(runs, catalogue)[0]}


class TestSettings:
    def test_only_those_that_differ_are_told(self, tmp_path: Path) -> None:
        one = made(tmp_path, experiment("a"))
        other = made(tmp_path, experiment("b", rate=1e-3))
        found, equal = differences.differing_settings([one, other], CATALOGUE)
        assert [row.path for row in found] == ["optimizers.generator.learning_rate"]
        assert [cell.value for cell in found[0].cells] == [2e-4, 1e-3]
        assert equal == len(differences.settings_of(one.experiment)) - 1

    def test_names_of_runs_are_no_settings(self, tmp_path: Path) -> None:
        assert rows(made(tmp_path, experiment("a")), made(tmp_path, experiment("b"))) == {}

    def test_one_run_differs_from_nothing(self, tmp_path: Path) -> None:
        assert rows(made(tmp_path, experiment())) == {}

    def test_no_runs_have_no_settings(self) -> None:
        assert differences.differing_settings([], CATALOGUE) == ([], 0)

    def test_what_a_run_does_not_have_is_absent(self, tmp_path: Path) -> None:
        plain = made(tmp_path, experiment())
        held = made(tmp_path, replace(experiment(), regularizers={"R1": {"gamma": 2.0}, "Clipping": {}}))
        found = rows(plain, held)
        assert found["regularizers.R1.gamma"].cells == (ABSENT, Cell(True, 2.0))
        assert found["regularizers.Clipping"].cells == (ABSENT, Cell(True, True))

    def test_a_live_change_makes_a_difference(self, tmp_path: Path) -> None:
        path = "optimizers.generator.learning_rate"
        kept = made(tmp_path, experiment())
        changed = made(tmp_path, experiment(), changes=[(20, path, 2e-4, 1e-4), (30, path, 1e-4, 5e-5)])
        cells = rows(kept, changed)[path].cells
        assert cells == (Cell(True, 2e-4), Cell(True, 2e-4, ((20, 1e-4), (30, 5e-5))))
        assert [cell.last for cell in cells] == [2e-4, 5e-5]

    def test_a_branch_shows_what_its_parent_changed_and_what_it_asked_for(self, tmp_path: Path) -> None:
        path = "optimizers.generator.learning_rate"
        parent = made(tmp_path, experiment("parent"), changes=[(20, path, 2e-4, 1e-4)])
        branch = replace(
            made(tmp_path, experiment("branch", rate=5e-5)),
            parent=Family("parent", None, 30),
            changes=(Change(20, path, 1e-4, 2e-4), Change(40, path, 1e-5, 5e-5)),
        )
        cells = rows(parent, branch)[path].cells
        assert cells[1] == Cell(True, 2e-4, ((20, 1e-4), (30, 5e-5), (40, 1e-5)))

    def test_a_branch_that_changed_nothing_is_equal_to_its_parent(self, tmp_path: Path) -> None:
        path = "optimizers.generator.learning_rate"
        change = Change(20, path, 1e-4, 2e-4)
        parent = replace(made(tmp_path, experiment("parent")), changes=(change,))
        branch = made(tmp_path, experiment("branch", rate=1e-4))
        branch = replace(branch, parent=Family("parent", None, 30), changes=(change,))
        assert rows(parent, branch) == {}

    @pytest.mark.parametrize(
        ("path", "title"),
        [
            pytest.param("data.kind", "data", id="kind"),
            pytest.param("optimizers.generator.learning_rate", "generator learning rate", id="optimizer"),
            pytest.param("training.seed", "seed", id="training"),
            pytest.param("architecture.layers", "layers", id="architecture"),
        ],
    )
    def test_settings_are_called_by_their_titles(self, tmp_path: Path, path: str, title: str) -> None:
        one = made(tmp_path, experiment(training__seed=1, architecture__layers=2))
        assert (
            rows(one, made(tmp_path, digits(optimizers__generator__learning_rate=1e-3)))[path].title == title
        )

    def test_kinds_are_called_by_their_titles(self, tmp_path: Path) -> None:
        found = rows(made(tmp_path, experiment()), made(tmp_path, digits()))
        assert [cell.value for cell in found["architecture.kind"].cells] == ["2-D GAN", "Convolutional GAN"]

    def test_without_the_plugin_settings_are_called_by_their_paths(self, tmp_path: Path) -> None:
        one, other = made(tmp_path, experiment()), made(tmp_path, experiment(architecture__width=32))
        row = rows(one, other, catalogue=Catalogue())["architecture.width"]
        assert (row.title, row.unit) == ("width", "")

    def test_units_come_with_settings(self, tmp_path: Path) -> None:
        found = rows(made(tmp_path, experiment()), made(tmp_path, experiment(training__steps=800)))
        assert found["training.steps"].unit == "steps"


class TestExperimentAt:
    PATH = "optimizers.generator.learning_rate"

    def rate(self, run: History, step: int) -> object:
        return differences.experiment_at(run, step).optimizers["generator"]["learning_rate"]

    def test_changes_until_then_are_in_force(self, tmp_path: Path) -> None:
        changes = [(10, self.PATH, 2e-4, 1e-4), (30, self.PATH, 1e-4, 5e-5)]
        run = made(tmp_path, experiment(), changes=changes)
        assert [self.rate(run, step) for step in (5, 10, 29, 30)] == [2e-4, 1e-4, 1e-4, 5e-5]

    def test_changes_of_the_parent_are_in_what_a_branch_asked_for(self, tmp_path: Path) -> None:
        run = made(tmp_path, experiment(rate=7e-4))
        run = replace(
            run,
            parent=Family("parent", None, 20),
            changes=(Change(10, self.PATH, 1e-4, 2e-4), Change(30, self.PATH, 3e-4, 7e-4)),
        )
        assert [self.rate(run, step) for step in (20, 30)] == [7e-4, 3e-4]

    def test_a_value_that_is_none_can_be_written(self, tmp_path: Path) -> None:
        run = replace(made(tmp_path, experiment()), changes=(Change(5, "architecture.width", None, 64),))
        assert differences.experiment_at(run, 10).architecture.settings["width"] == ""


class TestNestedSettings:
    CATALOGUE = replace(
        CATALOGUE,
        architectures=(Entry("Every", "Every type", "", "p", fields=describe(EveryType)),),
        regularizers=(Entry("R1", "R1", "", "p", fields=describe(EveryType)),),
    )

    @pytest.mark.parametrize(
        ("path", "title", "unit"),
        [
            ("architecture.branch.width", "branch width", "px"),
            ("architecture.branch.head.units", "branch head units", ""),
            ("architecture.optimizer.every", "optimizer every", "steps"),
            ("regularizers.R1.branch.width", "R1 branch width", "px"),
            ("optimizers.generator.learning_rate", "generator learning rate", ""),
        ],
    )
    def test_they_are_called_by_their_way_and_have_their_unit(
        self, tmp_path: Path, path: str, title: str, unit: str
    ) -> None:
        of_every = replace(experiment("a"), architecture=Choice("Every"), regularizers={"R1": {}})
        one = made(tmp_path, of_every.with_value(path, 8))
        other = made(tmp_path, of_every.renamed("b").with_value(path, 9))
        row = rows(one, other, catalogue=self.CATALOGUE)[path]
        assert (row.title, row.unit) == (title, unit)
