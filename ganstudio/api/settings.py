"""Settings: one declaration that makes the form, the command line, the file and the checks.

A field is declared with its range and its help beside its type::

    class Settings(GAN.Settings):
        width: Annotated[int, Range(8, 512, log=True), "Channels of the widest layer"] = 64

Plain strings in ``Annotated`` are the help. ``Live`` marks what may change while training. This module
knows nothing of torch, so that forms and command lines can be made before torch is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import annotated_types
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


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
class LiveMark:
    """The type of :data:`Live`."""


Live = LiveMark()
"""Marks a field that may change while training; the change acts at the next step."""


class Settings(BaseModel):
    """Base of every settings class: unknown names are refused, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any, info: ValidationInfo) -> Any:
        """Take empty text as no value where that is the default: neither a form nor TOML has a null."""
        field = cls.model_fields[info.field_name or ""]
        return None if value == "" and field.default is None else value

    @field_validator("*", mode="before")
    @classmethod
    def _truth_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true and false for a number: Python would take them for 1 and 0."""
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation in (int, float):
            raise ValueError("true and false are no numbers")
        return value


class Optimizer(Settings):
    """How one network's weights are moved; a network has one of its own."""

    kind: Annotated[Literal["Adam", "RMSprop", "SGD"], "The update rule"] = "Adam"
    learning_rate: Annotated[float, Range(1e-7, 1.0, log=True), Live, "Step size"] = 2e-4
    beta1: Annotated[
        float, Range(0.0, 0.999), "Momentum: decay of the first moment (Adam), or of the velocity (SGD)"
    ] = 0.5
    beta2: Annotated[
        float, Range(0.0, 0.9999), "Decay of the second moment (Adam), or of the squares (RMSprop)"
    ] = 0.999
    weight_decay: Annotated[float, Range(0.0, 1.0), "Pull of every weight towards zero"] = 0.0
