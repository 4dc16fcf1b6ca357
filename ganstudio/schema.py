"""Schema: from a settings class to the plain field specs of which forms and command lines are made."""

import enum
import types
import typing
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from ganstudio.api.settings import Group, LiveMark, Range, Settings, Unit
from ganstudio.catalogue import FieldSpec


def describe(settings: type[Settings]) -> tuple[FieldSpec, ...]:
    """Return a spec for each field, in the order of declaration."""
    return tuple(_describe(name, info) for name, info in settings.model_fields.items())


def _describe(name: str, info: FieldInfo) -> FieldSpec:
    bounds = next((m for m in info.metadata if isinstance(m, Range)), None)
    unit = next((m.symbol for m in info.metadata if isinstance(m, Unit)), "")
    texts = [m for m in info.metadata if isinstance(m, str)]
    default = info.get_default(call_default_factory=True, validated_data={})
    return FieldSpec(
        name=name,
        title=info.title or name.replace("_", " "),
        kind=_kind(info.annotation),
        default=_plain(default),
        help=" ".join([*texts, *([info.description] if info.description else [])]),
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        log=bounds.log if bounds else False,
        unit=unit,
        live=any(isinstance(m, LiveMark) for m in info.metadata),
        choices=_choices(info.annotation),
        group=next((m.title for m in info.metadata if isinstance(m, Group)), ""),
    )


_KINDS = {bool: "bool", int: "int", float: "float", str: "text", Path: "path"}


def _kind(annotation: Any) -> str:
    annotation = _without_none(annotation)
    return "choice" if _choices(annotation) else _KINDS.get(annotation, "text")


def _choices(annotation: Any) -> tuple[str, ...]:
    annotation = _without_none(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return tuple(str(value) for value in typing.get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return tuple(str(member.value) for member in annotation)
    return ()


def _without_none(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [a for a in typing.get_args(annotation) if a is not type(None)]
        return rest[0] if len(rest) == 1 else annotation
    return annotation


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if value is None:
        return ""
    return value if isinstance(value, bool | int | float | str) else str(value)
