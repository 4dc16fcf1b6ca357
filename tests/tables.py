"""Tables that tests ask for: files of a few columns, and a small experiment on the one that is made up."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ganstudio.api import LoadedData, RawTable, Report, TableSource
from ganstudio.experiment import Choice, Experiment


class Given(TableSource):
    """A table whose cells are given, as a plugin would read them."""

    title = "Given"
    cells: Mapping[str, Sequence[str]] = {}

    def read(self, report: Report) -> RawTable:
        return RawTable(list(self.cells), [list(column) for column in self.cells.values()])


def load(cells: Mapping[str, Sequence[str]], **settings: Any) -> LoadedData:
    """Return what becomes of these columns."""
    source = Given(Given.Settings(**{"held_out": 0.0, **settings}))
    source.cells = cells
    return source.load(lambda what, share=None: None)


def write(path: Path, cells: Mapping[str, Sequence[str]], delimiter: str = ",") -> Path:
    """Write these columns as a table of text."""
    lines = [delimiter.join(cells), *(delimiter.join(row) for row in zip(*cells.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def loans(steps: int = 4, **training: Any) -> Experiment:
    """A small part of the table that is made up, and small networks."""
    return Experiment(
        Choice("LoanTable", {"count": 400, "modes": 3}),
        Choice("TabularGAN", {"width": 16, "latent_dim": 8, "rows_at_hand": 100}),
        name="small loans",
        training={"steps": steps, "batch_size": 32, "report_every": 1, "preview_every": 2, **training},
    )
