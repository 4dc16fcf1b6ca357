"""Trainer: runs the steps of an architecture and yields what happens, as events.

Nothing in it is about GANs, and it touches neither files nor windows. Whoever iterates it decides what
becomes of the events. It looks into its mailbox between steps.
"""

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from typing import Any

import torch

from ganstudio.api import Architecture, LoadedData, Optimizer, StudioError
from ganstudio.api.events import (
    Event,
    Finished,
    Paused,
    Preparing,
    Restarted,
    Resumed,
    SettingChanged,
    SettingRefused,
    Started,
    SteppedAlone,
    StepRecord,
    Warned,
)
from ganstudio.training import schedule
from ganstudio.training.clock import Clock
from ganstudio.training.controls import (
    CheckpointNow,
    Command,
    Controls,
    Edit,
    Pace,
    Pause,
    PreviewNow,
    Resume,
    ScoreNow,
    StepOnce,
    Stop,
    Tell,
    Watch,
)
from ganstudio.training.device import prepare_thread, seed_everything, to_device
from ganstudio.training.diagnosis import first_bad_layer
from ganstudio.training.ema import MovingAverage
from ganstudio.training.feed import Feed
from ganstudio.training.field import Field, refusal
from ganstudio.training.keeping import Keeping
from ganstudio.training.live import LiveSettings, RefusedEdit
from ganstudio.training.looking import Looking, Observer
from ganstudio.training.meter import Meter, NotFiniteError
from ganstudio.training.movement import Movement
from ganstudio.training.optimizers import NetworkOptimizer
from ganstudio.training.parts import Parts
from ganstudio.training.previews import fixed_inputs
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.signs import Signs, unsound
from ganstudio.training.state import TrainingState
from ganstudio.training.tempo import Tempo
from ganstudio.training.updates import Updates
from ganstudio.training.watching import Watching


class Trainer:
    """One training, from building the networks to the last checkpoint.

    ``architecture`` is given unbuilt: building draws random weights, so it comes after seeding, on the
    thread that trains. ``optimizers`` has an entry for each network. With ``start_from`` it goes on from a
    state as if it had never stopped; ``replay``: edits to make again, each once so many steps are done.
    ``until``: stop once so many are done, before the last; ``totals``: where the total of steps was another
    one earlier on, each with the number of steps done from which on it held.
    """

    def __init__(
        self,
        architecture: Architecture,
        data: LoadedData,
        optimizers: Mapping[str, Optimizer],
        settings: TrainingSettings | None = None,
        device: torch.device | str = "cpu",
        controls: Controls | None = None,
        observers: Sequence[Observer] = (),
        run: str = "",
        start_from: TrainingState | None = None,
        replay: Sequence[tuple[int, Edit]] = (),
        until: int | None = None,
        totals: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.architecture = architecture
        self.settings = settings or TrainingSettings()
        self.controls = controls or Controls()
        self.step = 0
        self.images_seen = 0
        self._data = data
        self._device = torch.device(device)
        self._observers = observers
        self._optimizer_settings = optimizers
        self._run = run
        self._start_from = start_from
        self._replay = list(replay)
        self._until = until
        self._totals = totals
        bf16 = self.settings.precision == "bf16"
        self._precision: AbstractContextManager[Any] = (
            torch.autocast(self._device.type, torch.bfloat16) if bf16 else nullcontext()
        )
        self._meter = Meter()
        self.clock = Clock()
        self.keeping = Keeping(self)
        self._tempo = Tempo()
        self._watching = Watching(self._field, self.controls.post)

    def run(self) -> Iterator[Event]:
        """Train to the last step, or until told to stop, and yield what happens.

        The first step warms up everything and is not timed. Raises ``StudioError`` with a sentence when a
        loss is not finite, and whatever the architecture raises; the last good state is yielded before.
        """
        yield Preparing(self.step, "Building the networks")
        self._build()
        try:
            yield from self._first_step() if self._start_from is None else self._restart(self._start_from)
            reason = yield from self._loop()
            yield from self._watching.now(self.step)
        except (Exception, SystemExit):
            yield from self.keeping.last_good()
            raise
        finally:
            self._watching.end()
        if reason != "aborted":
            if self.step % self.settings.preview_every:
                yield from self._looking.keep(self.step, regular=False)
            yield self.keeping.end()
        yield Finished(self.step, reason, self.clock.seconds())

    def state(self) -> TrainingState:
        """Return a copy of the whole training state, on the CPU."""
        return self.keeping.state()

    def rates(self) -> dict[str, float]:
        """Return the learning rate of each network as it is set now, before any schedule."""
        return {name: optimizer.settings.learning_rate for name, optimizer in self.optimizers.items()}

    # --- Getting ready -----------------------------------------------------------------------------

    def _build(self) -> None:
        prepare_thread(self.settings.threads)
        seed_everything(self.settings.seed)
        self.architecture.device = self._device
        self.architecture.build(self._data.spec)
        networks = self.architecture.networks()
        if not networks:
            raise StudioError(f"{type(self.architecture).__name__}.build made no network.")
        for network in networks.values():
            to_device(network, self._device)
        self.optimizers = {
            name: NetworkOptimizer(network, self._optimizer_settings.get(name, Optimizer()))
            for name, network in networks.items()
        }
        self._updates = Updates(self.architecture, self.optimizers, self._meter)
        self.average = MovingAverage(self.architecture)
        self.live = LiveSettings(self.architecture, self.optimizers, self, self._data.spec)
        self.feed = Feed(self._data, self.settings.batch_size, self.settings.seed, self._device)
        count, seed = self.settings.preview_count, self.settings.seed
        self._fixed = fixed_inputs(self.architecture, self._data, self.feed, count, seed)
        movement = Movement(self._meter, self._fixed.real)
        self._looking = Looking(
            self.architecture,
            self.average,
            self._device,
            self._fixed,
            self._observers,
            self.keeping,
            self,
            movement,
        )
        self._signs = Signs(self.architecture)
        self._parts = Parts(
            self.architecture,
            self.optimizers,
            self.average,
            self.feed,
            self._meter,
            self.live,
            self._device,
            movement,
        )

    def _first_step(self) -> Iterator[Event]:
        yield Preparing(self.step, "Making the first step")
        self._one_step()
        self._start_clocks()
        yield self._started()
        yield from self._looking.at_data(self.step, getattr(self._data.spec, "names", ()))
        yield from self._after_step()

    def _restart(self, state: TrainingState) -> Iterator[Event]:
        self._parts.put_back(state)
        self.step, self.images_seen = state.step, state.images_seen
        self.clock.go_on_from(state.seconds)
        self.keeping.go_on_from(state)
        # As large as all that is trained, it is not held for the whole training.
        self._start_from = None
        del state
        self._start_clocks()
        started = self._started()
        facts = {each.name: getattr(started, each.name) for each in fields(started)}
        yield Restarted(**facts, changes=self.live.changes)
        yield from self._looking.at_data(self.step, getattr(self._data.spec, "names", ()))

    def _start_clocks(self) -> None:
        self.clock.start()
        self.keeping.start(self._parts)

    def _started(self) -> Started:
        networks = self.architecture.networks().items()
        sizes = {name: sum(p.numel() for p in network.parameters()) for name, network in networks}
        notes = tuple(self._data.notes)
        modes = len(getattr(self._data.spec, "centres", ()))
        replay = tuple((step, edit.path, edit.value) for step, edit in self._replay)
        total, device = self.settings.steps, str(self._device)
        return Started(self.step, self._run, total, device, sizes, notes, modes, replay, self._classes())

    def _classes(self) -> tuple[str, ...]:
        """Return the names of the classes that there are to ask for; their numbers where they have none."""
        count, names = self.architecture.classes, getattr(self._data.spec, "classes", ())
        return tuple(names) if len(names) == count else tuple(str(number) for number in range(count))

    # --- The loop ----------------------------------------------------------------------------------

    def _loop(self) -> Generator[Event, None, str]:
        """Yield events until the last step or a stop, and return which of them it was."""
        while self.step < self.settings.steps:
            if stopped := (yield from self._obey()):
                return stopped
            if self.step == self._until:
                return "stopped"
            self._one_step()
            yield from self._after_step()
        return "done"

    def _after_step(self) -> Iterator[Event]:
        """Tell what is due after this step."""
        if self.step % self.settings.report_every == 0:
            yield self._report()
        if self.step % self.settings.preview_every == 0:
            yield from self._previews()
        yield from self.keeping.due()
        self._watching.offer(self.step)

    def _previews(self) -> Iterator[Event]:
        """Tell what comes every so many steps: vectors, previews that are kept, scores."""
        yield from self._signs.vectors(self.step)
        yield from self._looking.keep(self.step)

    def _one_step(self, reported: bool = False, only: str = "") -> None:
        architecture = self.architecture
        architecture.step = self.step
        architecture.recording = reported or (self.step + 1) % self.settings.report_every == 0
        self._rate()
        place = self.feed.place()
        updates = architecture.training_step(self.feed)
        while True:
            with self._precision:
                update = next(updates, None)
            if update is None:
                break
            if name := self._updates.apply(update, only):
                self._not_finite(unsound({f"loss/{name}": math.nan}), place, self.step + 1)
        self.average.update(self.step, self.settings.ema_decay)
        self.step += 1
        self._tempo.passed()
        self.images_seen += self.settings.batch_size

    def _obey(self) -> Generator[Event, None, str]:
        """Carry out what the mailbox holds; return why to stop, or nothing. While paused, wait here."""
        paused = False
        while self._replay and self._replay[0][0] <= self.step:
            edit = self._replay.pop(0)[1]
            yield self._edit(edit.path, edit.value, again=True)
        while (command := self._next(paused)) is not None:
            match command:
                case Stop(save):
                    return "stopped" if save else "aborted"
                case Pause() if not paused:
                    paused = True
                    self.clock.stop()
                    yield Paused(self.step)
                    yield from self._watching.now(self.step)
                case StepOnce(only) if only and only not in self.optimizers:
                    yield Warned(self.step, f"No step was made: there is no network {only!r} to move alone.")
                case StepOnce(only) if paused:
                    self._one_step(reported=True, only=only)
                    if only:
                        yield SteppedAlone(self.step, only)
                    yield self._report()
                    yield from self._watching.now(self.step)
                    if self.step % self.settings.preview_every == 0:
                        yield from self._previews()
                    else:
                        yield from self._looking.previews(self.step, kept=False)
                    yield from self.keeping.due()
                    if self.step >= self.settings.steps:
                        return "done"
                case Resume() if paused:
                    paused = False
                    self.clock.start()
                    yield Resumed(self.step)
                case Edit(path, value):
                    yield self._edit(path, value)
                case PreviewNow():
                    yield from self._looking.previews(self.step, kept=False)
                case ScoreNow():
                    yield from self._looking.score_now(self.step)
                    yield from self.keeping.due()
                case CheckpointNow():
                    yield from self.keeping.now("asked for", awaited=paused)
                case Pace(rate):
                    self._tempo.change(rate)
                case Watch():
                    yield from self._watching.ask(command, self.step, holds=paused or self._tempo.left() > 0)
                case Tell(event) if self._watching.fresh(event):
                    yield event
        return ""

    def _next(self, paused: bool) -> Command | None:
        """Return the next command: wait for one while paused, and in slow motion until the next step."""
        left = 0.0 if paused else self._tempo.left()
        if not left:
            return self.controls.take(wait=paused)
        with self.clock.held():
            return self.controls.take(wait=True, timeout=left)

    def _field(self) -> Field | str:
        """Return what makes the game of this run to be seen, or why it cannot be."""
        reason = refusal(self.architecture, self._data, self._fixed)
        return reason or Field(self.architecture, self._data, self._fixed, self.settings.seed)

    def _edit(self, path: str, value: Any, again: bool = False) -> Event:
        try:
            before, now = self.live.change(path, value)
        except RefusedEdit as refused:
            return SettingRefused(self.step, path, str(refused), again)
        return SettingChanged(self.step, path, now, before, again)

    def _rate(self) -> None:
        if self.settings.schedule != "constant":
            held = (total for since, total in reversed(self._totals) if since <= self.step)
            total = next(held, self.settings.steps)
            factor = schedule.factor(self.settings.schedule, self.step / total)
            for optimizer in self.optimizers.values():
                optimizer.scale(factor)

    # --- What is told ------------------------------------------------------------------------------

    def _report(self) -> StepRecord:
        for name, value in self.architecture.take_log().items():
            self._meter.add(name, value)
        self._signs.add_to(self._meter)
        values = self._meter.take()
        if reason := unsound(values):
            self._not_finite(reason, self.feed.place(), self.step)
        self.keeping.keep_good()
        return StepRecord(
            self.step,
            seconds=self.clock.seconds(),
            images_seen=self.images_seen,
            values={name: value for name, value in values.items() if math.isfinite(value)},
        )

    def _not_finite(self, reason: str, place: dict[str, int], step: int) -> None:
        layer = first_bad_layer(self.architecture, self.feed, place)
        raise NotFiniteError(
            f"{reason} at step {step}; {layer}. "
            "A lower learning rate or a stronger regularizer usually mends this.",
            step,
        )
