"""Data tab: the data page and the canvas for points, with what drives them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ganstudio.gui.data_looking import DataLooking
from ganstudio.gui.panels.data_page import DataPage
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.gui.point_drawing import PointDrawing
from ganstudio.session.session import Session


class DataTab(QStackedWidget):
    """One of both is in view.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, session: Session, form: ExperimentPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = DataPage(self)
        self.addWidget(self.page)
        self.looking = DataLooking(session, form, self.page)
        self.drawing = PointDrawing(form, self.page, self)
        self.drawing.said.connect(self.said)
        self.drawing.failed.connect(self.failed)
