"""Plugin new dialog: the name, the kind and the place of a plugin to begin with.

It returns what was chosen. It writes nothing and knows no template.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui import theme
from ganstudio.gui.widgets.editors import CalmCombo
from ganstudio.gui.widgets.notice import Notice
from ganstudio.gui.widgets.path_box import FOLDER, PathBox

KINDS = {
    "architecture": ("Architecture", "Two networks and how they are trained: an entry under Architecture."),
    "loss": ("Loss", "What both networks minimise: an entry under Loss."),
    "regularizer": ("Regularizer", "A penalty on top of the loss: a tick box under Regularizers."),
    "augmentation": ("Augmentation", "What happens to samples before they are judged: a tick box."),
    "data": ("Data source", "Samples to learn from: an entry under Data."),
    "metric": ("Metric", "A number worked out while training: a curve of its own."),
    "health": ("Health rule", "Watches runs for one kind of trouble: a lamp under Health."),
    "panel": ("Panel", "A dock of your own, fed by what a run reports."),
    "exporter": ("Exporter", "A format of your own to export a run in."),
}
_FILE = "One file: loaded at once, and again whenever you save it."
_PACKAGE = "A package to publish, with a test and a README. It has to be installed with pip once."
_WIDTH = 520


@dataclass(frozen=True)
class Wish:
    """What to write: ``package`` instead of one file, into ``folder``."""

    name: str
    kind: str
    package: bool
    folder: Path


class PluginNewDialog(QDialog):
    """Says ``made`` for what is to be written and stays open, as that may be refused.

    Signals:
        made: the user pressed Create; a ``Wish``.
    """

    made = Signal(object)

    def __init__(self, plugins: Path, packages: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle("New plugin")
        self._plugins = plugins
        self.name = QLineEdit("my_gan", self)
        self.name.setAccessibleName("Name of the plugin")
        self.kind = CalmCombo(self)
        self.kind.setAccessibleName("Kind of plugin")
        for kind, (title, _about) in KINDS.items():
            self.kind.addItem(title, kind)
        self.about = QLabel(self)
        self.file = QRadioButton("A file in the plugin folder", self)
        self.package = QRadioButton("A package", self)
        self._forms = QButtonGroup(self)
        for button in (self.file, self.package):
            self._forms.addButton(button)
        self.file.setChecked(True)
        self.form_about = QLabel(self)
        self.folder = PathBox(FOLDER, self)
        self.folder.name("Folder to write it into")
        self.folder.set_value(str(packages))
        self.problem = Notice("bad", parent=self)
        self.write = QPushButton("Create", self)
        self.write.setProperty("primary", True)
        self.write.setDefault(True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setAutoDefault(False)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._show)
        self.name.textChanged.connect(self._show)
        self._forms.buttonToggled.connect(self._show)
        self.write.clicked.connect(self._ask)
        self.cancel.clicked.connect(self.reject)
        self._show()
        self.name.selectAll()
        self.name.setFocus()

    def wish(self) -> Wish:
        """Return what is chosen."""
        package = self.package.isChecked()
        folder = Path(self.folder.value()).expanduser() if package else self._plugins
        return Wish(self.name.text().strip(), str(self.kind.currentData()), package, folder)

    def refuse(self, sentence: str) -> None:
        """Say why it was not written."""
        self.problem.say(sentence)
        self.name.setFocus()

    @Slot()
    def _ask(self) -> None:
        self.problem.say("")
        self.made.emit(self.wish())

    @Slot()
    def _show(self) -> None:
        self.about.setText(KINDS[str(self.kind.currentData())][1])
        package = self.package.isChecked()
        self.form_about.setText(_PACKAGE if package else f"{_FILE} It is written into {self._plugins}.")
        self.folder.setVisible(package)
        self.write.setEnabled(bool(self.name.text().strip()))
        self.problem.say("")

    def _lay_out(self) -> None:
        self.setMinimumWidth(_WIDTH)
        title = QLabel("A plugin that trains already, to change into your own", self)
        title.setFont(theme.sized_font(1, bold=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, widget) in enumerate((("Name", self.name), ("Kind", self.kind))):
            label = QLabel(text, self)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(self.about, 2, 1)
        forms = QHBoxLayout()
        forms.setSpacing(16)
        forms.addWidget(self.file)
        forms.addWidget(self.package)
        forms.addStretch(1)
        grid.addWidget(QLabel("As", self), 3, 0)
        grid.addLayout(forms, 3, 1)
        grid.addWidget(self.form_about, 4, 1)
        grid.addWidget(self.folder, 5, 1)
        for label in (self.about, self.form_about):
            label.setProperty("role", "quiet")
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.write)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addLayout(grid)
        layout.addWidget(self.problem)
        layout.addStretch(1)
        layout.addLayout(buttons)
