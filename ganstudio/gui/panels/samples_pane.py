"""Samples pane: the latest previews, as images or as points, and what the data itself looks like.

It knows previews and scores, and nothing of the training they come from.
"""

from collections.abc import Mapping

from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.api.events import PreviewReady
from ganstudio.gui import words
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.points_view import PointsView
from ganstudio.gui.widgets.sample_grid import SampleGrid

_EMPTY = "Samples appear here as soon as training starts."
_FIXED, _REAL = "fixed", "real"
_NAMES = {_FIXED: "Generated", _REAL: "Real"}
_TIPS = {_FIXED: "Samples of the generator, at fixed latents", _REAL: "Samples of the data"}


class SamplesPane(QFrame):
    """Shows one kind of preview at a time, with a button for each where there are several.

    ``averaged``: whether samples come from averaged weights. ``modes``: of the data, where they are known.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.averaged = True
        self.modes = 0
        self._latest: dict[str, PreviewReady] = {}
        self._chosen = ""
        self.grid = SampleGrid(_EMPTY, self)
        self.points = PointsView(_EMPTY, self)
        self.caption = Caption(self)
        self.buttons: dict[str, QToolButton] = {}
        """For each kind of preview, the data last, the button that shows it."""
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._views = QStackedWidget(self)
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Forget all samples and scores."""
        self._latest.clear()
        self._chosen = ""
        self.modes = 0
        for button in self.buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        self.grid.set_images(None)
        self.points.set_real(None)
        self.points.set_generated(None)
        self.points.set_text("")
        self._show()

    def take_preview(self, preview: PreviewReady) -> None:
        """Show a preview in place of the one of its kind before."""
        source = preview.source
        self._latest[source] = preview
        if source not in self.buttons:
            self._add_button(source)
        if preview.kind == "points" and source == _REAL:
            self.points.set_real(preview.array)
        if not self._chosen and source != _REAL and preview.first:
            self._chosen = source
        self._show()

    def take_scores(self, values: Mapping[str, float]) -> None:
        """Show the latest scores beside the points."""
        lines = (f"{words.curve(name)} {self._score(name, value)}" for name, value in values.items())
        self.points.set_text("\n".join(lines))

    def choose(self, source: str) -> None:
        """Show this kind of preview from now on."""
        self._chosen = source
        self._show()

    def _score(self, name: str, value: float) -> str:
        counts = bool(self.modes) and words.curve(name) == "modes"
        return (
            f"{words.score(name, value)} of {words.grouped(self.modes)}"
            if counts
            else words.score(name, value)
        )

    def _show(self) -> None:
        as_points = any(preview.kind == "points" for preview in self._latest.values())
        shown = self._latest.get(self._chosen or _REAL)
        for source, button in self.buttons.items():
            # Real points stand behind the generated ones, so that there is nothing to choose.
            button.setVisible(len(self._generated()) > 1 or not as_points)
            button.setChecked(shown is not None and source == shown.source)
        if as_points:
            self._views.setCurrentWidget(self.points)
            generated = shown if shown is not None and shown.source != _REAL else None
            self.points.set_generated(generated.array if generated else None)
        else:
            self._views.setCurrentWidget(self.grid)
            self._show_images(shown)
        self.caption.setText(self._caption(shown))

    def _generated(self) -> list[str]:
        return [source for source in self._latest if source != _REAL]

    def _show_images(self, shown: PreviewReady | None) -> None:
        if shown is None:
            self.grid.set_images(None)
        else:
            self.grid.set_images(shown.array, shown.columns, shown.captions)

    def _caption(self, shown: PreviewReady | None) -> str:
        if shown is None:
            return ""
        if shown.source == _REAL:
            return f"{len(shown.array)} samples of the data"
        weights = "averaged weights" if self.averaged else "latest weights"
        what = "fixed latents" if shown.source == _FIXED else _name(shown.source).lower()
        return f"{words.step(shown.step)} · {what} · {weights}"

    def _add_button(self, source: str) -> None:
        button = QToolButton(self)
        button.setText(_name(source))
        button.setToolTip(_TIPS.get(source, f"{_name(source)}, as this variant makes them"))
        button.setCheckable(True)
        button.clicked.connect(lambda: self.choose(source))
        self._group.addButton(button)
        generated = len([name for name in self.buttons if name != _REAL])
        self._row.insertWidget(len(self.buttons) if source == _REAL else generated, button)
        self.buttons[source] = button

    def _lay_out(self) -> None:
        heading = QLabel("Samples", self)
        heading.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(4)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addStretch(1)
        header.addLayout(self._row)
        for view in (self.grid, self.points):
            self._views.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self._views, 1)
        column.addWidget(self.caption)
        heading.setMinimumHeight(QToolButton().sizeHint().height())


def _name(source: str) -> str:
    return _NAMES.get(source, source.replace("_", " ").capitalize())
