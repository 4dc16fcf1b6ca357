"""Data looking: when the data page asks for a look, and what comes of it.

It stands between the form, the page and the session's look at data, and shows nothing by itself.
"""

from PySide6.QtCore import QObject, QTimer, Slot

from ganstudio.catalogue import Catalogue, Entry, find
from ganstudio.data_report import DataReport
from ganstudio.experiment import Choice, Experiment
from ganstudio.gui.column_treating import ColumnTreating, apart
from ganstudio.gui.panels.data_page import DataPage
from ganstudio.gui.panels.experiment_panel import ExperimentPanel
from ganstudio.session.session import Session

SETTLE_MS = 300
"""A look waits until the form has not changed for so long."""

QUICK_SECONDS = 2.0
"""A look that took so long is taken again unasked where columns are to be treated otherwise."""

_TRAINING = "A run is training and goes first: the look takes what it leaves."


class DataLooking(QObject):
    """Keeps the page in step with the form.

    What costs next to nothing is looked at unasked while nothing trains and the page is in view; anything
    else waits for the user.
    """

    def __init__(self, session: Session, form: ExperimentPanel, page: DataPage) -> None:
        super().__init__(page)
        self._session, self._form, self._page = session, form, page
        self._treating = ColumnTreating(form, page.columns)
        self._looked: Choice | None = None
        """The choice that the page shows, or that is being looked at."""
        self._checked: Experiment | None = None
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._consider)
        page.lookAsked.connect(self.look)
        page.cancelled.connect(self._cancel)
        page.shown.connect(self._consider)
        form.changed.connect(self._take_change)
        session.stateChanged.connect(self._show_readiness)
        session.loadingChanged.connect(self._take_change)
        session.data_look.progressed.connect(page.show_progress)
        session.data_look.found.connect(self._take_report)
        session.data_look.failed.connect(self._take_failure)
        self._show_readiness()

    @Slot()
    def look(self) -> None:
        """Look at the data that is chosen now."""
        experiment = self._form.experiment()
        if experiment is None or not self._session.ready:
            return
        self._looked, self._checked = experiment.data, experiment
        self._page.show_progress("Looking at the data")
        self._session.data_look.look(experiment)

    @Slot()
    def _take_change(self) -> None:
        self._show_readiness()
        self._follow_columns()
        if self._page.isVisible():
            self._timer.start()

    @Slot()
    def _consider(self) -> None:
        """Bring the page up to date, as far as that costs nothing."""
        experiment = self._form.experiment()
        if experiment is None or not self._page.isVisible():
            return
        entry = find(self._session.catalogue.data, experiment.data.kind)
        same = experiment.data == self._looked
        self._page.show_choice(
            entry.title if entry else experiment.data.kind, not same, _draws(self._session.catalogue, entry)
        )
        if not self._session.ready or experiment == self._checked:
            return
        unasked = entry is not None and (at_once(entry) or self._again_at_once(experiment.data))
        if not same and unasked and not self._session.active:
            self.look()
        elif same and self._page.report is not None and not self._session.data_look.busy:
            self._checked = experiment
            self._session.data_look.check(experiment, self._page.report)

    @Slot()
    def _cancel(self) -> None:
        self._session.data_look.cancel()
        self._page.show_progress("")
        self._looked = self._checked = None
        self._page.clear()
        self._show_choice_again()

    @Slot(object, object)
    def _take_report(self, report: DataReport, objections: tuple[str, ...]) -> None:
        self._page.show_report(report, objections)
        self._form.offer_columns(report.columns)
        self._follow_columns()
        self._show_choice_again()

    @Slot(str)
    def _take_failure(self, sentence: str) -> None:
        self._page.show_failure(sentence)
        self._show_choice_again()

    def _follow_columns(self) -> None:
        """Show at the columns of a table what the form asks for them."""
        experiment = self._form.experiment()
        kind = experiment.data.kind if experiment is not None else ""
        self._treating.follow(self._looked, find(self._session.catalogue.data, kind))

    def _again_at_once(self, data: Choice) -> bool:
        """Say whether nothing but the treatment of columns has changed since a look that was quick."""
        report, looked = self._page.report, self._looked
        if report is None or looked is None or not report.found:
            return False
        return report.seconds <= QUICK_SECONDS and apart(data) == apart(looked)

    @Slot()
    def _show_readiness(self) -> None:
        ready = self._session.ready and self._form.form is not None
        reason = "" if ready else "The plugins are being loaded."
        self._page.set_ready(ready, reason or (_TRAINING if self._session.active else ""))

    def _show_choice_again(self) -> None:
        experiment = self._form.experiment()
        if experiment is not None:
            entry = find(self._session.catalogue.data, experiment.data.kind)
            title = entry.title if entry else experiment.data.kind
            draws = _draws(self._session.catalogue, entry)
            self._page.show_choice(title, experiment.data != self._looked, draws)


def at_once(entry: Entry) -> bool:
    """Say whether a look at this data costs so little that nobody need ask for it."""
    return entry.data_kinds == ("points",) or entry.instant


def _draws(catalogue: Catalogue, entry: Entry | None) -> bool:
    """Say whether points can be drawn: where they are what is chosen, and there is a source to take them."""
    return (
        entry is not None and "points" in entry.data_kinds and find(catalogue.data, "PointFile") is not None
    )
