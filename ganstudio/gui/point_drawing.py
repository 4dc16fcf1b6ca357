"""Point drawing: from the canvas to a file in the studio's folder, and from there into the form."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from ganstudio import places
from ganstudio.api.errors import StudioError
from ganstudio.experiment import Choice
from ganstudio.gui.panels.data_page import DataPage
from ganstudio.gui.panels.drawing_page import DrawingPage
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.runs.atomic import write_text

SOURCE = "PointFile"
"""The data source that takes a file of points."""
COUNT, SPREAD = 20_000, 0.02
"""Points a drawing becomes, and how far they lie about it, in shares of the largest coordinate."""


class PointDrawing(QObject):
    """Shows the canvas in place of the data page, both in ``tab``, for as long as the user draws.

    Signals:
        said: something for the log.
        failed: a few words on what failed, and the sentence.
    """

    said = Signal(str)
    failed = Signal(str, str)

    def __init__(self, form: ExperimentPanel, page: DataPage, tab: QStackedWidget) -> None:
        super().__init__(tab)
        self._form, self._page, self._tab = form, page, tab
        self.canvas = DrawingPage(tab)
        tab.addWidget(self.canvas)
        page.drawAsked.connect(self.begin)
        self.canvas.left.connect(self.end)
        self.canvas.used.connect(self.use)

    def begin(self) -> None:
        """Show the canvas, with the drawing that is chosen now where there is one."""
        self._tab.setCurrentWidget(self.canvas)
        self.canvas.show_drawing(self._chosen())

    def end(self) -> None:
        """Show the data page again."""
        self._tab.setCurrentWidget(self._page)

    def use(self, table: str) -> None:
        """Write the points to a new file and choose it as the data."""
        path = places.drawings() / f"{datetime.now():%Y-%m-%d-%H%M%S-%f}.csv"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, table)
        except (OSError, StudioError) as error:
            self.failed.emit("The points were not kept.", str(error))
            return
        self.said.emit(f"The points were written to {path}.")
        # As many points as other toy sets have, each a little beside one that was drawn.
        self._form.choose_data(Choice(SOURCE, {"file": str(path), "count": COUNT, "spread": SPREAD}))
        self.end()

    def _chosen(self) -> str:
        """Return the table of the drawing in the form, or nothing where the form holds none."""
        experiment = self._form.experiment()
        if experiment is None or experiment.data.kind != SOURCE:
            return ""
        path = Path(str(experiment.data.settings.get("file", "")))
        try:
            return path.read_text(encoding="utf-8") if path.parent == places.drawings() else ""
        except (OSError, UnicodeDecodeError):
            # What cannot be read cannot be drawn on; the look at the data says why.
            return ""
