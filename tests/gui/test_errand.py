import threading

import pytest
from pytestqt.qtbot import QtBot

from ganstudio.api import StudioError
from ganstudio.gui.errand import Errand


@pytest.fixture
def errand(qtbot: QtBot) -> Errand:
    return Errand()


def test_work_is_done_on_a_thread_of_its_own_and_tells_how_far_it_is(qtbot: QtBot, errand: Errand):
    told: list[tuple[int, int]] = []
    errand.progressed.connect(lambda done, total: told.append((done, total)))

    def work(tell, cancelled):
        tell(1, 2)
        return threading.current_thread().name

    with qtbot.waitSignal(errand.done) as done:
        errand.start(work, "sums")
        assert errand.busy
    assert done.args == ["sums"]
    assert told == [(1, 2)]
    assert not errand.busy


def test_a_failure_of_the_disk_is_said_in_its_own_words(qtbot: QtBot, errand: Errand):
    def work(tell, cancelled):
        raise StudioError("The disk is full.")

    with qtbot.waitSignal(errand.failed) as failed:
        errand.start(work, "sums")
    assert failed.args == ["The disk is full."]
    assert not errand.busy


def test_a_fault_is_said_and_its_traceback_logged(qtbot: QtBot, errand: Errand, allow_log_warnings: list):
    def work(tell, cancelled):
        return 1 / 0

    with qtbot.waitSignal(errand.failed) as failed:
        errand.start(work, "sums")
    assert "division by zero" in failed.args[0]
    assert "1 / 0" in allow_log_warnings[0].getMessage()


def test_nothing_is_heard_of_what_was_cancelled(qtbot: QtBot, errand: Errand):
    gave_up = threading.Event()

    def work(tell, cancelled):
        while not cancelled():
            threading.Event().wait(0.005)
        gave_up.set()
        return 1

    with qtbot.assertNotEmitted(errand.done, wait=50):
        errand.start(work, "long")
        errand.cancel()
    assert gave_up.wait(5)


def test_the_next_work_takes_the_place_of_the_one_before(qtbot: QtBot, errand: Errand):
    results: list[int] = []
    errand.done.connect(results.append)
    for number in range(5):
        errand.start(lambda tell, cancelled, number=number: number, f"work {number}")
    qtbot.waitUntil(lambda: results == [4])
