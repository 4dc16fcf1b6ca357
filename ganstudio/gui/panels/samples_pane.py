"""Samples pane: the latest preview, as images or as points, and what the data itself looks like.

It knows previews and scores, and nothing of the training they come from.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt
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
from ganstudio.gui import theme, words
from ganstudio.gui.widgets.points_view import PointsView
from ganstudio.gui.widgets.sample_grid import SampleGrid

_EMPTY = "Samples appear here as soon as training starts."


class SamplesPane(QFrame):
    """Shows generated samples at fixed latents, or real ones."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.averaged = True
        self._latest: dict[str, PreviewReady] = {}
        self.grid = SampleGrid(_EMPTY, self)
        self.points = PointsView(_EMPTY, self)
        self.caption = QLabel(self)
        self.generated_button = self._source_button("Generated", "Samples of the generator, at fixed latents")
        self.real_button = self._source_button("Real", "Samples of the data")
        self._views = QStackedWidget(self)
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Forget all samples and scores."""
        self._latest.clear()
        self.grid.set_images(None)
        self.points.set_real(None)
        self.points.set_generated(None)
        self.points.set_text("")
        self.generated_button.setChecked(True)
        self._show()

    def take_preview(self, preview: PreviewReady) -> None:
        """Show a preview in place of the one before."""
        source = "real" if preview.source == "real" else "generated"
        self._latest[source] = preview
        if preview.kind == "points":
            (self.points.set_real if source == "real" else self.points.set_generated)(preview.array)
        self._show()

    def take_scores(self, values: Mapping[str, float]) -> None:
        """Show the latest scores beside the points."""
        lines = (f"{words.curve(name)} {words.score(name, value)}" for name, value in values.items())
        self.points.set_text("\n".join(lines))

    def _show(self) -> None:
        kinds = {preview.kind for preview in self._latest.values()}
        as_points = "points" in kinds
        self._views.setCurrentWidget(self.points if as_points else self.grid)
        for button in (self.generated_button, self.real_button):
            button.setVisible("images" in kinds)
        shown = self._latest.get("generated" if as_points or self.generated_button.isChecked() else "real")
        if not as_points:
            self.grid.set_images(shown.array if shown else None)
        self.caption.setText(self._caption(shown))

    def _caption(self, shown: PreviewReady | None) -> str:
        if shown is None:
            return ""
        if shown.source == "real":
            return f"{len(shown.array)} samples of the data"
        weights = "averaged weights" if self.averaged else "latest weights"
        return f"{words.step(shown.step)} · fixed latents · {weights}"

    def _source_button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.clicked.connect(self._show)
        return button

    def _lay_out(self) -> None:
        heading = QLabel("Samples", self)
        heading.setProperty("role", "title")
        self.caption.setProperty("role", "caption")
        self.caption.setFont(theme.sized_font(-1))
        self.caption.setMinimumHeight(20)
        self.caption.setIndent(4)
        choice = QButtonGroup(self)
        header = QHBoxLayout()
        header.setSpacing(4)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addStretch(1)
        for button in (self.generated_button, self.real_button):
            choice.addButton(button)
            header.addWidget(button)
        for view in (self.grid, self.points):
            self._views.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self._views, 1)
        column.addWidget(self.caption, 0, Qt.AlignmentFlag.AlignLeft)
        heading.setMinimumHeight(self.real_button.sizeHint().height())
