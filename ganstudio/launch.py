"""Launch: from an experiment to a stream of recorded events.

The one way to train, for the window and for the command line; they differ in what they do with the events.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ganstudio import places
from ganstudio.api import InputError, LoadedData, StudioError
from ganstudio.api.events import CheckpointSaved, Event, Failed
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


def prepare(request: Request, registry: Registry, controls: Controls, progress: Progress) -> Prepared:
    """Check everything, load the data, make the run folder.

    Raises ``InputError`` for what was asked wrongly, ``StudioError`` for what cannot be had, and
    ``Cancelled`` when the mailbox says stop meanwhile. Nothing is left behind then.
    """
    resolved = resolve(request.experiment, registry)
    device = choose(request.device)

    def watched(what: str, share: float | None = None) -> None:
        if isinstance(controls.take(), Stop):
            raise Cancelled
        progress(what, share)

    watched(f"Loading {resolved.source.title}")
    data = resolved.source.load(watched)
    if not isinstance(data, LoadedData):
        name = type(resolved.source).__name__
        raise StudioError(f"{name}.load returns a {type(data).__name__}; it is to return LoadedData.")
    if not len(data):
        raise InputError(f"{resolved.source.title} has nothing to train on.")
    resolved.check_data(data.spec)
    watched("Making the run folder")
    metrics = metrics_for(registry, data)
    run = _run_folder(request, resolved, registry, data, str(device))
    trainer = Trainer(
        resolved.architecture,
        data,
        resolved.optimizers,
        resolved.training,
        device,
        controls,
        observers=[Scores(metrics, data, resolved.training.seed)] if metrics else (),
        run=run.name,
    )
    return Prepared(resolved, trainer, run)


def train(prepared: Prepared) -> Iterator[Event]:
    """Train and record; yield every event once it is written.

    Whatever goes wrong ends the run as failed: the last event is then :class:`Failed`. Closing the iterator
    stops the training at once and keeps what was written.
    """
    saved = ""
    recorder = Recorder(prepared.run)
    try:
        # Leaving the folder brings to the disk what waits, and may fail like any writing.
        with prepared.run:
            for event in prepared.trainer.run():
                recorded = recorder.record(event)
                if isinstance(recorded, CheckpointSaved):
                    saved = f"The state at step {recorded.step} is kept in {recorded.path}."
                yield recorded
    except Exception as error:
        yield _failed(prepared, recorder, error, saved)


def _failed(prepared: Prepared, recorder: Recorder, error: Exception, saved: str) -> Failed:
    message, details = describe_failure(error)
    failed = Failed(prepared.trainer.step, message, details, saved=saved)
    # What failed first is what the user is to read, not that the disk refuses the news of it as well.
    with suppress(StudioError):
        recorder.record(failed)
        prepared.run.close()
    return failed


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
