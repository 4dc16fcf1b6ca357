"""Exporters of plugins: how one is given a run, and how what it writes gets to its place.

It knows nothing of what is written. What a plugin raises becomes a sentence with its file and line.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

from ganstudio.api import Exporter, InputError, Report, StudioError, TrainedRun
from ganstudio.exporting.weights import built
from ganstudio.failures import describe_failure
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.runs.atomic import explained, sync_file, sync_folder, temporary_beside
from ganstudio.runs.checkpoint import Checkpoint
from ganstudio.runs.folder import RunFolder

_T = TypeVar("_T")


class _GivenUp(BaseException):
    """The user gave up: no plugin that catches every ``Exception`` may hold it back."""


def exporter_called(registry: Registry, name: str) -> type[Exporter] | None:
    """Return the exporter whose class has this name, or ``None``."""
    return cast("type[Exporter] | None", registry.get("exporter", name))


def trained_run(run: RunFolder, checkpoint: Checkpoint, registry: Registry) -> TrainedRun:
    """Return the run with its networks built and filled; raises ``StudioError`` where they do not fit."""
    architecture = built(resolve(run.experiment, registry).architecture, checkpoint)
    return TrainedRun(
        name=run.name,
        step=checkpoint.step,
        images_seen=checkpoint.images_seen,
        seconds=checkpoint.seconds,
        experiment=run.experiment.to_dict(),
        data=checkpoint.spec,
        architecture=architecture,
    )


def check_suits(cls: type[Exporter], run: TrainedRun) -> None:
    """Raise ``InputError`` with the reason why a run cannot be written so, where there is one."""
    reason = _guarded(cls, lambda: cls.refuses(run))
    if reason:
        raise InputError(reason)


def write(cls: type[Exporter], run: TrainedRun, folder: Path, report: Report) -> Path:
    """Write the file or folder of an exporter into ``folder``, whole or not at all, and return it.

    Raises ``StudioError`` with a sentence for whatever the plugin raises.
    """
    out = folder / f"{cls.__name__}{cls.suffix}"
    temporary = temporary_beside(out)
    # Libraries look at the end of a name to know what to write.
    temporary = temporary.with_name(f"{temporary.name}{cls.suffix}")
    try:
        if not cls.suffix:
            temporary.mkdir()
        _guarded(cls, lambda: cls().export(run, temporary, _told(report)))
        _check_there(cls, temporary)
        _put_in_place(temporary, out)
    finally:
        _remove(temporary)
    return out


def _guarded(cls: type[Exporter], do: Callable[[], _T]) -> _T:
    """Do it; what a plugin may raise becomes a ``StudioError`` that begins with its title."""
    title = cls.title or cls.__name__
    try:
        return do()
    except _GivenUp as error:
        raise StudioError("The export was given up.") from error
    except StudioError:
        raise
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise InputError(
            f"{title} needs the package {package}, which is not installed: pip install {package}."
        ) from error
    # A plugin may even call sys.exit; only the user's Ctrl+C passes.
    except (Exception, SystemExit) as error:
        sentence, _details = describe_failure(error)
        raise StudioError(f"{title} could not be written. {sentence}") from error


def _told(report: Report) -> Report:
    """Return ``report`` so that a plugin cannot catch what it raises when the user gives up."""

    def told(what: str, share: float | None) -> None:
        try:
            report(what, share)
        except StudioError as error:
            raise _GivenUp from error

    return told


def _check_there(cls: type[Exporter], path: Path) -> None:
    title = cls.title or cls.__name__
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        raise StudioError(f"{title} wrote nothing: its export() is to write to the path it is given.")


def _put_in_place(temporary: Path, out: Path) -> None:
    with explained(out):
        if temporary.is_file():
            sync_file(temporary)
        elif out.is_dir():
            shutil.rmtree(out)
        os.replace(temporary, out)
        sync_folder(out.parent)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
