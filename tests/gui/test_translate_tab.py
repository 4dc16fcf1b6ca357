"""The translate tab: the page with its translator, on real runs and images."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog
from pytestqt.qtbot import QtBot

from ganstudio import places
from ganstudio.catalogue import Catalogue
from ganstudio.gui.translate_tab import TranslateTab
from ganstudio.registry import Registry
from tests.gui.recording import RecordingSession
from tests.translated import CYCLEGAN, PIX2PIX, make_run, picture, pixels

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def made_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("runs")
    make_run(library / "domains", CYCLEGAN, 2, 4)
    make_run(library / "pairs", PIX2PIX, 1)
    return library


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def library(made_runs: Path) -> Path:
    return Path(shutil.copytree(made_runs, places.runs()))


@pytest.fixture
def session(qtbot: QtBot, registry: Registry) -> RecordingSession:
    session = RecordingSession(Catalogue())
    session.data_look.registry = registry
    return session


@pytest.fixture
def tab(qtbot: QtBot, session: RecordingSession) -> Iterator[TranslateTab]:
    made = TranslateTab(session)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    session.setParent(made)
    made.resize(880, 600)
    yield made
    assert made.shutdown(PATIENCE_MS)
    qtbot.wait(1)


def settle(qtbot: QtBot, tab: TranslateTab) -> None:
    qtbot.waitUntil(lambda: not tab.translating.busy, timeout=PATIENCE_MS)


def opened(qtbot: QtBot, tab: TranslateTab, run: Path) -> TranslateTab:
    tab.set_run(run)
    tab.show()
    settle(qtbot, tab)
    return tab


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(row) for row in range(box.count())]


def test_the_run_that_is_shown_translates_what_is_dropped(
    qtbot: QtBot, tab: TranslateTab, library: Path, tmp_path: Path
) -> None:
    page = opened(qtbot, tab, library / "domains").page
    assert page.line.text() == "CycleGAN (unpaired), trained on 16 × 16 grey images"
    assert texts(page.choices.step) == ["4 (newest)", "2"]
    assert texts(page.choices.direction) == ["digits → outlines", "outlines → digits"]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "in" / "a.png").parent))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys, QEvent.Type.Drop))
    settle(qtbot, tab)
    assert [page.list.item(0).text(), page.list.count()] == ["a.png", 1]
    assert page.view.made is not None
    assert (page.view.made.width(), page.view.made.height()) == (16, 16)
    assert page.note.text() == "Made grey."


def test_without_a_run_the_newest_that_translates_is_taken(
    qtbot: QtBot, tab: TranslateTab, library: Path
) -> None:
    tab.show()
    settle(qtbot, tab)
    assert sorted(texts(tab.page.choices.run)) == ["domains", "pairs"]
    assert tab.translating.ability is not None


def test_a_run_of_the_library_that_cannot_is_passed_over(
    qtbot: QtBot, tab: TranslateTab, library: Path
) -> None:
    opened(qtbot, tab, library / "a-ring")
    assert tab.translating.ability is not None
    assert tab.page.refusal.isHidden()


def test_a_run_from_elsewhere_that_cannot_is_refused_in_a_sentence(
    qtbot: QtBot, tab: TranslateTab, tmp_path: Path
) -> None:
    page = opened(qtbot, tab, tmp_path).page
    assert "is no run" in page.refusal.text.text()
    assert not page.save_all.isEnabled()
    assert not page.choices.direction.isEnabled()


def test_nothing_is_opened_before_the_page_is_seen(tab: TranslateTab, library: Path) -> None:
    tab.set_run(library / "domains")
    assert not tab.translating.busy


def test_the_choices_translate_anew(qtbot: QtBot, tab: TranslateTab, library: Path, tmp_path: Path) -> None:
    page = opened(qtbot, tab, library / "domains").page
    tab.translate([picture(tmp_path / "a.png", 24, 20)])
    settle(qtbot, tab)
    seen = [page.view.made]
    for box, row in (
        (page.choices.direction, 1),
        (page.choices.size_box, 1),
        (page.choices.step, 1),
        (page.choices.run, page.choices.run.findText("pairs")),
    ):
        box.setCurrentIndex(row)
        box.activated.emit(row)
        settle(qtbot, tab)
        seen.append(page.view.made)
    sizes = [(image.width(), image.height()) for image in seen if image is not None]
    assert sizes == [(19, 16), (19, 16), (24, 20), (24, 20), (19, 16)]
    assert all(one != other for one, other in itertools.pairwise(seen))
    assert not page.choices.direction.isEnabled()


def test_a_picture_is_pasted_and_its_translation_copied(
    qtbot: QtBot, tab: TranslateTab, library: Path
) -> None:
    page = opened(qtbot, tab, library / "domains").page
    grey = np.ascontiguousarray(pixels(17, 18))
    image = QImage(grey.data, 17, 18, 51, QImage.Format.Format_RGB888).copy()
    QGuiApplication.clipboard().setImage(image)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, tab)
    assert page.list.item(0).text() == "pasted-1"
    QTest.keyClick(page.list, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert page.view.made is not None
    assert QGuiApplication.clipboard().image().size() == page.view.made.size()
    taken = tab.translating._items[page.list.current_key()].source
    assert np.array_equal(taken[..., :3], grey)
    assert taken[..., 3].min() == 255


def test_an_empty_clipboard_is_told(qtbot: QtBot, tab: TranslateTab) -> None:
    QGuiApplication.clipboard().setText("only words")
    tab.page.paste()
    assert tab.page.failure.text.text() == "The clipboard holds no picture and no files."


def test_saving_beside_and_into_a_folder(
    qtbot: QtBot, tab: TranslateTab, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, tab, library / "domains").page
    said: list[str] = []
    tab.said.connect(said.append)
    tab.translate([picture(tmp_path / "in" / f"{number}.png", 16 + 2 * number) for number in range(3)])
    settle(qtbot, tab)
    page.save.click()
    settle(qtbot, tab)
    assert (tmp_path / "in" / "0.to-B.png").exists()
    assert said == [f"Saved as {tmp_path / 'in' / '0.to-B.png'}."]
    assert "saved" in page.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    page.save_all.click()
    settle(qtbot, tab)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{n}.to-B.png" for n in range(3)]
    assert said[-1] == f"3 translations saved to {tmp_path / 'out'}."
    with Image.open(tmp_path / "out" / "2.to-B.png") as image:
        assert image.size == (20, 16)


def test_what_is_no_image_says_so_in_its_place(
    qtbot: QtBot, tab: TranslateTab, library: Path, tmp_path: Path
) -> None:
    page = opened(qtbot, tab, library / "domains").page
    (tmp_path / "a.txt").write_text("words")
    tab.translate([tmp_path / "a.txt"])
    settle(qtbot, tab)
    assert "a.txt is no image that can be read" in page.view.accessibleDescription()
    assert not page.save.isEnabled()
    tab.translate([tmp_path / "empty"])
    settle(qtbot, tab)
    assert "There is no file" in page.failure.text.text()


def test_delete_takes_images_out(qtbot: QtBot, tab: TranslateTab, library: Path, tmp_path: Path) -> None:
    page = opened(qtbot, tab, library / "domains").page
    tab.translate([picture(tmp_path / f"{number}.png") for number in range(2)])
    settle(qtbot, tab)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert page.list.item(0).text() == "1.png"
    settle(qtbot, tab)
    assert page.view.made is not None
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    assert page.list.count() == 0
    assert not page.save.isEnabled()


def test_a_folder_being_translated_can_be_stopped_and_gone_on_with(
    qtbot: QtBot,
    tab: TranslateTab,
    library: Path,
    tmp_path: Path,
) -> None:
    page = opened(qtbot, tab, library / "domains").page
    tab.translate([picture(tmp_path / f"{number:02}.png", 300, 300) for number in range(12)])
    qtbot.waitUntil(lambda: not page.progress.isHidden(), timeout=PATIENCE_MS)
    page.progress.stop.click()
    settle(qtbot, tab)
    assert page.progress.stop.text() == "Go on"
    assert any(one.state == "waiting" for one in tab.translating.taken)
    page.progress.stop.click()
    settle(qtbot, tab)
    assert all(one.state == "translated" for one in tab.translating.taken)
    assert page.progress.isHidden()


def test_it_waits_for_the_plugins(
    qtbot: QtBot, tab: TranslateTab, session: RecordingSession, library: Path, registry: Registry
) -> None:
    session.data_look.registry = None
    tab.translating._registry = None
    opened(qtbot, tab, library / "domains")
    assert tab.translating.ability is None
    session.data_look.registry = registry
    session.loadingChanged.emit("")
    settle(qtbot, tab)
    assert tab.translating.ability is not None


def test_every_control_has_a_name(tab: TranslateTab) -> None:
    controls = [*tab.findChildren(QAbstractButton), *tab.findChildren(QComboBox)]
    nameless = [one for one in controls if not (one.accessibleName() or getattr(one, "text", lambda: "")())]
    assert nameless == []
