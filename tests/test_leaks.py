"""The watch itself: each kind of thing left behind is seen, and what is tidied up is not."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests import leaks


@pytest.fixture(autouse=True)
def _patient_only_a_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE_SECONDS", 0.1)


@pytest.fixture
def before(qapp: object) -> Iterator[list[leaks.Leak]]:
    return leaks.alive()


def texts(before: list[leaks.Leak]) -> str:
    return "; ".join(leak.text for leak in leaks.left_over(before))


def test_a_quiet_test_leaves_nothing(before: list[leaks.Leak]) -> None:
    assert texts(before) == ""


def test_a_thread_that_goes_on_is_seen(before: list[leaks.Leak]) -> None:
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="forgotten")
    thread.start()
    assert texts(before) == "thread forgotten"
    release.set()
    thread.join()


def test_a_thread_that_is_about_to_end_is_waited_for(before: list[leaks.Leak]) -> None:
    threading.Timer(0.03, lambda: None).start()
    assert texts(before) == ""


def test_a_running_qthread_is_seen(before: list[leaks.Leak]) -> None:
    thread = QThread()
    thread.start()
    assert "running QThread" in texts(before)
    thread.quit()
    thread.wait()
    assert texts(before) == ""


def test_an_active_timer_is_seen(before: list[leaks.Leak]) -> None:
    timer = QTimer(interval=10_000)
    timer.start()
    assert "active timer" in texts(before)
    timer.stop()
    assert texts(before) == ""


def test_a_widget_left_over_is_seen_until_it_is_deleted(before: list[leaks.Leak]) -> None:
    widget = QWidget()
    assert "top-level widget" in texts(before)
    widget.deleteLater()
    assert texts(before) == ""


def test_a_widget_given_to_qtbot_is_not_left_over(qtbot: QtBot) -> None:
    widget = QWidget()
    widget.setMinimumSize(20, 20)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
