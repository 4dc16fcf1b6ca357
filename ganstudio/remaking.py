"""Remaking: the previews of a run made once more from a checkpoint, with other settings of what is shown.

They start from the latents that the run's own previews do. It trains nothing, and knows nothing of windows.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError

from ganstudio.apart import OwnRandomness
from ganstudio.api import Architecture, Fixed, InputError, PointSpec, Preview, TableSpec
from ganstudio.api.events import PreviewReady
from ganstudio.exporting.weights import built, find_checkpoint
from ganstudio.registry import Registry
from ganstudio.resuming import resolve_again
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder
from ganstudio.setting_problems import problems_of
from ganstudio.training.previews import fixed_latents, named, to_array


class Remaker:
    """The networks of one run at one step, on the CPU, with their averaged weights."""

    def __init__(self, run: RunFolder, checkpoint: Checkpoint, registry: Registry) -> None:
        self.step = checkpoint.step
        resolved = resolve_again(run, run.experiment, registry)
        training = resolved.training
        self._architecture = built(resolved.architecture, checkpoint)
        self._spec = checkpoint.spec
        self._fixed = _fixed(self._architecture, checkpoint, training.preview_count, training.seed)

    @classmethod
    def open(cls, path: Path, registry: Registry, step: int | None = None) -> "Remaker":
        """Return that of the run in a folder, with its newest checkpoint that is whole or that of a step.

        Raises ``InputError`` where there is no such run or step, its plugins are missing or it makes nothing
        from latents; ``StudioError`` where a checkpoint is damaged or does not fit its plugin any more.
        """
        run = RunFolder.open(path)
        return cls(run, find_checkpoint(run, step), registry)

    def previews(self, values: Mapping[str, Any]) -> list[PreviewReady]:
        """Return each kind of preview, with these settings of the architecture in place of the run's.

        Raises ``InputError`` for a value that a setting, or the architecture, does not take.
        """
        self._set(values)
        with torch.no_grad(), OwnRandomness():
            made = named(self._architecture.preview(self._fixed))
        return [self._shown(name, each, not place) for place, (name, each) in enumerate(made.items())]

    def _shown(self, name: str, made: Preview, first: bool) -> PreviewReady:
        table = self._fixed.table
        kind, array = to_array(made.values, table)
        return PreviewReady(
            self.step, kind, array, name, first, columns=made.columns, captions=made.captions, table=table
        )

    def _set(self, values: Mapping[str, Any]) -> None:
        model = type(self._architecture.settings)
        wanted = {**self._architecture.settings.model_dump(), **values}
        try:
            settings = model.model_validate(wanted)
        except ValidationError as error:
            raise InputError(problems_of("architecture", model, wanted, error)[0].sentence) from error
        reason = self._architecture.refuses(settings, self._spec)
        if reason:
            raise InputError(reason)
        self._architecture.settings = settings


def _fixed(architecture: Architecture, checkpoint: Checkpoint, count: int, seed: int) -> Fixed:
    """Return what the run's own previews start from, without real samples: its data may be gone."""
    spec = checkpoint.spec
    latents, labels = fixed_latents(architecture, spec, count, torch.Generator().manual_seed(seed))
    if latents is None:
        raise InputError(f"{architecture.title} makes samples of the data, and only while it trains.")
    shape = (spec.dimensions,) if isinstance(spec, PointSpec) else getattr(spec, "shape", ())
    table = spec.columns if isinstance(spec, TableSpec) else ()
    return Fixed(latents, torch.zeros((0, *shape)), labels, table=table)
