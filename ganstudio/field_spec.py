"""FieldSpec: one setting as plain data, with what it may be and the sentence that says so.

Forms, command lines, files and their messages are all made from it. It knows nothing of the classes that
settings are declared in, nor of widgets.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_NOUNS = {
    "int": "a whole number",
    "float": "a number",
    "path": "a path",
    "colour": "a colour such as #3584e4",
    "column": "the name of a column",
    "settings": "a table of settings",
}


@dataclass(frozen=True)
class Dependency:
    """What a setting applies to: a sibling at ``path`` that is one of ``values``, or ``above`` a number."""

    path: str
    values: tuple[Any, ...] = ()
    above: float | None = None

    def holds(self, value: Any) -> bool:
        """Say whether the setting applies where the sibling is ``value``."""
        if self.above is not None and isinstance(value, int | float) and value > self.above:
            return True
        return any(value == wanted and type(value) is type(wanted) for wanted in self.values)

    def reason(self, title: str) -> str:
        """Return the sentence that says when the setting applies; ``title`` is what the sibling is called."""
        wanted = [_shown(value) for value in self.values]
        wanted += [f"above {_short(self.above)}"] if self.above is not None else []
        return f"Only when {title} is {' or '.join(wanted)}."


@dataclass(frozen=True)
class FieldSpec:
    """One setting.

    ``kind`` is ``int``, ``float``, ``bool``, ``text``, ``path``, ``choice``, ``numbers`` (a list of them),
    ``colour``, ``column`` (the name of one of the data), ``settings`` (nested, with ``fields``) or
    ``variant`` (one of ``choices``, each with the fields that ``variants`` holds for it).
    """

    name: str
    title: str
    kind: str
    default: Any
    help: str = ""
    low: float | None = None
    high: float | None = None
    log: bool = False
    unit: str = ""
    live: bool = False
    shown: bool = False
    """Whether it changes nothing but samples as they are looked at."""
    previews: tuple[str, ...] = ()
    """Of one that does: the previews it stands under; nothing for all."""
    choices: tuple[Any, ...] = ()
    of: str = ""
    """Of a choice among what plugins offer: its category. The catalogue has all of them as ``choices``."""
    group: str = ""
    """The group of the form it stands in; empty at the top."""
    optional: bool = False
    """Whether it may be left empty, which is read as no value at all."""
    item: str = ""
    """Of numbers: ``int`` or ``float``; ``low`` and ``high`` are those of each."""
    shortest: int | None = None
    longest: int | None = None
    """Of numbers: how many there may be."""
    wants: str = ""
    """Of a path: ``file`` or ``folder``; empty where it is not said."""
    fields: "tuple[FieldSpec, ...]" = ()
    variants: "Mapping[str, tuple[FieldSpec, ...]]" = field(default_factory=dict)
    when: tuple[Dependency, ...] = ()
    """What it applies to; all must hold."""

    @property
    def may_be_empty(self) -> bool:
        """Whether empty text stands for no value."""
        return self.optional or self.default == ""

    def range_text(self) -> str:
        """Return what is allowed, in words, to end a sentence with."""
        return self._allowed() + (", or nothing" if self.optional else "")

    def suits(self, value: Any) -> bool:
        """Say whether a value is one of this setting, of the right type and in range."""
        if isinstance(value, str) and value == "" and self.may_be_empty:
            return True
        match self.kind:
            case "int" | "float":
                return self._is_number(self.kind, value)
            case "bool":
                return isinstance(value, bool)
            case "choice":
                return any(value == one and type(value) is type(one) for one in self.choices)
            case "numbers":
                return isinstance(value, list | tuple) and self._are_numbers(value)
            case "settings" | "variant":
                return isinstance(value, Mapping)
            case "colour":
                return isinstance(value, str) and _COLOUR.fullmatch(value) is not None
        return isinstance(value, str)

    def refusal(self, path: str, value: Any) -> str:
        """Return the sentence for a value that is not allowed: where, what was given, and what is allowed."""
        return f"{path}: {value!r} is not {self.range_text()}."

    def _allowed(self) -> str:
        if self.kind in ("choice", "variant"):
            return "one of " + ", ".join(str(choice) for choice in self.choices)
        if self.kind == "bool":
            return "true or false"
        if self.kind == "numbers":
            return f"a list of {self._how_many()}{_NOUNS[self.item].removeprefix('a ')}s{self._bounds()}"
        return _NOUNS.get(self.kind, "text") + self._bounds()

    def _bounds(self) -> str:
        if self.low is not None and self.high is not None:
            return f" from {_short(self.low)} to {_short(self.high)}"
        if self.low is not None:
            return f" of at least {_short(self.low)}"
        return f" of at most {_short(self.high)}" if self.high is not None else ""

    def _how_many(self) -> str:
        if self.shortest is None or self.longest is None:
            return ""
        few, many = self.shortest, self.longest
        return f"{few} " if few == many else f"{few} to {many} "

    def _is_number(self, kind: str, value: Any) -> bool:
        numbers = (int,) if kind == "int" else (int, float)
        return type(value) in numbers and self._within(value)

    def _are_numbers(self, values: Iterable[Any]) -> bool:
        given = list(values)
        enough = (self.shortest or 0) <= len(given) and (self.longest is None or len(given) <= self.longest)
        return enough and all(self._is_number(self.item, value) for value in given)

    def _within(self, value: float) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


def field_at(fields: Iterable[FieldSpec], path: str) -> FieldSpec | None:
    """Return the setting at a path such as ``inner.width``; of a union, that of the first kind with it."""
    name, _, rest = path.partition(".")
    found = next((spec for spec in fields if spec.name == name), None)
    if found is None or not rest:
        return found
    inside = (found.fields, *found.variants.values())
    return next((spec for fields in inside if (spec := field_at(fields, rest))), None)


def filled(fields: Iterable[FieldSpec], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with the default of all that is not named, however deep; empty is what has no value."""
    complete = {spec.name: _filled(spec, values.get(spec.name, spec.default)) for spec in fields}
    return {**complete, **{name: value for name, value in values.items() if name not in complete}}


def _filled(spec: FieldSpec, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if spec.kind == "settings":
        return filled(spec.fields, value)
    if spec.kind == "variant":
        own = spec.default["kind"] if isinstance(spec.default, Mapping) else ""
        kind = value.get("kind", own)
        return {"kind": kind, **filled(spec.variants.get(kind, ()), value)}
    return value


def spec_from_dict(values: Mapping[str, Any]) -> FieldSpec:
    """Read what ``dataclasses.asdict`` made of a spec; raises ``TypeError`` for anything else."""
    variants = values.get("variants", {})
    return FieldSpec(
        **{
            **values,
            "choices": tuple(values["choices"]),
            "previews": tuple(values.get("previews", ())),
            "fields": tuple(spec_from_dict(inner) for inner in values.get("fields", ())),
            "variants": {kind: tuple(map(spec_from_dict, inner)) for kind, inner in variants.items()},
            "when": tuple(_dependency(one) for one in values.get("when", ())),
        }
    )


def _dependency(values: Mapping[str, Any]) -> Dependency:
    return Dependency(**{**values, "values": tuple(values["values"])})


def _shown(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _short(number: float | None) -> str:
    return (
        "" if number is None else f"{number:g}" if abs(number) < 1e6 else f"{number:,.0f}".replace(",", " ")
    )
