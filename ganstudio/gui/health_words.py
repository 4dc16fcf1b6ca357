"""Health words: conditions, remedies and their numbers as the Health panel writes them. Plain text, no Qt."""

from collections.abc import Mapping
from typing import Any

from ganstudio.api.conditions import Condition, Remedy
from ganstudio.gui import words
from ganstudio.gui.health_record import Finding, alike

IDLE = (
    "While a run trains, each of these rules watches it for one kind of trouble. "
    "What goes wrong is named here, with its evidence and with what may help."
)
UNWATCHED = (
    "No health rule watches this run: either none suits it, or it was trained with the setting health off."
)
WELL = "Nothing is wrong so far."

_HINT = "Watched from the next run on"


def sentence_case(text: str) -> str:
    """Return a name as it begins a line."""
    return text[:1].upper() + text[1:]


def row(found: Finding | None, watched: bool, summary: str) -> tuple[str, str]:
    """Return the second line of a rule's row, and the word at its end; ``summary``: what it watches for."""
    if found is None:
        return ("", "good") if watched else (summary, "")
    return f"{found.condition.name} since {words.step(found.since)}", found.condition.level


def spoken(title: str, found: Finding | None, watched: bool) -> str:
    """Return a row for those who hear the window."""
    if found is None:
        return f"{title}: {'good' if watched else _HINT}"
    return f"{title}: {found.condition.level}, {found.condition.name} since {words.step(found.since)}"


def summary(troubles: list[Finding], rules: int, began: bool) -> str:
    """Return the state of a run's health in one line."""
    if not troubles:
        return heading(0, rules, began)
    worst = sentence_case(troubles[0].condition.name)
    more = f" and {len(troubles) - 1} more" if len(troubles) > 1 else ""
    return f"{worst} since {words.step(troubles[0].since)}{more}"


def heading(troubles: int, rules: int, began: bool) -> str:
    """Return what stands above the rules."""
    if not began:
        return "No run is watched yet"
    if not rules:
        return "Not watched"
    if not troubles:
        return f"Nothing wrong; {_rules(rules, 'watches', 'watch')}"
    return f"{troubles} of {_rules(rules, 'finds trouble', 'find trouble')}"


def short(troubles: list[Finding]) -> str:
    """Return what stands beside the lamps: the gravest trouble, or nothing."""
    if not troubles:
        return ""
    more = f" +{len(troubles) - 1}" if len(troubles) > 1 else ""
    return f"{sentence_case(troubles[0].condition.name)}{more}"


def past(found: Finding) -> str:
    """Return an ended condition in one line."""
    ended = found.ended if found.ended is not None else found.since
    return f"{sentence_case(found.condition.name)}, steps {words.grouped(found.since)}–{words.grouped(ended)}"


def past_details(found: Finding) -> str:
    """Return what is to be told of an ended condition besides."""
    ended = found.ended if found.ended is not None else found.since
    after = ""
    if found.applied is not None:
        after = f", after “{found.applied.remedy.title}” at {words.step(found.applied.step)}"
    return f"{found.title}: it ended at {words.step(ended)}{after}."


def mended(found: Finding) -> str:
    """Return that a condition is over for which a remedy was applied."""
    ended = words.step(found.ended if found.ended is not None else found.since)
    after = f", after “{found.applied.remedy.title}”" if found.applied else ""
    return f"{sentence_case(found.condition.name)} ended at {ended}{after}."


def way_out(remedy: Remedy, step: int | None) -> str:
    """Return what stands on the button that brings a run back which failed."""
    begins = "Train anew" if step is None or remedy.way == "anew" else f"Go on from {words.step(step)}"
    return f"{begins}: {within(remedy.title)}"


def within(title: str) -> str:
    """Return a title as it stands within a sentence; one that begins with a short form stays as it is."""
    first = title.partition(" ")[0]
    return title[:1].lower() + title[1:] if first[1:].islower() or len(first) == 1 else title


def applied(found: Finding, trains: str) -> str:
    """Return that a remedy is in force and what becomes of it; nothing where none is.

    ``trains``: where the run goes on: ``here``, ``elsewhere``, or nothing once it has ended.
    """
    if found.applied is None:
        return ""
    text = f"“{found.applied.remedy.title}” was applied at {words.step(found.applied.step)}."
    if not trains:
        return f"{text} The trouble had not gone when the run ended."
    back = "; Ctrl+Z takes it back" if trains == "here" else ""
    return f"{text} Watching whether it helps{back}."


def changes(remedy: Remedy, held: Mapping[str, Any]) -> list[str]:
    """Return what a remedy changes, a line each: what holds now and what it gives in its place."""
    return [_change(path, held, value) for path, value in remedy.changes.items()]


def _change(path: str, held: Mapping[str, Any], value: Any) -> str:
    if path in held and alike(held[path], value):
        return words.given(path, value)
    if path in held:
        return words.edit(path, held[path], value)
    part, _, rest = path.partition(".")
    if part in ("regularizers", "augmentations"):
        kind, _, setting = rest.partition(".")
        return f"{kind} added, with {words.given(setting, value)}" if setting else f"{kind} added"
    return words.given(path, value)


def begin(found: Finding) -> str:
    """Return what the marker says where a condition begins."""
    return f"{found.condition.name} begins"


def end(found: Finding) -> str:
    """Return what the marker says where it ends."""
    return f"{found.condition.name} ends"


def evidence(condition: Condition) -> list[tuple[str, str]]:
    """Return the figures behind a condition: what each is called, and its value."""
    return [(figure(name), reading(name, value)) for name, value in condition.evidence.items()]


def reading(name: str, value: float) -> str:
    """Return the value of a figure; whole numbers of one that is no curve are counts."""
    return words.value(name, value) if "/" in name else words.score(name, value)


def figure(name: str) -> str:
    """Return what a figure is called; one that is named as a curve is called as in the legends."""
    return words.curve(name) if "/" in name else name


def _rules(count: int, one: str, many: str) -> str:
    return f"{count} rule {one}" if count == 1 else f"{count} rules {many}"
