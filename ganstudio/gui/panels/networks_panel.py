"""Networks panel: what goes on inside of the networks: logits, norms of each layer, latent dimensions.

It is told vectors and a step, and asks for nothing. It knows no sessions and no files.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ganstudio.api.events import VectorRecord
from ganstudio.gui import words
from ganstudio.gui.vector_store import VectorStore
from ganstudio.gui.widgets.caption import Caption
from ganstudio.gui.widgets.heat_map import HeatMap
from ganstudio.gui.widgets.histogram import Histogram
from ganstudio.gui.widgets.sorted_bars import SortedBars

INTERVAL_MS = 500
"""It is painted at most this often."""
COLUMNS = 300
"""Of a heat map, at most."""
ACTIVE_NATS = 0.01
"""A latent dimension with less than this is not used."""

_REAL, _FAKE = "logits/real", "logits/fake"
"""Logits of the only discriminator; behind these words stands whose they are, where there are several."""
_LATENTS = "kl/latents"
_NORMS = {"layer_grad_norm": "Gradients", "layer_weight_norm": "Weights"}
_EMPTY = "The logits, and the gradients and weights of each layer, appear here with the first preview."


class NetworksPanel(QWidget):
    """A histogram of logits, a heat map of norms, and bars of latent dimensions, as far as there are any.

    Signals:
        stepChosen: the step that the user pressed.
    """

    stepChosen = Signal(int)  # noqa: N815 - Qt's way of naming

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = VectorStore()
        self.stale = False
        self._step: float | None = None
        self._wish = ""
        self.histogram = Histogram("Discriminator logits", self)
        self.whose = QComboBox(self)
        self.heat = HeatMap(self)
        self.norms = QComboBox(self)
        self.bars = SortedBars("KL of each latent", "latent", "nats", self)
        self.empty = QLabel(_EMPTY, self)
        self.caption = Caption(self)
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._refresh)
        self._lay_out()
        self._connect()
        self._show_parts()

    def take(self, records: Iterable[VectorRecord]) -> None:
        """Add figures as they come. Nothing is painted yet."""
        for record in records:
            self.store.add(record)
            self._change()

    def take_past(self, records: Iterable[VectorRecord]) -> None:
        """Add what came before that."""
        self.store.add_past(records)
        self._change()

    def cut(self, step: int) -> None:
        """Forget what lies behind a step, from which the run goes on."""
        self.store.cut(step)
        self._change()

    def clear(self) -> None:
        """Forget the run."""
        self.store.clear()
        self._step = None
        self._change()

    def set_cursor(self, step: float | None) -> None:
        """Show the figures of a step; ``None``: the newest."""
        if step != self._step:
            self._step = step
            self._change()

    def state(self) -> dict[str, Any]:
        """Return what the user has chosen, as plain data."""
        return {"norms": self._wish}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take up what :meth:`state` gave."""
        self._wish = str(state.get("norms", self._wish))
        self._change()

    # --- Showing -----------------------------------------------------------------------------------

    def _change(self) -> None:
        """See to it that what is new is painted soon, where somebody looks."""
        self.stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _refresh(self) -> None:
        if not self.stale or not self.isVisible():
            return
        self.stale = False
        self._offer_norms()
        self._offer_logits()
        self._show_parts()
        self._show_logits()
        self._show_norms()
        self._show_latents()

    def _show_parts(self) -> None:
        logits = bool(self.whose.count())
        self.whose.setVisible(self.whose.count() > 1)
        norms, latents = bool(self.norms.count()), _LATENTS in self.store
        for part, there in ((self._logits, logits), (self._norms, norms), (self._latents, latents)):
            part.setVisible(there)
        self.empty.setVisible(not (logits or norms or latents))

    def _show_logits(self) -> None:
        whose = self.whose.currentData()
        if whose is None:
            return
        real = self.store.at(f"{_REAL}{whose}", self._step)
        fake = self.store.at(f"{_FAKE}{whose}", self._step)
        if real is not None and fake is not None:
            note = f"{words.step(real[0])} · {words.grouped(len(real[1]))} each"
            self.histogram.show_values({"real": real[1], "fake": fake[1]}, note)

    def _offer_logits(self) -> None:
        """Offer the discriminators that there are logits of; most runs have one."""
        there = [name.removeprefix(_REAL) for name in self.store.names if name.startswith(_REAL)]
        there = [whose for whose in there if f"{_FAKE}{whose}" in self.store]
        _offer(self.whose, [(whose, whose.strip("_/ ").replace("_", " ") or "all") for whose in there])

    def _offer_norms(self) -> None:
        """Offer the norms that there are; the choice stays wherever it is there."""
        names = [name for name in self.store.names if name.partition("/")[0] in _NORMS]
        names.sort(key=lambda name: list(_NORMS).index(name.partition("/")[0]))
        _offer(self.norms, [(name, _norms_text(name)) for name in names], self._wish)

    def _show_norms(self) -> None:
        name = self.norms.currentData()
        self.heat.show_table(self.store.table(name, COLUMNS) if name else None)
        self.heat.show_step(self._step)
        self.heat.setAccessibleName(f"Norms of each layer over the steps: {self.norms.currentText()}")

    def _show_latents(self) -> None:
        found = self.store.at(_LATENTS, self._step)
        if found is not None:
            step, values = found
            used = int((values > ACTIVE_NATS).sum())
            note = f"{words.step(step)} · {used} of {len(values)} above {ACTIVE_NATS} nats"
            self.bars.show_values(values, note)

    def _choose_norms(self) -> None:
        self._wish = str(self.norms.currentData())
        self._show_norms()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while it was hidden."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop painting what nobody sees."""
        super().hideEvent(event)
        self._timer.stop()

    # --- Making ------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.norms.currentIndexChanged.connect(self._choose_norms)
        self.whose.currentIndexChanged.connect(self._show_logits)
        self.heat.chosen.connect(self.stepChosen)
        self.heat.pointed.connect(self.caption.setText)

    def _lay_out(self) -> None:
        self.empty.setProperty("role", "quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = QLabel("Norms of each layer", self)
        heading.setProperty("role", "title")
        self.norms.setAccessibleName("Which norms to see")
        header = QHBoxLayout()
        header.setContentsMargins(4, 0, 0, 0)
        header.addWidget(heading)
        header.addStretch(1)
        header.addWidget(self.norms)
        self.whose.setAccessibleName("Whose logits to see")
        self._logits = _framed(self, self.whose, self.histogram)
        self._norms = _framed(self, header, self.heat, self.caption)
        self._latents = _framed(self, self.bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.empty, 1)
        column.addWidget(self._logits, 2)
        column.addWidget(self._norms, 4)
        column.addWidget(self._latents, 2)


def _norms_text(name: str) -> str:
    kind, _, network = name.partition("/")
    return f"{_NORMS[kind]}, {network.replace('_', ' ')}"


def _offer(box: QComboBox, choices: Sequence[tuple[str, str]], wish: str | None = None) -> None:
    """Offer choices, each with its text, in place of others; the wish, or the present one, stays chosen."""
    there = [key for key, _ in choices]
    if there == [box.itemData(place) for place in range(box.count())]:
        return
    present = wish or box.currentData()
    box.blockSignals(True)
    box.clear()
    for key, text in choices:
        box.addItem(text, key)
    box.setCurrentIndex(there.index(present) if present in there else min(0, len(there) - 1))
    box.blockSignals(False)


def _framed(parent: QWidget, *parts: QWidget | QHBoxLayout) -> QFrame:
    frame = QFrame(parent)
    frame.setProperty("role", "panel")
    column = QVBoxLayout(frame)
    column.setContentsMargins(8, 4, 8, 4)
    column.setSpacing(4)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part, 0 if isinstance(part, Caption | QComboBox) else 1)
        else:
            column.addLayout(part)
    return frame
