"""Plugin modules: from the bytes of a plugin file or folder to a module that is executed.

Nothing is read from disk here: what is executed is what was hashed. It knows nothing of trust, which is to be
asked before.
"""

import hashlib
import importlib
import importlib.abc
import importlib.readers
import importlib.util
import os
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, cast

from ganstudio.discovery.content import Content

PREFIX = "ganstudio_files"
"""The package that all of them lie in: no installed package is called so."""


def module_name(content: Content) -> str:
    """Return the name of a plugin file's module: another one for every place and every content.

    So two files never meet, and what a run holds on to stays whole when its file is loaded anew.
    """
    told = hashlib.sha256(os.fsencode(f"{content.path}\n{content.digest}")).hexdigest()
    stem = re.sub(r"\W", "_", content.path.stem)
    return f"{PREFIX}.{stem}_{told[:12]}"


def load_module(content: Content) -> ModuleType:
    """Execute a plugin and return its module; one that was executed already is returned as it is.

    Raises what the plugin raises; nothing of it is left in ``sys.modules`` then.
    """
    name = module_name(content)
    _FINDER.contents[name] = content
    try:
        return importlib.import_module(name)
    except BaseException:
        take_out(name)
        raise


def take_out(name: str) -> dict[str, ModuleType]:
    """Take a module and all within it out of ``sys.modules``; who holds on to one may go on using it."""
    names = [known for known in sys.modules if f"{known}.".startswith(f"{name}.")]
    _FINDER.contents.pop(name, None)
    return {known: sys.modules.pop(known) for known in names}


Signature = tuple[int, int]


def signatures(name: str) -> dict[str, Signature]:
    """Return time and size of the source file of a module and of each within it that is loaded."""
    found = {}
    for known, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) if f"{known}.".startswith(f"{name}.") else None
        if file:
            try:
                state = Path(file).stat()
            except OSError:
                continue
            found[known] = (state.st_mtime_ns, state.st_size)
    return found


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of plugin files, and what lies within those of folders."""

    def __init__(self) -> None:
        self.contents: dict[str, Content] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is from, or ``None`` for one that is in no plugin."""
        if not fullname.startswith(f"{PREFIX}."):
            return None
        top = ".".join(fullname.split(".")[:2])
        content = self.contents.get(top)
        if content is None:
            return None
        inner = fullname.removeprefix(top).replace(".", "/").lstrip("/")
        return _spec(fullname, content, inner)


def _spec(fullname: str, content: Content, inner: str) -> ModuleSpec | None:
    """Return the spec of the module ``inner`` of a content; of the content itself where that is empty."""
    if not content.is_folder:
        return None if inner else _spec_of(fullname, content.path, content.path, content, package=False)
    package = f"{inner}/__init__.py".lstrip("/")
    if package in content.files:
        return _spec_of(fullname, content.path, content.path / package, content, package=True)
    if f"{inner}.py" in content.files:
        return _spec_of(fullname, content.path, content.path / f"{inner}.py", content, package=False)
    return None


def _spec_of(fullname: str, base: Path, file: Path, content: Content, *, package: bool) -> ModuleSpec:
    key = file.relative_to(base).as_posix() if content.is_folder else file.name
    loader = _Loader(file, content.files[key])
    spec = importlib.util.spec_from_file_location(fullname, file, loader=loader)
    assert spec is not None
    # No place to search: modules that were not hashed are not to be found beside those that were.
    spec.submodule_search_locations = [] if package else None
    return spec


class _Loader(importlib.abc.InspectLoader):
    """Executes the bytes it was given."""

    def __init__(self, file: Path, data: bytes) -> None:
        self.path = str(file)
        self._data = data

    def get_code(self, fullname: str) -> CodeType:
        """Compile the bytes; raises ``SyntaxError``."""
        return compile(self._data, self.path, "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        """Return the text that was executed, for tracebacks."""
        return importlib.util.decode_source(self._data)

    def get_resource_reader(self, fullname: str) -> Any:
        """Let a folder read its own data with ``importlib.resources``."""
        return importlib.readers.FileReader(cast(Any, self))


def _parent() -> ModuleType:
    module = ModuleType(PREFIX, "Plugin files, each a module of its own.")
    module.__path__ = []
    return module


_FINDER = _Finder()
sys.meta_path.insert(0, _FINDER)
sys.modules.setdefault(PREFIX, _parent())
