"""Examples pane: samples of the data, of all of it, of one class, or those that occur more than once.

It is told a data report and knows nothing of how it was made.
"""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ganstudio.data_report import DataReport, Looked
from ganstudio.gui import words
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.class_points import ClassPoints
from ganstudio.gui.widgets.sample_grid import SampleGrid
from ganstudio.gui.widgets.table_view import TableView

_EMPTY = "Nothing was looked at yet."
_ONE = {"domains": "domain", "categories": "target"}
_OF_TWO = {"paired images": "", "unpaired images": "; none belongs to the one beside it"}
"""Kinds of data whose examples show two images each, and what to know of them."""
_LEAST_SIDE = 48
"""Pixels that the side of an example takes at least, as long as enough of them fit."""


class ExamplesPane(QFrame):
    """Shows samples as images, points or rows, with buttons for what there is to choose from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.report: DataReport | None = None
        self._class: int | None = None
        self.grid = SampleGrid(_EMPTY, self, least_side=_LEAST_SIDE)
        self.grid.setAccessibleName("Examples")
        self.points = ClassPoints(_EMPTY, self)
        self.table = TableView(_EMPTY, self)
        self.caption = Caption(self)
        self.all_button = self._button("All", "Samples of the whole, drawn at random")
        self.copied_button = self._button("Duplicates", "Samples that occur more than once, each shown once")
        self._views = QStackedWidget(self)
        self._lay_out()
        self.all_button.clicked.connect(lambda: self._choose(False))
        self.copied_button.clicked.connect(lambda: self._choose(True))
        self.show_report(None)

    def show_report(self, report: DataReport | None) -> None:
        """Show samples of the whole, or that there are none to show."""
        self.report, self._class = report, None
        self.copied_button.setVisible(report is not None and report.copied is not None)
        self.all_button.setVisible(self.copied_button.isVisibleTo(self))
        self._choose(False)

    def show_class(self, number: int | None) -> None:
        """Show samples of one class, or of the whole."""
        self._class = number
        self._choose(False)

    def shown(self) -> Looked | None:
        """Return the samples in view."""
        report = self.report
        if report is None:
            return None
        if self.copied_button.isChecked():
            return report.copied
        if self._class is not None:
            return report.of_class.get(self._class)
        return report.examples

    def _choose(self, copied: bool) -> None:
        self.copied_button.setChecked(copied)
        self.all_button.setChecked(not copied and self._class is None)
        report, shown = self.report, self.shown()
        if report is not None and report.kind == "points" and len(report.shape) == 1 and report.shape[0] > 1:
            self._show_points(report, shown)
        elif report is not None and report.kind == "tables" and shown is not None:
            self._views.setCurrentWidget(self.table)
            self.table.set_real(shown.array, report.table)
        else:
            self._views.setCurrentWidget(self.grid)
            images = shown if report is not None and report.kind == "images" else None
            self.grid.set_images(images.array if images else None)
        self.caption.setText(self._caption(shown))

    def _show_points(self, report: DataReport, shown: Looked | None) -> None:
        self._views.setCurrentWidget(self.points)
        self.points.show_points(report.examples.array, report.examples.labels)
        if shown is not None and shown is not report.examples:
            self.points.bring_to_front(shown.array, self._class or 0)

    def _caption(self, shown: Looked | None) -> str:
        report = self.report
        if report is None:
            return ""
        if shown is None:
            return "There is no sample of this class."
        if self.copied_button.isChecked():
            return "Some of those that occur more than once, each shown once"
        if self._class is not None:
            name, count = report.classes[self._class]
            what = "mode" if report.centres else _ONE.get(report.groups, "class")
            return f"Some of {words.grouped(count)} samples of {what} {name}, at random"
        return f"Some of {words.grouped(report.count)} samples, at random{_sides(report)}"

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        return button

    def _lay_out(self) -> None:
        heading = QLabel("Examples", self)
        heading.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(4)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addStretch(1)
        header.addWidget(self.all_button)
        header.addWidget(self.copied_button)
        for view in (self.grid, self.points, self.table):
            self._views.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self._views, 1)
        column.addWidget(self.caption)
        heading.setMinimumHeight(self.all_button.sizeHint().height())


def _sides(report: DataReport) -> str:
    """Return which kind of image stands on which side, where each example is of two kinds."""
    if report.kind != "images" or report.spec.get("kind") not in _OF_TWO:
        return ""
    left, right = report.spec["names"]
    return f": {left} on the left, {right} on the right{_OF_TWO[report.spec['kind']]}"
