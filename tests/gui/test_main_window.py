from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.api.events import Failed, Finished, Preparing, SettingChanged, SettingRefused, StepRecord
from ganstudio.catalogue import Catalogue
from ganstudio.experiment import Experiment, Problem
from ganstudio.gui import theme
from ganstudio.gui.closing import Closing
from ganstudio.gui.main_window import MainWindow
from ganstudio.gui.window_memory import WindowMemory
from tests.gui.catalogues import CATALOGUE, DIGITS
from tests.gui.recording import RecordedDevice, RecordingSession

Opener = Callable[..., tuple[MainWindow, RecordingSession]]


@pytest.fixture
def open_window(qtbot: QtBot, studio_home: Path) -> Opener:
    """Return a function that opens a window on a recording session."""

    def open_one(**session: object) -> tuple[MainWindow, RecordingSession]:
        recording = RecordingSession(**session)  # type: ignore[arg-type]
        window = MainWindow(recording, WindowMemory(places.window_settings()))  # type: ignore[arg-type]
        recording.setParent(window)
        window.closer.ask = lambda parent, paused: Closing.ABORT
        qtbot.addWidget(window)
        window.show()
        return window, recording

    return open_one


@pytest.fixture
def opened(open_window: Opener) -> tuple[MainWindow, RecordingSession]:
    return open_window()


def running(session: RecordingSession) -> None:
    session.run(Experiment.from_dict(DIGITS).with_value("training.ema_decay", 0.999))


# --- Starting --------------------------------------------------------------------------------------


def test_the_first_paint_is_told_once(qtbot: QtBot, studio_home: Path) -> None:
    session = RecordingSession()
    window = MainWindow(session, WindowMemory(places.window_settings()))  # type: ignore[arg-type]
    qtbot.addWidget(window)
    told: list[bool] = []
    window.firstPainted.connect(lambda: told.append(True))
    window.show()
    qtbot.waitUntil(lambda: bool(told))
    window.repaint()
    qtbot.wait(20)
    assert told == [True]
    assert not window.tabs.is_made("Live")


def test_training_waits_until_the_plugins_are_there(open_window: Opener) -> None:
    window, session = open_window(catalogue=Catalogue(), ready=False)
    assert not window.bar.train.isEnabled()
    assert "Loading" in window.bar.train.toolTip()
    session.loadingChanged.emit("Loading torch and the plugins…")
    session.catalogue = CATALOGUE
    session.catalogueChanged.emit()
    assert not window.bar.train.isEnabled()
    session.finish_loading(RecordedDevice("cpu"))
    assert window.bar.train.isEnabled()
    assert window.bar.chosen_device() == "cpu"


def test_plugins_that_cannot_be_loaded_leave_nothing_to_train(open_window: Opener) -> None:
    window, session = open_window(ready=False)
    session.loadingChanged.emit("")
    session.tell(Failed(0, "The plugins could not be loaded.", "Traceback"))
    session.become("failed")
    assert not window.bar.train.isEnabled()
    assert window.banner.isVisible()


def test_the_first_preset_is_selected_and_a_hint_points_at_train(
    opened: tuple[MainWindow, RecordingSession],
) -> None:
    window, _session = opened
    assert window.experiment.baseline_name() == "mnist-dcgan"
    assert window.experiment._welcome.isVisible()


def test_failed_plugins_are_named_on_the_tab(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, _session = opened
    assert window.tabs.title("Plugins") == "Plugins (1 failed)"


# --- A run -----------------------------------------------------------------------------------------


def test_train_asks_for_what_is_in_the_form(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    session.finish_loading(RecordedDevice("cpu"))
    window.bar.train.trigger()
    (what, experiment, device) = session.asked[-1]
    assert (what, device) == ("train", "cpu")
    assert experiment == window.experiment.experiment()
    assert not window.experiment._welcome.isVisible()


def test_the_window_follows_a_run(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    session.become("preparing")
    session.tell(Preparing(0, "Loading digits", 0.5))
    assert window.bar._text.text() == "Loading digits"
    running(session)
    session.tell(StepRecord(100, 1.0, 6400, {"loss/generator": 1.0}), StepRecord(200, 2.0, 12800, {}))
    assert "100 it/s" in window.bar._text.text()
    assert window.windowTitle() == "mnist-dcgan — training — GAN Studio"
    assert window.experiment._running.isVisible()
    session.become("paused")
    assert window.windowTitle() == "mnist-dcgan — paused — GAN Studio"
    assert window.bar._text.text().endswith("paused")
    session.become("running")
    assert "100 it/s" in window.bar._text.text()
    session.become("finished")
    session.tell(Finished(1000, "done", 62.0))
    assert window.bar._text.text() == "All steps done in 1 m 02 s"
    assert not window.experiment._running.isVisible()
    assert window.bar.train.isEnabled()


def test_live_edits_go_to_the_run_and_its_answer_to_the_form(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, session = opened
    running(session)
    assert window.experiment.form is not None
    field = window.experiment.form.field("optimizers.generator.learning_rate")
    assert field is not None
    field._editor._pair.box.settled.emit(3e-3)
    assert session.asked[-1] == ("edit", "optimizers.generator.learning_rate", 3e-3)
    session.tell(SettingChanged(5, "optimizers.generator.learning_rate", 2e-3, 1e-3))
    assert field.value() == 2e-3
    assert "learning rate" in window.log.text()


def test_a_refused_edit_goes_back_to_what_holds_by_now(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    path = "optimizers.generator.learning_rate"
    session.tell(SettingChanged(5, path, 2e-3, 1e-3))
    session.tell(StepRecord(6, 1.0, 64, {}))
    assert window.experiment.form is not None
    field = window.experiment.form.field(path)
    assert field is not None
    field._editor._pair.box.settled.emit(0.9)
    session.tell(SettingRefused(7, path, "Too fast."))
    assert field.value() == 2e-3


def test_a_run_that_stops_takes_no_more_edits(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    session.become("stopping")
    session.tell(StepRecord(6, 1.0, 64, {}))
    assert not window.experiment.steers


@pytest.mark.parametrize(
    ("state", "key", "asked"),
    [
        ("running", Qt.Key.Key_Space, ("pause",)),
        ("paused", Qt.Key.Key_Space, ("resume",)),
        ("paused", Qt.Key.Key_F10, ("step",)),
        ("running", Qt.Key.Key_Period, ("stop", True)),
        ("idle", Qt.Key.Key_R, "train"),
    ],
    ids=["space pauses", "space resumes", "F10 steps", "Ctrl+. stops", "Ctrl+R trains"],
)
def test_keys(
    qtbot: QtBot,
    opened: tuple[MainWindow, RecordingSession],
    state: str,
    key: Qt.Key,
    asked: tuple[object, ...] | str,
) -> None:
    window, session = opened
    with qtbot.waitActive(window):
        window.activateWindow()
    if state != "idle":
        running(session)
        session.become(state)
    control = Qt.KeyboardModifier.ControlModifier
    plain = Qt.KeyboardModifier.NoModifier
    modifier = control if key in (Qt.Key.Key_Period, Qt.Key.Key_R) else plain
    qtbot.keyClick(window, key, modifier)
    said = session.asked[-1]
    assert said == asked or said[0] == asked


def test_space_in_a_field_is_a_space(qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    window.experiment.focus_search()
    qtbot.keyClick(window.experiment.search, Qt.Key.Key_Space)
    assert window.experiment.search.text() == " "
    assert session.asked == []


def test_ctrl_f_finds_a_setting(qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]) -> None:
    window, _session = opened
    with qtbot.waitActive(window):
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.experiment.search


def test_a_failure_is_a_banner_with_the_traceback_folded(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    session.become("failed")
    session.tell(Failed(9, "my.py line 3: it broke.", "Traceback", saved="Step 5 is kept."))
    assert window.banner.sentence.text() == "my.py line 3: it broke. Step 5 is kept."
    assert not window.banner.details.isVisible()
    assert window.bar.train.isEnabled()
    session.become("preparing")
    assert not window.banner.isVisible()


def test_a_refused_experiment_is_marked_in_the_form(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    session.become("preparing")
    session.become("idle")
    session.problemsFound.emit([Problem("training.steps", "training.steps: too few.")])
    assert window.experiment.form is not None
    assert window.experiment.form.field("training.steps")._problem.text() == "training.steps: too few."
    # What was told of the preparations comes in batches, and may come late.
    session.tell(Preparing(0, "Cutting patches", 0.7))
    assert "1 problem " in window.bar._text.text()
    assert window.bar._progress.value() == 0
    assert "too few" in window.log.text()


# --- Closing ---------------------------------------------------------------------------------------


def test_an_idle_window_just_closes(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    assert window.close()
    assert session.asked == [("shutdown",)]


def test_cancelled_closing_changes_nothing(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    window.closer.ask = lambda parent, paused: Closing.CANCEL
    assert not window.close()
    assert session.asked == []
    session.become("finished")
    assert window.isVisible()


def test_stop_and_save_closes_once_the_state_is_saved(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, session = opened
    running(session)
    window.closer.ask = lambda parent, paused: Closing.STOP
    assert not window.close()
    assert session.asked == [("stop", True)]
    session.become("stopping")
    assert window.isVisible()
    session.become("finished")
    qtbot.waitUntil(lambda: not window.isVisible())


def test_keep_training_closes_when_the_run_ends_and_can_be_taken_back(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, session = opened
    running(session)
    window.closer.ask = lambda parent, paused: Closing.LATER
    assert not window.close()
    assert window.notice.isVisible()
    qtbot.mouseClick(window.notice.button, Qt.MouseButton.LeftButton)
    session.become("finished")
    qtbot.wait(20)
    assert window.isVisible()


def test_a_paused_run_is_resumed_to_be_closed_later(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    session.become("paused")
    asked: list[bool] = []

    def later(parent: QWidget, paused: bool) -> Closing:
        asked.append(paused)
        return Closing.LATER

    window.closer.ask = later
    assert not window.close()
    assert asked == [True]
    assert session.asked == [("resume",)]


def test_a_failure_keeps_the_window_open_to_be_read(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, session = opened
    running(session)
    window.closer.ask = lambda parent, paused: Closing.LATER
    window.close()
    session.become("failed")
    qtbot.wait(20)
    assert window.isVisible()


def test_abort_closes_at_once_without_saving(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, session = opened
    running(session)
    assert window.close()
    assert session.asked == [("stop", False), ("shutdown",)]


# --- Remembering -----------------------------------------------------------------------------------


def test_experiment_device_and_layout_are_remembered(qtbot: QtBot, open_window: Opener) -> None:
    window, session = open_window()
    session.finish_loading(RecordedDevice("cuda:0"), RecordedDevice("cpu"))
    window.bar.device.activated.emit(1)
    window.experiment.set_experiment(
        Experiment.from_dict(DIGITS).with_value("training.steps", 77), "mnist-dcgan"
    )
    window._log_dock.close()
    window.close()

    again, session = open_window()
    session.finish_loading(RecordedDevice("cuda:0"), RecordedDevice("cpu"))
    experiment = again.experiment.experiment()
    assert experiment is not None
    assert experiment.training == {"steps": 77}
    assert again.experiment.baseline_name() == "mnist-dcgan"
    assert again.bar.chosen_device() == "cpu"
    assert not again._log_dock.isVisible()
    assert not again.experiment._welcome.isVisible()


def test_reset_layout_brings_closed_docks_back(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, _session = opened
    window._form_dock.close()
    window._reset_layout()
    assert window._form_dock.isVisible()


def test_damaged_settings_are_passed_over_with_a_line_in_the_log(open_window: Opener) -> None:
    places.window_settings().parent.mkdir(parents=True, exist_ok=True)
    places.window_settings().write_text(
        '[General]\ngeometry=@ByteArray(junk)\nlayout=@ByteArray(junk)\nlive="{"\n'
    )
    window, _session = open_window()
    window.live_panel()
    assert window.log.text().count("passed over") == 3


def test_the_theme_changes_and_is_remembered(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, _session = opened
    before = theme.current().name
    window.bar.theme.trigger()
    assert theme.current().name != before
    assert WindowMemory(places.window_settings()).text("theme") == theme.current().name
    window.bar.theme.trigger()
    assert theme.current().name == before


# --- Files -----------------------------------------------------------------------------------------


def test_a_saved_experiment_opens_again(opened: tuple[MainWindow, RecordingSession], tmp_path: Path) -> None:
    window, _session = opened
    window.files.save_path(tmp_path / "mine.toml")
    before = window.experiment.experiment()
    assert window.experiment.picker is not None
    window.experiment.picker.chooser.activated.emit(0)
    window.files.open_path(tmp_path / "mine.toml")
    assert window.experiment.experiment() == before
    assert window.experiment.baseline_name() == "mine.toml"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= =", "not valid TOML"),
        ("[dta]\n", "did you mean data"),
        ('[data]\nkind = "Digits"\n', "architecture"),
    ],
    ids=["no TOML", "unknown part", "part missing"],
)
def test_a_file_that_cannot_be_read_says_why_above_the_form(
    opened: tuple[MainWindow, RecordingSession], tmp_path: Path, text: str, words: str
) -> None:
    window, _session = opened
    path = tmp_path / "bad.toml"
    path.write_text(text)
    before = window.experiment.experiment()
    window.files.open_path(path)
    assert words in window.experiment.problems.text()
    assert str(path) in window.experiment.problems.text()
    assert window.experiment.experiment() == before


def test_a_file_that_cannot_be_written_is_a_banner(
    opened: tuple[MainWindow, RecordingSession], tmp_path: Path
) -> None:
    window, _session = opened
    (tmp_path / "file").write_text("")
    window.files.save_path(tmp_path / "file" / "mine.toml")
    assert window.banner.isVisible()


# --- Access ----------------------------------------------------------------------------------------


def test_every_control_has_a_name(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, _session = opened
    window.live_panel()
    window.tabs.data()
    nameless = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for widget in window.findChildren(kind)
        if not _named(widget) and not widget.objectName().startswith("qt_")
    ]
    assert [f"{type(w).__name__} in {type(w.parent()).__name__}" for w in nameless] == []


def _named(widget: QWidget) -> bool:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    parent = widget.parentWidget()
    return bool(widget.accessibleName() or text or widget.toolTip() or (parent and parent.accessibleName()))


def test_no_two_actions_share_a_key(opened: tuple[MainWindow, RecordingSession]) -> None:
    window, _session = opened
    keys = [
        action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


# --- Plugins ---------------------------------------------------------------------------------------


def test_reload_on_save_is_remembered(qtbot: QtBot, open_window: Opener) -> None:
    window, _session = open_window()
    assert window.tabs.plugins().page.automatic.isChecked()
    window.tabs.plugins().page.automatic.click()
    again, _session = open_window()
    assert not again.tabs.plugins().page.automatic.isChecked()


def test_a_file_nobody_agreed_to_is_named_on_the_tab(qtbot: QtBot, open_window: Opener) -> None:
    places.plugins().mkdir(parents=True)
    (places.plugins() / "own.py").write_text("raise SystemExit\n")
    window, _session = open_window()
    qtbot.waitUntil(lambda: window.tabs.title("Plugins") == "Plugins (2 to look at)", timeout=5000)
    window.tabs.plugins().page.waiting.acted.emit()
    dialog = window.tabs.plugins().doings.agreeing.dialog
    assert dialog is not None
    dialog.not_now.click()
    assert window.tabs.title("Plugins") == "Plugins (1 failed)"


# --- The data tab ----------------------------------------------------------------------------------


def test_the_data_tab_is_made_when_it_is_first_shown(
    qtbot: QtBot, opened: tuple[MainWindow, RecordingSession]
) -> None:
    window, session = opened
    with qtbot.waitActive(window):
        window.activateWindow()
    assert not window.tabs.is_made("Data")
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.tabText(window.tabs.currentIndex()) == "Data"
    assert window.tabs.is_made("Data")
    page = window.tabs.data().page
    qtbot.waitUntil(page.isVisible)
    page.look.click()
    assert session.data_look.asked[-1][0] == "look"
