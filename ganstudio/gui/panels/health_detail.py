"""Health detail: one condition in full: its sentence, its plot, its figures, what it means, what may help.

It shows what it is told and reports what is pressed. It knows nothing of runs.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.gui import health_words, theme
from ganstudio.gui.health_offers import Standing, offer
from ganstudio.gui.health_record import Finding
from ganstudio.gui.widgets.facts import Facts
from ganstudio.gui.widgets.health_remedy import HealthRemedy
from ganstudio.gui.widgets.health_trend import HealthTrend
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.summary import Summary

BranchStep = Callable[[Condition], int | None]


class HealthDetail(QFrame):
    """What there is to say of one rule.

    Signals:
        remedyAsked: the ``Condition``, the ``Remedy``, and the way: ``live`` or ``branch``.
    """

    remedyAsked = Signal(object, object, str)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._condition: Condition | None = None
        self.sentence = _label(self)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.trend = HealthTrend(self)
        self.evidence = Facts(self)
        self.explanation = Summary(parent=self)
        self.applied = Notice("live", parent=self)
        self.heading = _label(self, bold=True)
        self.heading.setText("What may help")
        self.remedies: list[HealthRemedy] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        self._column = column
        parts = (self.sentence, self.trend, self.evidence, self.explanation, self.applied, self.heading)
        for part in parts:
            column.addWidget(part)

    def show_good(self, summary: str, state: str) -> None:
        """Say what a rule watches for, and that it finds nothing."""
        self._condition = None
        self.sentence.setText(state)
        self.sentence.setVisible(bool(state))
        self.explanation.show_text(summary)
        self.trend.show_trend(None, 0)
        self._show_evidence([])
        self.applied.say("")
        self._show_remedies((), None, Standing(), lambda _: None)

    def show_finding(self, found: Finding, standing: Standing, branch_step: BranchStep) -> None:
        """Say what a rule finds; ``branch_step`` tells the checkpoint a branch would begin with."""
        condition = self._condition = found.condition
        self.sentence.setText(condition.sentence)
        self.sentence.setVisible(bool(condition.sentence))
        self.trend.show_trend(condition.trend, condition.since)
        self._show_evidence(health_words.evidence(condition))
        self.explanation.show_text(condition.explanation)
        self.applied.say(health_words.applied(found, standing.trains))
        self._show_remedies(condition.remedies, condition, standing, branch_step)

    def _show_evidence(self, rows: list[tuple[str, str]]) -> None:
        self.evidence.show_facts(rows)
        self.evidence.setVisible(bool(rows))

    def _show_remedies(
        self,
        remedies: tuple[Remedy, ...],
        condition: Condition | None,
        standing: Standing,
        branch_step: BranchStep,
    ) -> None:
        self.heading.setVisible(bool(remedies))
        while len(self.remedies) < len(remedies):
            self._add_remedy()
        step = branch_step(condition) if remedies and condition is not None else None
        for place, card in enumerate(self.remedies):
            card.setVisible(place < len(remedies))
            if place < len(remedies):
                remedy = remedies[place]
                card.show_remedy(remedy, offer(remedy, standing, step), standing, first=place == 0)

    def _add_remedy(self) -> None:
        card = HealthRemedy(self)
        card.asked.connect(self._ask)
        self.remedies.append(card)
        self._column.addWidget(card)

    def _ask(self) -> None:
        card = self.sender()
        if isinstance(card, HealthRemedy) and card.offer is not None and self._condition is not None:
            self.remedyAsked.emit(self._condition, card.remedy, card.offer.way)


def _label(parent: QWidget, bold: bool = False) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.sized_font(0, bold=bold))
    return label
