"""Where: the file and line that a finding is about. It knows nothing of what was found."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ganstudio.failures import is_plugin, plugin_frame


@dataclass(frozen=True)
class Place:
    """A line of a file; ``line`` is 0 where only the file is known."""

    file: str = ""
    line: int = 0


NOWHERE = Place()


def of_class(cls: type) -> Place:
    """Return where a class begins."""
    try:
        return Place(inspect.getsourcefile(cls) or "", inspect.getsourcelines(cls)[1])
    except (OSError, TypeError):
        return NOWHERE


def of_method(cls: type, name: str) -> Place:
    """Return where the method of a class begins, or the class where the studio has it."""
    function = inspect.unwrap(_plain(inspect.getattr_static(cls, name, None)))
    code = getattr(function, "__code__", None)
    if code is None or not is_plugin(code.co_filename):
        return of_class(cls)
    return Place(code.co_filename, code.co_firstlineno)


def of_field(cls: type, name: str) -> Place:
    """Return where a field of a settings class is declared, or the class where that is not found."""
    for base in cls.__mro__:
        if name in inspect.get_annotations(base):
            try:
                lines, first = inspect.getsourcelines(base)
            except (OSError, TypeError):
                break
            for number, line in enumerate(lines):
                if re.match(rf"\s*{re.escape(name)}\s*:", line):
                    return Place(inspect.getsourcefile(base) or "", first + number)
    return of_class(cls)


def of_error(error: BaseException) -> Place:
    """Return the deepest line of a plugin that an error went through."""
    frame = plugin_frame(error)
    return Place(frame.filename, frame.lineno or 0) if frame else NOWHERE


def of_yield(updates: Any) -> Place:
    """Return the line of a plugin at which a generator, or the one it yields from, holds."""
    found = NOWHERE
    for frame in _frames(updates):
        if is_plugin(frame.f_code.co_filename):
            found = Place(frame.f_code.co_filename, frame.f_lineno)
    return found


def _frames(generator: Any) -> Iterator[Any]:
    """Yield the frames of a generator and of all it yields from, the outermost first."""
    while generator is not None:
        frame = getattr(generator, "gi_frame", None)
        if frame is not None:
            yield frame
        generator = getattr(generator, "gi_yieldfrom", None)


def _plain(attribute: Any) -> Any:
    """Return the function within a class method, a static method or a property."""
    if isinstance(attribute, property):
        return attribute.fget
    return getattr(attribute, "__func__", attribute)
