"""Plugin world: what of the whole process a plugin may change while it is loaded, and how it is put back.

It knows nothing of plugins, and loads no torch where there is none yet.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class _Thing:
    """One thing that holds for everybody: ``what`` it is called, and how it is read and set."""

    what: str
    read: Callable[[], Any]
    put: Callable[[Any], None]


def remember() -> dict[str, Any]:
    """Return how things are now, to be handed to :func:`put_back`."""
    return {thing.what: thing.read() for thing in _things()}


def put_back(before: dict[str, Any]) -> list[str]:
    """Make everything as it was; return what had to be."""
    changed = []
    for thing in _things():
        # What was not there before cannot have been of another value.
        if thing.what in before and thing.read() != before[thing.what]:
            thing.put(before[thing.what])
            changed.append(thing.what)
    return changed


def _things() -> list[_Thing]:
    things = [
        _Thing("the working folder", _folder, _go_to),
        _Thing("sys.excepthook", lambda: sys.excepthook, _set_excepthook),
    ]
    torch = sys.modules.get("torch")
    if torch is not None:
        things += [
            _Thing("torch's default dtype", torch.get_default_dtype, torch.set_default_dtype),
            _Thing("torch's anomaly detection", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
            _Thing(
                "torch's deterministic algorithms",
                torch.are_deterministic_algorithms_enabled,
                torch.use_deterministic_algorithms,
            ),
        ]
    return things


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:
        # It was removed under the program's feet.
        return ""


def _go_to(folder: str) -> None:
    if folder:
        os.chdir(folder)


def _set_excepthook(hook: Any) -> None:
    sys.excepthook = hook
