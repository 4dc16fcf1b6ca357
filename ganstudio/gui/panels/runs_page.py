"""Runs page: all runs as a table that is searched, sorted and tidied, and what can be done with them.

It is told entries and says what the user wishes. It reads no run and knows nothing of sessions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.panels.run_actions import RunActions
from ganstudio.gui.panels.run_notices import RunNotices
from ganstudio.gui.widgets.run_columns import NAME, TAGS
from ganstudio.gui.widgets.run_delegate import Pictures
from ganstudio.gui.widgets.run_details import RunDetails
from ganstudio.gui.widgets.run_footer import RunFooter
from ganstudio.gui.widgets.run_model import RunModel
from ganstudio.gui.widgets.run_view import RunView
from ganstudio.runs.entry import Entry

_BUTTONS = ("open", "resume", "branch", "compare")
_MORE = ("settings", "export", "", "rename", "tags", "notes", "star", "", "reveal", "path", "", "delete")
_DETAILS, _HIGH = 156, 560
"""The height of the strip below the table, and that of a page which shows it unasked."""
_NONE = "There are no runs yet. Press Train, and the first one appears here."
_NO_MATCH = "No run has all of these words in its name, state, data, architecture, tags or notes."


class RunsPage(QWidget):
    """The table, above it what to do, below it what there is to say about the selected run.

    Signals:
        openAsked, resumeAsked, branchAsked, settingsAsked, exportAsked, revealAsked: the path of a run.
        compareAsked, deleteAsked: the paths of runs.
        noted: the path of a run, and what of its notes is to be changed, as a dict.
        undoAsked: what was deleted just now is to come back, as a list of ``Trashed``.
        emptyTrashAsked: what lies in the trash is to be removed for good.
        said: something for the log.
        shown, hidden: the page came into view, or left it.
    """

    openAsked = Signal(object)  # noqa: N815 - Qt's way of naming
    resumeAsked = Signal(object)  # noqa: N815
    branchAsked = Signal(object)  # noqa: N815
    settingsAsked = Signal(object)  # noqa: N815
    exportAsked = Signal(object)  # noqa: N815
    revealAsked = Signal(object)  # noqa: N815
    compareAsked = Signal(list)  # noqa: N815
    deleteAsked = Signal(list)  # noqa: N815
    noted = Signal(object, dict)
    undoAsked = Signal(list)  # noqa: N815
    emptyTrashAsked = Signal()  # noqa: N815
    said = Signal(str)
    shown = Signal()
    hidden = Signal()

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RunModel(self)
        self.view = RunView(self.model, pictures, self)
        self.details = RunDetails(pictures, self)
        self.actions_of_runs = RunActions(self)
        self.notices = RunNotices(self)
        self.footer = RunFooter(self)
        self.filter = QLineEdit(self)
        self.family = QToolButton(self)
        self.detailed = QToolButton(self)
        self.columns = QToolButton(self)
        self.more = QToolButton(self)
        self.empty = QLabel(_NONE, self)
        self._body = QStackedWidget(self)
        self._waiting: list[Entry] | None = None
        self._details_wanted: bool | None = None
        self._lay_out()
        self._connect()
        self._show_counts()

    # --- What it is told ---------------------------------------------------------------------------

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these runs; what is selected stays selected."""
        if self.view.editing:
            # Whoever writes into a cell is not disturbed.
            self._waiting = list(entries)
            return
        self._waiting = None
        self._keeping_place(lambda: self.model.show_entries(entries))
        self.notices.show_entries(entries)

    def update_entry(self, entry: Entry) -> None:
        """Show that one run has changed."""
        self.model.update_entry(entry)
        self._show_counts()
        if any(entry.path == one.path for one in self.view.selected()):
            self._show_selected()
        self.notices.update_entry(entry)

    def show_picture(self, path: Path) -> None:
        """Show a thumbnail that has arrived."""
        self.view.delegate.forget(path)
        self.view.viewport().update()
        if self.details.entry is not None and self.details.entry.thumbnail == path:
            self.details.refresh_picture()

    def set_titles(self, titles: Mapping[str, str]) -> None:
        """Say what kinds of data and architectures are called."""
        self.details.titles = titles
        self._keeping_place(lambda: self.model.set_titles(titles))

    def set_busy(self, reason: str) -> None:
        """Say why no run can be resumed just now; an empty text allows it."""
        self.actions_of_runs.set_busy(reason)
        self.notices.set_busy(reason)
        self.actions_of_runs.show_selected(self.view.selected())

    # --- What it remembers -------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Return what is kept for the next start, as JSON holds it."""
        return {
            "columns": self.view.columns(),
            "by_family": self.family.isChecked(),
            "details": self._details_wanted,
            "dismissed": sorted(self.notices.dismissed),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the table as :meth:`state` said; raises what a wrong shape raises."""
        self.view.restore_columns(state.get("columns", {}))
        self.family.setChecked(bool(state.get("by_family")))
        if isinstance(state.get("details"), bool):
            self._want_details(state["details"])
        self.notices.dismissed = {str(name) for name in state.get("dismissed", ())}

    # --- Inside ------------------------------------------------------------------------------------

    def _act(self, key: str) -> None:
        """Do what an action says with the selected runs."""
        entries = self.view.selected()
        signals = {
            "open": self.openAsked,
            "resume": self.resumeAsked,
            "branch": self.branchAsked,
            "settings": self.settingsAsked,
            "export": self.exportAsked,
            "reveal": self.revealAsked,
        }
        if key in signals and len(entries) == 1:
            self.details.keep()
            signals[key].emit(entries[0].path)
        elif key == "compare":
            self.compareAsked.emit([entry.path for entry in entries])
        elif key == "delete":
            self.deleteAsked.emit([entry.path for entry in entries])
        elif key in ("rename", "tags"):
            self.view.edit_cell(NAME if key == "rename" else TAGS)
        elif key == "notes":
            self._want_details(True)
            self.details.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key == "star":
            self._star(entries)
        elif key == "path":
            QGuiApplication.clipboard().setText("\n".join(str(entry.path) for entry in entries))

    def _star(self, entries: Iterable[Entry]) -> None:
        entries = list(entries)
        starred = not all(entry.starred for entry in entries)
        for entry in entries:
            self.noted.emit(entry.path, {"starred": starred})

    def _take_edit(self, entry: Entry, changes: dict[str, Any]) -> None:
        """Pass on what was written into a cell; tags, to all selected runs."""
        others = [one for one in self.view.selected() if one.path != entry.path]
        self.noted.emit(entry.path, changes)
        if "tags" in changes and any(one.path == entry.path for one in self.view.selected()):
            added = [tag for tag in changes["tags"] if tag not in entry.tags]
            gone = set(entry.tags) - set(changes["tags"])
            for one in others:
                kept = [tag for tag in one.tags if tag not in gone]
                self.noted.emit(one.path, {"tags": (*kept, *(tag for tag in added if tag not in kept))})

    def _want_details(self, wanted: bool) -> None:
        self._details_wanted = wanted
        self._show_details(wanted)

    def _show_details(self, shown: bool) -> None:
        self.detailed.setChecked(shown)
        self.details.setVisible(shown)

    def _take_typing(self, text: str) -> None:
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.setText(text)

    def _take_editor_closed(self) -> None:
        if self._waiting is not None:
            self.show_entries(self._waiting)

    def _filter(self, text: str) -> None:
        self._keeping_place(lambda: self.model.set_filter(text))

    def _arrange(self, by_family: bool) -> None:
        self._keeping_place(lambda: self.model.set_by_family(by_family))

    def _keeping_place(self, change: Callable[[], None]) -> None:
        """Change the rows, and stand where one stood before."""
        place = self.view.kept()
        blocked = self.view.selectionModel().blockSignals(True)
        change()
        self.view.setRootIsDecorated(self.model.by_family)
        if self.model.by_family:
            self.view.expandAll()
        self.view.selectionModel().blockSignals(blocked)
        place.give_back()
        self._show_selected()
        self._show_counts()

    def _show_selected(self) -> None:
        entries = self.view.selected()
        self.actions_of_runs.show_selected(entries)
        self.details.show_entries(entries)

    def _show_counts(self) -> None:
        entries, shown = self.model.entries(), self.model.shown()
        self.footer.show_counts(entries, shown)
        self.empty.setText(_NO_MATCH if entries else _NONE)
        self._body.setCurrentIndex(1 if shown else 0)

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, (*_BUTTONS, "", *_MORE))
        menu.popup(place)

    def _fill(self, menu: QMenu, keys: Iterable[str]) -> None:
        for key in keys:
            if key:
                menu.addAction(self.actions_of_runs.by_key[key])
            else:
                menu.addSeparator()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that the page can be seen."""
        super().showEvent(event)
        if self._details_wanted is None:
            self._show_details(self.height() >= _HIGH)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that the page cannot be seen any more, and what was written."""
        super().hideEvent(event)
        self.details.keep()
        self.hidden.emit()

    def _connect(self) -> None:
        self.actions_of_runs.wanted.connect(self._act)
        self.addActions(list(self.actions_of_runs.by_key.values()))
        self.model.edited.connect(self._take_edit)
        self.view.chosen.connect(lambda entry: self.openAsked.emit(entry.path))
        self.view.starred.connect(lambda entry: self._star([entry]))
        self.view.typed.connect(self._take_typing)
        self.view.menuAsked.connect(self._show_menu)
        self.view.selectionMoved.connect(self._show_selected)
        self.view.delegate.closeEditor.connect(self._take_editor_closed, Qt.ConnectionType.QueuedConnection)
        self.details.noted.connect(lambda entry, text: self.noted.emit(entry.path, {"text": text}))
        self.filter.textChanged.connect(self._filter)
        self.family.toggled.connect(self._arrange)
        self.detailed.clicked.connect(self._want_details)
        self.notices.resumeAsked.connect(self.resumeAsked)
        self.notices.undoAsked.connect(self.undoAsked)
        self.notices.emptyTrashAsked.connect(self.emptyTrashAsked)
        self.notices.lookAsked.connect(self._look_for)
        self.footer.emptyAsked.connect(self.notices.ask_to_empty)
        theme.notifier.changed.connect(self.details.refresh_picture)

    def _look_for(self, text: str) -> None:
        self.filter.setText(text)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.filter.setPlaceholderText("Find by name, tag, state, data…")
        self.filter.setAccessibleName("Find runs")
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(theme.icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setMinimumWidth(160)
        self.filter.setMaximumWidth(320)
        self.family.setIcon(theme.icon("family"))
        self.family.setCheckable(True)
        self.family.setToolTip("Show branches below the runs they come from")
        self.family.setAccessibleName("By family")
        self.detailed.setIcon(theme.icon("details"))
        self.detailed.setCheckable(True)
        self.detailed.setToolTip("Show what there is to say about the selected run, and its notes")
        self.detailed.setAccessibleName("Details")
        self.columns.setText("Columns")
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.columns.setToolTip("Which columns the table has")
        columns = QMenu(self.columns)
        columns.aboutToShow.connect(lambda: self.view.columns_menu(columns))
        self.columns.setMenu(columns)
        self.more.setText("More")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more = QMenu(self.more)
        self._fill(more, _MORE)
        self.more.setMenu(more)
        self.empty.setProperty("role", "quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(self.empty)
        self._body.addWidget(self.view)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self._body)
        split.addWidget(self.details)
        split.setStretchFactor(0, 1)
        split.setHandleWidth(8)
        split.setSizes([400, _DETAILS])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 8)
        layout.setSpacing(8)
        layout.addLayout(self._top())
        layout.addWidget(self.notices)
        layout.addWidget(split, 1)
        layout.addWidget(self.footer)

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.filter, 1)
        top.addWidget(self.family)
        top.addWidget(self.detailed)
        top.addWidget(self.columns)
        top.addStretch(1)
        for key in _BUTTONS:
            button = QToolButton(self)
            button.setDefaultAction(self.actions_of_runs.by_key[key])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            top.addWidget(button)
        top.addWidget(self.more)
        return top
