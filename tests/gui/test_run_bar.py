import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.pace import Pace
from ganstudio.gui.run_bar import RunBar
from ganstudio.gui.words import THIN
from tests.gui.recording import RecordedDevice


@pytest.fixture
def bar(qtbot: QtBot) -> RunBar:
    made = RunBar()
    qtbot.addWidget(made)
    return made


def test_it_says_how_far_how_fast_and_how_long(bar: RunBar) -> None:
    pace = Pace(20_000)
    pace.record(10_400, 10.0)
    pace.record(12_400, 20.0)
    bar.show_pace(pace)
    text = bar._text.text().replace(THIN, " ")
    assert text == "step 12 400 / 20 000   200 it/s   38 s left"
    assert bar._progress.value() == 620


def test_preparing_moves_to_and_fro_until_a_share_is_known(bar: RunBar) -> None:
    bar.show_preparing("Loading digits", None)
    assert bar._progress.maximum() == 0
    bar.show_preparing("Downloading", 0.25)
    assert (bar._progress.value(), bar._progress.maximum()) == (250, 1000)
    bar.show_idle("")
    # It came to nothing, so nothing of it stays.
    assert (bar._progress.value(), bar._progress.maximum()) == (0, 1000)


def test_how_far_a_run_came_stays_when_it_ends(bar: RunBar) -> None:
    bar.show_preparing("Downloading", 0.25)
    pace = Pace(100)
    pace.record(40, 1.0)
    bar.show_pace(pace)
    bar.show_idle("Stopped")
    assert bar._progress.value() == 400


@pytest.mark.parametrize("way", ["a share", "a pace", "nothing"])
def test_nothing_is_painted_for_a_movement_that_is_over(bar: RunBar, qtbot: QtBot, way: str) -> None:
    moved: list[QEvent.Type] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            moved.extend([event.type()] if event.type() == QEvent.Type.StyleAnimationUpdate else [])
            return False

    watch = Watch(bar)
    bar._progress.installEventFilter(watch)
    theme.apply(QApplication.instance(), "light")
    bar.resize(1200, 40)
    bar.show()
    bar.show_preparing("Loading digits", None)
    qtbot.waitUntil(lambda: len(moved) > 1)
    if way == "a share":
        bar.show_preparing("Downloading", 0.0)
    elif way == "a pace":
        bar.show_pace(Pace(20_000))
    else:
        bar.show_idle("")
    QApplication.processEvents()
    moved.clear()
    qtbot.wait(150)
    assert moved == []


@pytest.mark.parametrize("name", ["train", "pause", "step", "stop"])
def test_pressing_reports(qtbot: QtBot, bar: RunBar, name: str) -> None:
    action = getattr(bar, name)
    action.setEnabled(True)
    with qtbot.waitSignal(getattr(bar, f"{name}Asked")):
        action.trigger()


def test_train_stands_out_only_while_it_can_be_pressed(bar: RunBar) -> None:
    button = bar.widgetForAction(bar.train)
    assert button is not None
    bar.show_state("running", "")
    assert not button.property("primary")
    bar.show_state("finished", "")
    assert button.property("primary")


def test_the_device_wanted_before_is_chosen_once_it_is_found(bar: RunBar) -> None:
    bar.want_device("cpu")
    assert bar.chosen_device() == "auto"
    bar.show_devices([RecordedDevice("cuda:0", "RTX"), RecordedDevice("cpu")])
    assert bar.chosen_device() == "cpu"
    assert bar.device.currentText() == "cpu — Processor, 8.0 GiB"


def test_a_device_that_is_gone_gives_way_to_the_first(bar: RunBar) -> None:
    bar.want_device("cuda:3")
    bar.show_devices([RecordedDevice("cuda:0"), RecordedDevice("cpu")])
    assert bar.chosen_device() == "cuda:0"


def test_the_device_stays_while_a_run_goes_on(bar: RunBar) -> None:
    bar.show_devices([RecordedDevice("cpu")])
    bar.show_state("paused", "")
    assert not bar.device.isEnabled()
    bar.show_state("idle", "")
    assert bar.device.isEnabled()


def test_every_control_has_a_name(bar: RunBar) -> None:
    assert bar.device.accessibleName() == "Device"
    assert bar.widgetForAction(bar.theme).accessibleName() == "Change theme"
    assert bar._progress.accessibleName()
