"""Looking: what an architecture generates and previews, and whether that can be shown."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganstudio.api import Architecture, DataSpec, ImageSpec, LoadedData, PointSpec, Preview, TableSpec
from ganstudio.testing import where
from ganstudio.testing.engine import Wrong
from ganstudio.training.feed import Feed
from ganstudio.training.previews import fixed_inputs

_COUNT = 5
_FAR = 10.0
"""Images are in [-1, 1]; what lies somewhat outside is clipped, so that a linear output is all right."""


def check_samples(architecture: Architecture, spec: DataSpec) -> str:
    """Check what is generated from latents; return a sentence about it, empty where there are none."""
    cls = type(architecture)
    latents = architecture.draw_latents(_COUNT)
    if latents is None:
        return ""
    if len(latents) != _COUNT:
        raise Wrong(
            f"draw_latents({_COUNT}) gives {len(latents)} latents.", where.of_method(cls, "draw_latents")
        )
    labels = torch.arange(_COUNT) % architecture.classes if architecture.classes else None
    architecture.eval()
    with torch.no_grad():
        made: Any = architecture.samples(latents, labels)
    architecture.train()
    place = where.of_method(cls, "generate")
    wanted = _shape(spec)
    if not isinstance(made, Tensor) or (wanted and tuple(made.shape) != (_COUNT, *wanted)):
        shape = list(made.shape) if isinstance(made, Tensor) else type(made).__name__
        raise Wrong(f"generate gives {shape} for {_COUNT} latents; {[_COUNT, *wanted]} is wanted.", place)
    _check_values("generate gives values", made, isinstance(spec, ImageSpec), place)
    return f"{_COUNT} latents give {list(made.shape)}. "


def previews_of(architecture: Architecture, data: LoadedData, seed: int = 0) -> Mapping[str, Preview]:
    """Return the previews by name; the same for the same weights."""
    feed = Feed(data, 4, seed, torch.device("cpu"))
    fixed = fixed_inputs(architecture, data, feed, 6, seed)
    architecture.eval()
    torch.manual_seed(seed)
    with torch.no_grad():
        shown: Any = architecture.preview(fixed)
    architecture.train()
    if isinstance(shown, Preview):
        return {"fixed": shown}
    if not isinstance(shown, Mapping) or not all(isinstance(each, Preview) for each in shown.values()):
        raise Wrong(
            f"preview returns a {type(shown).__name__}; it is to return a Preview, or several by name.",
            where.of_method(type(architecture), "preview"),
        )
    return shown


def check_previews(cls: type[Architecture], shown: Mapping[str, Preview]) -> None:
    """Raise :class:`Wrong` for a preview that cannot be shown."""
    place = where.of_method(cls, "preview")
    if not shown:
        raise Wrong("preview returns nothing to show.", place)
    for name, preview in shown.items():
        values = preview.values
        images = values.ndim == 4
        if values.ndim not in (2, 4) or not len(values) or (images and values.shape[1] not in (1, 3)):
            raise Wrong(
                f"The preview {name} is {list(values.shape)}; images are [N, 1 or 3, H, W], points [N, D].",
                place,
            )
        if preview.captions and preview.columns and len(preview.captions) != preview.columns:
            raise Wrong(
                f"The preview {name} has {preview.columns} columns and {len(preview.captions)} captions.",
                place,
            )
        _check_values(f"The preview {name} has values", values, images, place)


def difference(one: Architecture, other: Architecture, data: LoadedData) -> str:
    """Return the name of the first preview that two architectures have differently, or nothing."""
    mine, others = previews_of(one, data), previews_of(other, data)
    for name, preview in mine.items():
        values = others[name].values if name in others else None
        # Convolutions differ in the last digits by how their weights lie in memory.
        if (
            values is None
            or values.shape != preview.values.shape
            or not torch.allclose(values, preview.values, 1e-3, 1e-3)
        ):
            return name
    return ""


def _check_values(what: str, values: Tensor, images: bool, place: where.Place) -> None:
    low, high = float(values.min()), float(values.max())
    if not bool(torch.isfinite(values).all()):
        raise Wrong(f"{what} that are not finite numbers.", place)
    if images and (low < -_FAR or high > _FAR):
        raise Wrong(f"{what} from {low:.3g} to {high:.3g}; images are in [-1, 1].", place)
    if images and low >= 0 and high <= 1:
        raise Wrong(
            f"{what} from {low:.3g} to {high:.3g}, none below 0; images are in [-1, 1], so end in nn.Tanh "
            "rather "
            "than in a sigmoid.",
            place,
        )


def _shape(spec: DataSpec) -> tuple[int, ...]:
    if isinstance(spec, ImageSpec):
        return spec.shape
    if isinstance(spec, TableSpec):
        return (len(spec.columns),)
    return (spec.dimensions,) if isinstance(spec, PointSpec) else ()
