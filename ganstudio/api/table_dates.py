"""Table dates: the forms that dates are written in, found out from all cells of a column.

It knows nothing of columns. A date is a number of days since 1970.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d-%b-%Y", "%d %b %Y")
_TIMES = ("%H:%M:%S", "%H:%M", "%H:%M:%S.%f")
_ISO = tuple(f"%Y-%m-%d{mark}{time}" for mark in " T" for time in _TIMES)
FORMS = (
    *_DAYS,
    *_ISO,
    *(form + zone for form in _ISO for zone in ("Z", "%z")),
    *(f"{day} {time}" for day in _DAYS[1:] for time in _TIMES[:2]),
)
"""Every form that is known, as ``strptime`` takes it; of two that fit, the first is taken."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
_NAMES = {"d": "day", "m": "month", "b": "month", "Y": "year", "H": "hour", "M": "minute", "S": "second"}


def form_of(texts: Sequence[str]) -> str | None:
    """Return the form that all of these texts are dates in, or ``None``.

    Numbers without leading zeros are ``%-d`` and ``%-m``, where every text has them so.
    """
    form = next((form for form in FORMS if texts and _all_fit(texts, form)), None)
    if form is None:
        return None
    bare = re.sub(r"%([dmH])", r"%-\1", form)
    return bare if all(written(days(text, form), bare) == text for text in texts) else form


def rival_of(texts: Sequence[str], form: str) -> str | None:
    """Return a form with month and day the other way round in which the texts are dates too, or ``None``."""
    other = form.translate(str.maketrans("dm", "md"))
    padded = other.replace("%-", "%")
    return (
        other if padded in FORMS and padded != form.replace("%-", "%") and _all_fit(texts, padded) else None
    )


def days(text: str, form: str) -> float:
    """Return a date as days since 1970, in UTC where it says no zone; raises ``ValueError`` for none."""
    date = datetime.strptime(text, form.replace("%-", "%"))
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return (date - _EPOCH).total_seconds() / _DAY


def date_of(number: float) -> datetime:
    """Return the date that is so many days after 1970 began, to the second."""
    return _EPOCH + timedelta(seconds=round(number * _DAY))


def written(number: float, form: str) -> str:
    """Return days since 1970 in a form."""
    date = date_of(number)
    # Not every system knows %-d.
    bare = re.sub(r"%-(\w)", lambda match: str(int(date.strftime(f"%{match[1]}"))), form)
    return date.strftime(bare)


def has_times(form: str) -> bool:
    """Say whether a form tells the hour."""
    return "H" in form


def named(form: str) -> str:
    """Return a form in words: ``day.month.year``."""
    return re.sub(r"%-?(\w)", lambda match: _NAMES.get(match[1], ""), form)


def _all_fit(texts: Sequence[str], form: str) -> bool:
    try:
        for text in texts:
            days(text, form)
    except ValueError:
        return False
    return True
