"""Schema: from a settings class to the plain field specs of which forms and command lines are made."""

import enum
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ganstudio.api.setting_types import KIND, Shape, shape_of
from ganstudio.api.settings import (
    ColourMark,
    ColumnMark,
    ExtractorMark,
    Group,
    Length,
    LiveMark,
    PathMark,
    Range,
    Shown,
    Unit,
    When,
)
from ganstudio.field_spec import Dependency, FieldSpec

_T = TypeVar("_T")
_KINDS = {bool: "bool", int: "int", float: "float", str: "text", Path: "path"}


def describe(settings: type[BaseModel]) -> tuple[FieldSpec, ...]:
    """Return a spec for each field, in the order of declaration."""
    return _described(settings, None, live=False)


def unshowable(settings: type[BaseModel], prefix: str = "settings") -> list[str]:
    """Return a sentence for each field that no form can show, and for each without a default."""
    sentences = []
    for name, info in settings.model_fields.items():
        shape, path = shape_of(info), f"{prefix}.{name}"
        inner = [shape.nested, *shape.variants.values()]
        for cls in dict.fromkeys(cls for cls in inner if cls is not None):
            sentences += unshowable(cls, path)
        if not any(inner) and _kind(shape) == "text" and shape.bare is not str:
            sentences.append(f"{path}: no form can show the type {_type_name(shape.bare)}.")
        elif info.is_required():
            sentences.append(f"{path}: it has no default; a form has to start from a value.")
    return sentences


def to_table(settings: BaseModel, inner: bool = False) -> dict[str, Any]:
    """Return settings as TOML can hold them: it has no null, so empty text stands for no value.

    No value is left out where that is the default, but not of nested settings: there the default is that
    of the field around them.
    """
    plain = settings.model_dump(mode="json")
    table: dict[str, Any] = {}
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            table[name] = to_table(value, inner=True)
        elif value is not None:
            table[name] = plain[name]
        elif inner or info.default is not None:
            table[name] = ""
    return table


def _described(settings: type[BaseModel], values: BaseModel | None, live: bool) -> tuple[FieldSpec, ...]:
    """Describe fields; they start from ``values`` where there are any; ``live``: all of them are."""
    return tuple(
        _describe(name, info, getattr(values, name) if values is not None else _default(info), live)
        for name, info in settings.model_fields.items()
    )


def _describe(name: str, info: FieldInfo, default: Any, live: bool) -> FieldSpec:
    shape = shape_of(info)
    marks = shape.marks
    inside = shape.item or Shape(None)
    low, high, log = _bounds((*marks, *inside.marks))
    length = _first(marks, Length)
    live = live or _first(marks, LiveMark) is not None
    shown = _first(marks, Shown)
    held = default if isinstance(default, BaseModel) else None
    return FieldSpec(
        name=name,
        title=info.title or name.replace("_", " "),
        kind=_kind(shape),
        default=_plain(default, shape),
        help=" ".join(
            [*(m for m in marks if isinstance(m, str)), *([info.description] if info.description else [])]
        ),
        low=low,
        high=high,
        log=log,
        unit=next((m.symbol for m in marks if isinstance(m, Unit)), ""),
        live=live,
        shown=shown is not None,
        previews=shown.previews if shown else (),
        choices=tuple(shape.variants) or _choices(shape) or ((default,) if _names_extractor(shape) else ()),
        of="extractor" if _names_extractor(shape) else "",
        group=next((m.title for m in marks if isinstance(m, Group)), ""),
        optional=shape.optional,
        item=_KINDS.get(inside.bare, ""),
        shortest=length.shortest if length else None,
        longest=length.longest if length else None,
        wants=next((m.wants for m in marks if isinstance(m, PathMark)), ""),
        fields=_described(shape.nested, held, live) if shape.nested else (),
        variants={kind: _variant(kind, cls, held, live) for kind, cls in shape.variants.items()},
        when=tuple(_dependency(mark) for mark in marks if isinstance(mark, When)),
    )


def _variant(kind: str, cls: type[BaseModel], held: BaseModel | None, live: bool) -> tuple[FieldSpec, ...]:
    """Describe the fields of one kind of a union, but for the kind itself."""
    own = held if held is not None and getattr(held, KIND, None) == kind else None
    return tuple(spec for spec in _described(cls, own, live) if spec.name != KIND)


def _kind(shape: Shape) -> str:
    marks = {type(mark) for mark in shape.marks}
    if shape.nested:
        return "settings"
    if shape.variants:
        return "variant"
    if shape.item:
        return "numbers"
    if shape.bare is str and ColourMark in marks:
        return "colour"
    if shape.bare is str and ColumnMark in marks:
        return "column"
    return "choice" if _choices(shape) or _names_extractor(shape) else _KINDS.get(shape.bare, "text")


def _names_extractor(shape: Shape) -> bool:
    return shape.bare is str and any(isinstance(mark, ExtractorMark) for mark in shape.marks)


def extractors_named(settings: BaseModel) -> dict[str, str]:
    """Return the feature extractors that settings name, by the setting; none where it is empty."""
    names = [name for name, info in type(settings).model_fields.items() if _names_extractor(shape_of(info))]
    return {name: value for name in names if (value := getattr(settings, name))}


def _choices(shape: Shape) -> tuple[Any, ...]:
    if typing.get_origin(shape.bare) is typing.Literal:
        return tuple(typing.get_args(shape.bare))
    if isinstance(shape.bare, type) and issubclass(shape.bare, enum.Enum):
        return tuple(member.value for member in shape.bare)
    return ()


def _bounds(marks: Iterable[Any]) -> tuple[float | None, float | None, bool]:
    """Return lowest, highest, and whether the scale is logarithmic; pydantic's own bounds count as well."""
    bounds = _first(marks, Range)
    if bounds:
        return bounds.low, bounds.high, bounds.log
    low, high = _first(marks, annotated_types.Ge), _first(marks, annotated_types.Le)
    return _number(low.ge if low else None), _number(high.le if high else None), False


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) else None


def _dependency(mark: When) -> Dependency:
    return Dependency(mark.setting, tuple(_plain(value) for value in mark.values), mark.above)


def _first(marks: Iterable[Any], kind: type[_T]) -> _T | None:
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def _default(info: FieldInfo) -> Any:
    value = info.get_default(call_default_factory=True, validated_data={})
    return None if value is PydanticUndefined else value


def _plain(value: Any, shape: Shape | None = None) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {name: _plain(getattr(value, name), shape_of(info)) for name, info in fields.items()}
    if shape is not None and shape.item:
        return list(value)
    return value if isinstance(value, bool | int | float | str) else str(value)


def _type_name(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
