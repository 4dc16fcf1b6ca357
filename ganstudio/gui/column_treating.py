"""Column treating: between the columns on the data page and the setting of the form that they stand for.

Whatever is chosen on the page is written to the setting, and what is typed there is shown on the page. It
reads no data.
"""

from dataclasses import replace

from PySide6.QtCore import QObject

from ganstudio.api.table_treatments import Treatment, asked_treatments, treatments_text
from ganstudio.catalogue import Entry
from ganstudio.experiment import Choice
from ganstudio.gui.panels.columns_pane import ColumnsPane
from ganstudio.gui.panels.experiment_panel import ExperimentPanel

SETTING = "treat"
"""The setting of a source of tables that asks for treatments."""

_OTHER = "The choice of data has changed. Look at it again to change how columns are treated."
_NO_SETTING = "This source has no setting for how columns are treated."


class ColumnTreating(QObject):
    """Keeps both in step, and what was chosen before to go back to."""

    def __init__(self, form: ExperimentPanel, pane: ColumnsPane) -> None:
        super().__init__(pane)
        self._form, self._pane = form, pane
        self._done: list[str] = []
        self._undone: list[str] = []
        self._text = ""
        """What the setting held when it was looked at last."""
        self._source: Choice | None = None
        """The data it was the setting of."""
        pane.table.chosen.connect(self._treat)
        pane.undoAsked.connect(lambda: self._move(self._done, self._undone))
        pane.redoAsked.connect(lambda: self._move(self._undone, self._done))
        pane.resetAsked.connect(lambda: self._change(""))

    def follow(self, looked: Choice | None, entry: Entry | None) -> None:
        """Show what the form asks for.

        ``looked``: the choice of data that the page shows; ``entry``: the source that the form shows.
        """
        data = self._data()
        text, source = _text(data), apart(data) if data is not None else None
        if (text, source) != (self._text, self._source):
            # Other data, or typed by hand: there is nothing here to go back to.
            self._done, self._undone, self._text, self._source = [], [], text, source
        reason = ""
        if data is None or looked is None or source != apart(looked):
            reason = _OTHER
        elif entry is None or all(field.name != SETTING for field in entry.fields):
            reason = _NO_SETTING
        self._pane.table.show_asked(_asked(text), reason)
        back, again = (bool(kept) and not reason for kept in (self._done, self._undone))
        self._pane.show_ways(back, again, bool(text) and not reason)

    def _treat(self, name: str, treatment: Treatment) -> None:
        """Ask for another treatment of one column, or for none."""
        asked: dict[str, str] = dict(_asked(self._text))
        asked.pop(name, None)
        self._change(treatments_text({**asked, name: treatment} if treatment else asked))

    def _change(self, text: str) -> None:
        self._done.append(self._text)
        self._undone = []
        self._write(text)

    def _move(self, away: list[str], onto: list[str]) -> None:
        if away:
            onto.append(self._text)
            self._write(away.pop())

    def _write(self, text: str) -> None:
        data = self._data()
        if data is not None:
            self._text = text
            self._form.choose_data(
                replace(data, settings={**apart(data).settings, **({SETTING: text} if text else {})})
            )

    def _data(self) -> Choice | None:
        experiment = self._form.experiment()
        return experiment.data if experiment is not None else None


def apart(choice: Choice) -> Choice:
    """Return a choice of data without what is asked for its columns."""
    return replace(
        choice, settings={name: value for name, value in choice.settings.items() if name != SETTING}
    )


def _text(choice: Choice | None) -> str:
    return str(choice.settings.get(SETTING, "")) if choice is not None else ""


def _asked(text: str) -> dict[str, Treatment]:
    """Return the treatments that a text asks for; what is none, as while it is typed, is passed over."""
    return {name: treatment for _part, name, treatment in asked_treatments(text) if treatment is not None}
