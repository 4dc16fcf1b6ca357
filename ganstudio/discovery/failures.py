"""Plugin failures: from what a plugin raised while it was loaded to the sentence that stands on its card."""

import importlib.util
from pathlib import Path

from ganstudio.discovery.modules import PREFIX
from ganstudio.discovery.offers import PluginError
from ganstudio.discovery.sources import Candidate
from ganstudio.failures import plugin_frame

_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}
"""Packages that are imported by another name than they are installed by."""


def sentence_of(error: BaseException, candidate: Candidate) -> tuple[str, str]:
    """Return what went wrong, and the command that installs what is missing, or nothing."""
    if isinstance(error, PluginError):
        return str(error), ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name, candidate)
    if isinstance(error, SystemExit):
        return f"It calls sys.exit while it is loaded{_place(error)}.", ""
    if isinstance(error, SyntaxError) and error.filename:
        return f"It raised {type(error).__name__}: {error.msg}, {error.filename} line {error.lineno}.", ""
    said = f"{type(error).__name__}: {error}".removesuffix(": ").rstrip(".")
    return f"It raised {said}{_place(error)}.", ""


def _missing(name: str, candidate: Candidate) -> tuple[str, str]:
    if candidate.point and f"{candidate.point.module}.".startswith(f"{name}."):
        return f"Its module {name} is not there; install its package again.", ""
    if name.startswith(f"{PREFIX}."):
        return f"It imports {name.rpartition('.')[2]} from within itself, and there is no such file.", ""
    top = name.partition(".")[0]
    if candidate.path and _is_beside(top, Path(candidate.path)):
        sentence = (
            f"It imports {top}, a file beside it. Put both into a folder with a file __init__.py, and write "
            f"`from . import {top}` there."
        )
        return sentence, ""
    pip = f"pip install {_DISTRIBUTIONS.get(top, top)}"
    if name != top and importlib.util.find_spec(top):
        pip = pip.replace("install", "install --upgrade")
        return (
            f"It needs the module {name}, which the installed {top} lacks; another version may have it.",
            pip,
        )
    return f"It needs the package {top}, which is not installed: {pip}.", pip


def _is_beside(name: str, path: Path) -> bool:
    folders = (path.parent, path) if path.is_dir() else (path.parent,)
    return any((folder / f"{name}.py").exists() or (folder / name).is_dir() for folder in folders)


def _place(error: BaseException) -> str:
    """Return the plugin's file and line, to end a sentence with; empty where none of its lines took part."""
    frame = plugin_frame(error)
    return f", {frame.filename} line {frame.lineno}" if frame else ""
