"""Table text: how the letters of a file are written, and what stands between its cells.

It knows nothing of rows and columns beyond that, and reads no more of a file than its beginning.
"""

import csv
import io
from itertools import islice
from pathlib import Path

from ganstudio.api import InputError

_DELIMITERS = ",;\t|"
_ROWS = 50
_SIGNS = (
    (b"PK\x03\x04", "It is an Excel workbook, or another archive"),
    (b"\xd0\xcf\x11\xe0", "It is an old Excel workbook"),
    (b"\x1f\x8b", "It is packed with gzip: unpack it"),
    (b"%PDF", "It is a PDF document"),
)
_MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""How files begin that say themselves how letters are written."""

PLAIN, WESTERN = "utf-8", "cp1252"


def encoding_of(path: Path, start: bytes) -> str:
    """Return how the letters of a file that begins so are written, as far as its beginning tells.

    Raises ``InputError`` where it is no text.
    """
    for sign, what in _SIGNS:
        if start.startswith(sign):
            raise InputError(f"{path} is no table of text. {what}. Save the table as CSV, and choose that.")
    for mark, encoding in _MARKED:
        if start.startswith(mark):
            return encoding
    if b"\0" not in start:
        return PLAIN
    # Of the letters of Europe, one of the two bytes of UTF-16 is nought.
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        own, other = start[place::2].count(0), start[1 - place :: 2].count(0)
        if own > len(start) // 4 and not other:
            return encoding
    raise InputError(f"{path} is no table of text: it holds bytes that no text has. Save the table as CSV.")


def delimiter_of(text: str) -> str:
    """Return the mark that cuts most of the first rows into equally many cells, more than one."""
    found = {}
    for mark in _DELIMITERS:
        counts = [len(cells) for cells in _first_rows(text, mark) if cells]
        usual = max(set(counts), key=counts.count, default=1)
        found[mark] = (counts.count(usual) / len(counts) if usual > 1 else 0, usual)
    return max(found, key=lambda mark: found[mark])


def _first_rows(text: str, mark: str) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=mark), _ROWS))
    except csv.Error:
        return []
