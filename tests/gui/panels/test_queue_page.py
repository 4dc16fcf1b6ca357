"""The queue page: what it shows, and what it asks for by mouse and keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.panels.queue_page import QueuePage
from ganstudio.gui.queue_words import QueueRow

WAITS = QueueRow("a", "one", "DCGAN on digits", "waiting", "quiet", steps=500, waits=True)
RUNS = QueueRow("b", "two", "DCGAN on digits", "step 5 of 10", "accent", "train", share=0.5, removable=False)
FAILED = QueueRow(
    *("c", "three", "DCGAN", "failed", "bad", "warning", "It broke."),
    steps=500, again=True, goes_on=True, opens=True,
)  # fmt: skip
ROWS = [WAITS, RUNS, FAILED]


class Asked(list[tuple[object, ...]]):
    """Everything the page asked for."""

    def __init__(self, page: QueuePage) -> None:
        for name in (
            *("startAsked", "holdAsked", "formAsked", "moved", "removed", "againAsked", "goOnAsked"),
            *("openAsked", "renamed", "stepsAsked", "clearAsked", "presetAsked", "watched"),
        ):
            getattr(page, name).connect(lambda *values, said=name: self.append((said, *values)))


@pytest.fixture
def page(qtbot: QtBot) -> QueuePage:
    made = QueuePage()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show_rows(ROWS, "1 training, 1 waiting, 1 failed")
    made.show()
    return made


@pytest.fixture
def asked(page: QueuePage) -> Asked:
    return Asked(page)


def test_an_empty_queue_says_how_to_fill_it(page: QueuePage) -> None:
    assert page.list.isVisible()
    page.show_rows([], "")
    assert not page.list.isVisible()
    assert not page.details.isVisible()


@pytest.mark.parametrize(
    ("place", "key", "wanted"),
    [
        (0, Qt.Key.Key_Down, ("moved", "a", 1)),
        (2, Qt.Key.Key_Up, ("moved", "c", 1)),
        (0, Qt.Key.Key_Up, None),
        (2, Qt.Key.Key_Down, None),
    ],
    ids=["down", "up", "top stays", "end stays"],
)
def test_alt_and_an_arrow_ask_for_another_place(
    qtbot: QtBot, page: QueuePage, asked: Asked, place: int, key: Qt.Key, wanted: object
) -> None:
    page.list.setCurrentRow(place)
    qtbot.keyClick(page.list, key, Qt.KeyboardModifier.AltModifier)
    assert asked == ([wanted] if wanted else [])
    assert [page.list.item(number).data(Qt.ItemDataRole.UserRole) for number in range(3)] == ROWS


def test_the_keyboard_removes_and_renames(qtbot: QtBot, page: QueuePage, asked: Asked) -> None:
    page.list.setCurrentRow(0)
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    assert asked == [("removed", "a")]
    qtbot.keyClick(page.list, Qt.Key.Key_F2)
    assert page.details.name.selectedText() == "one"
    page.details.name.setText("better")
    page.details.name.editingFinished.emit()
    page.details.steps.setValue(900)
    page.details.steps.editingFinished.emit()
    assert asked[1:] == [("renamed", "a", "better"), ("stepsAsked", "a", 900)]


def test_what_does_not_wait_cannot_be_edited(page: QueuePage, asked: Asked) -> None:
    page.list.setCurrentRow(2)
    assert not page.details.name.isEnabled()
    page.details.name.setText("other")
    page.details.name.editingFinished.emit()
    assert asked == []


@pytest.mark.parametrize(
    ("row", "shown"),
    [(0, []), (1, []), (2, ["Try again", "Go on", "Open run"])],
    ids=["waits", "runs", "failed"],
)
def test_offers_what_makes_sense(page: QueuePage, row: int, shown: list[str]) -> None:
    page.list.setCurrentRow(row)
    details = page.details
    buttons = (details.again, details.go_on, details.open)
    assert [button.text() for button in buttons if button.isVisible()] == shown
    assert details.remove.isEnabled() == ROWS[row].removable
    assert details.sentence.text() == ROWS[row].sentence


def test_buttons_ask_for_the_selected_entry(page: QueuePage, asked: Asked) -> None:
    page.list.setCurrentRow(2)
    details = page.details
    for button in (details.up, details.remove, details.again, details.go_on, details.open):
        button.click()
    assert asked == [
        *(("moved", "c", 1), ("removed", "c"), ("againAsked", "c"), ("goOnAsked", "c"), ("openAsked", "c"))
    ]


@pytest.mark.parametrize(
    ("dragged", "onto", "below", "wanted"),
    [(0, 2, True, 2), (2, 0, False, 0), (0, 1, True, 1), (1, 0, False, 0)],
    ids=["to the end", "to the top", "one down", "one up"],
)
def test_dragging_asks_and_moves_nothing_by_itself(
    page: QueuePage,
    asked: Asked,
    monkeypatch: pytest.MonkeyPatch,
    dragged: int,
    onto: int,
    below: bool,
    wanted: int,
) -> None:
    positions = page.list.DropIndicatorPosition
    monkeypatch.setattr(
        page.list, "dropIndicatorPosition", lambda: positions.BelowItem if below else positions.AboveItem
    )
    page.list.setCurrentRow(dragged)
    place = page.list.visualItemRect(page.list.item(onto)).center()
    event = _Drop(page.list, place)
    page.list.dropEvent(event)
    assert asked == [("moved", ROWS[dragged].key, wanted)]
    assert event.dropAction() == Qt.DropAction.IgnoreAction
    assert page.list.count() == 3


class _Drop(QDropEvent):
    """A drop from within the list."""

    def __init__(self, source: object, place: QPoint) -> None:
        self._mime = QMimeData()
        super().__init__(
            QPointF(place),
            Qt.DropAction.MoveAction,
            self._mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        self._source = source

    def source(self) -> object:  # type: ignore[override]
        return self._source


def test_what_is_typed_survives_news(qtbot: QtBot, page: QueuePage) -> None:
    page.activateWindow()
    page.list.setCurrentRow(0)
    page.details.name.setFocus()
    qtbot.waitUntil(page.details.name.hasFocus)
    page.details.name.setText("half a na")
    page.show_rows([replace(WAITS, line="other"), RUNS, FAILED], "")
    assert page.details.name.text() == "half a na"


def test_the_selection_stays_with_its_entry(page: QueuePage) -> None:
    page.list.setCurrentRow(2)
    page.show_rows([FAILED, WAITS, RUNS], "")
    assert page.list.current_row() == FAILED
    page.show_rows([WAITS, RUNS], "")
    assert page.list.current_row() == WAITS


def test_start_becomes_hold(page: QueuePage, asked: Asked) -> None:
    page.show_working(False, False, "Nothing waits.")
    assert not page.start.isEnabled()
    assert page.start.toolTip() == "Nothing waits."
    page.show_working(False, True)
    page.start.click()
    page.show_working(True, True)
    page.start.click()
    assert page.start.text() == "Hold"
    assert asked == [("startAsked",), ("holdAsked",)]


def test_presets_are_offered_by_group(page: QueuePage, asked: Asked) -> None:
    page.show_presets({"Digits": ["mnist-dcgan"], "2-D": ["ring", "grid"]})
    groups = page.presets.actions()
    assert [action.text() for action in groups] == ["Digits", "2-D"]
    menu = groups[1].menu()
    menu.actions()[0].trigger()
    assert asked == [("presetAsked", "ring")]


def test_tells_whether_it_is_looked_at(page: QueuePage, asked: Asked) -> None:
    page.hide()
    page.show()
    assert asked == [("watched", False), ("watched", True)]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_everything_has_a_name_and_paints(page: QueuePage, name: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, name)
    assert not page.grab().isNull()
    spoken = page.list.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "three, failed, DCGAN, It broke."
    for control in (page.add, page.start, page.clear, page.details.up, page.details.open):
        assert control.accessibleName() or control.text()
    for control in (page.list, page.details.name, page.details.steps):
        assert control.accessibleName()
    theme.apply(app, "light")


def test_makes_the_best_of_a_low_dock(qtbot: QtBot, page: QueuePage, asked: Asked) -> None:
    page.list.setCurrentRow(2)
    page.resize(800, 300)
    qtbot.waitUntil(lambda: page.details.x() > page.width() / 2)
    page.resize(800, 120)
    qtbot.waitUntil(lambda: not page.details.isVisible())
    menu = page.menu()
    offered = [action.text() for action in menu.actions()]
    assert offered == ["Try again", "Go on", "Open run", "Up", "Down", "Remove"]
    assert [action.isEnabled() for action in menu.actions()] == [True, True, True, True, False, True]
    menu.actions()[1].trigger()
    assert asked == [("goOnAsked", "c")]
