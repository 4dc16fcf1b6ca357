"""The data tab with the form beside it: when it looks, and what becomes of a drawing."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.catalogue import Entry
from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.data_tab import DataTab
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from tests.gui.catalogues import CATALOGUE, DIGITS, FOLDER, RING
from tests.gui.data_tabs import form_of, tab_of
from tests.gui.recording import RecordingSession
from tests.gui.reports import IMAGES, POINTS

FILE = replace(FOLDER, name="file")
WITH_FILES = replace(
    CATALOGUE,
    data=(*CATALOGUE.data, Entry("PointFile", "Points", "Own.", "p", fields=(FILE,), data_kinds=("points",))),
)


@pytest.fixture
def session(qtbot: QtBot) -> RecordingSession:
    return RecordingSession(WITH_FILES)


@pytest.fixture
def form(qtbot: QtBot) -> ExperimentPanel:
    return form_of(WITH_FILES, qtbot)


@pytest.fixture
def tab(
    qtbot: QtBot, session: RecordingSession, form: ExperimentPanel, monkeypatch: pytest.MonkeyPatch
) -> DataTab:
    return tab_of(session, form, qtbot, monkeypatch)


def looked(session: RecordingSession) -> list[Experiment]:
    return [wish[1] for wish in session.data_look.asked if wish[0] == "look"]


def test_images_wait_until_one_asks(qtbot: QtBot, tab: DataTab, session: RecordingSession) -> None:
    tab.show()
    qtbot.wait(20)
    assert looked(session) == []
    tab.page.look.click()
    assert [experiment.data.kind for experiment in looked(session)] == ["Digits"]
    assert tab.page.progress.isVisible()
    session.data_look.find(IMAGES)
    assert tab.page.report is IMAGES
    assert not tab.page.progress.isVisible()
    assert tab.page.look.text() == "Look again"


def test_points_are_looked_at_unasked(
    qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    tab.show()
    form.set_experiment(Experiment.from_dict(RING))
    qtbot.waitUntil(lambda: len(looked(session)) == 1)
    assert looked(session)[0].data.kind == "Ring"


def test_what_is_instant_is_looked_at_unasked(qtbot: QtBot, tab: DataTab, session: RecordingSession) -> None:
    digits = replace(CATALOGUE.data[0], instant=True)
    session.catalogue = replace(WITH_FILES, data=(digits, *WITH_FILES.data[1:]))
    tab.show()
    qtbot.waitUntil(lambda: len(looked(session)) == 1)


def test_nothing_is_looked_at_unasked_while_a_run_goes_on(
    qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    session.become("running")
    tab.show()
    form.set_experiment(Experiment.from_dict(RING))
    qtbot.wait(30)
    assert looked(session) == []
    assert "goes first" in tab.page.look.toolTip()
    tab.page.look.click()
    assert len(looked(session)) == 1


def test_out_of_sight_nothing_is_looked_at(
    qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    form.set_experiment(Experiment.from_dict(RING))
    qtbot.wait(30)
    assert looked(session) == []
    tab.show()
    qtbot.waitUntil(lambda: len(looked(session)) == 1)


def test_another_architecture_is_checked_without_reading_again(
    qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    tab.show()
    tab.page.look.click()
    session.data_look.find(IMAGES)
    experiment = Experiment.from_dict(DIGITS).with_value("architecture.kind", "VAE")
    form.set_experiment(experiment)
    qtbot.waitUntil(lambda: any(wish[0] == "check" for wish in session.data_look.asked))
    session.data_look.find(IMAGES, "It is too small.")
    assert tab.page.objection.text.text() == "It is too small."
    assert len(looked(session)) == 1
    assert not tab.page.stale.isVisible()


def test_other_data_makes_what_is_shown_old(
    qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession
) -> None:
    tab.show()
    tab.page.look.click()
    session.data_look.find(IMAGES)
    form.choose_data(Choice("Folder", {"folder": "/data"}))
    qtbot.waitUntil(tab.page.stale.isVisible)
    assert tab.page.report is IMAGES
    form.choose_data(Choice("Digits"))
    qtbot.waitUntil(lambda: not tab.page.stale.isVisible())


def test_giving_up_leaves_nothing_behind(tab: DataTab, session: RecordingSession) -> None:
    tab.show()
    tab.page.look.click()
    tab.page.progress.cancel.click()
    assert session.data_look.asked[-1] == ("cancel",)
    assert not tab.page.progress.isVisible()
    assert tab.page.look.text() == "Look at the data"


def test_a_failure_is_a_sentence_on_the_page(tab: DataTab, session: RecordingSession) -> None:
    tab.show()
    tab.page.look.click()
    session.data_look.fail("The folder is empty.")
    assert tab.page.failure.text.text() == "The folder is empty."


def test_before_the_plugins_are_there_one_cannot_look(qtbot: QtBot, form: ExperimentPanel) -> None:
    session = RecordingSession(WITH_FILES, ready=False)
    tab = DataTab(session, form)  # type: ignore[arg-type]
    qtbot.addWidget(tab)
    session.setParent(tab)
    assert not tab.page.look.isEnabled()
    session.finish_loading()
    assert tab.page.look.isEnabled()


# --- Drawing ---------------------------------------------------------------------------------------


@pytest.fixture
def on_points(qtbot: QtBot, tab: DataTab, form: ExperimentPanel, session: RecordingSession) -> DataTab:
    tab.show()
    form.set_experiment(Experiment.from_dict(RING))
    qtbot.waitUntil(lambda: bool(looked(session)))
    session.data_look.find(POINTS)
    return tab


def draw(tab: DataTab) -> None:
    tab.page.draw.click()
    tab.drawing.canvas.canvas.drawing.spray(0, 0, 0.3, 50)
    tab.drawing.canvas.use.setEnabled(True)
    tab.drawing.canvas.use.click()


def test_points_can_only_be_drawn_where_points_are_chosen(
    tab: DataTab, on_points: DataTab, form: ExperimentPanel, qtbot: QtBot
) -> None:
    assert tab.page.draw.isVisible()
    form.set_experiment(Experiment.from_dict(DIGITS))
    qtbot.waitUntil(lambda: not tab.page.draw.isVisible())


def test_a_drawing_becomes_the_data(on_points: DataTab, form: ExperimentPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(on_points.said):
        draw(on_points)
    (path,) = places.drawings().iterdir()
    assert path.read_text().startswith("x,y\n")
    experiment = form.experiment()
    assert experiment is not None
    assert experiment.data.settings["file"] == str(path)
    assert experiment.architecture.kind == "PointGAN"
    assert on_points.currentWidget() is on_points.page


def test_a_drawing_can_be_changed_later(on_points: DataTab) -> None:
    draw(on_points)
    on_points.page.draw.click()
    assert len(on_points.drawing.canvas.canvas.drawing.points) == 50
    on_points.drawing.canvas.back.click()
    assert on_points.currentWidget() is on_points.page
    assert len(list(places.drawings().iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_said(on_points: DataTab, qtbot: QtBot) -> None:
    places.home().mkdir(parents=True, exist_ok=True)
    places.drawings().write_text("in the way")
    with qtbot.waitSignal(on_points.failed) as failed:
        draw(on_points)
    assert failed.args[0] == "The points were not kept."
    assert on_points.currentWidget() is on_points.drawing.canvas
