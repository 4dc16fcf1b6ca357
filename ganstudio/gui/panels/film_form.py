"""Film form: the fields that say what a film shows and how. It knows nothing of pictures and of files."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

_FORMATS = (
    ("Animated GIF", ".gif"),
    ("Animated WebP", ".webp"),
    ("MP4 film", ".mp4"),
    ("PNG strip", ".png"),
)
_MOST_STEP = 2**31 - 1


class FilmForm(QWidget):
    """Fields for a film of previews of these ``steps``, by kind.

    Signals:
        changed: the user changed a field.
    """

    changed = Signal()

    def __init__(self, steps: Mapping[str, Sequence[int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = steps
        self.format = QComboBox(self)
        self.kind = QComboBox(self)
        self.first, self.last = QSpinBox(self), QSpinBox(self)
        self.every, self.most = QSpinBox(self), QSpinBox(self)
        self.fps = QDoubleSpinBox(self)
        self.scale, self.columns = QSpinBox(self), QSpinBox(self)
        self.caption = QCheckBox("Write the step on each frame", self)
        self.loop = QCheckBox("Begin anew at the end", self)
        self._fill()
        self._lay_out()
        self._connect()
        self._take_kind()
        self._take_format()

    def suffix(self) -> str:
        """Return what the name of the file is to end in."""
        return str(self.format.currentData())

    def values(self) -> dict[str, Any]:
        """Return the fields of ``FilmOptions``."""
        strip = self.suffix() == ".png"
        return {
            "kind": str(self.kind.currentData() or ""),
            "first": self.first.value(),
            "last": self.last.value(),
            "every": self.every.value(),
            "most": self.most.value(),
            "fps": self.fps.value(),
            "scale": self.scale.value(),
            "caption": self.caption.isChecked(),
            "loop": self.loop.isChecked(),
            "columns": self.columns.value() if strip else 0,
        }

    def _take_kind(self) -> None:
        steps = self._steps.get(str(self.kind.currentData() or ""), ())
        low, high = (steps[0], steps[-1]) if steps else (0, 0)
        for box in (self.first, self.last):
            box.blockSignals(True)
            box.setRange(low, min(high, _MOST_STEP))
            box.setSingleStep(max(1, steps[1] - steps[0]) if len(steps) > 1 else 1)
        self.first.setValue(low)
        self.last.setValue(high)
        for box in (self.first, self.last):
            box.blockSignals(False)
        self.changed.emit()

    def _take_format(self) -> None:
        strip = self.suffix() == ".png"
        self._rows.setRowVisible(self.fps, not strip)
        self._rows.setRowVisible(self.loop, self.suffix() in (".gif", ".webp"))
        self._rows.setRowVisible(self.columns, strip)
        self.most.setSpecialValueText("12" if strip else "all")
        self.changed.emit()

    def _fill(self) -> None:
        for text, suffix in _FORMATS:
            self.format.addItem(text, suffix)
        for kind, steps in sorted(self._steps.items()):
            if steps:
                self.kind.addItem(kind.replace("-", " ").capitalize() or "Generated", kind)
        for box, low, high, value in (
            (self.every, 1, 10_000, 1),
            (self.most, 0, 100_000, 0),
            (self.scale, 1, 32, 2),
            (self.columns, 0, 1000, 0),
        ):
            box.setRange(low, high)
            box.setValue(value)
        self.columns.setSpecialValueText("all")
        self.scale.setSuffix(" ×")
        self.fps.setRange(0.5, 60)
        self.fps.setDecimals(1)
        self.fps.setValue(12)
        self.caption.setChecked(True)
        self.loop.setChecked(True)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._take_kind)
        self.format.currentIndexChanged.connect(self._take_format)
        for box in (self.first, self.last, self.every, self.most, self.scale, self.columns, self.fps):
            box.valueChanged.connect(self.changed)
        for check in (self.caption, self.loop):
            check.toggled.connect(self.changed)

    def _lay_out(self) -> None:
        self._rows = rows = QFormLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(6)
        steps = QHBoxLayout()
        steps.setSpacing(6)
        steps.addWidget(self.first, 1)
        steps.addWidget(QLabel("to", self))
        steps.addWidget(self.last, 1)
        rows.addRow("Format", self.format)
        rows.addRow("Samples", self.kind)
        rows.setRowVisible(self.kind, self.kind.count() > 1)
        rows.addRow("Steps", steps)
        rows.addRow("Every k-th preview", self.every)
        rows.addRow("Frames at most", self.most)
        rows.addRow("Frames a second", self.fps)
        rows.addRow("Side by side", self.columns)
        rows.addRow("Scale", self.scale)
        rows.addRow("", self.caption)
        rows.addRow("", self.loop)
        for widget, name, tip in (
            (self.format, "Format", "MP4 needs PyAV, which comes with ganstudio[video]"),
            (self.kind, "Samples", "Which of the kinds of previews that the run keeps"),
            (self.first, "First step", "The film begins with the first preview from this step on"),
            (self.last, "Last step", "The film ends with the last preview up to this step"),
            (self.every, "Every k-th preview", "1 takes all kept previews, 2 every other one"),
            (self.most, "Frames at most", "So many are chosen evenly where there are more"),
            (self.fps, "Frames a second", "How fast the film goes"),
            (self.columns, "Side by side", "Frames in a row of the strip"),
            (
                self.scale,
                "Scale",
                "How much larger samples are shown; points always take 512",
            ),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
