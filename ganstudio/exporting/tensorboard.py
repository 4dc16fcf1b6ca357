"""TensorBoard: curves and kept previews of a run as event files that TensorBoard reads.

It needs the package ``tensorboard``, the extra of that name, and loads it and torch when asked to write.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ganstudio.api.errors import InputError
from ganstudio.exporting.curves import Progress, Row, rows
from ganstudio.runs.atomic import explained, sync_folder, temporary_beside
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import Kept, read_history

MISSING = "TensorBoard event files need the package tensorboard: pip install 'ganstudio[tensorboard]'"
_TOLD_ROWS = 2000


def write_tensorboard(path: Path, out: Path, progress: Progress) -> Path:
    """Write the folder ``out`` with the event files of the run in the folder ``path``, and return it.

    Scalars have the step and the time of day at which it was done, pauses left out; previews are images
    under ``samples``. An earlier export there is replaced. Raises ``InputError`` when tensorboard is not
    installed, there is no run, or ``out`` is a folder of something else.
    """
    writer_class = _writer_class()
    _refuse_foreign(out)
    temporary = temporary_beside(out)
    with explained(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        try:
            _fill(writer_class(str(temporary)), path, progress)
            if out.exists():
                shutil.rmtree(out)
            os.replace(temporary, out)
            sync_folder(out.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    return out


def _fill(writer: Any, path: Path, progress: Progress) -> None:
    history = read_history(path)
    began = _began(RunFolder.open(path))
    seconds: list[tuple[int, float]] = [(0, 0.0)]
    with writer:
        for number, row in enumerate(rows(path)):
            if row.seconds is not None:
                seconds.append((row.step, row.seconds))
            _write_row(writer, row, began + seconds[-1][1])
            if number % _TOLD_ROWS == 0:
                progress("Writing the curves", None)
        times = _Times(seconds)
        for name, kept in history.previews.items():
            for preview in kept:
                _write_picture(writer, f"samples/{name}" if name else "samples", preview, began, times)
            progress("Writing the samples", None)


def _write_row(writer: Any, row: Row, time: float) -> None:
    for name, value in row.values.items():
        if isinstance(value, int | float) or value is None:
            writer.add_scalar(name, float("nan") if value is None else value, row.step, walltime=time)


class _Times:
    """How many seconds of training each step came at, to be asked for in rising order."""

    def __init__(self, seconds: list[tuple[int, float]]) -> None:
        self._steps = [step for step, _ in seconds]
        self._seconds = [second for _, second in seconds]

    def at(self, step: int) -> float:
        """Return the seconds at the last report until ``step``."""
        from bisect import bisect_right

        return self._seconds[max(0, bisect_right(self._steps, step) - 1)]


def _write_picture(writer: Any, tag: str, preview: Kept, began: float, times: _Times) -> None:
    """Hand the kept PNG on as it is; a file that is none is left out."""
    from PIL import Image, UnidentifiedImageError
    from tensorboard.compat.proto.summary_pb2 import Summary

    try:
        data = preview.path.read_bytes()
        with Image.open(preview.path) as picture:
            (width, height), bands = picture.size, len(picture.getbands())
    except (OSError, UnidentifiedImageError):
        return
    image = Summary.Image(height=height, width=width, colorspace=bands, encoded_image_string=data)
    summary = Summary(value=[Summary.Value(tag=tag, image=image)])
    writer.file_writer.add_summary(summary, preview.step, began + times.at(preview.step))


def _began(run: RunFolder) -> float:
    """Return when the run began, in seconds since 1970."""
    for time in _times_of(run):
        try:
            return datetime.fromisoformat(time).timestamp()
        except ValueError:
            continue
    return run.path.stat().st_mtime


def _times_of(run: RunFolder) -> Iterator[str]:
    for record in run.events():
        if isinstance(record.get("time"), str):
            yield record["time"]


def _writer_class() -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise InputError(f"{MISSING}.") from error
    return SummaryWriter


def _refuse_foreign(out: Path) -> None:
    if out.is_file():
        raise InputError(f"{out} is a file; TensorBoard's events are a folder. Name another place.")
    if out.is_dir() and any(not entry.name.startswith("events.out.tfevents") for entry in out.iterdir()):
        raise InputError(f"{out} holds other things than TensorBoard's events. Name another folder.")
