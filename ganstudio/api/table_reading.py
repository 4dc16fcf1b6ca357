"""Table reading: what the cells of one column are, and the numbers that stand for them.

It finds out whether cells are numbers, dates or categories, obeys who says otherwise, and tells in sentences
what it changed. It knows nothing of files.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ganstudio.api import table_dates
from ganstudio.api.errors import InputError
from ganstudio.api.table_columns import Holds, TableColumn
from ganstudio.api.table_numbers import AS_NEEDED, NumberMarks, marks_of
from ganstudio.api.table_treatments import LEAVE_OUT, TREATMENTS, FoundColumn, Treatment

if TYPE_CHECKING:
    from numpy.typing import NDArray

OTHER = "other"
"""The category that rare ones are joined to."""

_EMPTY = frozenset(("", "na", "n/a", "#n/a", "nan", "null"))
_NO_NUMBER = _EMPTY | {"none", "?", "-", "--", "unknown", "missing"}
"""What counts as an empty cell, in any column and in one of numbers; small letters."""
_FEW_NUMBERS = 10
"""Whole numbers of so few kinds are categories."""
_MOSTLY = 0.9
"""Where so many of the cells are numbers, the others count as empty."""
_MUCH = 0.5
"""Where more than this share of the rows lose their category, little is left to learn."""
_REPEATED = 0.5
"""Text of which more than this share is different from all before is no category."""
_CODE = re.compile(r"0\d+")
"""A whole number that begins with a nought is the name of something, such as a post code."""


@dataclass
class Recognised:
    """A column, ``None`` where it is left out; its numbers, ``float64`` [N]; sentences on what was done."""

    column: TableColumn | None
    codes: "NDArray[Any] | None" = None
    notes: list[str] = field(default_factory=list)


def recognise(
    name: str, cells: Sequence[str], treatment: Treatment | None = None, most_categories: int = 100
) -> tuple[Recognised, FoundColumn]:
    """Return what a column becomes, and what was found in it.

    ``treatment``: what is asked for, or nothing to find out. Raises ``InputError``, with the name of the
    column, where it cannot be treated so.
    """
    known = _Cells(name, cells, most_categories)
    done = known.treated(treatment)
    return done, known.described(done, treatment)


class _Cells:
    """The cells of one column, each different text once."""

    def __init__(self, name: str, cells: Sequence[str], most: int) -> None:
        self.name, self._most = name, most
        places: dict[str, int] = {}
        self._which = [places.setdefault(cell.strip(), len(places)) for cell in cells]
        self._texts = list(places)
        self._counts = [0] * len(places)
        for place in self._which:
            self._counts[place] += 1
        self._notes: list[str] = []

    def treated(self, treatment: Treatment | None) -> Recognised:
        """Return what becomes of the column."""
        if treatment == LEAVE_OUT:
            return Recognised(None, notes=[f"Column {self.name} is left out, as asked."])
        usual, why = self._usual
        if not self._filled(_EMPTY):
            return Recognised(None, notes=[why])
        if treatment == "date" and self._form is None:
            raise InputError(self._no_such("dates"))
        if treatment == "continuous" and not self._numbers and self._form is None:
            raise InputError(self._no_such("numbers"))
        if treatment is None and why:
            self._notes.append(why)
        return self._kinds[treatment or usual]()

    def described(self, done: Recognised, asked: Treatment | None) -> FoundColumn:
        """Return what was found, and what was made of it."""
        filled, usual = self._filled(_EMPTY), self._usual[0]
        empty = 1 - self._rows(filled) / max(len(self._which), 1)
        treatment = LEAVE_OUT if done.column is None else asked or usual
        return FoundColumn(
            self.name,
            self._cells_are(),
            done.column.missing if done.column else empty,
            len(filled),
            usual,
            treatment,
            tuple(each for each in TREATMENTS if self._can_be(each)),
            tuple(done.notes),
        )

    # --- Finding out -------------------------------------------------------------------------------

    @cached_property
    def _usual(self) -> tuple[Treatment, str]:
        """How the column is treated where nobody asks, and a sentence on why where one might wonder."""
        if not self._filled(_EMPTY):
            return LEAVE_OUT, f"Column {self.name} is empty in every row and is left out."
        if self._share_of_numbers >= _MOSTLY:
            return self._usual_of_numbers()
        if not self._numbers and self._form:
            return "date", ""
        if self._is_free_text():
            return LEAVE_OUT, self._names_rows()
        if not self._numbers:
            return "categorical", ""
        return "categorical", (
            f"Column {self.name} holds both numbers and text, such as {self._example(self._numbers)!r}; each "
            "different cell is a category."
        )

    def _usual_of_numbers(self) -> tuple[Treatment, str]:
        numbers = self._numbers
        if self._are_codes:
            return self._usual_of_codes()
        whole = all(value == int(value) for value in numbers.values())
        if whole and len(set(numbers.values())) <= _FEW_NUMBERS:
            return "categorical", ""
        if whole and self._counts_rows(numbers):
            return LEAVE_OUT, (
                f"Column {self.name} counts the rows, so there is nothing to learn in it; it is left out."
            )
        return "continuous", ""

    def _usual_of_codes(self) -> tuple[Treatment, str]:
        if self._is_free_text():
            return LEAVE_OUT, self._names_rows()
        return "categorical", (
            f"Column {self.name} holds numbers that begin with 0, so they are taken for names of kinds."
        )

    @cached_property
    def _are_codes(self) -> bool:
        return any(_CODE.fullmatch(self._texts[place]) for place in self._numbers)

    def _names_rows(self) -> str:
        return (
            f"Column {self.name} has {len(self._filled(_EMPTY))} different texts in {len(self._which)} "
            "rows, so it names rows rather than kinds, and is left out."
        )

    @cached_property
    def _share_of_numbers(self) -> float:
        """The share of numbers among the cells that hold something, 0..1."""
        filled = self._rows(self._filled(_NO_NUMBER))
        return self._rows(self._numbers) / filled if filled else 0.0

    def _counts_rows(self, numbers: dict[int, float]) -> bool:
        """Say whether every row has the number after that of the row before."""
        if len(numbers) != len(self._which):
            return False
        values = [numbers[place] for place in self._which]
        return all(later - earlier == 1 for earlier, later in pairwise(values))

    def _is_free_text(self) -> bool:
        filled = self._filled(_EMPTY)
        return len(filled) > 20 and len(filled) > _REPEATED * self._rows(filled)

    def _can_be(self, treatment: Treatment) -> bool:
        if treatment == "date":
            return self._form is not None
        if treatment == "continuous":
            return bool(self._numbers) or self._form is not None
        return treatment == LEAVE_OUT or bool(self._filled(_EMPTY))

    def _cells_are(self) -> str:
        """Return in a word or two what the cells are."""
        if not self._filled(_EMPTY):
            return "nothing"
        if self._share_of_numbers >= _MOSTLY:
            whole = all(value == int(value) for value in self._numbers.values())
            return "whole numbers" if whole else "numbers"
        if self._numbers:
            return "numbers and text"
        return "dates" if self._form else "text"

    # --- Kinds of columns --------------------------------------------------------------------------

    @property
    def _kinds(self) -> Mapping[Treatment, Callable[[], Recognised]]:
        return {
            "continuous": self._continuous if self._numbers else self._dates,
            "categorical": self._categorical,
            "date": self._dates,
            LEAVE_OUT: lambda: Recognised(None, notes=self._notes),
        }

    def _continuous(self) -> Recognised:
        numbers = self._numbers
        texts = [self._texts[place] for place in numbers]
        whole = all(value == int(value) for value in numbers.values())
        others = {p for p in self._filled(_NO_NUMBER) if p not in numbers}
        if others:
            rows = self._rows(others)
            self._notes.append(
                f"Column {self.name}: {rows} {'cell is' if rows == 1 else 'cells are'} no number, such as "
                f"{self._texts[min(others)]!r}, and {'counts' if rows == 1 else 'count'} as empty."
            )
        self._note_marks(texts)
        decimals = self._marks.decimals(texts)
        if whole and decimals == AS_NEEDED:
            decimals = 0
        column = TableColumn(
            self.name,
            "continuous",
            "whole numbers" if whole else "numbers",
            decimals=decimals,
            marks=self._marks,
        )
        return self._measured(column, numbers)

    def _note_marks(self, texts: Sequence[str]) -> None:
        """Say how numbers were read where that could be otherwise."""
        marks = self._marks
        if marks.thousands:
            example = next((text for text in texts if marks.thousands in text), "")
            self._notes.append(
                f"Column {self.name}: {marks.thousands!r} stands between thousands, as in {example!r}; so it "
                "does in samples."
            )
        elif marks.point == ",":
            self._notes.append(f"Column {self.name} has decimal commas; so have samples.")

    def _dates(self) -> Recognised:
        form = self._form
        assert form is not None, "it was looked for"
        dates = {place: table_dates.days(self._texts[place], form) for place in self._filled(_NO_NUMBER)}
        decimals = AS_NEEDED if table_dates.has_times(form) else 0
        column = TableColumn(
            self.name, "continuous", "dates", decimals=decimals, form=form, treated="dates as numbers of days"
        )
        self._notes.append(f"Column {self.name} holds dates, which are learned as numbers of days.")
        if table_dates.rival_of([self._texts[place] for place in dates], form):
            self._notes.append(
                f"Column {self.name} is read as {table_dates.named(form)}: no date in it shows that "
                "it is the other way round."
            )
        return self._measured(column, dates)

    def _measured(self, column: TableColumn, numbers: dict[int, float]) -> Recognised:
        """Return a continuous column with its mean and spread, by which its numbers are counted."""
        import numpy as np

        of_each = np.array([numbers.get(place, math.nan) for place in range(len(self._texts))])
        values = of_each[self._which]
        missing = float(np.isnan(values).mean())
        mean, spread = float(np.nanmean(values)), float(np.nanstd(values))
        column = replace(
            column,
            mean=mean,
            spread=spread or 1.0,
            low=float(np.nanmin(values)),
            high=float(np.nanmax(values)),
            missing=missing,
        )
        self._note_missing(missing)
        if not spread:
            self._notes.append(f"Column {self.name} is the same in every row that has it; so are samples.")
        return Recognised(column, (values - mean) / column.spread, self._notes)

    def _categorical(self) -> Recognised:
        import numpy as np

        filled = self._filled(_EMPTY)
        ranked = sorted(filled, key=lambda place: (-self._counts[place], self._texts[place]))
        kept = ranked if len(ranked) <= self._most else ranked[: self._most - 1]
        rare = set(ranked[len(kept) :])
        categories = self._in_order(kept)
        joined = _free_name(OTHER, categories) if rare else ""
        empty = len(filled) < len(self._texts)
        names = [*categories, *([joined] if rare else []), *([""] if empty else [])]
        number = {name: place for place, name in enumerate(names)}
        # What is an empty cell may be written in several ways.
        own = {place: number.get(self._texts[place], number.get(joined, 0)) for place in filled}
        codes = [own.get(place, number.get("", 0)) for place in range(len(self._texts))]
        values = np.array(codes, np.float64)[self._which]
        missing = self._rows(set(range(len(self._texts))) - set(filled)) / len(self._which)
        self._note_categories(names, rare, joined, missing)
        treated = f"the {len(kept)} commonest, the rest as {joined!r}" if rare else ""
        column = TableColumn(self.name, "categorical", self._holds(kept), tuple(names), missing=missing)
        return Recognised(replace(column, treated=treated, marks=self._marks), values, self._notes)

    def _note_categories(self, names: list[str], rare: set[int], joined: str, missing: float) -> None:
        if rare:
            share = self._rows(rare) / len(self._which)
            hint = " Leave it out, or set Most categories higher." if share > _MUCH else ""
            self._notes.append(
                f"Column {self.name} has {len(rare) + self._most - 1} categories; the {self._most - 1} "
                f"commonest are kept and the others, {share:.0%} of the rows, are {joined!r}.{hint}"
            )
        if len(names) == 1:
            self._notes.append(f"Column {self.name} is {names[0]!r} in every row; so it is in samples.")
        self._note_missing(missing)

    def _note_missing(self, missing: float) -> None:
        if missing:
            self._notes.append(
                f"Column {self.name} is empty in {max(missing, 0.001):.1%} of the rows; samples are as often."
            )

    # --- Cells -------------------------------------------------------------------------------------

    def _filled(self, empty: frozenset[str]) -> list[int]:
        """Return the places of the texts that are not empty."""
        return [place for place, text in enumerate(self._texts) if text.lower() not in empty]

    def _rows(self, places: "Sequence[int] | set[int] | dict[int, float]") -> int:
        """Return in how many rows these texts stand."""
        return sum(self._counts[place] for place in places)

    @cached_property
    def _marks(self) -> NumberMarks:
        """How numbers are written here."""
        return marks_of([self._texts[place] for place in self._filled(_NO_NUMBER)])

    @cached_property
    def _numbers(self) -> dict[int, float]:
        """The texts that are finite numbers, by place."""
        found = {place: self._marks.value(self._texts[place]) for place in self._filled(_NO_NUMBER)}
        return {place: value for place, value in found.items() if math.isfinite(value)}

    @cached_property
    def _form(self) -> str | None:
        """The form that all the texts are dates in, if there is one."""
        return table_dates.form_of([self._texts[place] for place in self._filled(_NO_NUMBER)])

    def _holds(self, places: list[int]) -> Holds:
        if self._are_codes or not places or not all(place in self._numbers for place in places):
            return "text"
        whole = all(self._marks.decimals([self._texts[place]]) == 0 for place in places)
        return "whole numbers" if whole else "numbers"

    def _in_order(self, places: list[int]) -> list[str]:
        """Return the texts of categories, as numbers where all are."""
        if all(place in self._numbers for place in places):
            places = sorted(places, key=lambda place: (self._numbers[place], self._texts[place]))
            return [self._texts[place] for place in places]
        return sorted(self._texts[place] for place in places)

    def _example(self, numbers: dict[int, float]) -> str:
        return next(self._texts[place] for place in self._filled(_EMPTY) if place not in numbers)

    def _no_such(self, what: str) -> str:
        example = self._texts[self._filled(_EMPTY)[0]]
        return (
            f"Column {self.name} is to be treated as {what}, and holds none: {example[:40]!r}, for example. "
            "Treat it as categorical, or leave it out."
        )


def _free_name(name: str, taken: Sequence[str]) -> str:
    return name if name not in taken else _free_name(f"({name})", taken)
