"""Plugin content: the bytes of a plugin file or folder, read once, and the hash that stands for them.

What is judged, shown and executed is one and the same reading. It knows nothing of trust and executes
nothing.
"""

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from ganstudio.api.errors import InputError

MAX_BYTES = 64 << 20
"""A plugin folder holds no more than this; data belongs elsewhere."""
MAX_FILES = 2000


@dataclass(frozen=True)
class Content:
    """What a plugin file or folder held when it was read.

    ``files`` has its bytes by name, relative to the folder and with slashes; of a single file, that one.
    ``digest`` is its SHA-256 in hexadecimal digits: of a file what ``sha256sum`` prints, of a folder that of
    the sorted lines ``<sha256>  <name>`` of all its files.
    """

    path: Path
    files: Mapping[str, bytes]
    digest: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a package with an ``__init__.py``."""
        return "__init__.py" in self.files and self.path.name != "__init__.py"


def read_content(path: Path) -> Content:
    """Read a ``.py`` file, or a folder with an ``__init__.py`` and all its files; resolves links in ``path``.

    Of a folder, hidden files, ``__pycache__`` and editors' backups (``~``) are no part of it. Raises
    ``InputError`` for what is no plugin, cannot be read, or holds more than ``MAX_BYTES`` or ``MAX_FILES``.
    """
    path = real_path(path)
    try:
        if path.is_dir():
            return _read_folder(path)
        if not path.exists():
            raise InputError(f"There is no plugin file {path}.")
        if path.suffix != ".py" or not path.is_file():
            raise InputError(f"{path} is no plugin: that is a file whose name ends in .py, or a folder.")
        data = _read(path, MAX_BYTES)
    except OSError as error:
        raise InputError(f"{error.filename or path} cannot be read: {error.strerror}.") from error
    return Content(path, {path.name: data}, hashlib.sha256(data).hexdigest())


def real_path(path: Path) -> Path:
    """Return where a path leads, absolute and without links; links in a circle lead nowhere."""
    return Path(os.path.realpath(os.path.expanduser(path)))


def difference(before: Mapping[str, str], content: Content) -> str:
    """Return a unified diff from kept texts to a content; against nothing, the whole text.

    ``before`` is what :func:`texts` returned. Invisible characters stand as their escapes.
    """
    after = texts(content)
    lines: list[str] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            labels = (f"agreed/{name}" if name in before else "/dev/null", f"now/{name}")
            lines += unified_diff(old.splitlines(), new.splitlines(), *labels, lineterm="")
    return visible("\n".join(lines) + "\n") if lines else ""


def whole_text(content: Content) -> str:
    """Return all files one after another, each under its name where there are several."""
    shown = texts(content)
    if len(shown) == 1:
        return visible(next(iter(shown.values())))
    return visible("\n".join(f"--- {name}\n{text}" for name, text in shown.items()))


def texts(content: Content) -> dict[str, str]:
    """Return the files as text; of one that is not UTF-8, a line with its size and hash."""
    return {name: _text(data) for name, data in content.files.items()}


def visible(text: str) -> str:
    """Return text with control and format characters written out, so that it reads as what it does.

    Among them are those that show code in another order than it is executed (CVE-2021-42574), and those
    that move a terminal's cursor.
    """
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf"):
        return character
    return character.encode("unicode_escape").decode("ascii")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return f"{len(data)} bytes that are no text, SHA-256 {hashlib.sha256(data).hexdigest()}\n"


def _read_folder(path: Path) -> Content:
    if not (path / "__init__.py").is_file():
        raise InputError(f"{path} is no plugin: a folder that is one has a file __init__.py in it.")
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for file in _files_of(path):
        data = _read(file, left)
        left -= len(data)
        files[file.relative_to(path).as_posix()] = data
        if len(files) > MAX_FILES:
            raise InputError(f"{path} holds more than {MAX_FILES} files; keep data outside plugin folders.")
    ordered = {name: files[name] for name in sorted(files)}
    listing = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in ordered.items())
    return Content(path, ordered, hashlib.sha256(os.fsencode(listing)).hexdigest())


def _files_of(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
        for name in names:
            file = Path(place, name)
            if not name.startswith(".") and not name.endswith(("~", ".pyc")) and file.is_file():
                yield file


def _read(file: Path, most: int) -> bytes:
    """Read a file of at most so many bytes."""
    with file.open("rb") as opened:
        data = opened.read(most + 1)
    if len(data) > most:
        raise InputError(
            f"{file} is too large for a plugin, which holds at most {MAX_BYTES >> 20} MiB in all; "
            "keep data outside plugin folders."
        )
    return data
