"""Engine: runs checks one after the other and makes a finding of each.

A check is a function that returns a sentence of what it saw, or raises :class:`Wrong`. The engine knows
nothing of what is checked.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from ganstudio.api import StudioError
from ganstudio.testing import where
from ganstudio.testing.report import Finding
from ganstudio.testing.where import NOWHERE, Place


class Subject(Protocol):
    """What checks are about: a class, and all that was made of it so far."""

    @property
    def cls(self) -> type:
        """The class that is checked."""


S = TypeVar("S", bound=Subject)


class Wrong(Exception):  # noqa: N818 - it is a finding
    """What a check found wrong, in whole sentences; ``place`` is where to look."""

    def __init__(self, sentence: str, place: Place = NOWHERE) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True)
class Check(Generic[S]):
    """``look`` is run when all that it ``needs`` passed; ``meaning`` is what passing it promises."""

    name: str
    meaning: str
    look: Callable[[S], str]
    needs: tuple[str, ...] = ()


def run(checks: Sequence[Check[S]], subject: S) -> Iterator[Finding]:
    """Yield the finding of each check of a class; what needs one that failed is left out."""
    failed: set[str] = set()
    place = where.of_class(subject.cls)
    for check in checks:
        if failed & set(check.needs):
            failed.add(check.name)
            continue
        finding = one(check.name, partial(check.look, subject), place, subject.cls.__name__)
        if not finding.ok:
            failed.add(check.name)
        yield finding


def one(name: str, look: Callable[[], str], place: Place, subject: str = "") -> Finding:
    """Return the finding of one check, whatever it raises; ``place``: where to look if it does not say."""
    began = time.perf_counter()
    found, ok = NOWHERE, False
    try:
        sentence, ok = look(), True
    except Wrong as wrong:
        sentence, found = str(wrong), wrong.place
    # A plugin may even call sys.exit; only the user's Ctrl+C passes.
    except (Exception, SystemExit) as error:
        sentence, found = said(error), where.of_error(error)
    found = place if found == NOWHERE else found
    return Finding(name, ok, sentence, found.file, found.line, time.perf_counter() - began, subject)


def said(error: BaseException) -> str:
    """Return what was raised as a sentence."""
    if isinstance(error, StudioError):
        return str(error)
    if isinstance(error, SystemExit):
        return "It calls sys.exit, which would end the program."
    text = " ".join(str(error).split())
    return f"It raised {type(error).__name__}: {text}" if text else f"It raised {type(error).__name__}."
