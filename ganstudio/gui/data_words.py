"""Data words: what a data report says, in the words of the window. Plain text, no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.api.table_columns import TableColumn
from ganstudio.api.table_treatments import FoundColumn
from ganstudio.data_report import DataReport
from ganstudio.gui import words

_COLOURS = {1: "grey, 1 channel", 3: "colour, 3 channels"}
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_NOTHING = "–"
_FEW, _LISTED = 3, 50
"""Of what was left out, so many are named by the sentences of a source, and so many in a list."""
UNEVEN = 1.5
"""Classes whose sizes differ by more than this factor are said to be uneven."""


def summary(report: DataReport) -> str:
    """Return the data in one line."""
    parts = [_count(report.count, "sample", "samples"), report.described]
    if report.centres:
        parts.append(_count(len(report.centres), "mode", "modes"))
    elif report.classes:
        one = {"domains": "domain", "categories": "category of the target"}.get(report.groups, "class")
        many = report.groups + (" of the target" if report.groups == "categories" else "")
        parts.append(_count(len(report.classes), one, many))
    return " · ".join(parts)


def facts(report: DataReport) -> list[tuple[str, str]]:
    """Return what there is to know, as names and values in the order to show."""
    found = [("Samples", words.grouped(report.count))]
    if report.kind == "images":
        channels = report.shape[0]
        if report.held_out:
            found.append(("Held out", _count(report.held_out, "sample", "samples")))
        found += [("Size", f"{report.size} px"), ("Colour", _COLOURS.get(channels, f"{channels} channels"))]
    elif report.kind == "tables":
        return [*found, *_table_facts(report)]
    else:
        found.append(("Dimensions", report.size))
    found += [
        ("Values", f"{_short(report.low)} to {_short(report.high)}"),
        ("Mean", _each(report.mean)),
        ("Spread", _each(report.spread)),
    ]
    if report.classes:
        found.append(("Modes" if report.centres else report.groups.capitalize(), _classes(report)))
    elif report.centres:
        found.append(("Modes", str(len(report.centres))))
    found.append(("Duplicates", _copies(report)))
    if report.not_finite:
        found.append(("Not numbers", _count(report.not_finite, "sample", "samples")))
    if report.unreadable:
        found.append(("Left out", words.grouped(len(report.unreadable))))
    return [*found, ("Memory", memory(report.memory)), ("Looked at in", f"{report.seconds:.1f} s")]


@dataclass(frozen=True)
class ColumnRow:
    """A column of a table in words; ``found`` is nothing where its source does not say what it found."""

    name: str
    holds: str
    empty: str
    different: str
    becomes: str
    remarks: str
    target: bool
    found: FoundColumn | None = None


def column_rows(report: DataReport) -> list[ColumnRow]:
    """Return what there is to know of each column of a table, in its order."""
    learned = {column.name: column for column in report.table}
    target = str(report.spec.get("target", ""))
    if report.found:
        return [_found_row(found, learned.get(found.name), target) for found in report.found]
    return [
        ColumnRow(name, column.holds, _share(column.missing), "", _becomes(column), "", name == target)
        for name, column in learned.items()
    ]


def columns_sentence(rows: Sequence[ColumnRow]) -> str:
    """Return how many columns there are, and how many are left out."""
    left = sum(row.becomes == _NOTHING for row in rows)
    return _count(len(rows), "column", "columns") + (f", {left} left out" if left else "")


def _found_row(found: FoundColumn, column: TableColumn | None, target: str) -> ColumnRow:
    remarks = ["The target."] if found.name == target else []
    remarks += [_without_name(note, found.name) for note in found.notes]
    return ColumnRow(
        found.name,
        found.holds,
        _share(found.missing),
        words.grouped(found.distinct),
        _becomes(column) if column else _NOTHING,
        " ".join(remarks),
        found.name == target,
        found,
    )


def _becomes(column: TableColumn) -> str:
    if column.categorical:
        return _count(len(column.categories), "category", "categories")
    return _count(len(column.modes), "mode", "modes")


def _without_name(note: str, name: str) -> str:
    """Return a sentence that begins with the column's name without it, as it stands beside the name."""
    rest = note.removeprefix(f"Column {name}").removeprefix(":").strip()
    return rest[:1].upper() + rest[1:]


def _share(share: float) -> str:
    if not share:
        return _NOTHING
    return words.share(share) if share >= 0.01 else "< 1 %"


def _table_facts(report: DataReport) -> list[tuple[str, str]]:
    left = [name for name in report.columns if name not in {column.name for column in report.table}]
    found = [("Held out", _count(report.held_out, "row", "rows")), ("Columns", report.size)]
    if left:
        found.append(("Not learned", ", ".join(left)))
    if report.classes:
        found.append(("Target", _classes(report)))
    found.append(("Duplicates", _copies(report)))
    if report.unreadable:
        found.append(("Left out", words.grouped(len(report.unreadable))))
    return [*found, ("Memory", memory(report.memory)), ("Looked at in", f"{report.seconds:.1f} s")]


def left_out(report: DataReport) -> str:
    """Return what was changed or left out, a line each; of many, the first.

    The sentences of a source name a few of what was left out themselves; those on a column stand beside it.
    """
    beside = {note for found in report.found for note in found.notes}
    notes = [note for note in report.notes if note not in beside]
    named = report.unreadable[:_LISTED] if len(report.unreadable) > _FEW or not notes else ()
    lines = [*notes, *(f"{name}: {reason}" for name, reason in named)]
    more = len(report.unreadable) - len(named)
    return "\n".join([*lines, *([f"and {words.grouped(more)} more"] if named and more else [])])


def memory(size: float) -> str:
    """Return a number of bytes: ``3.7 MiB``."""
    unit = 0
    while size >= 1024 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.0f} {_UNITS[unit]}" if unit == 0 or size >= 100 else f"{size:.1f} {_UNITS[unit]}"


def _classes(report: DataReport) -> str:
    counts = [count for _name, count in report.classes]
    number = len(counts)
    if min(counts) == max(counts):
        return f"{number}, {words.grouped(counts[0])} samples each"
    if report.imbalance > UNEVEN:
        return f"{number}, the largest {report.imbalance:.1f} × the smallest"
    return f"{number}, {words.grouped(min(counts))} to {words.grouped(max(counts))} samples"


def _copies(report: DataReport) -> str:
    if not report.copies:
        return "none"
    share = report.copies / report.count
    return f"{words.grouped(report.copies)}, {words.share(share) if share >= 0.01 else 'less than 1 %'}"


def _short(value: float) -> str:
    return words.grouped(value) if value % 1 == 0 else words.number(value)


def _each(values: tuple[float, ...]) -> str:
    return ", ".join(words.number(value) for value in values)


def _count(number: int, one: str, many: str) -> str:
    return f"{words.grouped(number)} {one if number == 1 else many}"
