"""Exporter: what a run has learned to make, as one PyTorch program that needs nothing but PyTorch.

It knows nothing of weights files or run folders; it is given the networks and traces them.
"""

import warnings
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ganstudio.api import (
    Architecture,
    Exporter,
    ImageSpec,
    PairedSpec,
    Report,
    StudioError,
    TrainedRun,
    UnpairedSpec,
    hookimpl,
)

_README = "README.txt"
_EXAMPLE = 2
"""Samples to trace with: one would be taken for a size that is always so."""


class TorchProgram(Exporter):
    """The generator as one .pt2 file that PyTorch runs without GAN Studio and without its plugins.

    Of a translating variant, the translation. ``torch.export`` writes it; the file says what it takes.
    """

    title = "PyTorch program"
    suffix: ClassVar[str] = ".pt2"

    @classmethod
    def refuses(cls, run: TrainedRun) -> str | None:
        """Return why nothing can be made of this run without data of its own, or ``None``."""
        if _makes_from_latents(run.architecture) or _translates(run.architecture):
            return None
        return (
            f"{run.architecture.title} neither generates from latents nor translates images, so there is no "
            "program to write. Export its weights instead."
        )

    def export(self, run: TrainedRun, path: Path, report: Report) -> None:
        """Trace what is made of latents, or of images, for any number of them, and write it."""
        report("Tracing the networks", None)
        program, given = _program(run)
        _leave_out_unused(program, given)
        try:
            traced = _traced(program, given)
        except (RuntimeError, ValueError, TypeError, torch._dynamo.exc.TorchDynamoException) as error:
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise StudioError(
                f"PyTorch cannot make a program of {run.architecture.title}: {first}. Its step from latents "
                "to samples must not depend on the values within tensors."
            ) from error
        report("Writing the program", None)
        torch.export.save(traced, path, extra_files={_README: _readme(run, given)})


class _Program(nn.Module):
    """What is to be traced: a part of what an architecture does, on a copy of its own."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = deepcopy(architecture)


class _Generates(_Program):
    """Latents, and classes where there are some → samples."""

    def forward(self, latents: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return samples: images in [-1, 1] [N, C, H, W], or points [N, D]."""
        return self.architecture.samples(latents, labels)


class _Translates(_Program):
    """Images of one domain → images of the other."""

    def forward(self, images: Tensor) -> Tensor:
        """Return images in [-1, 1] [N, C, H, W]."""
        translated: Tensor = self.architecture.translate(images)  # type: ignore[operator]
        return translated


def _makes_from_latents(architecture: Architecture) -> bool:
    return architecture.draw_latents(1) is not None


def _translates(architecture: Architecture) -> bool:
    return callable(getattr(architecture, "translate", None))


def _program(run: TrainedRun) -> tuple[_Program, dict[str, Tensor]]:
    """Return what is to be written, and an example of what it is given, by name."""
    architecture = run.architecture
    latents = architecture.draw_latents(_EXAMPLE, torch.Generator().manual_seed(0))
    if latents is None:
        source = _given_images(run)
        return _Translates(architecture), {"images": torch.zeros(_EXAMPLE, *source.shape)}
    given = {"latents": latents}
    if architecture.classes:
        given["labels"] = torch.arange(_EXAMPLE) % architecture.classes
    return _Generates(architecture), given


def _leave_out_unused(program: _Program, given: dict[str, Tensor]) -> None:
    """Take out each network that is not missed, such as the discriminator."""
    architecture = program.architecture
    for name, network in architecture.networks().items():
        setattr(architecture, name, nn.Module())
        try:
            with torch.no_grad():
                program(**given)
        # Whatever it is that is missed.
        except Exception:
            setattr(architecture, name, network)


def _given_images(run: TrainedRun) -> ImageSpec:
    data = run.data
    if isinstance(data, UnpairedSpec):
        return data.a
    if isinstance(data, PairedSpec):
        return data.input
    assert isinstance(data, ImageSpec), "what translates is given images"
    return data


def _traced(program: _Program, given: dict[str, Tensor]) -> Any:
    count = torch.export.Dim("count", min=1)
    shapes = {name: {0: count} for name in given}
    with warnings.catch_warnings():
        # PyTorch warns of changes to come in its own parts.
        warnings.simplefilter("ignore")
        return torch.export.export(program.eval(), (), kwargs=given, dynamic_shapes=shapes)


def _readme(run: TrainedRun, given: dict[str, Tensor]) -> str:
    """Return how to use the file; it is kept inside it."""
    what = {
        "latents": "float32 [N, {1}], drawn as the run drew them",
        "labels": "int64 [N], the class of each sample",
        "images": "float32 [N, {1}, {2}, {3}] in [-1, 1]",
    }
    lines = [f"{name}: {what[name].format(*tensor.shape, '', '')}" for name, tensor in given.items()]
    named = ", ".join(f"{name}={name}" for name in given)
    use = f'torch.export.load("{TorchProgram.__name__}.pt2").module()({named})'
    title = f"{run.architecture.title} after {run.step} steps of the run {run.name}"
    return "\n".join([title, "", *lines, "", use, ""])


@hookimpl
def ganstudio_exporters() -> Sequence[type[Exporter]]:
    """Offer the exporter."""
    return [TorchProgram]
