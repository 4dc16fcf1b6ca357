"""Curves and previews of several runs, side by side."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ganstudio import comparison
from ganstudio.runs.curves import Curve, Margin
from ganstudio.runs.history import History
from tests.compared import digits, experiment, made
from tests.gui.catalogues import CATALOGUE


class TestCurves:
    def test_losses_and_scores_that_all_have_come_first(self, tmp_path: Path) -> None:
        runs = [made(tmp_path, experiment()), made(tmp_path, digits())]
        assert comparison.curves_at_first(runs) == ["loss/generator", "loss/discriminator", "score/modes"]
        assert comparison.curve_names(runs)[-1] == "logits/real"

    def test_where_nothing_is_common_any_of_them_do(self, tmp_path: Path) -> None:
        one, other = made(tmp_path, experiment()), made(tmp_path, digits())
        one = replace(one, curves={"loss/encoder": other.curves["loss/generator"]})
        other = replace(other, curves={"score/fid": other.curves["score/modes"]})
        assert comparison.curves_at_first([one, other]) == ["loss/encoder", "score/fid"]

    def test_vital_signs_come_last_and_only_where_they_are_chosen(self, tmp_path: Path) -> None:
        run = made(tmp_path, experiment())
        vital = {"score/vitals/diversity": run.curves["score/modes"]}
        runs = [replace(run, curves={**vital, **run.curves})] * 2
        assert comparison.curve_names(runs)[-1] == "score/vitals/diversity"
        assert "score/vitals/diversity" not in comparison.curves_at_first(runs)

    def test_scores_that_cannot_share_a_plot_stand_beside_each_other(self, tmp_path: Path) -> None:
        run = made(tmp_path, experiment())
        runs = []
        for count in (2000, 5000):
            curves = {name: curve for name, curve in run.curves.items() if name.startswith("loss/")}
            runs.append(
                replace(run, curves={**curves, f"score/FID (studio, {count})": run.curves["score/modes"]})
            )
        assert comparison.curves_at_first(runs)[-2:] == [
            "score/FID (studio, 2000)",
            "score/FID (studio, 5000)",
        ]

    def test_no_runs_have_no_curves(self) -> None:
        assert comparison.curves_at_first([]) == comparison.curve_names([]) == []

    @pytest.mark.parametrize(
        ("axis", "expected"), [("steps", [10, 20]), ("images", [40, 80]), ("seconds", [0.1, 0.2])]
    )
    def test_a_line_runs_along_an_axis(self, tmp_path: Path, axis: str, expected: list[float]) -> None:
        curve = made(tmp_path, experiment(), steps=20).curves["loss/discriminator"]
        x, y = comparison.line(curve, axis)
        assert x == pytest.approx(expected)
        assert list(y) == [10, 20]

    def test_points_at_which_the_clock_stands_or_goes_back_are_left_out(self) -> None:
        steps = np.arange(5)
        curve = Curve(steps, np.arange(5.0), np.array([1.0, 1.0, 3.0, 2.0, 4.0]), steps)
        x, y = comparison.line(curve, "seconds")
        assert (list(x), list(y)) == ([1, 3, 4], [0, 2, 4])

    def test_an_interval_runs_along_an_axis_where_it_is_a_number(self) -> None:
        def ends(*values: float) -> Curve:
            steps = np.arange(len(values))
            return Curve(steps, np.array(values), steps / 2, 4 * steps)

        margin = Margin(ends(1.0, np.nan, 3.0), ends(2.0, 5.0, 4.0), ends())
        found = comparison.interval(margin, "images")
        assert found is not None
        assert [list(row) for row in found] == [[0, 8], [1, 3], [2, 4]]
        assert comparison.interval(Margin(ends(), ends(), ends(1.0)), "steps") is None

    def test_a_step_lies_somewhere_on_every_axis_and_back(self, tmp_path: Path) -> None:
        curves = made(tmp_path, experiment()).curves.values()
        assert comparison.place_on(curves, "images", 25) == pytest.approx(100)
        assert comparison.step_at(curves, "images", 100) == pytest.approx(25)
        assert comparison.place_on([], "images", 25) is None


class TestPreviews:
    def test_steps_of_all_runs_are_put_together(self, tmp_path: Path) -> None:
        runs = [
            made(tmp_path, experiment(), previews=(10, 30)),
            made(tmp_path, experiment(), previews=(20, 30)),
        ]
        assert comparison.preview_steps(runs) == [10, 20, 30]
        assert comparison.preview_sources(runs) == [""]

    @pytest.mark.parametrize(("step", "shown"), [(9, None), (10, 10), (29, 10), (30, 30), (99, 30)])
    def test_a_run_shows_its_latest_preview_not_after_a_step(
        self, tmp_path: Path, step: int, shown: int | None
    ) -> None:
        kept = comparison.preview_at(made(tmp_path, experiment(), previews=(10, 30)), step)
        assert (kept.step if kept else None) == shown

    def test_a_run_without_such_previews_shows_none(self, tmp_path: Path) -> None:
        assert comparison.preview_at(made(tmp_path, experiment()), 40, "reconstructions") is None


class TestLatents:
    def sentence(self, *runs: History) -> str:
        named = zip("ABCDEF", runs, strict=False)
        return comparison.latents_sentence(list(named), CATALOGUE)

    def test_equal_seeds_counts_and_shapes_are_equal_latents(self, tmp_path: Path) -> None:
        runs = made(tmp_path, experiment()), made(tmp_path, experiment(rate=1e-3, architecture__width=8))
        assert self.sentence(*runs) == "Same latents in all."

    @pytest.mark.parametrize(
        ("path", "value", "reason"),
        [
            pytest.param("training.seed", 1, "seed differs", id="seed"),
            pytest.param("training.preview_count", 9, "preview count differs", id="count"),
            pytest.param("architecture.latent_dim", 9, "latent size differs", id="size"),
            pytest.param("architecture.latents", "uniform", "kind of latents differs", id="kind"),
        ],
    )
    def test_why_latents_are_not_the_same_is_told(
        self, tmp_path: Path, path: str, value: object, reason: str
    ) -> None:
        one, other = made(tmp_path, digits()), made(tmp_path, digits().with_value(path, value))
        assert self.sentence(one, other) == f"Not at the same latents: {reason}."
        assert self.sentence(one, one, other) == f"Not at the same latents: {reason}. A and B share theirs."

    def test_a_preview_of_points_holds_a_thousand_at_least(self, tmp_path: Path) -> None:
        runs = made(tmp_path, experiment()), made(tmp_path, experiment(training__preview_count=9))
        assert self.sentence(*runs) == "Same latents in all."

    def test_a_variant_without_latents_is_named(self, tmp_path: Path) -> None:
        one, other = made(tmp_path, digits()), made(tmp_path, digits())
        bare = replace(other.experiment, architecture=replace(other.experiment.architecture, settings={}))
        other = replace(other, experiment=bare)
        assert self.sentence(one, other) == "Not at the same latents: B draws none."
        assert self.sentence(other, other) == "These runs draw no latents."

    def test_one_run_alone_needs_no_sentence(self, tmp_path: Path) -> None:
        assert self.sentence(made(tmp_path, experiment())) == ""
