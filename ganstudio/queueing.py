"""Queueing: what waits to be trained, one after another, kept in a file that outlives the program.

Every process on one home sees the same queue. Any of them may add to it, and change what waits; one at a
time works it, which a lock says that a dead process does not keep. It trains nothing and knows no window.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ganstudio import places
from ganstudio.api.errors import InputError, StudioError
from ganstudio.experiment import Experiment, ExperimentError
from ganstudio.requests import Branch, Request, Resume
from ganstudio.runs import lock
from ganstudio.runs.atomic import explained, write_text

FORMAT = 1
_FILE, _CHANGES = "queue.json", "changes"
_PATIENCE_SECONDS = 3.0

Kind = Literal["train", "resume", "branch"]
State = Literal["waiting", "running", "done", "stopped", "failed", "refused", "interrupted"]

ENDED: tuple[State, ...] = ("done", "stopped", "failed", "refused", "interrupted")
AGAIN: tuple[State, ...] = ("stopped", "failed", "refused", "interrupted")
"""What can be tried again from its beginning."""

WORKED_ELSEWHERE = (
    "Another window or command line works this queue, and alone says when it goes on. "
    "What waits can be changed here all the same."
)


@dataclass(frozen=True)
class Entry:
    """One training that is asked for, and what became of it."""

    key: str
    kind: Kind
    name: str
    experiment: Experiment | None = None
    """What to train, complete for a branch; ``None`` for a run to go on with."""
    path: Path | None = None
    """The run to go on with, or to branch from."""
    step: int | None = None
    """Where to branch; ``None``: at the newest checkpoint."""
    steps: int | None = None
    """The total to go on to; ``None``: as it was."""
    device: str = "auto"
    state: State = "waiting"
    sentence: str = ""
    """Why it failed or was refused."""
    run: Path | None = None
    """The run it became."""

    @property
    def total(self) -> int | None:
        """How many steps are asked for in all, where it says so."""
        if self.experiment is None:
            return self.steps
        asked = self.experiment.training.get("steps")
        return asked if isinstance(asked, int) else None

    @property
    def resumable(self) -> bool:
        """Whether there is a run that may be gone on with instead of begun anew."""
        return self.state in ("stopped", "failed", "interrupted") and self.run is not None

    def request(self) -> Request | Resume | Branch:
        """Return what to ask ``launch`` for."""
        device = None if self.device == "auto" else self.device
        if self.kind == "resume" and self.path is not None:
            return Resume(self.path, self.steps, device)
        assert self.experiment is not None
        if self.kind == "branch" and self.path is not None:
            return Branch(self.path, self.step, self.experiment, device, queued=self.key)
        return Request(self.experiment, self.device, queued=self.key)

    def waiting_again(self) -> "Entry":
        """Return it as it was before anything became of it."""
        return replace(self, state="waiting", sentence="", run=self.path if self.kind == "resume" else None)

    def going_on(self) -> "Entry":
        """Return the wish to go on with the run it became."""
        if self.run is None:
            raise InputError(f"{self.name} became no run yet, so there is nothing to go on with.")
        going_on = replace(self, kind="resume", experiment=None, path=self.run, step=None)
        return replace(going_on, state="waiting", sentence="")


def training(experiment: Experiment, device: str = "auto") -> Entry:
    """Return the wish to train an experiment."""
    return Entry(_key(), "train", experiment.name, experiment, device=device)


def resuming(path: Path, steps: int | None = None, device: str = "auto") -> Entry:
    """Return the wish to go on with the run in a folder, to ``steps`` in all where given."""
    path = path.absolute()
    return Entry(_key(), "resume", path.name, path=path, steps=steps, device=device, run=path)


def branching(path: Path, step: int | None, experiment: Experiment, device: str = "auto") -> Entry:
    """Return the wish to branch from a checkpoint (``None``: the newest) of the run in a folder."""
    return Entry(_key(), "branch", experiment.name, experiment, path.absolute(), step, device=device)


class Queue:
    """The queue of a home folder: :func:`ganstudio.places.queue` unless another is named.

    Whatever writes raises ``StudioError`` with a sentence when the disk refuses, or when the file is not a
    queue; it is then as it was. Entries are named by their key; one that is gone raises ``InputError``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or places.queue()
        self._working: lock.Lock | None = None

    # --- Reading -----------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """Return all entries in their order. One that ran when its process died reads as interrupted."""
        entries = self._read()
        if any(entry.state == "running" for entry in entries) and not self.worked:
            entries = [_interrupted(entry) for entry in entries]
        return entries

    def entry(self, key: str) -> Entry:
        """Return one entry."""
        return _the(self.entries(), key)

    def next_waiting(self) -> Entry | None:
        """Return what is to be trained next."""
        return next((entry for entry in self.entries() if entry.state == "waiting"), None)

    @property
    def stamp(self) -> tuple[int, int]:
        """What changes whenever the file does."""
        try:
            stat = (self.folder / _FILE).stat()
        except OSError:
            return 0, 0
        return stat.st_mtime_ns, stat.st_ino

    @property
    def worked(self) -> bool:
        """Whether a living process works the queue, this one among them."""
        # Some disks cannot lock; there, one at least knows of oneself.
        return self.worked_here or lock.is_held(self.folder)

    @property
    def worked_here(self) -> bool:
        """Whether it is worked through this very object."""
        return self._working is not None

    # --- Working -----------------------------------------------------------------------------------

    def begin_work(self) -> bool:
        """Take the right to work the queue; return whether it was free."""
        if self._working is None:
            self._make_folder()
            with explained(self.folder, InputError):
                self._working = lock.Lock.take(self.folder)
        if self._working is None:
            return False
        try:
            self._change(lambda entries: [_interrupted(entry) for entry in entries])
        except BaseException:
            self.end_work()
            raise
        return True

    def end_work(self) -> None:
        """Let others work the queue."""
        held, self._working = self._working, None
        if held:
            held.release()

    def mark(self, key: str, state: State, sentence: str = "", run: Path | None = None) -> None:
        """Write down what became of an entry; a run once known stays known."""
        self._replace(key, lambda entry: replace(entry, state=state, sentence=sentence, run=run or entry.run))

    # --- Changing what waits -----------------------------------------------------------------------

    def add(self, entry: Entry, position: int | None = None) -> None:
        """Put an entry at the end, or before what stands at ``position``."""
        self._change(lambda entries: _inserted(entries, entry, position))

    def remove(self, key: str) -> Entry:
        """Take an entry out of the queue and return it; its run stays. Refused while it is running."""
        removed = self.entry(key)
        if removed.state == "running":
            raise InputError(f"{removed.name} is being trained; stop it before it is taken out of the queue.")
        self._change(lambda entries: [entry for entry in entries if entry.key != key])
        return removed

    def clear_ended(self) -> int:
        """Take out all that came to an end well and return how many; what can be tried again stays."""
        count = sum(entry.state == "done" for entry in self.entries())
        self._change(lambda entries: [entry for entry in entries if entry.state != "done"])
        return count

    def move(self, key: str, position: int) -> None:
        """Put an entry at another place, counted as if it had been taken out first."""

        def moved(entries: list[Entry]) -> list[Entry]:
            entry = _the(entries, key)
            return _inserted([other for other in entries if other.key != key], entry, position)

        self._change(moved)

    def rename(self, key: str, name: str) -> None:
        """Give what waits another name, which is that of its experiment too."""

        def renamed(entry: Entry) -> Entry:
            _only_waiting(entry, "renamed")
            if not name.strip():
                raise InputError("An entry of the queue needs a name.")
            experiment = entry.experiment and entry.experiment.renamed(name.strip())
            return replace(entry, name=name.strip(), experiment=experiment)

        self._replace(key, renamed)

    def set_steps(self, key: str, steps: int) -> None:
        """Ask for another total of steps of what waits."""

        def longer(entry: Entry) -> Entry:
            _only_waiting(entry, "given other steps")
            if steps < 1:
                raise InputError(f"{entry.name}: {steps} is no number of steps; ask for one at least.")
            if entry.experiment is None:
                return replace(entry, steps=steps)
            return replace(entry, experiment=entry.experiment.with_value("training.steps", steps))

        self._replace(key, longer)

    def try_again(self, key: str) -> None:
        """Let what failed, was refused, stopped or interrupted wait again, to be begun anew."""
        self._replace(key, lambda entry: _only(entry, AGAIN, "be tried again").waiting_again())

    def go_on(self, key: str) -> None:
        """Let the run that an entry became wait to be gone on with."""
        self._replace(key, lambda entry: _only(entry, AGAIN, "be gone on with").going_on())

    # --- The file ----------------------------------------------------------------------------------

    def _replace(self, key: str, change: Callable[[Entry], Entry]) -> None:
        def replaced(entries: list[Entry]) -> list[Entry]:
            _the(entries, key)
            return [change(entry) if entry.key == key else entry for entry in entries]

        self._change(replaced)

    def _change(self, change: Callable[[list[Entry]], list[Entry]]) -> None:
        """Read, change and write in one go: nobody else changes the file meanwhile."""
        with self._changing():
            before = self._read()
            # What another process left running is seen as what it is, not as running.
            seen = before if self.worked else [_interrupted(entry) for entry in before]
            after = change(seen)
            if after != before:
                table = {"format": FORMAT, "entries": [_to_table(entry) for entry in after]}
                write_text(self.folder / _FILE, json.dumps(table, indent=1))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        self._make_folder()
        ends = time.monotonic() + _PATIENCE_SECONDS
        with explained(self.folder):
            while (held := lock.Lock.take(self.folder / _CHANGES)) is None:
                if time.monotonic() > ends:
                    raise StudioError(
                        f"Another process is changing the queue in {self.folder}. Try again in a moment."
                    )
        try:
            yield
        finally:
            held.release()

    def _make_folder(self) -> None:
        with explained(self.folder, InputError):
            (self.folder / _CHANGES).mkdir(parents=True, exist_ok=True)

    def _read(self) -> list[Entry]:
        path = self.folder / _FILE
        try:
            table = json.loads(path.read_bytes())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StudioError(f"The queue {path} cannot be read: {error.strerror or error}.") from error
        except ValueError as error:
            raise StudioError(_damaged(path)) from error
        if isinstance(table, dict) and isinstance(table.get("format"), int) and table["format"] > FORMAT:
            raise StudioError(
                f"The queue {path} was written by a newer version of GAN Studio. Use that version, or move "
                "the file away to begin an empty queue."
            )
        try:
            return [_from_table(each) for each in table["entries"]]
        except (KeyError, TypeError, ValueError, ExperimentError) as error:
            raise StudioError(_damaged(path)) from error


def _damaged(path: Path) -> str:
    return f"The queue {path} is damaged and was left as it is. Move it away to begin an empty queue."


def _key() -> str:
    return secrets.token_hex(6)


def _the(entries: Sequence[Entry], key: str) -> Entry:
    for entry in entries:
        if entry.key == key:
            return entry
    raise InputError("That entry is not in the queue any more; another process took it out.")


def _inserted(entries: list[Entry], entry: Entry, position: int | None) -> list[Entry]:
    at = len(entries) if position is None else max(0, min(position, len(entries)))
    return [*entries[:at], entry, *entries[at:]]


def _interrupted(entry: Entry) -> Entry:
    if entry.state != "running":
        return entry
    return replace(
        entry, state="interrupted", sentence="The program ended while it was being trained; it can go on."
    )


def _only(entry: Entry, states: Sequence[State], what: str) -> Entry:
    if entry.state not in states:
        raise InputError(f"{entry.name} is {entry.state} and cannot {what}.")
    return entry


def _only_waiting(entry: Entry, what: str) -> None:
    _only(entry, ("waiting",), f"be {what}")


def _to_table(entry: Entry) -> dict[str, Any]:
    values: dict[str, Any] = {
        **vars(entry),
        "experiment": entry.experiment and entry.experiment.to_dict(),
        "path": entry.path and str(entry.path),
        "run": entry.run and str(entry.run),
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _from_table(table: Mapping[str, Any]) -> Entry:
    values = dict(table)
    if values.get("kind") not in get_args(Kind) or values.get("state") not in get_args(State):
        raise ValueError("not an entry of a queue")
    for name in ("path", "run"):
        if name in values:
            values[name] = Path(values[name])
    if "experiment" in values:
        values["experiment"] = Experiment.from_dict(values["experiment"])
    entry = Entry(**values)
    needed = {"train": (entry.experiment,), "resume": (entry.path,), "branch": (entry.experiment, entry.path)}
    if None in needed[entry.kind]:
        raise ValueError("an entry without what it is about")
    return entry
