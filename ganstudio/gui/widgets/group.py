"""Group: a titled part of a form that folds away. It knows nothing of what is in it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui import theme
from ganstudio.gui.widgets.setting_field import label_width


class Group(QWidget):
    """A header to fold by, with room for one widget beside the title, and a body below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._open = True
        self._fold = _FoldButton(title, self)
        self._fold.clicked.connect(self._toggle)
        self.body = QWidget(self)
        self.rows = QVBoxLayout(self.body)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)
        self._header = QHBoxLayout()
        self._header.setSpacing(4)
        self._header.addWidget(self._fold)
        self._header.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._header)
        layout.addWidget(self.body)
        self._show()

    def add_to_header(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget beside the title; the first with a stretch begins where editors do."""
        if stretch:
            self._fold.setFixedWidth(label_width(self) + 20)
        self._header.addWidget(widget, stretch)

    def is_open(self) -> bool:
        """Say whether the body shows."""
        return self._open

    def set_open(self, open_: bool) -> None:
        """Show the body or fold it away."""
        self._open = open_
        self._show()

    def _toggle(self) -> None:
        self.set_open(not self._open)

    def _show(self) -> None:
        self.body.setVisible(self._open)
        self._fold.setIcon(theme.icon("glyph-down" if self._open else "glyph-right"))
        self._fold.setAccessibleName(f"{self.title}, {'unfolded' if self._open else 'folded'}")


class _FoldButton(QToolButton):
    """The title, with an arrow that says whether the body shows."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFont(theme.sized_font(0, bold=True))
        self.setIconSize(QSize(12, 12))
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
