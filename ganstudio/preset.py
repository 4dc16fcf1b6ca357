"""The card of a preset: what people are told of it before they choose. It knows nothing of experiments."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class PresetCard(BaseModel):
    """The table ``[preset]`` of a preset's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: str = "Other"
    promise: str = ""
    """One line: what it shows, on which machine."""
    minutes: Annotated[float, Field(ge=0)] = 0.0
    """How long all its steps take on two CPU cores, measured; 0 when nobody measured it."""
    source: str = ""
    """The paper or tutorial its settings come from."""
