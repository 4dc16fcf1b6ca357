"""Performing: a training that is ready to go, trained and recorded to its end.

It holds the training while the disk refuses, and ends it in words when something fails. It knows nothing of
what was asked for, nor of how it was made ready.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ganstudio.api import StudioError
from ganstudio.api.events import Event, Failed, Finished, Held, Released, Started, Warned
from ganstudio.evaluation.health import HealthWatch
from ganstudio.evaluation.not_finite import not_finite
from ganstudio.failures import describe_failure
from ganstudio.remote_control import RemoteControl
from ganstudio.resolve import Resolved
from ganstudio.runs.checkpoint import step_of
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.recorder import Recorder
from ganstudio.runs.refusals import DiskError
from ganstudio.training.controls import Stop
from ganstudio.training.meter import NotFiniteError
from ganstudio.training.trainer import Trainer

RETRY_SECONDS = 1.0
"""While the disk refuses, it is tried again this often."""


@dataclass(frozen=True)
class Prepared:
    """A training that is ready to go, with the folder it writes."""

    resolved: Resolved
    trainer: Trainer
    run: RunFolder
    notes: tuple[str, ...] = ()
    """What the user should know of it before; told as warnings."""
    watch: HealthWatch | None = None
    """What says when trouble comes or goes; nothing where it is not to be watched."""


class _Stopped(Exception):  # noqa: N818 - it is no error
    """A stop was asked for while the disk refused."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop


def train(prepared: Prepared) -> Iterator[Event]:
    """Train and record; yield every event once it is written.

    While the disk refuses what may be written later, as a full one does, the training holds: :class:`Held`
    comes, and :class:`Released` once all is written. Whatever else goes wrong ends the run as failed: the
    last event is then :class:`Failed`. Closing the iterator stops the training at once and keeps what was
    written.
    """
    recorder = Recorder(prepared.run)
    try:
        # Leaving the folder brings to the disk what waits, and may fail like any writing.
        with prepared.run, recorder, RemoteControl(prepared.run.path, prepared.trainer.controls):
            try:
                for event in _events(prepared):
                    yield from _watched(prepared, recorder, event)
            except _Stopped as stopped:
                yield from _ended(prepared, recorder, stopped.stop)
    # A plugin may even call sys.exit: that ends its run, and nothing else.
    except (Exception, SystemExit) as error:
        yield from _failed(prepared, recorder, error)


def _events(prepared: Prepared) -> Iterator[Event]:
    """Yield the events of the training, and the notes once it has begun."""
    for event in prepared.trainer.run():
        yield event
        if isinstance(event, Started):
            for note in prepared.notes:
                yield Warned(event.step, note)


def _watched(prepared: Prepared, recorder: Recorder, event: Event) -> Iterator[Event]:
    """Write ``event`` and yield what may go on, each with what the health rules say to it."""
    for told in _recorded(prepared, recorder, event):
        yield told
        for found in prepared.watch.take(told) if prepared.watch else ():
            yield from _recorded(prepared, recorder, found)


def _recorded(prepared: Prepared, recorder: Recorder, event: Event) -> Iterator[Event]:
    """Write ``event`` and yield what may go on; where the disk refuses, hold until it does not."""
    try:
        yield from recorder.record(event)
    except DiskError as refusal:
        if not refusal.passing:
            raise
        yield from _held(prepared, recorder, refusal)


def _held(prepared: Prepared, recorder: Recorder, refusal: DiskError) -> Iterator[Event]:
    """Try again and again, until all that waits is written or a stop is asked for."""
    trainer = prepared.trainer
    message = f"{refusal.what}, so training holds. {refusal.remedy}; it then goes on by itself."
    # A stop from before, which came as far as its checkpoint, waits for the disk as all else does.
    stop = trainer.controls.stop_within(0)
    if stop and not stop.save:
        raise _Stopped(stop)
    recorder.add(Released(trainer.step, message))
    with trainer.clock.held():
        yield Held(trainer.step, message)
        while (told := _tried_again(recorder)) is None:
            if stop := trainer.controls.stop_within(RETRY_SECONDS):
                raise _Stopped(stop)
    yield from told


def _tried_again(recorder: Recorder) -> list[Event] | None:
    """Return what may go on, or nothing while the disk still refuses."""
    try:
        return recorder.again()
    except DiskError as refusal:
        if not refusal.passing:
            raise
        return None


def _ended(prepared: Prepared, recorder: Recorder, stop: Stop) -> Iterator[Event]:
    """End a training that was stopped while the disk refused, and say what is lost by it."""
    trainer, reason = prepared.trainer, "stopped" if stop.save else "aborted"
    lost = f"The run ends without a checkpoint of step {trainer.step}, which the disk refused."
    for event in (
        Warned(trainer.step, f"{lost} {_kept(prepared.run)}"),
        Finished(trainer.step, reason, trainer.clock.seconds()),
    ):
        # What the disk does not take is told all the same; the run then reads as interrupted.
        recorder.give_up()
        with suppress(DiskError):
            recorder.record(event)
        yield event
    recorder.give_up()


def _failed(prepared: Prepared, recorder: Recorder, error: BaseException) -> Iterator[Event]:
    trainer = prepared.trainer
    message, details = describe_failure(error)
    told: list[Event] = [Failed(trainer.step, message, details, saved=_kept(prepared.run))]
    if isinstance(error, NotFiniteError):
        told.insert(0, not_finite(error.step, message, trainer.rates(), _kept_rates(prepared.run)))
    # What failed first is what the user is to read, not that the disk refuses the news of it as well.
    with suppress(StudioError):
        recorder.give_up()
        for event in told:
            recorder.record(event)
        prepared.run.close()
    yield from told


def _kept_rates(run: RunFolder) -> dict[str, float]:
    """Return the learning rates that held in the newest checkpoint, by network, as far as they are known."""
    try:
        kept = run.checkpoints()
        optimizers = run.experiment_at(step_of(kept[-1])).optimizers if kept else {}
    except (OSError, StudioError):
        # A run whose folder is gone is to end with the news of why it failed.
        return {}
    return {name: rule["learning_rate"] for name, rule in optimizers.items() if "learning_rate" in rule}


def _kept(run: RunFolder) -> str:
    """Return a sentence with the newest checkpoint that is there, or nothing."""
    kept = run.checkpoints()
    return f"The state at step {step_of(kept[-1])} is kept in {kept[-1]}." if kept else ""
