"""Health past: conditions that are over, a quiet line each; a press leads to where one was.

It shows what it is told and knows nothing of runs.
"""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ganstudio.gui import health_words, theme
from ganstudio.gui.health_record import Finding

_SHOWN = 12
_HEIGHT, _PAD = 24, 8


class HealthPast(QWidget):
    """The newest first.

    Signals:
        stepAsked: the step at which the condition that was pressed began.
    """

    stepAsked = Signal(int)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Finding] = []
        self.lines: list[PastLine] = []
        self._heading = QLabel("Earlier", self)
        self._more = QLabel(self)
        for label in (self._heading, self._more):
            label.setProperty("role", "quiet")
            label.setContentsMargins(_PAD, 4, _PAD, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._heading)
        self._column.addWidget(self._more)
        self.hide()

    def show_findings(self, findings: list[Finding]) -> None:
        """Show these in place of those before."""
        if findings == self._findings:
            return
        self._findings = list(findings)
        for line in self.lines:
            line.hide()
            self._column.removeWidget(line)
            line.deleteLater()
        self.lines = [PastLine(found, self) for found in findings[:_SHOWN]]
        for place, line in enumerate(self.lines):
            self._column.insertWidget(1 + place, line)
            line.clicked.connect(partial(self.stepAsked.emit, line.step))
        hidden = len(findings) - len(self.lines)
        self._more.setText(f"and {hidden} before these")
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(findings))


class PastLine(QAbstractButton):
    """One condition that is over."""

    def __init__(self, found: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = found.since
        self.setText(health_words.past(found))
        details = health_words.past_details(found)
        self.setToolTip(f"{details} Press to look at where it began.")
        self.setAccessibleName(f"{self.text()}. {details}")
        self.setFont(theme.sized_font(0))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line; in the accent colour under the mouse or the focus."""
        tokens = theme.current()
        painter = QPainter(self)
        wanted = self.hasFocus() or self.underMouse()
        painter.setPen(QColor(tokens.accent if wanted else tokens.quiet))
        room = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
