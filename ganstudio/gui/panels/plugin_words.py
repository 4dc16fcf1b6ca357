"""Plugin words: what the window says of plugins: their states, in which order they stand, what to report.

Plain functions of what the catalogue holds. They load nothing and know no widget.
"""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ganstudio import __version__
from ganstudio.catalogue import PluginState

TO_AGREE = ("untrusted", "changed")
"""Not run until the user has agreed."""
WRONG = ("failed", "stale")


@dataclass(frozen=True)
class Look:
    """How a state looks: a word, a shape and a colour of the theme, each enough by itself."""

    word: str
    icon: str
    token: str


LOOKS = {
    "loaded": Look("loaded", "check", "good"),
    "failed": Look("failed", "cross", "bad"),
    "stale": Look("stale", "stale", "bad"),
    "untrusted": Look("not agreed to", "shield", "watch"),
    "changed": Look("changed", "edit", "watch"),
    "disabled": Look("disabled", "minus", "quiet"),
}

KINDS = {"file": "own file", "session": "this session", "package": "package"}

_ABOUT = {
    "untrusted": "It is new in the plugin folder and does not run until you have read it and agreed to it.",
    "changed": "It is not as you agreed to it any more, and does not run as it is now until you agree again.",
    "disabled": "It is disabled, and nothing of it is loaded.",
}
_IN_SHORT = {
    "untrusted": "new, and not run until you agree to it",
    "changed": "not as you agreed to it, and not run as it is now",
    "disabled": "not loaded",
}
_STUDIO = "ganstudio"
_STALE = "The version that was loaded before stays in use."


def look(plugin: PluginState) -> Look:
    """Return how its state looks."""
    return LOOKS.get(plugin.state, LOOKS["loaded"])


def in_order(plugins: Iterable[PluginState]) -> list[PluginState]:
    """Return what there is to look at first, then the user's own, then packages as they were found."""
    return sorted(plugins, key=lambda plugin: (not to_look_at(plugin), plugin.kind == "package"))


def to_look_at(plugin: PluginState) -> bool:
    """Say whether something is to be done about it."""
    return plugin.state in (*WRONG, *TO_AGREE)


def sentence(plugin: PluginState) -> str:
    """Return what to read first about a plugin."""
    brings = ", ".join(plugin.brings) or "nothing"
    if plugin.state == "stale":
        return f"It fails to load as it is now. {plugin.failed} {_STALE}"
    if plugin.state == "failed":
        return f"It failed to load. {plugin.failed}"
    if plugin.state == "disabled":
        return " ".join(plugin.notes) or _ABOUT["disabled"]
    about = _ABOUT.get(plugin.state, "")
    if about and plugin.brings:
        return f"{about} What it brought before stays in use: {brings}."
    return about or f"It brings {brings}."


def cells(plugin: PluginState) -> tuple[str, ...]:
    """Return the texts of a row: state, name, what it brings or why not, source, version, load time."""
    wrong = plugin.failed if plugin.state in WRONG else ""
    told = wrong or _IN_SHORT.get(plugin.state, "") or ", ".join(plugin.brings) or "nothing"
    time = f"{plugin.seconds:.2f} s" if plugin.seconds else ""
    version = plugin.version if plugin.kind == "package" else ""
    return look(plugin).word, plugin.name, told, short_source(plugin), version, time


def short_source(plugin: PluginState) -> str:
    """Return where a plugin comes from in a few words: its package, or its file."""
    if plugin.kind == "package" or not plugin.path:
        package = plugin.source.partition(": ")[0]
        return "built in" if package == _STUDIO else package
    return f"{KINDS[plugin.kind]}: {Path(plugin.path).name}"


def facts(plugin: PluginState) -> list[tuple[str, str]]:
    """Return names and values of what else is known."""
    known = [
        ("Comes from", f"{plugin.source}" if plugin.kind == "package" else KINDS[plugin.kind]),
        ("Lies in", plugin.path),
        ("Version", plugin.version if plugin.kind == "package" else ""),
        ("Load time", f"{plugin.seconds:.2f} s" if plugin.seconds else ""),
        ("SHA-256", plugin.digest if plugin.state not in WRONG else ""),
        ("Brings", ", ".join(plugin.brings) if plugin.state in WRONG else ""),
        ("To install", plugin.pip),
        *(("Note", note) for note in plugin.notes if plugin.state not in _ABOUT),
        ("Printed", plugin.printed.strip()),
    ]
    return [(name, value) for name, value in known if value]


def summary(plugins: Iterable[PluginState]) -> str:
    """Return how many there are of each state, the most usual first."""
    counts: dict[str, int] = {}
    for plugin in plugins:
        word = look(plugin).word
        counts[word] = counts.get(word, 0) + 1
    words = [each.word for each in LOOKS.values() if each.word in counts]
    return ", ".join(f"{counts[word]} {word}" for word in words) or "No plugins were found."


def waiting(plugins: list[PluginState]) -> str:
    """Return what to say of files that wait to be agreed to; nothing for none."""
    names = [Path(plugin.path).name for plugin in plugins]
    if len(names) > 1:
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"{len(names)} files are new or were changed, and wait to be read: {listed}."
    if not names:
        return ""
    news = "has changed since you agreed to it" if plugins[0].state == "changed" else "is new"
    return f"{names[0]} {news}. Read it, and agree to it if it may run."


def report(plugin: PluginState) -> str:
    """Return all that is known of a plugin as text to send to somebody."""
    about = [f"{name}: {value}" for name, value in facts(plugin)]
    versions = f"GAN Studio {__version__}, Python {platform.python_version()}"
    head = f"{plugin.name} ({look(plugin).word}), {versions}"
    parts = [head, sentence(plugin), "\n".join(about), plugin.traceback.strip()]
    return "\n\n".join(part for part in parts if part) + "\n"


def tab_text(wrong: int, to_agree: int) -> str:
    """Return what stands on the tab: how many plugins failed, or wait for the user to agree."""
    if to_agree:
        return f"Plugins ({wrong + to_agree} to look at)"
    return f"Plugins ({wrong} failed)" if wrong else "Plugins"
