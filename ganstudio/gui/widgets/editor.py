"""Editor: one value that a person can change, whatever widget is behind it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QHBoxLayout, QLineEdit, QWidget


class Editor(QWidget):
    """One value that a person can change.

    Signals:
        changed: the user gave it another value, also while dragging.
        settled: a drag is over, or a line was left.
    """

    changed = Signal()
    settled = Signal()

    def value(self) -> Any:
        """Return the value, with what is still being typed."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value without reporting it."""
        raise NotImplementedError

    def dragging(self) -> bool:
        """Say whether the user is in the middle of a drag."""
        return False

    def offer(self, texts: Sequence[str]) -> None:
        """Take what could be written here; an editor that offers nothing does without."""

    def name(self, text: str) -> None:
        """Give it a name for those who hear the window."""
        self._inner.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Frame it as wrong, or no longer."""
        for widget in [self._inner, *self._inner.findChildren(QWidget)]:
            if isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox):
                widget.setProperty("invalid", invalid)
                widget.style().polish(widget)

    def _show(self, inner: QWidget, stretch: bool = True) -> None:
        self._inner = inner
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(inner, 1 if stretch else 0)
        if not stretch:
            self._row.addStretch(1)
        self.setFocusProxy(inner)

    def _add_beside(self, widget: QWidget) -> None:
        """Put something small to the right of what is edited."""
        self._row.insertWidget(1, widget)
        self._row.addStretch(1)
