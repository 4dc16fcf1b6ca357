"""A settings class with a field of every type there is, for tests of what is made from it."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import field_validator, model_validator

from ganstudio.api import (
    Colour,
    Column,
    Extractor,
    FieldError,
    File,
    Folder,
    Group,
    Length,
    Live,
    Range,
    Settings,
    Unit,
    When,
)


class Side(Enum):
    """A choice from an enumeration."""

    LEFT = "left"
    RIGHT = "right"


class Lion(Settings):
    """One of two optimizers, each with its own fields."""

    kind: Literal["Lion"] = "Lion"
    rate: Annotated[float, Range(1e-6, 1.0, log=True), "Step size"] = 1e-4
    momentum: Annotated[float, Range(0.0, 1.0), "Of the sign"] = 0.9


class Shampoo(Settings):
    """The other optimizer."""

    kind: Literal["Shampoo"] = "Shampoo"
    rate: Annotated[float, Range(1e-6, 1.0, log=True), "Step size"] = 1e-2
    every: Annotated[int, Range(1, 100), Unit("steps"), "Steps between preconditioners"] = 10


class Head(Settings):
    """Settings two steps deep."""

    units: Annotated[int, Range(1, 512), "Neurons"] = 32
    gate: bool = True


class Branch(Settings):
    """Nested settings, with some nested further in."""

    width: Annotated[int, Range(4, 64, log=True), Unit("px"), "Channels"] = 8
    rate: Annotated[float, Range(0.0, 1.0), Live, "Share of it"] = 0.5
    head: Annotated[Head, "What comes last: {units} neurons"] = Head(units=16)


class EveryType(Settings):
    """One field of every type."""

    width: Annotated[
        int, Range(8, 512, log=True), "Of a {width} × {width} layer: {width * width} weights"
    ] = 64
    layers: Annotated[int, Range(1, 12), "A whole number"] = 3
    rate: Annotated[float, Range(1e-6, 1.0, log=True), Live, "A number on a logarithmic scale"] = 2e-4
    decay: Annotated[float, Range(0.0, 1.0), "A number on a linear scale"] = 0.25
    offset: Annotated[float, "A number without a range"] = 0.0
    on: Annotated[bool, "True or false"] = False
    title: Annotated[str, "Text"] = "a name"
    shape: Annotated[Literal["even", "wide", "listed"], "One of several words"] = "even"
    kernel: Annotated[Literal[3, 5, 7], "One of several numbers"] = 3
    side: Annotated[Side, "One of an enumeration"] = Side.LEFT
    hidden: Annotated[
        tuple[Annotated[int, Range(1, 4096)], ...],
        Length(1, 6),
        When("shape", "listed"),
        "Neurons of each layer",
    ] = (256, 128)
    weights: Annotated[list[Annotated[float, Range(0.0, 1.0)]], "Shares"] = [0.5, 0.25]  # noqa: RUF012
    limit: Annotated[int | None, Range(1, 100), "A number, or none"] = None
    patience: Annotated[float | None, Range(0.0, 10.0), Unit("min"), "A number, or none"] = 2.5
    tint: Annotated[Colour, "A colour"] = "#3584e4"
    folder: Annotated[Path | None, Folder, "Where images are"] = None
    file: Annotated[Path, File, "A table"] = Path("points.csv")
    column: Annotated[str, Column, "The column with the class"] = "class"
    features: Annotated[str, Extractor, "Whose features are compared"] = "studio"
    branch: Annotated[Branch, "A part of its own"] = Branch(width=16)
    extra: Annotated[Head | None, "A part that may be left out"] = None
    optimizer: Annotated[Lion | Shampoo, "What moves the weights"] = Shampoo(rate=0.05)
    second: Annotated[Lion | Shampoo | None, Group("Second"), "What moves the others"] = None
    strength: Annotated[float, Range(0.0, 1.0), Group("Second"), When("second", "Lion"), "How much"] = 0.5

    @field_validator("layers")
    @classmethod
    def _not_seven(cls, layers: int) -> int:
        if layers == 7:
            raise ValueError("seven layers do not fit two by two")
        return layers

    @model_validator(mode="after")
    def _wide_enough(self) -> "EveryType":
        if self.shape == "wide" and self.width < 16:
            raise FieldError("width", f"a wide shape needs a width of at least 16, not {self.width}")
        return self
