from typing import Any

import pytest

from ganstudio.api import Condition, HealthRule, RunFacts
from ganstudio.api.events import Event, HealthChanged, ScoreRecord, SettingChanged, Started, Warned
from ganstudio.evaluation.health import HealthWatch
from tests.health_rules import RATE, Broken, Counting, Elsewhere, Far, facts, report

allow_log_warnings = pytest.mark.allow_log_warnings


def told(watch: HealthWatch, *events: Event) -> list[Event]:
    return [found for event in events for found in watch.take(event)]


def levels(events: list[Event]) -> list[tuple[int, str]]:
    changed = [event for event in events if isinstance(event, HealthChanged)]
    return [(event.step, event.condition.level if event.condition else "well") for event in changed]


def scores(step: int) -> ScoreRecord:
    return ScoreRecord(step, {"score/modes": 8.0})


class TestTelling:
    def test_comes_when_a_condition_appears_changes_its_level_and_ends(self) -> None:
        found = told(HealthWatch([Far()], facts()), *(report(step) for step in range(1, 12)))
        assert levels(found) == [(3, "watch"), (6, "bad"), (9, "well")]
        first, _second, last = found
        assert isinstance(first, HealthChanged)
        assert (first.rule, first.title, first.before) == ("Far", "Distance", "")
        assert isinstance(last, HealthChanged)
        assert last.before == "far"

    def test_a_sentence_whose_figures_moved_is_told_with_scores_alone(self) -> None:
        watch = HealthWatch([Far()], facts())
        assert levels(told(watch, report(3), report(4), scores(4), report(5))) == [(3, "watch"), (4, "watch")]

    def test_each_rule_says_at_the_start_that_it_watches(self) -> None:
        found = told(HealthWatch([Far(), Counting(), Elsewhere()], facts()), Started(1, "one", 9, "cpu", {}))
        assert [(event.rule, event.condition) for event in found if isinstance(event, HealthChanged)] == [
            ("Far", None),
            ("Counting", None),
        ]

    def test_conditions_are_those_that_hold(self) -> None:
        watch = HealthWatch([Far(), Counting()], facts())
        told(watch, report(3))
        assert {rule: condition.since for rule, condition in watch.conditions.items()} == {"Far": 3}
        told(watch, report(9))
        assert watch.conditions == {}


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        ("0.50 of 8 modes", "0.51 of 8 modes", False),
        ("0.50 of 8 modes", "0.60 of 8 modes", True),
        ("1 of 8 modes", "1 of 8 modes", False),
        ("1 of 8 modes", "one of 8 modes", True),
        ("12,400 samples", "12,401 samples", False),
        ("0 of 8 modes", "1 of 8 modes", True),
        ("1e-4 of 1", "2e-4 of 1", True),
        ("version 1.2.3", "version 1.2.3 too", True),
    ],
    ids=lambda value: str(value),
)
def test_what_differs_materially_is_told_again(before: str, after: str, again: bool) -> None:
    class Saying(HealthRule):
        sentence = before

        def take(self, event: Event) -> None:
            if event.step == 2:
                self.sentence = after

        def condition(self) -> Condition:
            return Condition("saying", "watch", 1, self.sentence, "It says so.")

    assert len(told(HealthWatch([Saying()], facts()), scores(1), scores(2))) == 1 + again


class TestSettings:
    def test_follow_what_is_changed(self) -> None:
        rule = Counting()
        watch = HealthWatch([rule], facts())
        told(watch, SettingChanged(4, RATE, 5e-4, 1e-3), SettingChanged(5, RATE, 1e-4, 5e-4))
        assert rule.rates == [5e-4, 1e-4]
        assert watch.facts.settings[RATE] == 1e-4

    def test_a_table_takes_the_place_of_what_stood_below_its_path(self) -> None:
        settings = {"architecture.innermost": 1, "architecture.inner.kind": "A", "architecture.inner.w": 3}
        watch = HealthWatch([], facts(settings=settings))
        told(watch, SettingChanged(4, "architecture.inner", {"kind": "B", "sharp": {"edge": 2}}, {}))
        assert dict(watch.facts.settings) == {
            "architecture.innermost": 1,
            "architecture.inner.kind": "B",
            "architecture.inner.sharp.edge": 2,
        }

    def test_remedies_that_a_changed_setting_makes_others_are_told_at_once(self) -> None:
        watch = HealthWatch([Far()], facts())
        (first,) = told(watch, report(3))
        (second,) = told(watch, SettingChanged(3, RATE, 5e-4, 1e-3))
        assert [_remedy(event) for event in (first, second)] == [{RATE: 5e-4}, {RATE: 2.5e-4}]

    def test_cannot_be_changed_by_a_rule(self) -> None:
        watch = HealthWatch([], facts())
        settings: Any = watch.facts.settings
        with pytest.raises(TypeError):
            settings[RATE] = 0.0


@allow_log_warnings
class TestARuleThatRaises:
    def test_is_switched_off_with_a_sentence_and_its_condition_ends(self) -> None:
        other = Counting()
        watch = HealthWatch([Broken(), other], facts())
        found = told(watch, *(report(step) for step in range(1, 8)))
        assert levels(found) == [(3, "watch"), (5, "well")]
        (warning,) = [event for event in found if isinstance(event, Warned)]
        assert warning.step == 5
        assert "Broken failed and is switched off" in warning.message
        assert "five is too many" in warning.message
        assert [event.step for event in other.taken] == list(range(1, 8))

    @pytest.mark.parametrize("where", ["made", "suits", "begin", "condition", "returns"])
    def test_wherever_it_does_the_others_go_on(self, where: str) -> None:
        class Bad(Counting):
            def __init__(self) -> None:
                super().__init__()
                _raise_if(where == "made")

            @classmethod
            def suits(cls, facts: RunFacts) -> bool:
                _raise_if(where == "suits")
                return True

            def begin(self, facts: RunFacts) -> None:
                super().begin(facts)
                _raise_if(where == "begin")

            def condition(self) -> Any:
                _raise_if(where == "condition")
                return "no condition" if where == "returns" else None

        found = told(HealthWatch.of([Bad, Far], facts()), report(1), report(3))
        assert [event.step for event in found if isinstance(event, Warned)] == [1]
        assert levels(found) == [(3, "watch")]

    def test_may_even_call_exit(self) -> None:
        class Leaving(Counting):
            def condition(self) -> Condition | None:
                raise SystemExit(3)

        (warning,) = told(HealthWatch([Leaving()], facts()), report(1))
        assert isinstance(warning, Warned)


class TestRemembering:
    def test_a_run_that_goes_on_knows_what_it_knew_and_says_nothing_of_it_again(self) -> None:
        before = HealthWatch([Far()], facts())
        last = told(before, *(report(step) for step in range(1, 5)))[-1]
        assert isinstance(last, HealthChanged)
        watch = HealthWatch([Far()], facts())
        watch.remember([report(step) for step in range(1, 5)], {"Far": last})
        assert watch.conditions == before.conditions
        assert levels(told(watch, report(5), report(6))) == [(6, "bad")]

    def test_what_is_found_otherwise_now_is_told_with_the_next_event(self) -> None:
        watch = HealthWatch([Far()], facts())
        gone = Condition("far", "bad", 2, "It was far.", "Steps add up.")
        watch.remember([report(1)], {"Far": HealthChanged(1, "Far", "Distance", gone)})
        assert levels(told(watch, report(2))) == [(2, "well")]

    def test_what_a_rule_said_that_is_not_here_any_more_is_taken_back(self) -> None:
        watch = HealthWatch([], facts())
        gone = Condition("lost", "bad", 2, "It was lost.", "It got lost.")
        watch.remember([], {"Lost": HealthChanged(2, "Lost", "Losing", gone)})
        assert told(watch, report(3)) == [HealthChanged(3, "Lost", "Losing", None, "lost")]

    def test_settings_are_those_that_were_changed(self) -> None:
        watch = HealthWatch([], facts())
        watch.remember([SettingChanged(1, RATE, 5e-4, 1e-3)])
        assert watch.facts.settings[RATE] == 5e-4


def _raise_if(wrong: bool) -> None:
    if wrong:
        raise RuntimeError("no")


def _remedy(event: Event) -> dict[str, Any]:
    assert isinstance(event, HealthChanged)
    assert event.condition is not None
    return dict(event.condition.remedies[0].changes)
