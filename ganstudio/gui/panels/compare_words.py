"""Compare words: curves, settings and states as the compare page writes them. Plain text, no Qt."""

import re
from typing import TYPE_CHECKING, Any

from ganstudio.differences import Cell, Row
from ganstudio.gui import words
from ganstudio.gui.panels.compare_runs import ComparedRun
from ganstudio.gui.widgets.scale import number_text

if TYPE_CHECKING:
    from ganstudio.runs.history import History

NONE = "—"
"""What stands where a run does not have a setting."""

_KINDS = {
    "loss": "loss",
    "grad_norm": "gradient norm",
    "penalty": "penalty",
    "nats": "in nats",
    "logits": "logit",
}


_STAMP = re.compile(r"\d{4}-\d\d-\d\d-\d{4}-(?=.)")


def short_name(name: str) -> str:
    """Return a run's name without the time it begins with, for where there is little room."""
    return _STAMP.sub("", name, count=1) if _STAMP.match(name) else name


def breakable(sentence: str) -> str:
    """Return a sentence in which long paths may be broken at the end of a line."""
    return sentence.replace("/", "/\N{ZERO WIDTH SPACE}").replace("-", "-\N{ZERO WIDTH SPACE}")


def curve_title(name: str) -> str:
    """Return what a curve is called where it stands alone: ``Generator loss``, ``Modes``."""
    group = name.partition("/")[0]
    title = words.curve(name)
    if group in _KINDS:
        title = f"{title} {_KINDS[group]}"
    return title[:1].upper() + title[1:]


def setting_value(value: Any, unit: str = "") -> str:
    """Return a setting's value as its field shows it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{number_text(value, isinstance(value, int))} {unit}".strip()
    return str(value)


def cell(cell: Cell, unit: str = "") -> str:
    """Return a setting of one run: ``2e-4``, or ``2e-4 → 1e-4 @4 000`` where it was changed meanwhile."""
    if not cell.there:
        return NONE
    later = (f" → {setting_value(value)} @{words.grouped(step)}" for step, value in cell.changes)
    return setting_value(cell.value, unit) + "".join(later)


def table_text(runs: list[ComparedRun], rows: list[Row]) -> str:
    """Return the table as text to paste: columns parted by tabs, the path of each setting first."""
    lines = [["setting", *(run.name for run in runs)]]
    lines += [[row.path, *(cell(each, row.unit) for each in row.cells)] for row in rows]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def settings_sentence(runs: int, differing: int, equal: int) -> str:
    """Return what there is to say above the table of settings."""
    if runs < 2:
        return "Settings that differ show here, once there are two runs."
    if not differing:
        return f"All {equal} settings are equal."
    verb = "differs" if differing == 1 else "differ"
    return f"{differing} of {differing + equal} settings {verb}."


def state(run: ComparedRun) -> str:
    """Return how a run stands, in few words: ``finished, 400 steps``."""
    if run.failure:
        return "cannot be read"
    if run.history is None:
        return "reading…"
    return f"{run.history.state}, {words.step(run.history.step)}"


def marks(run: "History") -> list[tuple[int, str]]:
    """Return the steps at which a run was changed or branched off, each with what happened there."""
    changed = [(each.step, words.edit(each.path, each.before, each.value)) for each in run.changes]
    if run.parent is None:
        return changed
    return [*changed, (run.parent.step, f"branches off {run.parent.run}")]


def brief_state(run: ComparedRun) -> str:
    """Return what is worth knowing at a glance: nothing of a run that has ended."""
    ended = run.history is not None and run.history.state in ("finished", "stopped")
    return "" if ended and not run.failure else state(run)
