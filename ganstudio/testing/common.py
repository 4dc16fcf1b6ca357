"""What is checked of every plugin class, whatever it does: its words, and its settings."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ganstudio.api import Component
from ganstudio.api.settings import Settings
from ganstudio.field_spec import FieldSpec
from ganstudio.schema import describe, to_table, unshowable
from ganstudio.testing import where
from ganstudio.testing.engine import Check, Subject, Wrong

_SOURCE = re.compile(r"arXiv:|doi:|doi\.org|https?://|\b(19|20)\d\d\b|unpublished", re.IGNORECASE)
SOURCED = ("architecture", "loss", "regularizer", "augmentation")
"""The categories whose classes follow some paper; data and common figures need not."""


def words(subject: Subject) -> str:
    """Check that a class says what it is, and where that comes from."""
    cls = subject.cls
    text = (cls.__dict__.get("__doc__") or "").strip()
    if not text:
        raise Wrong(
            f"{cls.__name__} has no docstring of its own. Its first paragraph is the description that the "
            "window shows: write one."
        )
    if not getattr(cls, "title", ""):
        raise Wrong(f"{cls.__name__} has no title, so people would read its class name: set title = “…”.")
    if getattr(cls, "category", "") not in SOURCED:
        return f"“{cls.title}” is described."  # type: ignore[attr-defined]
    if not _SOURCE.search(text):
        raise Wrong(
            f"The docstring of {cls.__name__} names no source. End its first paragraph with the paper it "
            "follows, as in (Radford et al., 2016, arXiv:1511.06434), or with (unpublished)."
        )
    return f"“{cls.title}” is described, with its source."  # type: ignore[attr-defined]


def settings(subject: Subject) -> str:
    """Check that a form, a file and a command line can be made of the settings."""
    model: Any = getattr(subject.cls, "Settings", None)
    if not (isinstance(model, type) and issubclass(model, Settings)):
        raise Wrong(f"{subject.cls.__name__}.Settings must be a subclass of ganstudio.api.Settings.")
    for problem in unshowable(model, "Settings"):
        raise Wrong(problem, where.of_field(model, problem.partition(":")[0].split(".")[1]))
    defaults = _made(model)
    for problem, field in _problems(describe(model)):
        raise Wrong(problem, where.of_field(model, field))
    try:
        again = model.model_validate(to_table(defaults))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else ""
        raise Wrong(
            f"The default of {name or 'a setting'} cannot be read back from a file: {_first(error)}.",
            where.of_field(model, name),
        ) from error
    if again != defaults:
        raise Wrong(f"The defaults of {subject.cls.__name__}.Settings are others when read back from a file.")
    count = len(model.model_fields)
    return f"A form and a file can be made of its settings ({count})." if count else "It has no settings."


def _made(model: type[Settings]) -> Settings:
    try:
        return model()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else ""
        raise Wrong(
            f"The default of {name or 'the settings'} is not allowed by its own declaration: "
            f"{_first(error)}.",
            where.of_field(model, name),
        ) from error


def _problems(specs: tuple[FieldSpec, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a form would show badly, and the field."""
    for spec in specs:
        if not spec.help:
            yield (
                f"{spec.name} says nothing about itself: put its help, a string, into its Annotated.",
                spec.name,
            )
        if spec.log and not (spec.low or 0) > 0:
            yield f"{spec.name} has a logarithmic range that does not begin above 0.", spec.name


def _first(error: ValidationError) -> str:
    return str(error.errors()[0]["msg"]).removeprefix("Value error, ").rstrip(".")


def made(cls: type[Component], settings: Settings | None = None) -> Component:
    """Return a component as the studio makes one."""
    component = cls(settings)
    if not isinstance(getattr(component, "settings", None), Settings):
        raise Wrong(
            f"{cls.__name__} has no settings after it was made: its __init__ must call "
            "super().__init__(settings).",
            where.of_method(cls, "__init__"),
        )
    return component


WORDS: Check[Any] = Check(
    "words", "It has a title, and a docstring that says what it is and names its source.", words
)
SETTINGS: Check[Any] = Check(
    "settings",
    "Every setting can be shown by a form, has help, a default that is allowed, and survives a file.",
    settings,
)
