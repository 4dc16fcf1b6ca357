from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.graph import Graph


def test_a_plot_without_height_is_not_painted(qtbot: QtBot) -> None:
    graph = Graph("loss")
    qtbot.addWidget(graph)
    graph.show_step_axis(True)
    graph.resize(200, 40)
    graph.show()
    qtbot.waitExposed(graph)
    graph.repaint()
    assert graph.view.rect().isEmpty()
    assert graph.take_paint_seconds() == 0.0


def test_a_plot_with_height_is(qtbot: QtBot) -> None:
    graph = Graph("loss")
    qtbot.addWidget(graph)
    graph.resize(300, 200)
    graph.show()
    qtbot.waitUntil(lambda: graph.take_paint_seconds() > 0.0)
