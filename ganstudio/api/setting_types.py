"""Setting types: what the annotation of a settings field stands for, taken apart.

It knows types and the order in which they may be wrapped: ``Annotated``, ``… | None``, lists, unions. It
knows nothing of ranges, help and forms.
"""

import functools
import operator
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

KIND = "kind"
"""The field of a settings class that tells it from the others of a union."""


@dataclass(frozen=True)
class Shape:
    """An annotation without its wrapping."""

    bare: Any
    """The type without ``Annotated`` and without ``None``."""
    marks: tuple[Any, ...] = ()
    """What ``Annotated`` holds beside the type, from the outside in."""
    optional: bool = False
    """Whether ``None`` is a value."""

    @property
    def nested(self) -> type[BaseModel] | None:
        """The settings class, where the type is one."""
        return self.bare if isinstance(self.bare, type) and issubclass(self.bare, BaseModel) else None

    @property
    def variants(self) -> dict[str, type[BaseModel]]:
        """The settings classes of a union by their kind; nothing for any other type."""
        if not _is_union(self.bare):
            return {}
        classes = [unwrapped(member).nested for member in typing.get_args(self.bare)]
        if not all(cls is not None and KIND in cls.model_fields for cls in classes):
            return {}
        return {kind: cls for cls in classes if cls is not None for kind in _kinds(cls)}

    @property
    def item(self) -> "Shape | None":
        """What a list is a list of: numbers; ``None`` for any other type."""
        origin, arguments = typing.get_origin(self.bare), typing.get_args(self.bare)
        endless = origin is list or (origin is tuple and len(arguments) == 2 and arguments[1] is ...)
        inner = unwrapped(arguments[0]) if endless and arguments else None
        return inner if inner is not None and inner.bare in (int, float) and not inner.optional else None


def shape_of(info: FieldInfo) -> Shape:
    """Return the shape of a field."""
    inner = unwrapped(info.annotation)
    return Shape(inner.bare, (*info.metadata, *inner.marks), inner.optional)


def unwrapped(annotation: Any) -> Shape:
    """Take ``Annotated`` and ``None`` away, however deep they are."""
    if typing.get_origin(annotation) is typing.Annotated:
        bare, *marks = typing.get_args(annotation)
        inner = unwrapped(bare)
        return Shape(inner.bare, (*marks, *inner.marks), inner.optional)
    if _is_union(annotation):
        rest = [member for member in typing.get_args(annotation) if member is not types.NoneType]
        if len(rest) < len(typing.get_args(annotation)):
            # A union of the rest is made anew: the type of ``A | B | None`` is that of ``A | B``.
            inner = unwrapped(functools.reduce(operator.or_, rest))
            return Shape(inner.bare, inner.marks, True)
    return Shape(annotation)


def merged(default: BaseModel, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``given`` with the values of ``default`` for all that it does not name, however deep."""
    fields = type(default).model_fields
    values: dict[str, Any] = {name: getattr(default, name) for name in fields}
    for name, value in given.items():
        shape = shape_of(fields[name]) if name in fields else Shape(None)
        values[name] = over(values.get(name), shape, value)
    return values


def over(default: Any, shape: Shape, given: Any) -> Any:
    """Return what is given for a field of settings, completed from its default.

    Of a union, the default counts for its own kind alone; where no kind is given, it is that.
    """
    if not isinstance(given, Mapping) or not (shape.nested or shape.variants):
        return given
    held = default if isinstance(default, BaseModel) else None
    if not shape.variants:
        return merged(held, given) if held else given
    own = getattr(held, KIND, None)
    # Without any kind it is refused: pydantic would take the first whose fields there are.
    kind = given.get(KIND, own)
    return merged(held, given) if held and kind == own else {**given, KIND: kind}


def _kinds(cls: type[BaseModel]) -> tuple[str, ...]:
    bare = shape_of(cls.model_fields[KIND]).bare
    return (
        tuple(str(kind) for kind in typing.get_args(bare))
        if typing.get_origin(bare) is typing.Literal
        else ()
    )


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)
