"""Checker: from a class, several, or a module, to a report. It knows no check of classes."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from ganstudio.api import Component, LoadedData, hooks
from ganstudio.discovery.offers import PluginError, ask
from ganstudio.testing.catalogue import plan
from ganstudio.testing.engine import Wrong, one, run
from ganstudio.testing.report import Finding, Report
from ganstudio.testing.trainings import surroundings_kept
from ganstudio.testing.where import Place

Target = ModuleType | type[Component] | Iterable[type[Component]]


def check(
    target: Target,
    *,
    data: LoadedData | None = None,
    settings: Mapping[str, Any] | None = None,
    tell: Callable[[Finding], None] | None = None,
) -> Report:
    """Check every class of a module, or the classes that are given, and return what was found.

    It takes seconds a class, on the CPU, and leaves randomness as it was. ``data``: to try architectures and
    metrics on, instead of toy data. ``settings``: of the classes, instead of their defaults. ``tell`` is
    called with each finding as it is made. Nothing that a class raises is passed on.
    """
    findings = []
    for finding in findings_of(target, data, settings):
        findings.append(finding)
        if tell is not None:
            tell(finding)
    return Report(name_of(target), tuple(findings))


def findings_of(
    target: Target, data: LoadedData | None = None, settings: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    """Yield the findings of :func:`check` as they are made."""
    if isinstance(target, ModuleType):
        yield one("hooks", lambda: _hooks(target), Place(target.__file__ or "", 1))
    for cls in classes_of(target):
        steps = run(*plan(cls, data, settings or {}))
        while True:
            with surroundings_kept():
                finding = next(steps, None)
            if finding is None:
                break
            yield finding


def classes_of(target: Target) -> list[type[Component]]:
    """Return the classes to check; of a module those that its hooks offer, none where that fails."""
    if isinstance(target, type):
        return [target]
    if not isinstance(target, ModuleType):
        several: Any = target
        return list(several)
    try:
        return list(dict.fromkeys(ask(target).classes))
    except (Exception, SystemExit):  # The finding about its hooks tells it.
        return []


def name_of(target: Target) -> str:
    """Return what a target is called in its report."""
    if isinstance(target, ModuleType | type):
        return target.__name__
    return ", ".join(cls.__name__ for cls in classes_of(target))


def _hooks(module: ModuleType) -> str:
    """Check that the studio finds what a module offers."""
    unmarked = [name for name in _hook_names(module) if not hasattr(getattr(module, name), "ganstudio_impl")]
    for name in unmarked:
        function = inspect.unwrap(getattr(module, name))
        line = getattr(getattr(function, "__code__", None), "co_firstlineno", 1)
        raise Wrong(
            f"{name} is not found by the studio: put @hookimpl above it.", Place(module.__file__ or "", line)
        )
    try:
        offer = ask(module)
    except PluginError as error:
        raise Wrong(str(error)) from error
    if not offer.titles():
        raise Wrong(
            "It offers nothing. Write a hook, such as ganstudio_architectures, with @hookimpl above it, "
            "that returns "
            "a list of classes."
        )
    return f"It offers {', '.join(offer.titles())}."


def _hook_names(module: ModuleType) -> list[str]:
    return [
        name
        for name in vars(hooks)
        if name.startswith("ganstudio_") and callable(getattr(module, name, None))
    ]
