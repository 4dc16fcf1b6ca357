"""The Health panel: what it shows of what it is told, and what it asks for."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ganstudio.api.events import SettingChanged
from ganstudio.catalogue import Entry
from ganstudio.gui.health_offers import Standing
from ganstudio.gui.panels.health_panel import HealthPanel
from ganstudio.gui.widgets.health_row import HealthRow
from tests.gui.findings import COLLAPSE, PENALTY, RATE, SLOWER, STARTED, SWINGS, says

RULES = [
    Entry("Convergence", "Convergence", "Whether losses come to rest.", "built in"),
    Entry("Diversity", "Diversity", "Whether samples are as varied as the data.", "built in"),
    Entry("Tables", "Marginals", "Whether columns are as in the data.", "built in"),
]
TRAINS = Standing(trains="here", folder=True, asks=True, held={RATE: 2e-4})
ENDED = Standing(folder=True, held={RATE: 2e-4})


@pytest.fixture
def panel(qtbot: QtBot) -> HealthPanel:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    panel.resize(360, 700)
    panel.set_catalogue(RULES)
    panel.show()
    return panel


def begin(panel: HealthPanel, *events: Any) -> None:
    panel.show_standing(TRAINS)
    panel.take([STARTED, says(1, "Convergence"), says(1), *events])


def rows(panel: HealthPanel) -> list[tuple[str, str, str]]:
    shown = sorted((row for row in panel.rows.values() if row.isVisible()), key=lambda row: row.y())
    return [(row.key, row.level, row.line) for row in shown]


def test_before_a_run_every_rule_says_what_it_will_watch_for(panel: HealthPanel) -> None:
    assert [(row.level, row.line) for row in panel.rows.values()] == [
        ("idle", rule.summary) for rule in RULES
    ]
    assert panel.level() == "idle"
    assert panel.lamps() == []


def test_a_healthy_run_shows_the_rules_that_watch_it(panel: HealthPanel) -> None:
    begin(panel)
    assert rows(panel) == [("Convergence", "good", ""), ("Diversity", "good", "")]
    assert [lamp.level for lamp in panel.lamps()] == ["good", "good"]
    assert not panel.detail.isVisible()


def test_a_run_that_nobody_watches_says_so(panel: HealthPanel) -> None:
    panel.take([STARTED])
    assert panel.rows == {}
    assert "Not watched" in panel.summary()


def test_the_gravest_trouble_comes_first_and_is_opened(panel: HealthPanel) -> None:
    begin(panel, says(95, "Convergence", SWINGS))
    assert panel.opened() == "Convergence"
    panel.take([says(140, condition=COLLAPSE)])
    assert rows(panel)[0] == ("Diversity", "bad", "mode collapse since step 120")
    assert panel.opened() == "Diversity"
    detail = panel.detail
    assert detail.sentence.text() == COLLAPSE.sentence
    assert "0.180" in detail.evidence.text()
    assert "limit is 0.350" in detail.trend.text()
    assert panel.rows["Diversity"].geometry().bottom() < detail.y()


def test_what_the_user_has_opened_stays_open(panel: HealthPanel) -> None:
    begin(panel, says(95, "Convergence", SWINGS))
    panel.rows["Diversity"].click()
    panel.take([says(100, "Convergence", COLLAPSE)])
    assert panel.opened() == "Diversity"
    panel.rows["Diversity"].click()
    assert panel.opened() == ""
    assert not panel.detail.isVisible()


def test_every_lamp_says_its_level_in_words(panel: HealthPanel) -> None:
    begin(panel, says(140, condition=COLLAPSE))
    assert panel.rows["Diversity"].accessibleName() == "Diversity: bad, mode collapse since step 120"
    assert panel.rows["Convergence"].accessibleName() == "Convergence: good"


class TestRemedies:
    def test_of_a_run_that_trains_are_applied_at_one_press(self, panel: HealthPanel) -> None:
        begin(panel, says(140, condition=COLLAPSE))
        edits: list[tuple[str, Any]] = []
        panel.editAsked.connect(lambda path, value: edits.append((path, value)))
        card = panel.detail.remedies[0]
        assert (card.title.text(), card.button.text()) == (SLOWER.title, "Apply now")
        assert card.changes.text() == "discriminator learning rate 2e-4 → 1e-4"
        card.button.click()
        assert edits == [(RATE, 1e-4)]

    def test_can_be_pressed_with_the_keyboard_alone(self, panel: HealthPanel) -> None:
        begin(panel, says(140, condition=COLLAPSE))
        edits: list[Any] = []
        panel.editAsked.connect(lambda path, value: edits.append(path))
        button = panel.detail.remedies[0].button
        follows = panel.rows["Diversity"].nextInFocusChain()
        while follows is not button and not isinstance(follows, HealthRow):
            follows = follows.nextInFocusChain()
        assert follows is button
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert edits == [RATE]

    def test_say_when_they_were_applied_until_the_trouble_ends(self, panel: HealthPanel) -> None:
        begin(panel, says(140, condition=COLLAPSE))
        panel.take([SettingChanged(150, RATE, 1e-4, 2e-4)])
        panel.show_standing(Standing(trains="here", folder=True, held={RATE: 1e-4}))
        assert "applied at step 150" in panel.detail.applied.text.text()
        assert not panel.detail.remedies[0].button.isEnabled()
        panel.take([says(300)])
        assert "ended at step 300, after" in panel.mended.text.text()
        assert panel.level() == "good"

    def test_that_help_at_once_are_told_of_too(self, panel: HealthPanel) -> None:
        begin(panel, says(140, condition=COLLAPSE))
        panel.take([SettingChanged(150, RATE, 1e-4, 2e-4), says(150)])
        assert SLOWER.title in panel.mended.text.text()

    @pytest.mark.parametrize(
        ("step", "text"),
        [(100, "Branch from step 100"), (None, "Train anew with it")],
        ids=["checkpoint", "none"],
    )
    def test_that_need_a_new_run_say_where_it_begins(
        self, panel: HealthPanel, step: int | None, text: str
    ) -> None:
        panel.branch_step = lambda condition: step
        begin(panel, says(140, condition=COLLAPSE))
        asked: list[Any] = []
        panel.branchAsked.connect(lambda condition, remedy: asked.append((condition, remedy)))
        card = panel.detail.remedies[1]
        assert (card.button.text(), card.changes.text()) == (text, "R1 added, with gamma 0.5")
        card.button.click()
        assert asked == [(COLLAPSE, PENALTY)]

    def test_of_a_run_that_has_ended_begin_a_new_one(self, panel: HealthPanel) -> None:
        panel.show_standing(ENDED)
        panel.branch_step = lambda condition: 100
        panel.show_history([says(1), says(140, condition=COLLAPSE)])
        assert [card.button.text() for card in panel.detail.remedies] == ["Branch from step 100"] * 2

    def test_wait_for_the_plugins(self, panel: HealthPanel) -> None:
        panel.show_standing(Standing(folder=True, busy="The plugins are not loaded yet."))
        panel.show_history([says(1), says(140, condition=COLLAPSE)])
        button = panel.detail.remedies[0].button
        assert not button.isEnabled()
        assert button.toolTip() == "The plugins are not loaded yet."


class TestPast:
    def test_lists_what_is_over_and_leads_to_it(self, panel: HealthPanel) -> None:
        begin(panel, says(140, condition=COLLAPSE), says(300))
        steps: list[int] = []
        panel.stepAsked.connect(steps.append)
        (line,) = panel.past.lines
        assert "120–300" in line.text()
        line.click()
        assert steps == [120]

    def test_names_only_the_newest_of_many(self, panel: HealthPanel) -> None:
        begin(panel)
        for step in range(10, 410, 20):
            panel.take([says(step, condition=COLLAPSE), says(step + 10)])
        assert len(panel.past.lines) < 20
        assert panel.past._more.isVisible()


def test_a_hidden_panel_catches_up_when_it_is_shown(panel: HealthPanel) -> None:
    panel.hide()
    begin(panel, says(140, condition=COLLAPSE))
    assert panel.level() == "bad"
    assert panel.rows["Diversity"].level == "idle"
    panel.show()
    assert panel.rows["Diversity"].level == "bad"


def test_a_new_run_begins_with_nothing(panel: HealthPanel) -> None:
    begin(panel, says(140, condition=COLLAPSE))
    panel.clear()
    assert panel.level() == "idle"
    assert not panel.detail.isVisible()
