"""Failures: from an exception to the sentence a person reads first, with the plugin's file and line."""

import logging
import sysconfig
import traceback
from pathlib import Path

from ganstudio.api import StudioError

log = logging.getLogger("ganstudio")

_STUDIO = Path(__file__).parent
_STDLIB = Path(sysconfig.get_path("stdlib"))
_LIBRARIES = {
    *("torch", "torchvision", "numpy", "PIL", "safetensors", "pydantic", "pydantic_core"),
    *("pluggy", "click", "rich", "tomli_w", "platformdirs", "psutil", "PySide6", "pyqtgraph"),
}
"""What the studio itself stands on: a failure in one of these is told where a plugin called it."""


def describe_failure(error: BaseException) -> tuple[str, str]:
    """Return what to read first and the traceback behind it; the traceback goes to the log as well."""
    details = "".join(traceback.format_exception(error))
    log.error("%s", details)
    return _sentence(error), details


def _sentence(error: BaseException) -> str:
    if isinstance(error, StudioError):
        return str(error)
    if type(error).__name__ == "OutOfMemoryError" or isinstance(error, MemoryError):
        return (
            f"The device ran out of memory: {_first_line(error).rstrip('.')}. "
            "Half the batch size needs about half the memory; a smaller width helps too."
        )
    where = plugin_place(error)
    said = f"{type(error).__name__}: {_first_line(error)}" if _first_line(error) else type(error).__name__
    return f"{where}: {said}" if where else said


def plugin_place(error: BaseException) -> str:
    """Return ``file.py line 12, in training_step`` of the deepest frame that is a plugin's, or nothing."""
    frame = plugin_frame(error)
    return f"{frame.filename} line {frame.lineno}, in {frame.name}" if frame else ""


def plugin_frame(error: BaseException) -> traceback.FrameSummary | None:
    """Return the deepest frame of an error that is a plugin's, or ``None``."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_plugin(frame.filename):
            return frame
    return None


def is_plugin(file: str) -> bool:
    """Say whether a file is neither the studio's nor a library's."""
    path = Path(file)
    installed = not {"site-packages", "dist-packages"}.isdisjoint(path.parts)
    if path.is_relative_to(_STUDIO) or (path.is_relative_to(_STDLIB) and not installed):
        return False
    return path.is_absolute() and not (installed and _LIBRARIES & set(path.parts))


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "")
