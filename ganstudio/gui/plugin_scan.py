"""Plugin scan: what lies in the plugin folder now, beside what is loaded, read on a thread of its own.

It executes nothing of what it finds and knows no widget.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ganstudio import places
from ganstudio.catalogue import PluginState
from ganstudio.gui.errand import Errand, Told
from ganstudio.gui.panels.plugin_words import TO_AGREE

if TYPE_CHECKING:
    from ganstudio.discovery.sources import Candidate
    from ganstudio.discovery.trust import Trust


@dataclass(frozen=True)
class Seen:
    """One file or folder that is meant as a plugin. ``state`` is empty where it may be loaded as it is."""

    name: str
    source: str
    path: str
    kind: str
    digest: str
    state: str
    sentence: str = ""

    @property
    def waits(self) -> bool:
        """Whether the user is to read it and to agree to it."""
        return self.state in TO_AGREE


class PluginScan(QObject):
    """Reads the places plugins lie in, one reading at a time.

    Signals:
        found: everything that is there, a list of ``Seen``; and whether there is something to load anew since
            the last reading (never for the first).
        failed: why nothing could be read, in a sentence.
    """

    found = Signal(list, bool)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.followed: set[str] = set()
        """Paths the user is writing at: what is saved there is agreed to without a question."""
        self.seen: list[Seen] | None = None
        self._errand = Errand(self)
        self._errand.done.connect(self._take)
        self._errand.failed.connect(self.failed)

    def look(self) -> None:
        """Read everything anew."""
        followed = frozenset(self.followed)
        self._errand.start(lambda told, cancelled: _read(followed, told, cancelled), "plugin scan")

    def cancel(self) -> None:
        """Wait for no reading any more."""
        self._errand.cancel()

    @Slot(object)
    def _take(self, seen: list[Seen]) -> None:
        before, self.seen = self.seen, seen
        self.found.emit(seen, before is not None and _to_load(before, seen))


def listed(plugins: Iterable[PluginState], seen: Iterable[Seen] | None) -> list[PluginState]:
    """Return the plugins as they were loaded, with what has come or changed since marked as such."""
    if seen is None:
        return list(plugins)
    waiting = {each.path: each for each in seen if each.waits}
    shown = [_as_seen(plugin, waiting.pop(plugin.path, None)) for plugin in plugins]
    return [*shown, *map(_as_new, waiting.values())]


def _as_seen(plugin: PluginState, seen: Seen | None) -> PluginState:
    if seen is None or plugin.state == "disabled":
        return plugin
    return replace(plugin, state=seen.state, digest=seen.digest)


def _as_new(seen: Seen) -> PluginState:
    return PluginState(
        seen.name, seen.source, "", kind=seen.kind, path=seen.path, state=seen.state, digest=seen.digest
    )


def _read(followed: frozenset[str], told: Told, cancelled: Callable[[], bool]) -> list[Seen]:
    from ganstudio.discovery.sources import Sources
    from ganstudio.discovery.trust import Trust

    trust = Trust(places.trust())
    found = (each for each in Sources.from_environment().candidates(trust) if each.path)
    return [_seen(each, followed, trust) for each in found]


def _seen(candidate: "Candidate", followed: frozenset[str], trust: "Trust") -> Seen:
    state = candidate.state
    digest = candidate.content.digest if candidate.content else ""
    if state in TO_AGREE and candidate.path in followed:
        trust.agree(Path(candidate.path), digest)
        state = ""
    return Seen(
        candidate.name, candidate.source, candidate.path, candidate.kind, digest, state, candidate.sentence
    )


def _to_load(before: list[Seen], now: list[Seen]) -> bool:
    """Say whether something may be loaded that could not be before, or is not there any more.

    What changed and waits for the user is neither: what it was before stays in use.
    """
    gone = {each.path for each in before} - {each.path for each in now}
    return bool(gone or _loadable(now) - _loadable(before))


def _loadable(seen: Iterable[Seen]) -> set[tuple[str, str]]:
    return {(each.path, each.digest) for each in seen if not each.state}
