"""Preparing: what every way of making a training ready has in common.

It knows nothing of whether the training is new, goes on, or branches off another.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from ganstudio import places
from ganstudio.api import InputError, LoadedData, StudioError
from ganstudio.judging import lender_of, scores_for
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved
from ganstudio.resuming import Start, data_fingerprint
from ganstudio.runs.folder import Fill, RunFolder
from ganstudio.runs.provenance import gather
from ganstudio.training.controls import Controls, Stop
from ganstudio.training.trainer import Trainer

Progress = Callable[[str, float | None], None]
"""Called with what is being made ready and the share done (``None`` when unknown)."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Stop was asked for before the first step; there is no run."""


def watched(controls: Controls, progress: Progress) -> Progress:
    """Return ``progress`` with a look into the mailbox; it raises ``Cancelled`` when that says stop."""

    def watching(what: str, share: float | None = None) -> None:
        if isinstance(controls.take(), Stop):
            raise Cancelled
        progress(what, share)

    return watching


def load(resolved: Resolved, progress: Progress) -> LoadedData:
    """Load the data; raises ``InputError`` when it cannot be trained on, ``StudioError`` when it is none."""
    progress(f"Loading {resolved.source.title}", None)
    data = resolved.source.load(progress)
    if not isinstance(data, LoadedData):
        name = type(resolved.source).__name__
        raise StudioError(f"{name}.load returns a {type(data).__name__}; it is to return LoadedData.")
    if not len(data):
        raise InputError(f"{resolved.source.title} has nothing to train on.")
    resolved.check_data(data.spec)
    return data


def make_trainer(
    resolved: Resolved,
    registry: Registry,
    data: LoadedData,
    device: torch.device,
    controls: Controls,
    run: RunFolder,
    start: Start | None = None,
    **course: Any,
) -> Trainer:
    """Return the trainer of a run, which begins at the beginning or goes on from ``start``.

    ``course``: what else of a ``Trainer`` is laid down beforehand.
    """
    training = resolved.training
    resolved.architecture.lend_extractors(lender_of(registry, data))
    scores = scores_for(registry, data, training.seed, training.score_count)
    return Trainer(
        resolved.architecture,
        data,
        resolved.optimizers,
        resolved.training,
        device,
        controls,
        observers=[scores] if scores else (),
        run=run.name,
        start_from=start.state if start else None,
        replay=start.replay if start else (),
        **course,
    )


def library(run_dir: Path | None) -> Path:
    """Return the folder that the folder of a new run comes to lie in."""
    return run_dir.parent if run_dir else places.runs()


def new_folder(
    run_dir: Path | None,
    resolved: Resolved,
    registry: Registry,
    data: LoadedData,
    device: str,
    facts: Mapping[str, Any] | None = None,
    fill: Fill | None = None,
) -> RunFolder:
    """Make the folder of a new run, in the library unless ``run_dir`` says where.

    ``facts`` are kept in its provenance beside what it is made with; ``fill`` puts into the folder what is
    to be there before it counts as a run.
    """
    provenance = gather(
        seed=resolved.training.seed,
        device=device,
        plugins={plugin.source: plugin.version for plugin in registry.plugins if plugin.works},
        data_fingerprint=data_fingerprint(data),
    )
    provenance |= facts or {}
    if run_dir is not None:
        return RunFolder.create_at(run_dir, resolved.experiment, provenance, fill)
    return RunFolder.create(places.runs(), resolved.experiment, provenance, fill=fill)
