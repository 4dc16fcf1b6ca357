"""Folder: one run on disk, made, appended to and read back. It knows nothing of who trains.

A run is written by one process at a time, which holds its lock; anybody may read it meanwhile.
"""

import difflib
import io
import itertools
import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ganstudio.api.errors import InputError, StudioError
from ganstudio.api.events import CheckpointSaved
from ganstudio.experiment import Experiment, load_experiment, slug
from ganstudio.runs import cutting, lock, pictures
from ganstudio.runs.atomic import explained, write_bytes, write_text
from ganstudio.runs.checkpoint import Checkpoint, State, list_checkpoints, read_checkpoint, write_checkpoint
from ganstudio.runs.lines import LineReader, LineWriter, encode
from ganstudio.runs.thinning import thin

EXPERIMENT, PROVENANCE = "experiment.toml", "provenance.json"
METRICS, EVENTS = "metrics.jsonl", "events.jsonl"
SAMPLES, CHECKPOINTS = "samples", "checkpoints"
REAL = "real"
"""The name, among the samples, of some of the data itself."""

RunState = Literal["running", "finished", "stopped", "failed", "interrupted"]
_LONGEST_NAME = 200
"""Bytes of a folder's name that come from the experiment; disks allow about 255 in all."""


class RunFolder:
    """A run. :meth:`create` and :meth:`create_at` make one to write, :meth:`open` gives one that is there.

    Whatever writes raises ``StudioError`` with a sentence when the disk refuses.
    """

    def __init__(self, path: Path, held: lock.Lock | None = None) -> None:
        self.path = path
        self._lock = held
        self._writers: dict[str, LineWriter] = {}

    # --- Making and opening ------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        parent: Path,
        experiment: Experiment,
        provenance: Mapping[str, Any],
        now: datetime | None = None,
    ) -> "RunFolder":
        """Make ``parent``/2026-11-21-1432-name and return it, ready to be written.

        Raises ``InputError`` when it cannot be made there.
        """
        stamp = (now or datetime.now()).strftime("%Y-%m-%d-%H%M")
        name = slug(experiment.name).encode("utf-8")[:_LONGEST_NAME].decode("utf-8", "ignore")
        with explained(parent, InputError):
            parent.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            path = parent / (f"{stamp}-{name}" if number == 1 else f"{stamp}-{name}-{number}")
            try:
                with explained(path, InputError):
                    path.mkdir()
            except InputError as error:
                # Somebody has this name, perhaps since a moment ago: the next one is tried.
                if isinstance(error.__cause__, FileExistsError):
                    continue
                raise
            return cls._begun(path, experiment, provenance)
        raise AssertionError("Numbers do not end.")

    @classmethod
    def create_at(cls, path: Path, experiment: Experiment, provenance: Mapping[str, Any]) -> "RunFolder":
        """Make the very folder ``path``, or take it when it is empty; raises ``InputError`` if not."""
        with explained(path, InputError):
            path.mkdir(parents=True, exist_ok=True)
            _refuse_used(path)
        return cls._begun(path, experiment, provenance)

    @classmethod
    def open(cls, path: Path, writing: bool = False) -> "RunFolder":
        """Return the run in the folder ``path``; raises ``InputError`` saying what is missing.

        ``writing`` takes the lock as well, and raises ``InputError`` when another process has it.
        """
        if not (path / EXPERIMENT).is_file():
            raise InputError(_why_no_run(path))
        return cls(path, _locked(path, "wait until it ends") if writing else None)

    @classmethod
    def _begun(cls, path: Path, experiment: Experiment, provenance: Mapping[str, Any]) -> "RunFolder":
        run = cls(path, _locked(path))
        try:
            _refuse_used(path)
            write_text(path / PROVENANCE, _pretty(provenance))
            # Last: a folder with an experiment is a run.
            write_text(path / EXPERIMENT, experiment.to_toml())
        except BaseException as error:
            run.close()
            if not isinstance(error, _UsedError):
                shutil.rmtree(path, ignore_errors=True)
            raise
        return run

    # --- Writing -----------------------------------------------------------------------------------

    def append_metrics(self, record: Mapping[str, Any]) -> None:
        """Add one line to ``metrics.jsonl``."""
        self._writer(METRICS).append(record)

    def append_event(self, record: Mapping[str, Any]) -> None:
        """Add one line to ``events.jsonl``."""
        self._writer(EVENTS).append(record)

    def write_sample(self, step: int, array: NDArray[Any], name: str = "", columns: int = 0) -> Path:
        """Keep a preview as ``samples/000012400.png``, or ``000012400-name.png``, and return its path.

        Images ``uint8`` [N, H, W, C] become a grid of ``columns`` (0: as near to a square as goes). Points
        [N, D] become a scatter on the scale of the real ones, and are kept as ``.npy`` beside it too.
        """
        return self._write_samples(f"{step:09d}-{slug(name)}" if name else f"{step:09d}", array, columns)

    def write_real(self, array: NDArray[Any]) -> Path:
        """Keep some of the data itself, shaped as for :meth:`write_sample`, as ``samples/real.png``."""
        return self._write_samples(REAL, array)

    def write_checkpoint(self, state: State, reason: str, keep: int = 0) -> CheckpointSaved:
        """Keep a training state, and make all that was appended before it as lasting as it is.

        Then only the newest ``keep`` stay (0: all). May be called on another thread than what appends, but
        by one at a time.
        """
        for writer in list(self._writers.values()):
            writer.sync()
        saved = write_checkpoint(self.path / CHECKPOINTS, state, reason)
        thin(self.path / CHECKPOINTS, keep, Path(saved.path))
        return saved

    def rewrite_experiment(self, experiment: Experiment) -> None:
        """Put what is asked now in the place of what was asked."""
        write_text(self.path / EXPERIMENT, experiment.to_toml())
        self.__dict__.pop("experiment", None)

    def cut_back(self, step: int, changes: int, record: Mapping[str, Any]) -> None:
        """Take back what was recorded after ``step``, and all but the first ``changes`` changed settings.

        The run goes on from the checkpoint of that step, as the event ``record`` says, and makes the rest
        anew.
        """
        self._close_writers()
        cutting.cut_metrics(self.path / METRICS, step)
        cutting.cut_samples(self.path / SAMPLES, step)
        cutting.set_aside_checkpoints(self.path / CHECKPOINTS, step)
        cutting.cut_events(self.path / EVENTS, step, changes, record)
        cutting.remove_leftovers(self.path / SAMPLES)
        # Here others write too, such as notes about the run.
        cutting.remove_leftovers(self.path, seconds=60)

    def close(self) -> None:
        """Bring what was appended to the disk and let others write; closing twice does nothing more.

        The files and the lock are given up even when the disk refuses.
        """
        held, self._lock = self._lock, None
        try:
            self._close_writers()
        finally:
            if held:
                held.release()

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- Reading -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The folder's name, by which people know the run."""
        return self.path.name

    @cached_property
    def experiment(self) -> Experiment:
        """What was asked; raises ``InputError`` when the file is damaged."""
        return load_experiment(self.path / EXPERIMENT)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """What it was made with, empty when that was not kept; raises ``StudioError`` when damaged."""
        path = self.path / PROVENANCE
        try:
            values = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise StudioError(f"{path} cannot be read: {error}.") from error
        return values if isinstance(values, dict) else {}

    @property
    def state(self) -> RunState:
        """How the run stands, by its last start or end; an unfinished one runs while its lock is held."""
        ending: RunState | None = None
        for record in self.events():
            match record.get("event"):
                case "Started" | "Restarted":
                    ending = None
                case "Finished":
                    ending = "finished" if record.get("reason") == "done" else "stopped"
                case "Failed":
                    ending = "failed"
        return ending or ("running" if lock.is_held(self.path) else "interrupted")

    def metrics(self) -> LineReader:
        """Return the lines of ``metrics.jsonl``, one by one."""
        return LineReader(self.path / METRICS)

    def events(self) -> LineReader:
        """Return the lines of ``events.jsonl``, one by one."""
        return LineReader(self.path / EVENTS)

    def samples(self) -> list[Path]:
        """Return the pictures of all kept previews, by step; not that of the data."""
        found = (self.path / SAMPLES).glob("*.png")
        return sorted((path for path in found if path.stem.isdecimal()), key=lambda path: int(path.stem))

    def checkpoints(self) -> list[Path]:
        """Return the folders of all checkpoints, by step, whether whole or damaged."""
        return list_checkpoints(self.path / CHECKPOINTS)

    def latest_checkpoint(self) -> tuple[Checkpoint | None, list[str]]:
        """Return the newest checkpoint that is whole, and a sentence for each damaged one passed over."""
        skipped: list[str] = []
        for folder in reversed(self.checkpoints()):
            try:
                return read_checkpoint(folder), skipped
            except StudioError as error:
                skipped.append(str(error))
        return None, skipped

    def inside(self, path: Path | str) -> str:
        """Return a path of the run as it is from its folder, with slashes."""
        return Path(path).relative_to(self.path).as_posix()

    # --- Details -----------------------------------------------------------------------------------

    def _close_writers(self) -> None:
        writers, self._writers = self._writers, {}
        try:
            for writer in writers.values():
                writer.sync()
        finally:
            for writer in writers.values():
                writer.close()

    def _writer(self, name: str) -> LineWriter:
        writer = self._writers.get(name)
        if writer is None:
            writer = self._writers[name] = LineWriter(self.path / name)
        return writer

    def _write_samples(self, name: str, array: NDArray[Any], columns: int = 0) -> Path:
        folder = self.path / SAMPLES
        with explained(folder):
            folder.mkdir(exist_ok=True)
        if array.ndim == 4:
            picture = pictures.tile(array, columns)
        else:
            file = io.BytesIO()
            np.save(file, array.astype(np.float32), allow_pickle=False)
            write_bytes(folder / f"{name}.npy", file.getvalue())
            picture = pictures.scatter(array, self._limits(name, array))
        path = folder / f"{name}.png"
        write_bytes(path, pictures.png(picture))
        return path

    def _limits(self, name: str, array: NDArray[Any]) -> pictures.Limits | None:
        """Return the part of the plane to show: that of the real points, so that pictures compare."""
        if name != REAL:
            with suppress(OSError, ValueError):
                array = np.load(self.path / SAMPLES / f"{REAL}.npy", allow_pickle=False)
        return pictures.limits_of(array)


class _UsedError(InputError):
    """The folder holds something that is not ours to touch."""


def _refuse_used(path: Path) -> None:
    if any(entry.name != lock.NAME for entry in path.iterdir()):
        raise _UsedError(
            f"{path} is not empty, and runs never overwrite each other. Choose another folder, or empty it."
        )


def _locked(path: Path, instead: str = "choose another folder") -> lock.Lock:
    with explained(path, InputError):
        held = lock.Lock.take(path)
    if held is None:
        raise InputError(f"Another process is writing {path}. Stop it first, or {instead}.")
    return held


def _pretty(values: Mapping[str, Any]) -> str:
    plain = json.loads(encode(values))
    return json.dumps(plain, indent=2, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _why_no_run(path: Path) -> str:
    if path.is_file():
        return f"{path} is a file; a run is a folder with a file {EXPERIMENT}."
    if path.is_dir():
        inside = _runs_in(path)
        hint = f" The latest run in it is {inside[-1].name}." if inside else ""
        return f"{path} is no run: it has no {EXPERIMENT}.{hint}"
    beside = [run.name for run in _runs_in(path.parent)]
    near = difflib.get_close_matches(path.name, beside, n=1) or beside[-1:]
    return f"There is no folder {path}." + (f" Did you mean {near[0]}?" if near else "")


def _runs_in(parent: Path) -> list[Path]:
    """Return the runs in a folder; as their names begin with the time, the latest is the last."""
    try:
        return sorted(path for path in parent.iterdir() if (path / EXPERIMENT).is_file())
    except OSError:
        return []
