"""Differences: the settings in which several runs differ, with what was changed while they trained.

Plain functions over histories and the catalogue. It reads no files and knows nothing of Qt and torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.catalogue import Catalogue, Entry, FieldSpec, find
from ganstudio.experiment import Experiment, settings_of
from ganstudio.field_spec import field_at

if TYPE_CHECKING:
    from ganstudio.runs.history import History

__all__ = ["ABSENT", "Cell", "Row", "differing_settings", "experiment_at", "settings_of"]


@dataclass(frozen=True)
class Cell:
    """One setting in one run: its first value, and the later ones with the step after which each held."""

    there: bool
    value: Any = None
    changes: tuple[tuple[int, Any], ...] = ()

    @property
    def last(self) -> Any:
        """The value that held in the end."""
        return self.changes[-1][1] if self.changes else self.value


ABSENT = Cell(there=False)
"""What a run does not have."""


@dataclass(frozen=True)
class Row:
    """One setting in all runs, in their order. ``unit`` is that of its numbers, or empty."""

    path: str
    title: str
    cells: tuple[Cell, ...]
    unit: str = ""


def differing_settings(runs: Sequence[History], catalogue: Catalogue) -> tuple[list[Row], int]:
    """Return the settings in which the runs differ, in the order of a form, and how many are equal.

    A live setting that was changed in one run and not in another, or otherwise, differs too.
    """
    tables = [_cells(run) for run in runs]
    paths = _in_order(tables)
    rows = []
    for path in paths:
        cells = tuple(table.get(path, ABSENT) for table in tables)
        if any(cell != cells[0] for cell in cells):
            rows.append(_row(path, cells, catalogue, runs))
    return rows, len(paths) - len(rows)


def experiment_at(run: History, step: int) -> Experiment:
    """Return what held in a run once ``step`` steps were done: what was asked, and the live changes since."""
    experiment = run.experiment
    for change in run.changes:
        if _own(run, change.step) and change.step <= step:
            # TOML has no null; empty text is read as none where that is the default.
            experiment = experiment.with_value(change.path, "" if change.value is None else change.value)
    return experiment


def _cells(run: History) -> dict[str, Cell]:
    """Return a cell for each setting of a run; of a branch, with what was changed before it as well."""
    starts = settings_of(run.experiment)
    chains: dict[str, list[tuple[int, Any]]] = {}
    inherited: dict[str, tuple[Any, list[tuple[int, Any]]]] = {}
    for change in run.changes:
        if _own(run, change.step):
            chains.setdefault(change.path, []).append((change.step, change.value))
        else:
            inherited.setdefault(change.path, (change.before, []))[1].append((change.step, change.value))
    cells = {}
    for path, asked in starts.items():
        first, before = inherited.get(path, (asked, []))
        # What a branch asks for where its parent held something else begins with the branch.
        at_branch = [(run.parent.step, asked)] if run.parent and before and before[-1][1] != asked else []
        cells[path] = Cell(True, first, (*before, *at_branch, *chains.get(path, ())))
    return cells


def _own(run: History, step: int) -> bool:
    """Say whether a change at ``step`` was made in the run itself, not in one that it branched from."""
    return run.parent is None or step > run.parent.step


def _in_order(tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return all paths, those of one part of an experiment together, as each table has them."""
    paths = dict.fromkeys(path for table in tables for path in table)
    parts = dict.fromkeys(path.partition(".")[0] for path in paths)
    order = list(parts)
    return sorted(paths, key=lambda path: order.index(path.partition(".")[0]))


# --- What settings are called ----------------------------------------------------------------------


def _row(path: str, cells: tuple[Cell, ...], catalogue: Catalogue, runs: Sequence[History]) -> Row:
    if path.endswith(".kind") and path.count(".") == 1:
        part = path.partition(".")[0]
        named = tuple(_titled(cell, catalogue, part) for cell in cells)
        return Row(path, part, named)
    spec = _spec(path, catalogue, runs)
    return Row(path, _title(path, spec, catalogue), cells, spec.unit if spec else "")


def _titled(cell: Cell, catalogue: Catalogue, part: str) -> Cell:
    entry = find(_entries(part, catalogue), str(cell.value))
    return Cell(True, entry.title, cell.changes) if cell.there and entry else cell


_OF_SEVERAL = ("optimizers", "regularizers", "augmentations")
"""The parts whose paths name one of several before its settings."""


def _title(path: str, spec: FieldSpec | None, catalogue: Catalogue) -> str:
    part, *inner = path.split(".")
    names, own = [name.replace("_", " ") for name in inner], 1 if part in _OF_SEVERAL else 0
    last = " ".join([*names[own:-1], spec.title if spec else names[-1]])
    if part == "optimizers" and len(inner) >= 2:
        return f"{inner[0]} {last}"
    if part in ("regularizers", "augmentations"):
        entry = find(_entries(part, catalogue), inner[0])
        owner = entry.title if entry else inner[0]
        return f"{owner} {last}" if len(inner) >= 2 else owner
    return last


def _spec(path: str, catalogue: Catalogue, runs: Sequence[History]) -> FieldSpec | None:
    """Return the description of a setting, or ``None`` where the plugin that has it is not there."""
    part, *inner = path.split(".")
    several = part in _OF_SEVERAL
    if part == "training":
        specs: Iterable[FieldSpec] = catalogue.training
    elif part == "optimizers":
        specs = catalogue.optimizer
    else:
        kinds = inner[:1] if several else [_kind(part, run) for run in runs]
        entries = [find(_entries(part, catalogue), kind) for kind in kinds]
        specs = [spec for entry in entries if entry for spec in entry.fields]
    return field_at(specs, ".".join(inner[1:] if several else inner))


def _kind(part: str, run: History) -> str:
    choice = {
        "data": run.experiment.data,
        "architecture": run.experiment.architecture,
        "loss": run.experiment.loss,
    }.get(part)
    return choice.kind if choice else ""


def _entries(part: str, catalogue: Catalogue) -> tuple[Entry, ...]:
    return {
        "data": catalogue.data,
        "architecture": catalogue.architectures,
        "loss": catalogue.losses,
        "regularizers": catalogue.regularizers,
        "augmentations": catalogue.augmentations,
    }.get(part, ())
