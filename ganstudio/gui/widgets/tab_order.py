"""Tab order: where widgets that are made later come in it. Qt puts them last in the whole window."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def place_after(before: QWidget, placed: QWidget) -> None:
    """Let Tab go through ``placed`` right after ``before``; both are in the same window."""
    row = [*_takers(before)[-1:], *_takers(placed)]
    for first, second in pairwise(row):
        QWidget.setTabOrder(first, second)


def _takers(widget: QWidget) -> list[QWidget]:
    """Return what takes the focus in a widget, in the order in which Tab goes through it now."""
    chain = [widget]
    while (following := chain[-1].nextInFocusChain()) is not None and following is not widget:
        chain.append(following)
    return [other for other in chain if (other is widget or widget.isAncestorOf(other)) and _takes(other)]


def _takes(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
