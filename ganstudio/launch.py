"""Launch: from an experiment, or a run that ended, to a stream of recorded events.

The one way to train, for the window and for the command line; they differ in what they do with the events.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from ganstudio import places, resuming
from ganstudio.api import InputError, LoadedData, StudioError
from ganstudio.api.events import CheckpointSaved, Event, Failed, Started, Warned
from ganstudio.evaluation.scores import Scores
from ganstudio.experiment import Experiment
from ganstudio.failures import describe_failure
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved, metrics_for, resolve
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.provenance import fingerprint, gather
from ganstudio.runs.recorder import Recorder
from ganstudio.training.controls import Controls, Stop
from ganstudio.training.device import choose
from ganstudio.training.trainer import Trainer

Progress = Callable[[str, float | None], None]
"""Called with what is being made ready and the share done (``None`` when unknown)."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Stop was asked for before the first step; there is no run."""


@dataclass(frozen=True)
class Request:
    """What to train, where, and in which folder (``None``: a new one under the library)."""

    experiment: Experiment
    device: str = "auto"
    run_dir: Path | None = None


@dataclass(frozen=True)
class Prepared:
    """A training that is ready to go, with the folder it writes."""

    resolved: Resolved
    trainer: Trainer
    run: RunFolder
    notes: tuple[str, ...] = ()
    """What the user should know of it before; told as warnings."""


def prepare(request: Request, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    """Check everything, load the data, make the run folder.

    Raises ``InputError`` for what was asked wrongly, ``StudioError`` for what cannot be had, and
    ``Cancelled`` when the mailbox says stop meanwhile. Nothing is left behind then.
    """
    resolved = resolve(request.experiment, registry)
    device = choose(request.device)
    watched = _watched(controls, progress)
    data = _load(resolved, watched)
    watched("Making the run folder", None)
    run = _run_folder(request, resolved, registry, data, str(device))
    trainer = _trainer(resolved, registry, data, device, controls, run)
    return Prepared(resolved, trainer, run)


def prepare_resume(
    path: Path,
    registry: Registry,
    controls: Controls,
    progress: Progress,
    steps: int | None = None,
    device: str | None = None,
) -> Prepared:
    """Open the run in the folder ``path`` to go on from its newest checkpoint that is whole.

    ``steps``: another total of steps, which becomes that of the run. ``device``: another than before.
    Raises as :func:`prepare` does; the run is then as it was. Once the training goes on, what was recorded
    after the checkpoint is taken back.
    """
    run = RunFolder.open(path, writing=True)
    try:
        return _resumed(run, registry, controls, progress, steps, device)
    except BaseException:
        run.close()
        raise


def _resumed(
    run: RunFolder,
    registry: Registry,
    controls: Controls,
    progress: Progress,
    steps: int | None,
    device: str | None,
) -> Prepared:
    watched = _watched(controls, progress)
    experiment = run.experiment
    if steps is not None:
        experiment = experiment.with_value("training.steps", steps)
    resolved = resuming.resolve_again(run, experiment, registry)
    watched("Reading the checkpoint", None)
    start = resuming.find_start(run, resolved.training.steps)
    chosen = choose(device or run.provenance.get("device") or "auto")
    data = _load(resolved, watched)
    resuming.check_data(run, data)
    trainer = _trainer(resolved, registry, data, chosen, controls, run, start)
    if steps is not None:
        run.rewrite_experiment(resolved.experiment)
    return Prepared(resolved, trainer, run, start.notes)


def train(prepared: Prepared) -> Iterator[Event]:
    """Train and record; yield every event once it is written.

    Whatever goes wrong ends the run as failed: the last event is then :class:`Failed`. Closing the iterator
    stops the training at once and keeps what was written.
    """
    saved = ""
    recorder = Recorder(prepared.run)
    try:
        # Leaving the folder brings to the disk what waits, and may fail like any writing.
        with prepared.run, recorder:
            for event in _events(prepared):
                for recorded in recorder.record(event):
                    if isinstance(recorded, CheckpointSaved):
                        saved = f"The state at step {recorded.step} is kept in {recorded.path}."
                    yield recorded
    except Exception as error:
        yield _failed(prepared, recorder, error, saved)


def _events(prepared: Prepared) -> Iterator[Event]:
    """Yield the events of the training, and the notes once it has begun."""
    for event in prepared.trainer.run():
        yield event
        if isinstance(event, Started):
            for note in prepared.notes:
                yield Warned(event.step, note)


def _failed(prepared: Prepared, recorder: Recorder, error: Exception, saved: str) -> Failed:
    message, details = describe_failure(error)
    failed = Failed(prepared.trainer.step, message, details, saved=saved)
    # What failed first is what the user is to read, not that the disk refuses the news of it as well.
    with suppress(StudioError):
        recorder.record(failed)
        prepared.run.close()
    return failed


def _watched(controls: Controls, progress: Progress) -> Progress:
    """Return ``progress`` with a look into the mailbox; it raises ``Cancelled`` when that says stop."""

    def watched(what: str, share: float | None = None) -> None:
        if isinstance(controls.take(), Stop):
            raise Cancelled
        progress(what, share)

    return watched


def _load(resolved: Resolved, progress: Progress) -> LoadedData:
    progress(f"Loading {resolved.source.title}", None)
    data = resolved.source.load(progress)
    if not isinstance(data, LoadedData):
        name = type(resolved.source).__name__
        raise StudioError(f"{name}.load returns a {type(data).__name__}; it is to return LoadedData.")
    if not len(data):
        raise InputError(f"{resolved.source.title} has nothing to train on.")
    resolved.check_data(data.spec)
    return data


def _trainer(
    resolved: Resolved,
    registry: Registry,
    data: LoadedData,
    device: torch.device,
    controls: Controls,
    run: RunFolder,
    start: resuming.Start | None = None,
) -> Trainer:
    metrics = metrics_for(registry, data)
    return Trainer(
        resolved.architecture,
        data,
        resolved.optimizers,
        resolved.training,
        device,
        controls,
        observers=[Scores(metrics, data, resolved.training.seed)] if metrics else (),
        run=run.name,
        start_from=start.state if start else None,
        replay=start.replay if start else (),
    )


def _run_folder(
    request: Request, resolved: Resolved, registry: Registry, data: LoadedData, device: str
) -> RunFolder:
    provenance = gather(
        seed=resolved.training.seed,
        device=device,
        plugins={plugin.source: plugin.version for plugin in registry.plugins},
        data_fingerprint=fingerprint(data.values, data.labels),
    )
    if request.run_dir is not None:
        return RunFolder.create_at(request.run_dir, resolved.experiment, provenance)
    return RunFolder.create(places.runs(), resolved.experiment, provenance)
