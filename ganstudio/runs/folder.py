"""Folder: one run on disk, made, appended to and read back. It knows nothing of who trains.

A run is written by one process at a time, which holds its lock; anybody may read it meanwhile.
"""

import itertools
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from numpy.typing import NDArray

from ganstudio.api.errors import InputError
from ganstudio.api.events import CheckpointSaved
from ganstudio.api.table_columns import TableColumn
from ganstudio.experiment import Experiment, slug
from ganstudio.runs import cutting, lock, migration, preview_files, samples
from ganstudio.runs.atomic import write_text
from ganstudio.runs.checkpoint import State, write_checkpoint
from ganstudio.runs.finding import why_no_run
from ganstudio.runs.lines import LineWriter, encode
from ganstudio.runs.recorded import (
    CHECKPOINTS,
    EVENTS,
    EXPERIMENT,
    METRICS,
    PROVENANCE,
    SAMPLES,
    VECTORS,
    Recorded,
    RunState,
)
from ganstudio.runs.refusals import explained, gone
from ganstudio.runs.thinning import thin, with_lasting

__all__ = [
    "CHECKPOINTS",
    "EVENTS",
    "EXPERIMENT",
    "METRICS",
    "PROVENANCE",
    "REAL",
    "SAMPLES",
    "VECTORS",
    "Fill",
    "RunFolder",
    "RunState",
]

REAL = preview_files.REAL
"""The name, among the samples, of some of the data itself."""

Fill = Callable[[Path], object]
_LONGEST_NAME = 200
"""Bytes of a folder's name that come from the experiment; disks allow about 255 in all."""


class RunFolder(Recorded):
    """A run. :meth:`create` and :meth:`create_at` make one to write, :meth:`open` gives one that is there.

    Whatever writes raises ``StudioError`` with a sentence when the disk refuses.
    """

    def __init__(self, path: Path, held: lock.Lock | None = None) -> None:
        super().__init__(path)
        self.mended: tuple[str, ...] = ()
        """What was damaged and is set aside, so that the run can be written: a sentence each."""
        self._lock = held
        self._place = _place(path)
        self._writers: dict[str, LineWriter] = {}

    # --- Making and opening ------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        parent: Path,
        experiment: Experiment,
        provenance: Mapping[str, Any],
        now: datetime | None = None,
        fill: Fill | None = None,
    ) -> "RunFolder":
        """Make ``parent``/2026-11-21-1432-name and return it, ready to be written.

        ``fill`` puts into the folder what is to be there before it counts as a run. Raises ``InputError``
        when it cannot be made there.
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
            return cls._begun(path, experiment, provenance, fill)
        raise AssertionError("Numbers do not end.")

    @classmethod
    def create_at(
        cls,
        path: Path,
        experiment: Experiment,
        provenance: Mapping[str, Any],
        fill: Fill | None = None,
    ) -> "RunFolder":
        """Make the very folder ``path``, or take it when it is empty; raises ``InputError`` if not."""
        with explained(path, InputError):
            path.mkdir(parents=True, exist_ok=True)
            _refuse_used(path)
        return cls._begun(path, experiment, provenance, fill)

    @classmethod
    def open(cls, path: Path, writing: bool = False) -> "RunFolder":
        """Return the run in the folder ``path``; raises ``InputError`` saying what is missing.

        So it does for a run that only a newer studio can read. ``writing`` takes the lock as well, and
        raises ``InputError`` when another process has it.
        """
        if not (path / EXPERIMENT).is_file():
            raise InputError(why_no_run(path))
        migration.refuse_newer(path)
        run = cls(path, _locked(path, "wait until it ends") if writing else None)
        if writing:
            run.mended = migration.set_aside_damaged(path)
        return run

    @classmethod
    def _begun(
        cls, path: Path, experiment: Experiment, provenance: Mapping[str, Any], fill: Fill | None
    ) -> "RunFolder":
        run = cls(path, _locked(path))
        try:
            _refuse_used(path)
            write_text(path / PROVENANCE, _pretty({migration.KEY: migration.FORMAT, **provenance}))
            if fill:
                fill(path)
            # Last: a folder with an experiment is a run.
            write_text(path / EXPERIMENT, _whole(experiment))
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

    def append_vectors(self, record: Mapping[str, Any]) -> None:
        """Add one line to ``vectors.jsonl``."""
        self._writer(VECTORS).append(record)

    def append_event(self, record: Mapping[str, Any]) -> None:
        """Add one line to ``events.jsonl``."""
        self._writer(EVENTS).append(record)

    def write_sample(
        self,
        step: int,
        array: NDArray[Any],
        name: str = "",
        columns: int = 0,
        captions: Sequence[str] = (),
        table: Sequence[TableColumn] = (),
    ) -> Path:
        """Keep a preview as ``samples/000012400.png``, or ``000012400-name.png``, and return its path.

        Images ``uint8`` [N, H, W, C] become a grid of ``columns`` (0: as near to a square as goes). Points
        [N, D] become a scatter on the scale of the real ones, and are kept as ``.npy`` beside it too; rows
        [N, C] of a ``table`` become charts of its columns, and are kept as ``.npz``. ``captions``, the words
        above each column, are kept with the picture.
        """
        stem = preview_files.stem(step, preview_files.kind_of(name, first=not name))
        return self._write_samples(stem, array, columns, captions, table)

    def write_real(
        self,
        array: NDArray[Any],
        columns: int = 0,
        captions: Sequence[str] = (),
        table: Sequence[TableColumn] = (),
    ) -> Path:
        """Keep some of the data itself, shaped as for :meth:`write_sample`, as ``samples/real.png``."""
        return self._write_samples(REAL, array, columns, captions, table)

    def write_checkpoint(self, state: State, reason: str, keep: int = 0) -> CheckpointSaved:
        """Keep a training state, and make all that was appended before it as lasting as it is.

        Then only the newest ``keep`` stay (0: all), and those whose reason makes them outlast newer ones.
        May be called on another thread than what appends, but by one at a time.
        """
        self._check_place()
        for writer in list(self._writers.values()):
            writer.sync()
        reason = with_lasting(reason, self.path / CHECKPOINTS, state.step)
        saved = write_checkpoint(self.path / CHECKPOINTS, state, reason)
        thin(self.path / CHECKPOINTS, keep, Path(saved.path))
        return saved

    def rewrite_experiment(self, experiment: Experiment) -> None:
        """Put what is asked now in the place of what was asked."""
        self._check_place()
        write_text(self.path / EXPERIMENT, _whole(experiment))
        self.__dict__.pop("experiment", None)

    def cut_back(self, step: int, changes: int, record: Mapping[str, Any]) -> None:
        """Take back what was recorded after ``step``, and all but the first ``changes`` changed settings.

        The run goes on from the checkpoint of that step, as the event ``record`` says, and makes the rest
        anew.
        """
        self._close_writers()
        migration.migrate(self.path)
        self.__dict__.pop("provenance", None)
        cutting.cut_metrics(self.path / METRICS, step)
        cutting.cut_metrics(self.path / VECTORS, step)
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

    # --- Details -----------------------------------------------------------------------------------

    def _check_place(self) -> None:
        """Raise ``DiskError`` when the folder is not the one that was opened: it is not to be made anew."""
        if self._place != _place(self.path):
            raise gone(self.path)

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
            self._check_place()
            writer = self._writers[name] = LineWriter(self.path / name)
        return writer

    def _write_samples(
        self,
        name: str,
        array: NDArray[Any],
        columns: int,
        captions: Sequence[str],
        table: Sequence[TableColumn],
    ) -> Path:
        self._check_place()
        return samples.keep(self.path / SAMPLES, name, array, columns, captions, table)


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


def _whole(experiment: Experiment) -> str:
    return f"{experiment.to_toml()}\n{migration.END}"


def _place(path: Path) -> tuple[int, int] | None:
    """Return what tells this folder from any other that may come to have its name."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
