"""Setting problems: what a settings class refuses, one sentence for each setting that is wrong.

It knows settings classes and their specs. It knows nothing of where the values came from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ganstudio.api.setting_types import KIND, shape_of
from ganstudio.api.settings import FieldError
from ganstudio.experiment import Problem, unknown_name
from ganstudio.field_spec import FieldSpec
from ganstudio.schema import describe

_BY_THE_AUTHOR = ("value_error", "assertion_error")
_UNION = ("union_tag_invalid", "union_tag_not_found", "model_type", "model_attributes_type")


def problems_of(
    prefix: str, model: type[BaseModel], values: Mapping[str, Any], error: ValidationError
) -> list[Problem]:
    """Return what was found wrong with ``values``: where, what was given, and what is allowed."""
    found: dict[str, Problem] = {}
    for detail in error.errors():
        place = _Place(prefix, model, describe(model), values)
        problem = place.problem([str(part) for part in detail["loc"]], detail)
        if problem is not None:
            # Several findings about one setting, such as two items of a list, are one sentence.
            found.setdefault(problem.path, problem)
    return list(found.values())


class _Place:
    """Some settings, nested or not, and what was given for them."""

    def __init__(
        self, path: str, model: type[BaseModel], specs: tuple[FieldSpec, ...], given: Mapping[str, Any]
    ) -> None:
        self.path, self.model, self.given = path, model, given
        self.specs = {spec.name: spec for spec in specs}

    def problem(self, location: Sequence[str], detail: ErrorDetails) -> Problem | None:
        """Return the sentence of a finding at ``location``; ``None`` where another finding says it."""
        if not location:
            return self._of_all(detail)
        name, *rest = location
        path, spec = f"{self.path}.{name}", self.specs.get(name)
        if spec is None:
            return Problem(path, unknown_name(path, name, self.specs))
        given = self.given.get(name)
        if spec.kind == "settings" and isinstance(given, Mapping):
            model = shape_of(self.model.model_fields[name]).nested
            assert model is not None
            return _Place(path, model, spec.fields, given).problem(rest, detail)
        if spec.kind == "variant" and isinstance(given, Mapping):
            return self._of_variant(name, spec, given, rest, detail)
        return Problem(path, _sentence(path, spec, given if name in self.given else detail["input"], detail))

    def _of_all(self, detail: ErrorDetails) -> Problem:
        """Return what a validator of the whole class says, at the setting that it names."""
        error = detail.get("ctx", {}).get("error")
        field = error.field if isinstance(error, FieldError) else ""
        path = f"{self.path}.{field}" if field else self.path
        return Problem(path, f"{path}: {_message(detail)}.")

    def _of_variant(
        self, name: str, spec: FieldSpec, given: Mapping[str, Any], rest: Sequence[str], detail: ErrorDetails
    ) -> Problem | None:
        path = f"{self.path}.{name}"
        usual = spec.default.get(KIND) if isinstance(spec.default, Mapping) else None
        kind = given.get(KIND, usual)
        model = shape_of(self.model.model_fields[name]).variants.get(kind) if isinstance(kind, str) else None
        if model is None:
            where = f"{path}.{KIND}"
            missing = f"{where}: say which, {spec.range_text()}."
            return Problem(where, missing if kind is None else spec.refusal(where, kind))
        # Pydantic names a member of the union next: what those say that were not chosen is of no account.
        if not rest or rest[0] not in (kind, model.__name__):
            return None
        inner = rest[1:]
        if inner and inner[0] not in model.model_fields:
            return _of_another_kind(f"{path}.{inner[0]}", inner[0], str(kind), spec)
        return _Place(path, model, spec.variants[str(kind)], given).problem(inner, detail)


def _of_another_kind(path: str, name: str, kind: str, spec: FieldSpec) -> Problem:
    """Return the sentence for a setting that the chosen kind of a union does not have."""
    owners = [other for other, fields in spec.variants.items() if any(one.name == name for one in fields)]
    if not owners:
        return Problem(path, unknown_name(path, name, [one.name for one in spec.variants[kind]]))
    where = path.rpartition(".")[0]
    return Problem(
        path,
        f"{path}: this is a setting of {' and '.join(owners)}, but the kind is {kind}; leave it out, or "
        f'replace all at once with {where}={{kind="{kind}"}}.',
    )


def _sentence(path: str, spec: FieldSpec, given: Any, detail: ErrorDetails) -> str:
    """Return the author's words where a validator of theirs refused, and else what is allowed."""
    if detail["type"] in _BY_THE_AUTHOR:
        return f"{path}: {_message(detail)}; {given!r} was given."
    if spec.suits(given) and detail["type"] not in _UNION:
        return f"{path}: {_message(detail)}."
    return spec.refusal(path, given)


def _message(detail: ErrorDetails) -> str:
    words = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return words.strip().rstrip(".")
