"""Plugin sources: where plugins come from, and which of them may be loaded. It executes none of them.

Installed packages name theirs under the entry-point group ``ganstudio``; the user's own lie in the plugin
folder, or are named for one session. In safe mode there are the built-ins alone.
"""

import importlib.metadata
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ganstudio import places
from ganstudio.api.errors import InputError
from ganstudio.discovery.content import Content, read_content, real_path
from ganstudio.discovery.trust import Trust

GROUP = "ganstudio"
STUDIO = "ganstudio"
"""The package whose plugins are the built-ins."""

SAFE_MODE = "GANSTUDIO_SAFE_MODE"
PLUGINS = "GANSTUDIO_PLUGINS"


@dataclass(frozen=True)
class Candidate:
    """A plugin that is there. ``state`` is empty when it may be loaded, or says as what it is listed."""

    name: str
    source: str
    version: str
    kind: str = "package"
    path: str = ""
    point: importlib.metadata.EntryPoint | None = None
    content: Content | None = None
    state: str = ""
    sentence: str = ""
    """Why it is not loaded, and what to do."""
    pip: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other, and stays from one loading to the next."""
        return self.path or f"{self.name} = {self.source}"

    @property
    def where(self) -> str:
        """Where it is from, in full, to tell it from others in a sentence."""
        return self.path or self.source

    @property
    def built_in(self) -> bool:
        """Whether the studio itself brings it."""
        return self.kind == "package" and self.source.startswith(f"{STUDIO}: ")


@dataclass(frozen=True)
class Sources:
    """Where to look. ``safe``: for built-ins alone; ``extra``: files and folders for this session alone."""

    safe: bool = False
    extra: tuple[Path, ...] = ()

    @classmethod
    def from_environment(cls) -> "Sources":
        """Return what ``GANSTUDIO_SAFE_MODE=1`` and ``GANSTUDIO_PLUGINS=path:path`` ask for."""
        safe = os.environ.get(SAFE_MODE, "") not in ("", "0")
        paths = os.environ.get(PLUGINS, "").split(os.pathsep)
        return cls(safe, tuple(Path(path) for path in paths if path))

    def environment(self) -> Mapping[str, str]:
        """Return the variables that make another process look in the same places."""
        paths = os.pathsep.join(str(path.expanduser().absolute()) for path in self.extra)
        return {SAFE_MODE: "1" if self.safe else "", PLUGINS: paths}

    def candidates(self, trust: Trust | None = None) -> list[Candidate]:
        """Return every plugin there is, the studio's own first; reads files and executes nothing."""
        trust = trust or Trust(places.trust())
        found = list(_packages())
        if not self.safe:
            found += _files(places.plugins(), self.extra, trust)
        disabled = trust.disabled
        return [_judged(candidate, self.safe, disabled) for candidate in found]


def _judged(candidate: Candidate, safe: bool, disabled: set[str]) -> Candidate:
    if safe and not candidate.built_in:
        return replace(candidate, state="disabled", sentence="Safe mode loads the built-in plugins alone.")
    if not safe and disabled & {candidate.name, candidate.source}:
        how = f"`ganstudio plugins enable {candidate.name}`"
        return replace(candidate, state="disabled", sentence=f"It was disabled; {how} brings it back.")
    return candidate


# --- Installed packages ----------------------------------------------------------------------------


def _packages() -> Iterator[Candidate]:
    """Give the entry points in the order of their packages, each once, the studio's own first."""
    points = {(p.name, p.value): p for p in importlib.metadata.entry_points(group=GROUP)}
    # Each asking for a name or a version would read the package's whole description again.
    packages = {id(p.dist): (p.dist.name, p.dist.version) if p.dist else ("", "") for p in _one_each(points)}
    for point in sorted(points.values(), key=lambda p: packages[id(p.dist)][0] != STUDIO):
        name, version = packages[id(point.dist)]
        source = f"{name}: {point.value}" if name else point.value
        yield Candidate(point.name, source, version, point=point)


def _one_each(points: Mapping[Any, importlib.metadata.EntryPoint]) -> Iterable[importlib.metadata.EntryPoint]:
    """Return one entry point of each package."""
    return {id(point.dist): point for point in points.values()}.values()


# --- Files and folders -----------------------------------------------------------------------------


def _files(folder: Path, extra: Iterable[Path], trust: Trust) -> Iterator[Candidate]:
    seen: set[Path] = set()
    for path, kind in [*((p, "file") for p in _in_folder(folder)), *((p, "session") for p in extra)]:
        place = real_path(path)
        if place not in seen:
            seen.add(place)
            yield _file(path.expanduser().absolute(), kind, trust)


def _in_folder(folder: Path) -> list[Path]:
    """Return what in the plugin folder is meant as a plugin, in the order of the names."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [path for path in found if not path.name.startswith(("_", ".")) and _is_meant(path)]


def _is_meant(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").exists() or (path / "pyproject.toml").exists()


def _file(path: Path, kind: str, trust: Trust) -> Candidate:
    candidate = Candidate(path.stem, f"file: {path.name}", "", kind, str(path))
    try:
        content = read_content(path)
    except InputError as error:
        if (path / "pyproject.toml").is_file():
            return replace(candidate, state="failed", pip=f"pip install {path}", sentence=_TO_INSTALL)
        return replace(candidate, state="failed", sentence=str(error))
    candidate = replace(candidate, content=content, version=content.digest[:12])
    match trust.judge(content):
        case "new":
            return replace(candidate, state="untrusted", sentence=_UNTRUSTED.format(path))
        case "changed":
            return replace(candidate, state="changed", sentence=_CHANGED.format(path))
    return candidate


_TO_INSTALL = "It is a package that has not been installed; install it, and the studio finds it."
_UNTRUSTED = (
    "Nobody has agreed to it yet, so it is not executed. Read it, then agree to it here or with "
    "`ganstudio plugins trust {}`."
)
_CHANGED = (
    "It has changed since it was agreed to, so it is not executed. Read what changed, then agree to it here "
    "or with `ganstudio plugins trust {}`."
)
