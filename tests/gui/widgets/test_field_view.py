import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ganstudio.gui import theme
from ganstudio.gui.tokens import BY_NAME, luminance
from ganstudio.gui.widgets.field_camera import Camera
from ganstudio.gui.widgets.field_paint import heat_colours
from ganstudio.gui.widgets.field_view import LAYERS, FieldView
from tests.gui.fields import look, scene


@pytest.fixture
def view(qtbot: QtBot) -> FieldView:
    made = FieldView("Nothing yet.")
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


def painted(view: FieldView) -> QImage:
    return view.grab().toImage()


def only(view: FieldView, *names: str) -> None:
    for name in LAYERS:
        view.set_layer(name, name in names)


@pytest.mark.parametrize("name", LAYERS)
def test_each_layer_changes_the_picture(view: FieldView, name: str) -> None:
    view.show_look(look(1))
    view.show_look(look(2, points=look().points + np.float32(0.1)))
    only(view)
    without = painted(view)
    view.set_layer(name, True)
    assert painted(view) != without
    view.set_layer(name, False)
    assert painted(view) == without


def test_the_surface_is_darker_where_points_look_real_with_the_top_row_on_top(view: FieldView) -> None:
    logits = np.zeros((4, 4), np.float32)
    logits[0] = 5
    view.show_look(look(logits=logits))
    only(view, "heat")
    picture = painted(view)
    top, bottom = (picture.pixelColor(150, y) for y in (4, 120))
    assert luminance(top.name()) < luminance(bottom.name()) - 0.1


def test_a_generated_point_lies_where_it_belongs(view: FieldView) -> None:
    view.show_look(look(points=np.array([[0.5, 0.5]], np.float32)))
    only(view, "points")
    # 200 pixels for two units, the middle in the middle, upwards up.
    assert painted(view).pixelColor(200, 50) == QColor(theme.current().generator)


@pytest.mark.parametrize(
    "facts",
    [
        {"logits": None, "pulls": None, "manifold": None},
        {"points": np.full((4, 2), np.nan, np.float32)},
        {"points": np.full((4, 2), 1e30, np.float32), "pulls": np.full((4, 2), np.inf, np.float32)},
        {"pulls": np.zeros((4, 2), np.float32), "logits": np.full((3, 3), np.nan, np.float32)},
        {"manifold": np.full((5, 5, 2), np.nan, np.float32)},
    ],
    ids=["less", "no places", "far off", "no slope", "no grid"],
)
def test_what_is_missing_or_no_number_is_left_out(view: FieldView, facts: dict) -> None:
    for step in (1, 2):
        view.show_look(look(step, **facts))
        assert not painted(view).isNull()


def test_probabilities_span_from_nought_to_one(view: FieldView) -> None:
    view.show_look(look())
    view.set_probability(True)
    assert (view.span.low, view.span.high) == (0, 1)
    surface = view.surface()
    assert surface is not None
    assert 0 < surface.min() < 0.2 < 0.8 < surface.max() < 1


@pytest.mark.parametrize("name", BY_NAME)
def test_the_colours_of_the_surface_grow_evenly_darker_or_lighter(name: str) -> None:
    colours = [f"#{int(colour) & 0xFFFFFF:06X}" for colour in heat_colours(BY_NAME[name])[::16]]
    lights = [luminance(colour) for colour in colours]
    assert lights == sorted(lights, reverse=not BY_NAME[name].dark)
    assert abs(lights[-1] - lights[0]) > 0.15


def test_another_run_begins_with_all_of_it_in_view(view: FieldView) -> None:
    view.show_look(look())
    view.camera.zoom(5, 10, 10)
    view.show_look(look(2))
    assert not view.camera.fitted
    view.show_look(look(1, of=scene(), region=(-2.0, 2.0, -2.0, 2.0)))
    assert view.camera.fitted
    assert view.camera.scale == pytest.approx(50)


class TestMovingAbout:
    def test_with_the_mouse_moves_the_plane_along(self, view: FieldView, qtbot: QtBot) -> None:
        view.show_look(look())
        held = view.camera.to_plane(100, 100)
        with qtbot.waitSignal(view.moved):
            QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
            QTest.mouseMove(view, QPoint(130, 80))
            QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(130, 80))
        np.testing.assert_allclose(view.camera.to_plane(130, 80), held)

    def test_the_wheel_magnifies_about_the_pointer(self, view: FieldView) -> None:
        view.show_look(look())
        held, before = view.camera.to_plane(40, 60), view.camera.scale
        none, place = QPoint(), QPointF(40, 60)
        event = QWheelEvent(
            place, view.mapToGlobal(place), none, QPoint(0, 240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)
        assert view.camera.scale == pytest.approx(1.44 * before)
        np.testing.assert_allclose(view.camera.to_plane(40, 60), held)

    def test_by_keys_and_back(self, view: FieldView) -> None:
        view.show_look(look())
        before = view.camera.region()
        QTest.keyClick(view, Qt.Key.Key_Left)
        assert view.camera.region()[0] < before[0]
        QTest.keyClick(view, Qt.Key.Key_Plus)
        assert view.camera.scale > 100
        QTest.keyClick(view, Qt.Key.Key_Home)
        assert view.camera.region() == pytest.approx(before)

    def test_a_double_click_shows_all(self, view: FieldView) -> None:
        view.show_look(look())
        view.camera.zoom(4, 0, 0)
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        assert view.camera.fitted


def test_a_camera_keeps_within_bounds_and_shows_home_in_any_size() -> None:
    camera = Camera()
    camera.set_home((0.0, 4.0, -1.0, 1.0))
    camera.resize(400, 400)
    assert camera.region() == pytest.approx((0, 4, -2, 2))
    camera.zoom(1e9, 0, 0)
    assert camera.scale == pytest.approx(60 * 100)
    camera.zoom(1e-9, 0, 0)
    assert camera.scale == pytest.approx(100 / 8)
