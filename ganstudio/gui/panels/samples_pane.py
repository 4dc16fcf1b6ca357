"""Samples pane: previews as images, points or rows, the latest or those kept, and what the data looks like.

It knows previews and scores, and nothing of the training they come from.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganstudio.api.events import PreviewPassed, PreviewReady
from ganstudio.gui import sample_scenes, score_words, words
from ganstudio.gui.kept_previews import nearest
from ganstudio.gui.panels.preview_settings import PreviewSettings
from ganstudio.gui.panels.sample_looks import SampleLooks
from ganstudio.gui.panels.sample_stage import SampleStage
from ganstudio.gui.panels.sample_tools import SampleTools
from ganstudio.gui.panels.scrubber import Scrubber
from ganstudio.gui.past_previews import PastPreviews
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.kind_row import KindRow
from ganstudio.runs import preview_files

if TYPE_CHECKING:
    from ganstudio.runs.history import Kept
    from ganstudio.runs.pictures import PreviewPicture

_EMPTY = "Samples appear here as soon as training starts."
_AHEAD = 4
"""Kept previews that are read before they are asked for."""
_FIXED, _SAMPLES, _REAL = "fixed", "samples", "real"
"""What previews are called by convention: the only kind, the first of several, and the data."""
_MADE = "Samples of the generator, at fixed latents"
_NAMES = {_FIXED: "Generated", _SAMPLES: "Generated", _REAL: "Real"}
_NAMES |= {"a to b": "A to B", "b to a": "B to A", "b-to-a": "B to A"}
_BESIDE = {"b-to-a": "A to B"}
"""What the first kind is beside another, where only files are known, whose first has no name."""
_TIPS = {_FIXED: _MADE, _SAMPLES: _MADE, _REAL: "Samples of the data"}


class SamplesPane(QFrame):
    """Shows one kind of preview at a time, with a button for each where there are several.

    It follows the latest until the user goes back to one that was kept, with the scrubber or by
    :meth:`go_to`; those that come meanwhile do not push that away. ``averaged``: whether samples come from
    averaged weights. ``modes``: of the data, where they are known. ``classes``: those that samples are made
    of in turn, where they are.

    Signals:
        cursorMoved: the step of the kept preview one looks at, ``None`` for the latest.
    """

    cursorMoved = Signal(object)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.averaged = True
        self.modes = 0
        self.classes: tuple[str, ...] = ()
        self._latest: dict[str, PreviewReady] = {}
        self._past: PreviewReady | None = None
        self._problem = self._scores = self._best = ""
        self._chosen = self._generated = ""
        """The kind that is shown, and the one that is when it is not the data."""
        self._kinds: dict[str, str] = {}
        """For each kind of generated samples, what its files are called."""
        self.stage = SampleStage(_EMPTY, self)
        self.grid, self.points = self.stage.grid, self.stage.points
        self.tools = SampleTools(self)
        self.looks = SampleLooks(self.stage, self.tools, self)
        self.settings = PreviewSettings(self)
        self.caption = Caption(self)
        self.scrubber = Scrubber(self)
        self.kinds = KindRow(self)
        self._previews = PastPreviews(self)
        self._lay_out()
        self._connect()
        self.clear()

    @property
    def buttons(self) -> Mapping[str, QToolButton]:
        """For each kind of preview, the button that shows it."""
        return self.kinds.buttons

    def clear(self) -> None:
        """Forget the run: all its samples and scores."""
        back = self.scrubber.step is not None
        self._latest.clear()
        self._past = None
        self._problem = self._scores = self._best = self._chosen = self._generated = ""
        self._kinds = {}
        self.modes, self.classes = 0, ()
        self.looks.clear()
        self.kinds.clear()
        self._previews.clear()
        self.points.set_real(None)
        self.points.set_generated(None)
        self.stage.clear_table()
        self.scrubber.set_best(None)
        self.scrubber.show_step(None)
        self.scrubber.set_steps([])
        self.scrubber.set_live(False)
        self._show()
        if back:
            self.cursorMoved.emit(None)

    def show_run(
        self, path: Path, previews: Mapping[str, "Sequence[Kept]"] | None = None, real: Path | None = None
    ) -> None:
        """Let the kept previews of the run in the folder ``path`` be gone through.

        ``previews``: those there are, by kind, as in a ``History``; those that come are added to them.
        ``real``: the picture of the data [in the run]. The newest are shown where none came yet.
        """
        self._previews.set_run(path, previews or {}, real)
        for kind in self._previews.kept.kinds():
            if kind not in self._kinds.values():
                self._add_source(kind or _FIXED, kind)
                self._previews.read_newest(kind)
        if _REAL not in self._latest:
            self._previews.read_real()
        if not self._generated and self._kinds:
            self._choose_generated(next(iter(self._kinds)))
        self._offer_steps()
        self._show()

    def take_preview(self, preview: PreviewReady) -> None:
        """Show a preview in place of the one of its kind before, unless one looks at a kept one."""
        self._latest[preview.source] = preview
        if preview.source == _REAL:
            self._take_real(preview)
        else:
            self.scrubber.set_live(True)
            self._take_generated(preview)
        self._show()

    def take_passed(self, passed: PreviewPassed) -> None:
        """Offer a kept preview whose samples did not come."""
        self._add_kept(preview_files.kind_of(passed.source, passed.first), passed.step)

    def cut(self, step: int) -> None:
        """Forget the kept previews of later steps: the run goes on from this one and makes them anew."""
        self._previews.cut(step)
        if self.scrubber.best is not None and self.scrubber.best > step:
            self.scrubber.set_best(None)
        if self.scrubber.step is not None and self.scrubber.step > step:
            self.scrubber.go_live()
        self._offer_steps()
        self._show()

    def take_scores(self, values: Mapping[str, float]) -> None:
        """Show the latest scores beside the points."""
        judging = {name: value for name, value in values.items() if score_words.judges(name)}
        lines = [f"{score_words.full(name)} {self._score(name, value)}" for name, value in judging.items()]
        if lines:
            self._scores = "\n".join(lines)
        self._show_scores()

    def set_best(self, text: str) -> None:
        """Say in the caption what the best score so far is."""
        if text != self._best:
            self._best = text
            self._show()

    def mark_best(self, step: int | None) -> None:
        """Mark the step whose checkpoint is the best that was kept, or none."""
        self.scrubber.set_best(step)

    def choose(self, source: str) -> None:
        """Show this kind of preview from now on, at the step one looks at."""
        self._chosen = source
        if source in self._kinds:
            self._generated = source
            self._offer_steps()
            if self.scrubber.step is not None:
                self._look_back(self.scrubber.step)
        self._show()

    def go_to(self, step: float) -> None:
        """Look at the kept preview nearest to a step, where there is one."""
        found = nearest(self.scrubber.steps, step)
        if found is not None:
            self.scrubber.stop()
            self.scrubber.show_step(found)
            self._look_back(found)

    # --- Kinds of previews -------------------------------------------------------------------------

    def _take_real(self, preview: PreviewReady) -> None:
        if _REAL not in self.buttons:
            self.kinds.add(_REAL, _name(_REAL), _TIPS[_REAL])
        if preview.kind == "points":
            self.points.set_real(preview.array)
        elif preview.kind == "table":
            self.stage.table.set_real(preview.array, preview.table)

    def _take_generated(self, preview: PreviewReady) -> None:
        source, kind = preview.source, preview_files.kind_of(preview.source, preview.first)
        if source not in self._kinds:
            self._add_source(source, kind)
            self._offer_steps()
        if preview.first and not self._generated:
            self._choose_generated(source)
            self._offer_steps()
        if preview.kept:
            self._add_kept(kind, preview.step)

    def _add_kept(self, kind: str, step: int) -> None:
        self._previews.kept.add(kind, step)
        if kind == self._kinds.get(self._generated) and self._previews.kept.folder:
            self.scrubber.add_step(step)

    def _add_source(self, source: str, kind: str) -> None:
        """Offer a kind of preview; one of which only the files were known now gets its own name."""
        known = next((each for each, its in self._kinds.items() if its == kind), None)
        place = len(self._kinds) if known is None else list(self._kinds).index(known)
        tip = _TIPS.get(source, f"{_name(source)}, as this variant makes them")
        self.kinds.add(source, _name(source), tip, place)
        if source in _BESIDE and _FIXED in self.buttons:
            self.buttons[_FIXED].setText(_BESIDE[source])
        if known is None:
            self._kinds[source] = kind
            return
        self._kinds = {source if each == known else each: its for each, its in self._kinds.items()}
        self._latest.pop(known, None)
        self.kinds.remove(known)
        self._chosen = source if self._chosen == known else self._chosen
        self._generated = source if self._generated == known else self._generated

    def _choose_generated(self, source: str) -> None:
        self._generated = source
        self._chosen = self._chosen or source

    # --- Looking back ------------------------------------------------------------------------------

    def _offer_steps(self) -> None:
        kind = self._kinds.get(self._generated)
        self.scrubber.set_steps([] if kind is None else self._previews.kept.steps(kind))

    @Slot(int)
    def _look_back(self, step: int) -> None:
        """Show a kept preview, as soon as it is read."""
        self._chosen = self._generated
        self.scrubber.busy = True
        self._previews.look(self._kinds.get(self._generated, ""), step, self.scrubber.ahead(_AHEAD))
        self.cursorMoved.emit(step)

    @Slot()
    def _follow(self) -> None:
        """Show the latest again, and those to come."""
        self._previews.forget_asked()
        self._past, self._problem = None, ""
        self._chosen = self._generated
        self._show()
        self.cursorMoved.emit(None)

    @Slot(str, int, object)
    def _take_past(self, kind: str, step: int, picture: "PreviewPicture") -> None:
        if self.scrubber.step is None or kind != self._kinds.get(self._generated):
            return
        self.scrubber.busy = False
        self._past, self._problem = _as_preview(step, picture, self._generated), ""
        self._show()

    @Slot(str, int, object)
    def _take_newest(self, kind: str, step: int, picture: "PreviewPicture") -> None:
        for source, its in self._kinds.items():
            if its == kind and source not in self._latest:
                self._latest[source] = _as_preview(step, picture, source)
                self._show()

    @Slot(object)
    def _take_real_picture(self, picture: "PreviewPicture") -> None:
        if _REAL not in self._latest:
            self.take_preview(_as_preview(0, picture, _REAL))

    @Slot(str, int, str)
    def _take_failure(self, kind: str, step: int, sentence: str) -> None:
        self.scrubber.busy = False
        self._problem = f"{words.step(step)}: {sentence}"
        self.caption.setText(self._problem)

    # --- Showing -----------------------------------------------------------------------------------

    def _shown(self) -> PreviewReady | None:
        """Return what is to be seen now."""
        if self._chosen != _REAL and self.scrubber.step is not None and self._past is not None:
            return self._past
        return self._latest.get(self._chosen or _REAL)

    def _show(self) -> None:
        shown = self._shown()
        as_points = any(preview.kind == "points" for preview in self._latest.values())
        # Real points stand behind the generated ones, so that there is nothing to choose.
        choosable = len(self._kinds) > 1 or not as_points
        self.kinds.show_choice(shown.source if shown is not None else "", choosable)
        if as_points:
            self.stage.show_points()
            generated = shown if shown is not None and shown.source != _REAL else None
            self.points.set_generated(generated.array if generated else None)
        elif shown is not None and shown.kind == "table":
            self._show_table(shown)
        else:
            self.looks.show(shown, self._latest.get(_REAL), self.classes)
        self._show_scores()
        self.scrubber.setVisible(bool(self.scrubber.steps))
        self.settings.show_for(shown.source if shown is not None else "")
        self._show_caption()

    def _show_table(self, shown: PreviewReady) -> None:
        """Show rows that were made with real ones behind them, or real ones alone."""
        made = shown.source != _REAL
        self.looks.show(shown, None)
        self.stage.table.set_generated(shown.array if made else None, shown.table)
        self.stage.setCurrentWidget(self.stage.table)

    def _show_caption(self) -> None:
        shown = self._shown()
        text = self._caption(shown)
        if shown is not None and self.looks.said:
            text = f"{words.step(shown.step)} · {self.looks.said}"
        self.caption.setText(self._problem or text)

    def _show_scores(self) -> None:
        """Show the scores beside the samples that they are of: the latest."""
        self.points.set_text(self._scores if self.scrubber.step is None else "")

    def _score(self, name: str, value: float) -> str:
        counts = bool(self.modes) and score_words.label(name) == "modes"
        return (
            f"{words.score(name, value)} of {words.grouped(self.modes)}"
            if counts
            else words.score(name, value)
        )

    def _caption(self, shown: PreviewReady | None) -> str:
        if shown is None:
            return ""
        if shown.source == _REAL:
            return f"{len(shown.array)} samples of the data"
        weights = "averaged weights" if self.averaged else "latest weights"
        what = "fixed latents" if shown.source in (_FIXED, _SAMPLES) else _name(shown.source).lower()
        if sample_scenes.GIVEN & set(shown.captions):
            what = "fixed images"
        # What comes last is cut off first.
        best = f" · {self._best}" if self._best else ""
        return f"{words.step(shown.step)}{best} · {what} · {weights}"

    def _connect(self) -> None:
        self.kinds.chosen.connect(self.choose)
        self.looks.changed.connect(self._show_caption)
        self.scrubber.stepChosen.connect(self._look_back)
        self.scrubber.liveAsked.connect(self._follow)
        self._previews.found.connect(self._take_past)
        self._previews.newestFound.connect(self._take_newest)
        self._previews.realFound.connect(self._take_real_picture)
        self._previews.failed.connect(self._take_failure)

    def _lay_out(self) -> None:
        heading = QLabel("Samples", self)
        heading.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(4)
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addStretch(1)
        header.addWidget(self.kinds)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(header)
        column.addWidget(self.stage, 1)
        column.addWidget(self.scrubber)
        column.addWidget(self.settings)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.caption, 1)
        below.addWidget(self.tools)
        column.addLayout(below)
        heading.setMinimumHeight(QToolButton().sizeHint().height())


def _as_preview(step: int, picture: "PreviewPicture", source: str) -> PreviewReady:
    return PreviewReady(
        step,
        picture.kind,
        picture.array,
        source,
        columns=picture.columns,
        captions=picture.captions,
        table=picture.table,
    )


def _name(source: str) -> str:
    return _NAMES.get(source, source.replace("_", " ").replace("-", " ").capitalize())
