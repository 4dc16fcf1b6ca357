"""Points of the user's own: in a table of text, which is also what drawn ones become, or a NumPy file."""

from pathlib import Path
from typing import Annotated, ClassVar

import torch
from torch import Tensor

from ganstudio.api import DataSource, DataSpec, InputError, LoadedData, PointSpec, Range, Report
from ganstudio_plugins.point_tables import Points, read_arrays, read_table

ARRAYS = (".npy", ".npz")


class PointFile(DataSource):
    """Points of your own: one x,y a line, a class as third column if you like, or a NumPy array."""

    title = "Points in a file, or drawn"
    gives: ClassVar[type[DataSpec]] = PointSpec

    class Settings(DataSource.Settings):
        """The file, and what is made of its points."""

        file: Annotated[Path | None, "The .csv, .txt, .npy or .npz file that holds the points"] = None
        count: Annotated[
            int,
            Range(0, 1_000_000),
            "Points in the training set, drawn from those of the file; 0 takes each of them once",
        ] = 0
        spread: Annotated[
            float,
            Range(0.0, 1.0),
            "Standard deviation of the noise that is added, once, where the largest coordinate is 1",
        ] = 0.0

    settings: "PointFile.Settings"

    def load(self, report: Report) -> LoadedData:
        """Read the points and divide them by the largest coordinate; raises ``InputError`` without any."""
        path = self._file()
        report(f"Reading {path.name}", None)
        read = read_arrays if path.suffix.lower() in ARRAYS else read_table
        found = read(path, report)
        points, labels = self._drawn(found)
        notes = [_left_out(found, path)] if found.unreadable else []
        spec = PointSpec(2, classes=found.classes)
        return LoadedData(spec, points, labels, notes, unreadable=found.unreadable)

    def _file(self) -> Path:
        path = self.settings.file
        if path is None:
            raise InputError("No file is chosen. Set File to the one that holds your points.")
        path = path.expanduser().absolute()
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "does not exist"
            raise InputError(f"{path} {what}. Set File to the one that holds your points.")
        return path

    def _drawn(self, found: Points) -> tuple[Tensor, Tensor | None]:
        """Return as many points as asked for, with the noise; they depend on file and settings alone."""
        generator = torch.Generator().manual_seed(0)
        # Divided in double precision: a coordinate may be larger than the networks' numbers can be.
        points = (found.points / (found.points.abs().max().item() or 1.0)).float()
        labels = found.labels
        if self.settings.count:
            chosen = torch.randint(len(points), (self.settings.count,), generator=generator)
            points, labels = points[chosen], None if labels is None else labels[chosen]
        return points + self.settings.spread * torch.randn(points.shape, generator=generator), labels


def _left_out(found: Points, path: Path) -> str:
    named = ", ".join(f"{name} ({reason})" for name, reason in found.unreadable[:3])
    more = f" and {len(found.unreadable) - 3} more" if len(found.unreadable) > 3 else ""
    return f"Left out of {path.name}: {named}{more}."
