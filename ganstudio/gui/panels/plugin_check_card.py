"""Plugin check card: what the conformance tests of a plugin found, what failed first, and where.

It is handed a report and shows it. It runs nothing.
"""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.form_scroll import FormScroll
from ganstudio.gui.widgets.marks import IconMark
from ganstudio.testing.report import Finding, Report


class PluginCheckCard(FormScroll):
    """One row for each finding.

    Signals:
        placeAsked: the user wants to see the place of a finding: its file, and the line.
    """

    placeAsked = Signal(str, int)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.places: list[QPushButton] = []
        """The links to files, in the order of the rows."""
        self.report = Report("")
        self._running = False

    def show_report(self, report: Report, running: bool = False) -> None:
        """Show this in place of the one before: what failed first, under each class that was checked.

        ``running``: whether more is to come.
        """
        self.report, self._running = report, running
        self.places = []
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        column.addLayout(self._headline())
        column.addLayout(self._rows())
        column.addStretch(1)
        self.setWidget(body)
        self.setAccessibleName(self.headline())

    def headline(self) -> str:
        """Return how it went, or how far it is, in a sentence."""
        if not self._running:
            return self.report.verdict()
        done, failed = len(self.report.findings), len(self.report.failures)
        return f"{self.report.target}: {done} checks so far, {failed or 'none'} of them failed."

    def _headline(self) -> QHBoxLayout:
        failed = bool(self.report.failures) or not self.report.findings
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(IconMark(*(("cross", "bad") if failed else ("check", "good")), 18, self))
        label = QLabel(self.headline())
        label.setFont(theme.sized_font(0, bold=True))
        label.setWordWrap(True)
        label.setProperty("role", "bad" if failed else "good")
        line.addWidget(label, 1)
        return line

    def _rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        shown = sorted(self.report.findings, key=lambda finding: finding.ok)
        for subject in dict.fromkeys(finding.subject for finding in shown):
            if subject:
                title = QLabel(subject)
                title.setProperty("role", "title")
                grid.addWidget(title, grid.rowCount(), 0, 1, 4)
            for finding in shown:
                if finding.subject == subject:
                    self._add(grid, grid.rowCount(), finding)
        return grid

    def _add(self, grid: QGridLayout, row: int, finding: Finding) -> None:
        top = Qt.AlignmentFlag.AlignTop
        mark = IconMark("check" if finding.ok else "cross", "good" if finding.ok else "bad")
        word = "passed" if finding.ok else "failed"
        mark.setAccessibleName(word)
        mark.setToolTip(word)
        name = QLabel(finding.check)
        name.setFont(theme.sized_font(0, bold=not finding.ok))
        said = QLabel(finding.sentence)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        said.setAccessibleName(f"{finding.check} {word}: {finding.sentence}")
        if finding.ok:
            said.setProperty("role", "quiet")
        time = QLabel(f"{finding.seconds:.1f} s" if finding.seconds >= 0.05 else "")
        time.setFont(theme.sized_font(-1))
        time.setProperty("role", "quiet")
        grid.addWidget(mark, row, 0, top)
        grid.addWidget(name, row, 1, top)
        grid.addWidget(self._told(said, finding), row, 2)
        grid.addWidget(time, row, 3, top)

    def _told(self, said: QLabel, finding: Finding) -> QWidget:
        """Return the sentence with the place below it, where there is one."""
        told = QFrame()
        column = QVBoxLayout(told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(said)
        if finding.file and not finding.ok:
            file, line = finding.file, finding.line
            text = f"{Path(file).name}, line {line}" if line else Path(file).name
            place = QPushButton(theme.icon("edit", "accent"), text)
            place.setProperty("flat", True)
            place.setToolTip(f"Open {file} in the editor")
            place.clicked.connect(lambda: self.placeAsked.emit(file, line))
            column.addWidget(place, 0, Qt.AlignmentFlag.AlignLeft)
            self.places.append(place)
        return told
