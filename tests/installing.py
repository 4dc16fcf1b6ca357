"""Plugins installed for one test: a folder on the path that looks as pip leaves it.

It knows nothing of what a plugin holds, so tests can install broken ones.
"""

import importlib
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest


@dataclass(frozen=True)
class Installed:
    """``folder``: what was put on the path; ``module``: the file with the plugin's source."""

    folder: Path
    module: Path

    def line(self, text: str) -> int:
        """Return the number of the first line of the source that holds ``text``."""
        lines = self.module.read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)


class InstallPlugin(Protocol):
    """Installs a module as a package with entry points (default: one, called as the module)."""

    def __call__(
        self, name: str, source: str, *, entry_points: Mapping[str, str] | None = None
    ) -> Installed: ...


@contextmanager
def installer(folders: pytest.TempPathFactory) -> Iterator[InstallPlugin]:
    """Lend a function that installs plugins; all of them are gone afterwards."""
    path, modules = list(sys.path), set(sys.modules)
    made: list[Path] = []

    def install(name: str, source: str, *, entry_points: Mapping[str, str] | None = None) -> Installed:
        folder = folders.mktemp("plugin")
        installed = _write(folder, name, source, entry_points or {name: name})
        made.append(folder)
        sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        return installed

    yield install
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None)
        if file and any(Path(file).is_relative_to(folder) for folder in made):
            del sys.modules[name]
    importlib.invalidate_caches()


def _write(folder: Path, name: str, source: str, entry_points: Mapping[str, str]) -> Installed:
    module = folder / f"{name}.py"
    module.write_text(textwrap.dedent(source), encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [f"{key} = {value}" for key, value in entry_points.items()]
    info.joinpath("entry_points.txt").write_text("\n".join(["[ganstudio]", *lines, ""]))
    return Installed(folder, module)
