import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ganstudio.gui import icons, theme
from ganstudio.gui.stylesheet import stylesheet


@pytest.fixture(autouse=True)
def _light_again(qapp: QApplication) -> Iterator[None]:
    before, sheet, palette = theme.current(), qapp.styleSheet(), qapp.palette()
    yield
    theme.notifier.tokens = before
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def colours(image: QImage) -> set[str]:
    """Return the colours of all pixels that are nearly opaque."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name().upper() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_applying_a_theme_colours_the_application(qapp: QApplication, name: str):
    theme.apply(qapp, name)
    assert theme.current().name == name
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(theme.current().window)


def test_applying_a_theme_tells_listeners(qapp: QApplication, qtbot: QtBot):
    with qtbot.waitSignal(theme.notifier.changed) as told:
        theme.apply(qapp, "dark")
    assert told.args == [theme.DARK]


def test_an_unknown_theme_is_refused_with_the_known_ones(qapp: QApplication):
    with pytest.raises(ValueError, match="light, dark"):
        theme.apply(qapp, "sepia")


@pytest.mark.parametrize("tokens", [theme.LIGHT, theme.DARK], ids=lambda tokens: tokens.name)
def test_the_style_sheet_leaves_no_placeholder_and_names_files_that_exist(tokens: theme.Tokens):
    text = stylesheet(tokens)
    assert "$" not in text
    paths = [part.split('"')[0] for part in text.split('url("')[1:]]
    assert paths
    assert all((icons.folder() / path.rpartition("/")[2]).is_file() for path in paths)


def test_the_style_sheet_is_understood(qapp: QApplication, qtbot: QtBot):
    theme.apply(qapp, "dark")
    button = QPushButton("Train")
    qtbot.addWidget(button)
    button.setProperty("primary", True)
    button.show()
    assert button.grab().toImage().pixelColor(6, button.height() // 2) == QColor(theme.DARK.accent)


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_can_be_drawn(qapp: QApplication, name: str):
    image = theme.icon(name).pixmap(QSize(24, 24)).toImage()
    assert any(image.pixelColor(x, y).alpha() > 128 for x in range(24) for y in range(24))


def test_an_icon_follows_the_theme_without_being_made_anew(qapp: QApplication):
    icon = theme.icon("stop")
    theme.apply(qapp, "light")
    assert theme.LIGHT.text in colours(icon.pixmap(QSize(48, 48)).toImage())
    theme.apply(qapp, "dark")
    assert theme.DARK.text in colours(icon.pixmap(QSize(48, 48)).toImage())


def test_an_icon_is_drawn_in_every_pixel_of_a_dense_screen(qapp: QApplication):
    pixmap = theme.icon("stop").pixmap(QSize(16, 16), 3.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (48, 3.0)


def test_a_disabled_icon_is_quieter(qapp: QApplication):
    icon = theme.icon("stop")
    normal, disabled = (
        colours(icon.pixmap(QSize(48, 48), mode).toImage())
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert normal.isdisjoint(disabled)


def test_an_icon_outlives_its_engine_and_can_be_copied(qapp: QApplication):
    copy = QIcon(theme.icon("train", "accent"))
    copy.addPixmap(theme.icon("stop").pixmap(16, 16))
    assert theme.current().accent in colours(copy.pixmap(QSize(48, 48)).toImage())


def test_icons_survive_many_copies_and_collections(qapp: QApplication, qtbot: QtBot):
    buttons = [QPushButton() for _ in range(20)]
    for button in buttons:
        qtbot.addWidget(button)
        for name in icons.names():
            button.setIcon(theme.icon(name))
            copy = QIcon(button.icon())
            copy.addPixmap(copy.pixmap(8, 8))
            button.setIcon(copy)
        gc.collect()
    assert all(theme.current().text in colours(button.icon().pixmap(48, 48).toImage()) for button in buttons)


def test_an_icon_that_is_not_there_is_named(qapp: QApplication):
    with pytest.raises(ValueError, match="no icon 'nonsense'"):
        theme.icon("nonsense")


def test_fonts_step_up_and_down_from_the_applications(qapp: QApplication):
    small, plain, large = (theme.sized_font(step).pointSizeF() for step in (-1, 0, 1))
    assert (plain - small, large - plain) == (1, 1)
    assert plain == qapp.font().pointSizeF()


def test_the_font_for_logs_and_paths_has_letters_of_equal_width(qapp: QApplication):
    metrics = QFontMetricsF(theme.mono_font())
    assert metrics.horizontalAdvance("i") == metrics.horizontalAdvance("W")


def test_the_panels_import_without_torch():
    code = "import sys, ganstudio.gui.panels.live_panel; assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
