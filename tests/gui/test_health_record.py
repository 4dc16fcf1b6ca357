"""What rules have said of a run, gathered from events."""

from dataclasses import replace

import pytest

from ganstudio.api.events import Event, HealthChanged, Restarted, SettingChanged, StepRecord
from ganstudio.gui.health_record import HealthRecord, in_force
from tests.gui.findings import COLLAPSE, RATE, SLOWER, STARTED, SWINGS, collapse, says


def record(*events: Event) -> HealthRecord:
    made = HealthRecord()
    for event in (STARTED, says(1, "Diversity"), says(1, "Convergence"), *events):
        made.take(event)
    return made


def named(found: HealthRecord) -> list[tuple[str, int, int | None]]:
    return [(each.condition.name, each.told, each.ended) for each in found.findings]


def test_rules_that_spoke_watch_the_run_and_are_good_at_first() -> None:
    made = record()
    assert list(made.titles) == ["Diversity", "Convergence"]
    assert [made.level(rule) for rule in made.titles] == ["good", "good"]
    assert made.troubles() == made.past() == []


def test_a_condition_holds_from_when_it_was_told_until_its_rule_takes_it_back() -> None:
    made = record(says(140, condition=COLLAPSE))
    assert (made.level("Diversity"), made.level("Convergence")) == ("bad", "good")
    made.take(says(300))
    assert named(made) == [("mode collapse", 140, 300)]
    assert made.level("Diversity") == "good"


def test_what_is_told_again_of_a_condition_is_the_same_condition_with_newer_figures() -> None:
    worse = collapse(sentence="It is worse.", since=110)
    made = record(says(140, condition=COLLAPSE), says(180, condition=worse))
    assert named(made) == [("mode collapse", 140, None)]
    assert made.troubles()[0].condition == worse


def test_another_condition_of_the_same_rule_ends_the_one_before() -> None:
    made = record(says(140, condition=COLLAPSE), says(180, condition=collapse(name="total collapse")))
    assert named(made) == [("mode collapse", 140, 180), ("total collapse", 180, None)]


def test_the_gravest_trouble_comes_first() -> None:
    made = record(says(95, "Convergence", SWINGS), says(140, condition=COLLAPSE))
    assert [each.condition.name for each in made.troubles()] == ["mode collapse", "oscillation"]


def test_what_comes_twice_counts_once() -> None:
    events = [says(140, condition=COLLAPSE), says(200), says(220, condition=COLLAPSE), says(260)]
    made = record(*events, *events)
    assert named(made) == [("mode collapse", 140, 200), ("mode collapse", 220, 260)]


def test_a_run_that_goes_on_from_a_step_forgets_what_was_said_after_it() -> None:
    made = record(says(140, condition=COLLAPSE), says(200), says(250, "Convergence", SWINGS))
    made.take(Restarted(180, "a run", 400, "cpu", {}))
    assert named(made) == [("mode collapse", 140, None)]
    made.take(says(200))
    assert named(made) == [("mode collapse", 140, 200)]


def test_a_change_is_no_remedy_that_would_begin_another_run() -> None:
    anew = replace(SLOWER, title="Begin anew, slower", way="anew")
    made = record(says(140, condition=replace(COLLAPSE, remedies=(anew, SLOWER))))
    made.take(SettingChanged(150, RATE, SLOWER.changes[RATE], 1.0))
    found = made.current("Diversity")
    assert found is not None
    assert found.applied is not None
    assert found.applied.remedy == SLOWER


def test_a_new_run_begins_with_nothing() -> None:
    made = record(says(140, condition=COLLAPSE))
    made.take(STARTED)
    assert (made.titles, made.findings) == ({}, [])


def test_a_past_is_taken_in_the_order_of_its_steps() -> None:
    made = HealthRecord()
    made.load([says(140, condition=COLLAPSE), says(1), SettingChanged(150, RATE, 1e-4, 2e-4)])
    found = made.current("Diversity")
    assert found is not None
    assert found.applied is not None
    assert (found.applied.step, found.applied.remedy) == (150, SLOWER)


class TestRemedies:
    def test_are_applied_once_the_run_has_the_setting_whoever_changed_it(self) -> None:
        made = record(says(140, condition=COLLAPSE))
        assert made.take(SettingChanged(150, RATE, 1e-4, 2e-4))
        found = made.current("Diversity")
        assert found is not None
        assert found.applied is not None
        assert (found.applied.step, found.applied.remedy) == (150, SLOWER)

    def test_stay_applied_when_the_rule_thinks_of_others(self) -> None:
        made = record(says(140, condition=COLLAPSE), SettingChanged(150, RATE, 1e-4, 2e-4))
        halved = replace(SLOWER, changes={RATE: 5e-5})
        made.take(says(150, condition=collapse(remedies=(halved,))))
        made.take(says(200))
        (past,) = made.past()
        assert past.applied is not None
        assert past.applied.remedy == SLOWER

    def test_are_applied_no_longer_once_they_are_taken_back(self) -> None:
        made = record(says(140, condition=COLLAPSE), SettingChanged(150, RATE, 1e-4, 2e-4))
        made.take(SettingChanged(160, RATE, 2e-4, 1e-4))
        found = made.current("Diversity")
        assert found is not None
        assert found.applied is None

    def test_are_not_applied_by_another_value(self) -> None:
        made = record(says(140, condition=COLLAPSE))
        assert not made.take(SettingChanged(150, RATE, 3e-4, 2e-4))

    @pytest.mark.parametrize(
        ("held", "expected"),
        [({RATE: 1e-4}, True), ({RATE: 1.0000000001e-4}, True), ({RATE: 2e-4}, False), ({}, False)],
        ids=["as wanted", "as wanted but for rounding", "otherwise", "not there"],
    )
    def test_are_in_force_where_all_settings_are_so(self, held: dict[str, float], expected: bool) -> None:
        assert in_force(SLOWER, held) is expected


def test_what_says_nothing_of_health_is_passed_over() -> None:
    made = record()
    assert not made.take(StepRecord(10, 1.0, 100, {"loss/generator": 1.0}))
    assert made.take(HealthChanged(10, "Diversity", "Diversity", COLLAPSE))
