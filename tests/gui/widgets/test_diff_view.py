import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.widgets.diff_view import DiffView

DIFFERENCE = "--- agreed/own.py\n+++ now/own.py\n@@ -1 +1 @@\n-old = 1\n+new = 1\n same = 1\n"


@pytest.fixture
def view(qtbot: QtBot) -> DiffView:
    made = DiffView()
    qtbot.addWidget(made)
    made.show()
    return made


def colours(view: DiffView) -> list[str]:
    found = []
    block = view.document().begin()
    while block.isValid():
        formats = block.layout().formats()
        found.append(formats[0].format.foreground().color().name().upper() if formats else "")
        block = block.next()
    return found


def test_lines_that_came_and_went_are_coloured(view: DiffView) -> None:
    view.show_text(DIFFERENCE, True)
    tokens = theme.current()
    assert colours(view) == [*[tokens.quiet] * 3, tokens.bad, tokens.good, ""]


def test_a_whole_text_is_plain_whatever_its_signs(view: DiffView) -> None:
    view.show_text("+1\n-1\n", False)
    assert colours(view) == ["", ""]
    assert view.toPlainText() == "+1\n-1"


def test_it_cannot_be_changed_and_begins_at_its_top(qtbot: QtBot, view: DiffView) -> None:
    view.show_text("line\n" * 500, False)
    qtbot.keyClicks(view, "x")
    assert "x" not in view.toPlainText()
    assert view.textCursor().position() == 0
    view.moveCursor(QTextCursor.MoveOperation.End)
    view.show_text("other\n" * 500, False)
    assert view.verticalScrollBar().value() == 0
