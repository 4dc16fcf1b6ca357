"""The data report: what a data source holds, as plain values and arrays to be shown.

It is made by ``ganstudio.inspection`` and crosses threads, so nobody changes it. It knows nothing of how
data is read, and loads no torch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ganstudio.api.table_columns import TableColumn
from ganstudio.api.table_treatments import FoundColumn

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Looked:
    """Samples to be shown: images ``uint8`` [N, H, W, C], points ``float32`` [N, D], or rows [N, C].

    Of pairs, and of two domains, each image shows one of either kind beside the other.
    """

    array: "NDArray[Any]"
    labels: tuple[int, ...] = ()
    """The class of each, or nothing where the data has none."""


@dataclass(frozen=True)
class DataReport:
    """What was found in the data of one source with its settings."""

    source: str
    """The title of the source."""
    kind: str
    """``images``, ``points`` or ``tables``."""
    spec: Mapping[str, Any]
    """The data's description as plain values, see ``ganstudio.api.data.spec_to_dict``."""
    described: str
    """The same in a few words, to stand in a sentence."""
    count: int
    shape: tuple[int, ...]
    """Of one sample: [C, H, W] of an image, [D] of a point, [C] of a row."""
    low: float
    high: float
    """The range of the values as they are stored: 0..255 at most for images."""
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    """Mean and standard deviation of each channel or dimension."""
    memory: int
    """Bytes that samples and labels take."""
    examples: Looked
    """Some samples, drawn at random but the same every time."""
    of_class: Mapping[int, Looked] = field(default_factory=dict)
    """Some samples of each class, by its number."""
    classes: tuple[tuple[str, int], ...] = ()
    """Name and number of samples of each class; nothing where the data has no labels."""
    groups: str = "classes"
    """What ``classes`` are: ``classes``, the two ``domains`` of unpaired images, or ``categories`` of the
    target of a table."""
    centres: tuple[tuple[float, ...], ...] = ()
    """Of a mixture whose modes are known: their centres."""
    copies: int = 0
    """Samples that equal an earlier one, value by value."""
    copied: Looked | None = None
    """Some of those that occur more than once, each once."""
    not_finite: int = 0
    """Samples with a value that is not a number, or infinite."""
    notes: tuple[str, ...] = ()
    """Sentences of the source: what was converted or left out."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Names of files or lines that were left out, and why, in a few words."""
    columns: tuple[str, ...] = ()
    """Of data from a table, the names of its columns."""
    table: tuple[TableColumn, ...] = ()
    """Of rows, what their numbers stand for, and how each column is treated."""
    found: tuple[FoundColumn, ...] = ()
    """Of rows, what was found in each column of the table, those that are left out as well."""
    held_out: int = 0
    """Samples beside these that are never trained on."""
    seconds: float = 0.0
    """What it took to read the data and to look at it."""

    @property
    def size(self) -> str:
        """``28 × 28`` of images, ``2`` numbers of points or columns of rows."""
        return f"{self.shape[2]} × {self.shape[1]}" if self.kind == "images" else str(self.shape[0])

    @property
    def imbalance(self) -> float:
        """How many times as large as the smallest class the largest is; 1 where there are none to compare."""
        counts = [count for _name, count in self.classes if count]
        return max(counts) / min(counts) if counts else 1.0
