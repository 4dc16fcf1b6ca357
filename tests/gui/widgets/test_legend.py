from pytestqt.qtbot import QtBot

from ganstudio.gui.tokens import LIGHT, CurveStyle
from ganstudio.gui.widgets.legend import LegendEntry


def test_a_value_wider_than_its_room_widens_the_entry_for_good(qtbot: QtBot) -> None:
    entry = LegendEntry("discriminator", CurveStyle(LIGHT.discriminator))
    qtbot.addWidget(entry)
    usual = entry.sizeHint().width()
    entry.set_value("0.512")
    assert entry.sizeHint().width() == usual

    entry.set_value("−1.58e+13")
    wide = entry.sizeHint().width()
    assert wide > usual

    entry.set_value("0.512")
    assert entry.sizeHint().width() == wide
