"""Plugin loading: from a candidate to what it offers, or to the sentence on why it offers nothing.

One bad plugin harms nothing else and never raises here. It knows nothing of what other plugins bring.
"""

import importlib
import importlib.util
import linecache
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from ganstudio.discovery.attempt import SECONDS, Attempt, patience
from ganstudio.discovery.failures import sentence_of
from ganstudio.discovery.modules import Signature, load_module, module_name, signatures, take_out
from ganstudio.discovery.offers import Offer, PluginError, ask
from ganstudio.discovery.sources import Candidate
from ganstudio.discovery.versions import NAME, stated_version, version_problem
from ganstudio.failures import log

_GENERATIONS = 3
"""So many versions of one file stay importable: the newest, and what somebody may still hold on to."""
_NEVER: Signature = (0, -1)
"""What no file is."""


@dataclass(frozen=True)
class Loaded:
    """How loading one plugin went: ``offer`` is what it brings, or ``failed`` says why it brings nothing."""

    offer: Offer | None
    failed: str = ""
    traceback: str = ""
    seconds: float = 0.0
    pip: str = ""
    notes: tuple[str, ...] = ()
    printed: str = ""


class Loader:
    """Loads plugins one after another, and remembers those that it did not wait for."""

    def __init__(self) -> None:
        self._unfinished: dict[tuple[str, str], Attempt[Offer]] = {}
        self._sources: dict[str, dict[str, Signature]] = {}
        self._told: dict[str, Loaded] = {}
        self._modules: dict[str, list[str]] = {}

    def load(self, candidate: Candidate) -> Loaded:
        """Import a plugin and ask its hooks; only the user's Ctrl+C passes."""
        key = (candidate.key, candidate.version)
        attempt = self._unfinished.pop(key, None)
        if attempt is None:
            # The studio's own load here and are waited for: their time is that of torch.
            attempt = Attempt(candidate.name, lambda: _offer_of(candidate), here=candidate.built_in)
            done = attempt.wait(patience())
        else:
            done = attempt.wait(0)
        if not done:
            self._unfinished[key] = attempt
            return _left_behind(attempt)
        if candidate.point is not None and not candidate.built_in:
            top = candidate.point.module.partition(".")[0]
            # What failed is to be tried again, whether its files change or not.
            self._sources[top] = signatures(top) if attempt.error is None else {top: _NEVER}
        loaded = _loaded(candidate, attempt)
        told = self._told.get(candidate.key)
        if told and loaded.offer and told.offer and told.offer.plugin is loaded.offer.plugin:
            # It was executed before and not now: what there was to say of that still holds.
            loaded = replace(loaded, notes=told.notes, printed=told.printed)
        if loaded.offer:
            self._told[candidate.key] = loaded
            self._let_go(candidate)
        return loaded

    def _let_go(self, candidate: Candidate) -> None:
        """Take out the modules of what a file was long before; one that is saved often would fill memory."""
        if candidate.content:
            name = module_name(candidate.content)
            kept = [*(known for known in self._modules.get(candidate.key, []) if known != name), name]
            for old in kept[:-_GENERATIONS]:
                take_out(old)
            self._modules[candidate.key] = kept[-_GENERATIONS:]

    def forget_changed(self) -> dict[str, ModuleType]:
        """Take the modules of packages whose files changed since out of ``sys.modules``; return them."""
        importlib.invalidate_caches()
        linecache.checkcache()
        changed = [top for top, seen in self._sources.items() if not seen.items() <= signatures(top).items()]
        return {name: module for top in changed for name, module in take_out(top).items()}


def _loaded(candidate: Candidate, attempt: Attempt[Offer]) -> Loaded:
    if attempt.printed:
        log.info("The plugin %s printed while it was loaded:\n%s", candidate.source, attempt.printed)
    told = Loaded(attempt.value, "", "", attempt.seconds, "", attempt.notes(), attempt.printed)
    if attempt.error is None:
        return told
    log.info("The plugin %s failed to load:\n%s", candidate.source, attempt.trace)
    failed, pip = sentence_of(attempt.error, candidate)
    return replace(told, offer=None, failed=failed, pip=pip, traceback=attempt.trace)


def _left_behind(attempt: Attempt[Offer]) -> Loaded:
    failed = (
        f"It was still loading after {attempt.seconds:.0f} s and is not waited for any longer; the others "
        f"were loaded without it. Once it is done, a reload brings it in; {SECONDS} says how many seconds a "
        "plugin is waited for."
    )
    return Loaded(None, failed, attempt.stack(), attempt.seconds, "", (), attempt.printed)


def _offer_of(candidate: Candidate) -> Offer:
    """Import a plugin and ask its hooks; raises what it raises, and leaves no half of it loaded."""
    before = set(sys.modules)
    try:
        _check_version(stated_version(_source(candidate)))
        plugin = load_module(candidate.content) if candidate.content else _load_point(candidate)
        _check_version(getattr(plugin, NAME, None))
        return ask(plugin)
    except BaseException:
        if candidate.content:
            take_out(module_name(candidate.content))
        elif candidate.point and candidate.point.module.partition(".")[0] not in before:
            take_out(candidate.point.module.partition(".")[0])
        raise


def _load_point(candidate: Candidate) -> object:
    assert candidate.point is not None
    return candidate.point.load()


def _check_version(stated: object | None) -> None:
    problem = version_problem(stated) if stated is not None else ""
    if problem:
        raise PluginError(problem)


def _source(candidate: Candidate) -> bytes:
    """Return the text of a plugin's module, unexecuted; empty where there is none, or it is a built-in's."""
    if candidate.content:
        files = candidate.content.files
        return files["__init__.py"] if candidate.content.is_folder else next(iter(files.values()))
    if candidate.point is None or candidate.built_in:
        return b""
    try:
        spec = importlib.util.find_spec(candidate.point.module)
        return Path(spec.origin).read_bytes() if spec and spec.origin else b""
    except (ImportError, OSError, ValueError):
        # Importing it will say what is wrong.
        return b""
