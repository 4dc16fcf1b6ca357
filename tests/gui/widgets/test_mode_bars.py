import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui.field_numbers import Modes
from ganstudio.gui.widgets.mode_bars import ModeBars


@pytest.fixture
def bars(qtbot: QtBot) -> ModeBars:
    made = ModeBars()
    qtbot.addWidget(made)
    made.show_modes(Modes(np.array([0.25, 0.0, 0.002]), np.array([0.5, 0.1, 0.4])))
    made.resize(240, made.sizeHint().height())
    return made


def test_it_says_how_many_are_covered(bars: ModeBars) -> None:
    assert bars.accessibleDescription() == "2 of 3 modes covered"


def test_it_is_as_high_as_its_rows_which_stand_in_two_columns_when_they_are_many(bars: ModeBars) -> None:
    row = bars.sizeHint().height() / 3
    bars.show_modes(Modes(np.full(25, 0.04), np.full(25, 0.04)))
    assert bars.sizeHint().height() == 13 * row
    assert not bars.grab().isNull()


def test_the_pointer_and_the_arrows_point_at_a_mode(bars: ModeBars) -> None:
    pointed: list[int] = []
    bars.pointed.connect(pointed.append)
    place, none = QPointF(100, 30), Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(bars, move)
    QTest.keyClick(bars, Qt.Key.Key_Down)
    assert pointed == [1, 2]
    assert bars.text_of(1) == "Mode 2, not covered: 0.0% of the points within 3 σ, 10.0% nearest to it"


def test_other_shares_are_painted_otherwise(bars: ModeBars) -> None:
    before = bars.grab().toImage()
    bars.show_modes(Modes(np.array([0.25, 0.1, 0.002]), np.array([0.5, 0.1, 0.4])))
    assert bars.grab().toImage() != before
