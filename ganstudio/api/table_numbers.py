"""Table numbers: how numbers are written in a column, found out from all of its cells, and written so again.

It knows nothing of columns, and nothing of what the numbers mean.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

AS_NEEDED = -1
"""Of decimals: six figures that count, as numbers with an exponent have them."""
MOST_DECIMALS = 9
_MARKS = (
    *((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (".", "'")),
    *((",", "\u202f"), (",", "\u00a0")),
)
_LOOKED_AT = 2000
"""Texts that are enough to find out by."""

_UNITS = "%‰€$£¥₹₩₽¢°"
_UNIT = rf"\s*[{_UNITS}]?\s*"
_WRITTEN = re.compile(rf"({_UNIT})([^{_UNITS}\s].*?)({_UNIT})", re.DOTALL)
_MINUS = "−"


class NumberMarks(NamedTuple):
    """How numbers are written: the decimal ``point``, what stands between ``thousands``, and a unit.

    The unit is one sign, such as € or %, ``before`` or ``after`` every number, with its spaces.
    """

    point: str = "."
    thousands: str = ""
    before: str = ""
    after: str = ""

    def value(self, text: str) -> float:
        """Return the number that a text is, or NaN."""
        text = text.removeprefix(self.before).removesuffix(self.after).replace(_MINUS, "-")
        if not self.thousands:
            return _float(text, self.point)
        if not _grouped(self).fullmatch(text):
            return math.nan
        return _float(text.replace(self.thousands, ""), self.point)

    def written(self, value: float, decimals: int) -> str:
        """Return a number as a text: with so many decimals, or :data:`AS_NEEDED`."""
        text = f"{value:.6g}" if decimals == AS_NEEDED else f"{value:,.{decimals}f}"
        text = text.removeprefix("-") if _is_zero(text) else text
        swapped = text.translate({ord(","): self.thousands, ord("."): self.point})
        return f"{self.before}{swapped}{self.after}"

    def decimals(self, texts: Sequence[str]) -> int:
        """Return how many decimals these numbers have at most; with exponents :data:`AS_NEEDED`."""
        found = []
        for text in texts:
            bare = text.removeprefix(self.before).removesuffix(self.after).replace(_MINUS, "-")
            whole, _point, rest = bare.partition(self.point)
            if not all(_digits(part) for part in (whole.lstrip("+-").replace(self.thousands, ""), rest)):
                return AS_NEEDED
            found.append(len(rest))
        return min(max(found, default=0), MOST_DECIMALS)


PLAIN = NumberMarks()


def marks_of(texts: Sequence[str]) -> NumberMarks:
    """Return how most of these texts are written as numbers; plain ones where none is.

    A comma before three digits each time stands between thousands, unless some number shows that it does not.
    """
    texts = texts[:: max(len(texts) // _LOOKED_AT, 1)]
    odd = [text for text in texts if math.isnan(PLAIN.value(text))]
    if not any(sign.isdigit() for text in odd for sign in text):
        return PLAIN
    before, after = _unit(odd, len(texts))
    best, most = PLAIN, len(texts) - len(odd)
    for marks in _possible(before, after):
        count = sum(not math.isnan(marks.value(text)) for text in texts)
        if count > most and not _contradicted(marks, texts):
            best, most = marks, count
    return best


def _possible(before: str, after: str) -> Iterator[NumberMarks]:
    """Yield ways to write numbers, the likelier of two that read as much first."""
    for point, thousands in _MARKS:
        yield NumberMarks(point, thousands, before, after)


def _contradicted(marks: NumberMarks, texts: Sequence[str]) -> bool:
    """Say whether a number shows that what could stand between thousands does not."""
    if not marks.thousands:
        return False
    values = [(text, marks.value(text)) for text in texts]
    # Whoever writes 1,234 writes no 1234 beside it.
    return any(abs(value) >= 1000 and marks.thousands not in text for text, value in values)


def _grouped(marks: NumberMarks) -> re.Pattern[str]:
    thousands, point = re.escape(marks.thousands), re.escape(marks.point)
    return re.compile(rf"[+-]?(?:[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+|\d{{1,3}})(?:{point}\d+)?")


def _unit(texts: Sequence[str], of: int) -> tuple[str, str]:
    """Return the sign before and after these texts, where nearly all of them have the same."""
    found: dict[tuple[str, str], int] = {}
    for text in texts:
        match = _WRITTEN.fullmatch(text)
        if match:
            unit = match[1], match[3]
            found[unit] = found.get(unit, 0) + 1
    unit = max(found, key=lambda each: found[each], default=("", ""))
    return unit if 2 * found.get(unit, 0) > of else ("", "")


def _float(text: str, point: str) -> float:
    if "_" in text or (point != "." and "." in text):
        return math.nan
    try:
        return float(text.replace(point, "."))
    except ValueError:
        return math.nan


def _is_zero(text: str) -> bool:
    return float(text.replace(",", "")) == 0


def _digits(text: str) -> bool:
    return not text or text.isdigit()
