from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.throttle import Throttle


@pytest.fixture
def passed(qtbot: QtBot) -> tuple[Throttle, list[tuple[str, Any]]]:
    throttle = Throttle(interval=30)
    got: list[tuple[str, Any]] = []
    throttle.passed.connect(lambda key, value: got.append((key, value)))
    return throttle, got


def test_the_first_value_passes_at_once(passed: tuple[Throttle, list[tuple[str, Any]]]) -> None:
    throttle, got = passed
    throttle.give("lr", 1)
    assert got == [("lr", 1)]
    throttle.drop()


def test_of_many_values_the_last_passes_after_the_interval(
    qtbot: QtBot, passed: tuple[Throttle, list[tuple[str, Any]]]
) -> None:
    throttle, got = passed
    for value in range(20):
        throttle.give("lr", value)
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == [("lr", 0), ("lr", 19)]
    throttle.drop()


def test_keys_do_not_push_each_other_out(passed: tuple[Throttle, list[tuple[str, Any]]]) -> None:
    throttle, got = passed
    throttle.give("a", 1)
    throttle.give("b", 2)
    throttle.give("c", 3)
    throttle.flush()
    assert got == [("a", 1), ("b", 2), ("c", 3)]
    throttle.drop()


def test_the_timer_stops_by_itself(qtbot: QtBot, passed: tuple[Throttle, list[tuple[str, Any]]]) -> None:
    throttle, _got = passed
    throttle.give("lr", 1)
    qtbot.waitUntil(lambda: not throttle._timer.isActive())


def test_what_is_dropped_never_passes(qtbot: QtBot, passed: tuple[Throttle, list[tuple[str, Any]]]) -> None:
    throttle, got = passed
    throttle.give("lr", 1)
    throttle.give("lr", 2)
    throttle.drop()
    qtbot.wait(60)
    assert got == [("lr", 1)]
