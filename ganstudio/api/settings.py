"""Settings: one declaration that makes the form, the command line, the file and the checks.

A field is declared with its range and its help beside its type::

    class Settings(GAN.Settings):
        width: Annotated[int, Range(8, 512, log=True), "Channels of the widest layer"] = 64

Plain strings in ``Annotated`` are the help; ``{width}`` in it is the value of that field, and
``{2 * width}`` is worked out. ``Live`` marks what may change while training. This module knows nothing of
torch, so that forms and command lines can be made before torch is loaded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import annotated_types
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from ganstudio.api.setting_types import Shape, over, shape_of


@dataclass(frozen=True)
class Range(annotated_types.GroupedMetadata):
    """Lowest and highest value of a number, both allowed; ``log`` for a logarithmic slider."""

    low: float
    high: float
    log: bool = False

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        """Give pydantic the two bounds to enforce."""
        yield annotated_types.Ge(self.low)
        yield annotated_types.Le(self.high)


@dataclass(frozen=True)
class Unit:
    """The unit shown behind a number, such as ``px`` or ``steps``."""

    symbol: str


@dataclass(frozen=True)
class Group:
    """The group of the form a field stands in; one without stands at the top."""

    title: str


@dataclass(frozen=True)
class Length(annotated_types.GroupedMetadata):
    """How many numbers a list may have, both ends allowed."""

    shortest: int
    longest: int

    def __iter__(self) -> Iterator[annotated_types.BaseMetadata]:
        """Give pydantic the two bounds to enforce."""
        yield annotated_types.MinLen(self.shortest)
        yield annotated_types.MaxLen(self.longest)


@dataclass(frozen=True, init=False)
class When:
    """What a field applies to: another field of the same class that has one of ``values``.

    ``above``: or a number larger than this. The field is greyed elsewhere, with the reason; its value stays
    and is checked. Several marks must all hold. A dot leads into nested settings: ``"inner.kind"``.
    """

    setting: str
    values: tuple[Any, ...]
    above: float | None

    def __init__(self, setting: str, *values: Any, above: float | None = None) -> None:
        if not values and above is None:
            raise TypeError(f"When({setting!r}) says neither values nor what they are above.")
        object.__setattr__(self, "setting", setting)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "above", above)


@dataclass(frozen=True)
class LiveMark:
    """The type of :data:`Live`."""


Live = LiveMark()
"""Marks a field that may change while training; the change acts at the next step."""


@dataclass(frozen=True, init=False)
class Shown(LiveMark):
    """Marks a live field that changes samples as they are looked at, and never what is trained.

    It stands under the samples as well, of the ``previews`` with these names, or of all; new samples follow
    each change at once, while a training is paused too.
    """

    previews: tuple[str, ...]

    def __init__(self, *previews: str) -> None:
        object.__setattr__(self, "previews", previews)


@dataclass(frozen=True)
class ColumnMark:
    """The type of :data:`Column`."""


Column = ColumnMark()
"""Marks a text that names a column of the data; the form offers those that were found in it."""


@dataclass(frozen=True)
class ExtractorMark:
    """The type of :data:`Extractor`."""


Extractor = ExtractorMark()
"""Marks a text that is the short name of a feature extractor; the form offers those that a loss can use."""


@dataclass(frozen=True)
class PathMark:
    """The type of :data:`File` and :data:`Folder`."""

    wants: str


File = PathMark("file")
"""Marks a path that leads to a file."""

Folder = PathMark("folder")
"""Marks a path that leads to a folder."""


@dataclass(frozen=True)
class ColourMark:
    """Tells a :data:`Colour` from other text."""


def _hexadecimal(text: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", text):
        raise PydanticCustomError("no_colour", "this is no colour")
    return text.lower()


Colour = Annotated[str, ColourMark(), AfterValidator(_hexadecimal)]
"""The type of a colour: text such as ``"#3584e4"``, red, green and blue with two hexadecimal digits each."""


class FieldError(ValueError):
    """What a validator of a whole class raises about one of its fields, so that it is shown there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Settings(BaseModel):
    """Base of every settings class: unknown names are refused, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, values: Any) -> Any:
        """Read values as forms and TOML have them: neither has a null, and both leave out what is usual."""
        if not isinstance(values, Mapping):
            return values
        fields = cls.model_fields
        return {
            name: _read(value, fields[name]) if name in fields else value for name, value in values.items()
        }


def _read(value: Any, field: FieldInfo) -> Any:
    shape = shape_of(field)
    if isinstance(value, str) and value == "" and (shape.optional or field.default is None):
        return None
    if _is_truth(value, shape):
        # As text it is refused; Python would take true and false for 1 and 0.
        return str(value)
    if shape.nested or shape.variants:
        return over(field.get_default(call_default_factory=True, validated_data={}), shape, value)
    return value


def _is_truth(value: Any, shape: Shape) -> bool:
    """Say whether true or false stands where a number is wanted."""
    if shape.item and isinstance(value, list | tuple):
        return any(isinstance(item, bool) for item in value)
    return isinstance(value, bool) and shape.bare in (int, float)


class Optimizer(Settings):
    """How one network's weights are moved; a network has one of its own."""

    kind: Annotated[Literal["Adam", "RMSprop", "SGD"], "The update rule"] = "Adam"
    learning_rate: Annotated[float, Range(1e-7, 1.0, log=True), Live, "Step size"] = 2e-4
    beta1: Annotated[
        float,
        Range(0.0, 0.999),
        When("kind", "Adam", "SGD"),
        "Momentum: decay of the first moment (Adam), or of the velocity (SGD)",
    ] = 0.5
    beta2: Annotated[
        float,
        Range(0.0, 0.9999),
        When("kind", "Adam", "RMSprop"),
        "Decay of the second moment (Adam), or of the squares (RMSprop)",
    ] = 0.999
    weight_decay: Annotated[float, Range(0.0, 1.0), "Pull of every weight towards zero"] = 0.0
