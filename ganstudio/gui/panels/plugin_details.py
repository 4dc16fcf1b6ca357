"""Plugin details: what there is to read about one plugin, and what can be done with it.

It asks for everything and does nothing itself.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.catalogue import PluginState
from ganstudio.gui import theme
from ganstudio.gui.panels import plugin_words
from ganstudio.gui.panels.plugin_check_card import PluginCheckCard
from ganstudio.gui.widgets.facts import Facts
from ganstudio.gui.widgets.flow_layout import FlowLayout
from ganstudio.gui.widgets.marks import IconMark
from ganstudio.testing.report import Report

_NOTHING = "Select a plugin to read what it brings, or why it failed."
_OWN = ("file", "session")


class PluginDetails(QWidget):
    """One plugin at a time.

    Signals:
        agreeAsked, withdrawAsked, checkAsked, disableAsked, enableAsked, revealAsked: the plugin it is about.
        editAsked: a file to open in the editor, and the line, 0 for none.
        giveUpAsked: the check that goes on is not wanted any more.
    """

    agreeAsked = Signal(object)  # noqa: N815 - Qt's way of naming
    withdrawAsked = Signal(object)  # noqa: N815
    checkAsked = Signal(object)  # noqa: N815
    disableAsked = Signal(object)  # noqa: N815
    enableAsked = Signal(object)  # noqa: N815
    revealAsked = Signal(object)  # noqa: N815
    editAsked = Signal(str, int)  # noqa: N815
    giveUpAsked = Signal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plugin: PluginState | None = None
        self._checking = ""
        self.title = QLabel(self)
        self.title.setFont(theme.sized_font(1, bold=True))
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        for label in (self.title, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._mark = IconMark("plugin", "quiet", 18, self)
        self._word = QLabel(self)
        self.facts = Facts(self)
        self.traceback = QPlainTextEdit(self)
        self.traceback.setReadOnly(True)
        self.traceback.setFont(theme.mono_font())
        self.traceback.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.traceback.setAccessibleName("Traceback of the plugin")
        self.card = PluginCheckCard(self)
        self.card.placeAsked.connect(self.editAsked)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName("Progress of the check")
        self.progress.hide()
        self._make_buttons()
        self._lay_out()
        self.show_plugin(None)

    @property
    def plugin(self) -> PluginState | None:
        """The plugin that is shown."""
        return self._plugin

    def show_plugin(self, plugin: PluginState | None) -> None:
        """Show a plugin, or what to do here; a check card of another plugin goes."""
        if plugin is None or self._plugin is None or plugin.source != self._plugin.source:
            self._below.setCurrentWidget(self._about)
        self._plugin = plugin
        for widget in (self._mark, self._word, self.title, self._row, self._below):
            widget.setVisible(plugin is not None)
        if plugin is None:
            self._say(_NOTHING, "quiet")
            return
        look = plugin_words.look(plugin)
        self._mark.show_icon(look.icon, look.token)
        self._word.setText(look.word)
        self._colour(self._word, look.token)
        self.title.setText(plugin.name)
        self._say(plugin_words.sentence(plugin), "bad" if plugin.state in plugin_words.WRONG else "")
        self.facts.show_facts(plugin_words.facts(plugin))
        self.traceback.setPlainText(plugin.traceback.rstrip())
        # What went wrong stands at its end.
        self.traceback.moveCursor(QTextCursor.MoveOperation.End)
        self.traceback.moveCursor(QTextCursor.MoveOperation.StartOfLine)
        self.traceback.setVisible(bool(plugin.traceback))
        self._show_buttons()

    def show_checking(self, source: str) -> None:
        """Show that the plugin from this source is being checked; an empty one ends it."""
        self._checking = source
        self._show_buttons()

    def show_report(self, source: str, report: Report, running: bool = False) -> None:
        """Show what a check found (so far, while it is ``running``), where that plugin is still in view."""
        if self._plugin is not None and self._plugin.source == source:
            self.card.show_report(report, running)
            self._below.setCurrentWidget(self.card)

    def shows_card(self) -> bool:
        """Say whether the findings of a check are in view."""
        return self._below.currentWidget() is self.card

    # --- Inside ------------------------------------------------------------------------------------

    def _make_buttons(self) -> None:
        self.agree = self._button("Agree…", "shield", "Read it, and let it run or not", self.agreeAsked)
        self.check = self._button(
            "Check", "check", "Train it a few steps on toy data, in a process of its own", None
        )
        self.check.clicked.connect(self._press_check)
        self.edit = self._button("Open in editor", "edit", "Open it with the program for such files", None)
        self.edit.clicked.connect(self._press_edit)
        self.reveal = self._button("Show folder", "folder", "Show where it lies", self.revealAsked)
        self.withdraw = self._button(
            "Withdraw agreement", "cross", "Do not run it any more until you agree again", self.withdrawAsked
        )
        self.disable = self._button("Disable", "minus", "Load nothing of it any more", self.disableAsked)
        self.enable = self._button("Enable", "check", "Load it again", self.enableAsked)
        self.copy = self._button("Copy report", "copy", "Copy all of this as text to send to somebody", None)
        self.copy.clicked.connect(self._copy)

    def _button(self, text: str, icon: str, tip: str, asks: object) -> QPushButton:
        button = QPushButton(theme.icon(icon), text, self)
        button.setToolTip(tip)
        if asks is not None:
            button.clicked.connect(lambda: asks.emit(self._plugin))  # type: ignore[attr-defined]
        return button

    def _show_buttons(self) -> None:
        plugin = self._plugin
        if plugin is None:
            return
        own, waits = plugin.kind in _OWN, plugin.state in plugin_words.TO_AGREE
        checking = bool(self._checking)
        self.agree.setVisible(plugin.kind == "file" and waits)
        self.agree.setProperty("primary", waits)
        self.agree.style().polish(self.agree)
        self.agree.setIcon(theme.icon("shield", "on_accent" if waits else "text"))
        self.check.setVisible(not waits and plugin.state != "disabled")
        self.check.setText("Give up the check" if checking and self._checking == plugin.source else "Check")
        self.check.setEnabled(not checking or self._checking == plugin.source)
        self.progress.setVisible(checking and self._checking == plugin.source)
        self.edit.setVisible(own)
        self.reveal.setVisible(bool(plugin.path))
        self.withdraw.setVisible(plugin.kind == "file" and plugin.state not in ("untrusted", "disabled"))
        self.disable.setVisible(plugin.kind != "session" and not waits and plugin.state != "disabled")
        self.enable.setVisible(plugin.state == "disabled")
        self.copy.setVisible(plugin.state in plugin_words.WRONG)

    @Slot()
    def _press_check(self) -> None:
        if self._checking:
            self.giveUpAsked.emit()
        else:
            self.checkAsked.emit(self._plugin)

    @Slot()
    def _press_edit(self) -> None:
        if self._plugin is not None:
            self.editAsked.emit(self._plugin.path, 0)

    @Slot()
    def _copy(self) -> None:
        if self._plugin is not None:
            QGuiApplication.clipboard().setText(plugin_words.report(self._plugin))

    def _say(self, sentence: str, role: str) -> None:
        self.sentence.setText(sentence)
        self._colour(self.sentence, role)

    def _colour(self, label: QLabel, role: str) -> None:
        label.setProperty("role", role)
        label.style().polish(label)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self.title)
        head.addWidget(self._word)
        head.addStretch(1)
        self._row = QWidget(self)
        row = FlowLayout(self._row, gap=4)
        for button in (self.agree, self.check, self.edit, self.reveal, self.disable, self.enable):
            row.addWidget(button)
        row.addWidget(self.withdraw)
        row.addWidget(self.copy)
        self._about = QWidget(self)
        about = QVBoxLayout(self._about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(8)
        about.addWidget(self.facts)
        about.addWidget(self.traceback, 1)
        about.addStretch(0)
        self._below = QStackedWidget(self)
        self._below.addWidget(self._about)
        self._below.addWidget(self.card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.sentence)
        layout.addWidget(self._row)
        layout.addWidget(self.progress)
        layout.addWidget(self._below, 1)
