"""History: a run folder read into plain data, for whoever shows, compares or exports runs.

It reads and writes nothing. It knows no torch, no Qt, and nothing of what is done with what it gives.
"""

import os
import re
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ganstudio.api.errors import StudioError
from ganstudio.api.events import BEST, HealthChanged, lasting_reasons
from ganstudio.experiment import Experiment
from ganstudio.runs.checkpoint import step_of
from ganstudio.runs.curves import Curve, Margin, read_metrics
from ganstudio.runs.event_records import event_of
from ganstudio.runs.folder import EXPERIMENT, METRICS, REAL, SAMPLES, RunFolder, RunState
from ganstudio.runs.manifest import read_manifest

__all__ = ["Change", "Curve", "Family", "History", "Kept", "read_history"]

EVENTS_KEPT = 2000
"""Events of a history, the newest; the log shows no more."""
GENERATIONS = 100
"""Ancestors that are looked at, at most."""

_PREVIEW = re.compile(r"(\d{9,})(?:-(.+))?\.png")


@dataclass(frozen=True)
class Change:
    """A live setting that was given another value, which held from the step after ``step`` on."""

    step: int
    path: str
    value: Any
    before: Any


@dataclass(frozen=True)
class Kept:
    """A checkpoint (its folder) or a kept preview (its picture). ``size``: bytes, 0 where not known."""

    step: int
    path: Path
    size: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Family:
    """The parent of a branch, and the step it was branched at; ``path`` is ``None`` when it is gone."""

    run: str
    path: Path | None
    step: int


@dataclass(frozen=True)
class History:
    """All there is to see of a run. Times in seconds of training, pauses left out."""

    path: Path
    experiment: Experiment
    state: RunState
    step: int
    """Steps done, as far as they were recorded."""
    total_steps: int
    """How long the run is to be; 0 where that is not known."""
    seconds: float
    images_seen: int
    device: str
    modes: int
    """How many modes the data has, where they are known; else 0."""
    classes: tuple[str, ...]
    """What the classes are called that samples are made of in turn, for a variant that makes classes."""
    curves: Mapping[str, Curve]
    """By the names that live plots have: ``loss/generator``, ``score/modes``."""
    changes: tuple[Change, ...]
    checkpoints: tuple[Kept, ...]
    previews: Mapping[str, tuple[Kept, ...]]
    """By kind, the first one being ``""``; each by step."""
    real: Path | None
    """The picture of the data, where there is one."""
    events: tuple[dict[str, Any], ...] = field(repr=False)
    """The newest records of ``events.jsonl``."""
    parent: Family | None
    failure: str
    """Why the run failed, where it did."""
    thinned: bool
    """Whether the curves are a sample of the reports, because there are too many of them."""
    ancestors: tuple[Family, ...] = ()
    """Whose past it begins with, as far as they were read: the parent, its own parent, and so on."""
    margins: Mapping[str, Margin] = field(default_factory=dict)
    """Of each score, by the name of its curve, what is known beside its values."""
    health: tuple[HealthChanged, ...] = ()
    """What health rules said of the run itself, the oldest first; of a branch not what they said before."""

    @property
    def best_step(self) -> int | None:
        """The step of the checkpoint that is kept for its score, if there is one."""
        best = (kept.step for kept in reversed(self.checkpoints) if BEST in lasting_reasons(kept.reason))
        return next(best, None)


Previews = Mapping[str, tuple[Kept, ...]]


def read_history(path: Path, ancestors: bool = True) -> History:
    """Read the run in the folder ``path``, which may be one that is being written.

    With ``ancestors`` the curves, changes and previews of a branch begin with those of its parent, and of
    the parent's own, up to the step of the branch. Raises ``InputError`` where there is no run, and
    ``StudioError`` when it cannot be read.
    """
    own = _read(path)
    return _with_past(own) if ancestors else own


def find_previews(folder: Path) -> dict[str, tuple[Kept, ...]]:
    """Return the kept previews in a folder of samples: by kind, ``""`` being the first, each by step."""
    found: dict[str, list[Kept]] = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = _PREVIEW.fullmatch(entry.name)
            # Asked by the path: of a circle of links, an entry would raise instead of answering.
            if name and (folder / entry.name).is_file():
                found.setdefault(name[2] or "", []).append(Kept(int(name[1]), folder / entry.name))
    return {kind: tuple(sorted(found[kind], key=lambda kept: kept.step)) for kind in sorted(found)}


def _read(path: Path) -> History:
    run = RunFolder.open(path)
    experiment = run.experiment
    told = _told(run)
    previews = find_previews(path / SAMPLES)
    # Scores are made with previews.
    metrics = read_metrics(path / METRICS, [kept.step for kept in previews.get("", ())])
    checkpoints = _checkpoints(run, told)
    provenance = _provenance(run)
    real = path / SAMPLES / f"{REAL}.png"
    return History(
        path=path,
        experiment=experiment,
        state=run.state,
        step=max([metrics.step, told.step, *(kept.step for kept in checkpoints)]),
        total_steps=told.total_steps or _asked_steps(experiment),
        seconds=max(metrics.seconds, told.seconds),
        images_seen=metrics.images_seen,
        device=told.device or str(provenance.get("device") or ""),
        modes=told.modes,
        classes=told.classes,
        curves=metrics.curves,
        changes=tuple(told.changes),
        checkpoints=checkpoints,
        previews=previews,
        real=real if real.is_file() else None,
        events=tuple(told.newest),
        parent=_family(path, provenance.get("parent")),
        failure=told.failure,
        thinned=metrics.thinned,
        margins=metrics.margins,
        health=tuple(told.health),
    )


# --- What the events tell ----------------------------------------------------------------------------


@dataclass
class _Told:
    """What the events of a run say, gathered in their order."""

    path: Path
    step: int = 0
    seconds: float = 0.0
    total_steps: int = 0
    device: str = ""
    modes: int = 0
    classes: tuple[str, ...] = ()
    failure: str = ""
    changes: list[Change] = field(default_factory=list)
    health: list[HealthChanged] = field(default_factory=list)
    saved: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Of each checkpoint by its step: size and reason."""
    newest: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))

    def take(self, record: dict[str, Any]) -> None:
        """Take one record; what is not as it is written says nothing."""
        self.newest.append(record)
        match record:
            case {"event": "Started" | "Restarted", "step": int(step), "total_steps": int(total)}:
                # Whatever was done of later steps, or ended in a failure, is undone.
                self.step, self.seconds, self.failure = step, 0.0, ""
                self.total_steps = total
                self.device = str(record.get("device") or "")
                self.modes = _whole(record.get("modes"))
                self.classes = _texts(record.get("classes"))
            case {"event": "SettingChanged", "step": int(step), "path": str(setting), "value": value}:
                self.changes.append(Change(step, setting, value, record.get("before")))
            case {"event": "HealthChanged"}:
                told = event_of(record, self.path)
                self.health += [told] if isinstance(told, HealthChanged) else []
            case {"event": "CheckpointSaved", "step": int(step)}:
                self.saved[step] = _whole(record.get("size")), str(record.get("reason") or "")
            case {"event": "Finished", "seconds": int(seconds) | float(seconds)}:
                self.seconds = float(seconds)
            case {"event": "Failed", "message": str(message)}:
                self.failure = message
        self.step = max(self.step, _whole(record.get("step")))


def _told(run: RunFolder) -> _Told:
    told = _Told(run.path)
    for record in run.events():
        told.take(record)
    return told


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(text) for text in value) if isinstance(value, list) else ()


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _asked_steps(experiment: Experiment) -> int:
    return _whole(experiment.training.get("steps"))


def _checkpoints(run: RunFolder, told: _Told) -> tuple[Kept, ...]:
    found = []
    for folder in run.checkpoints():
        step = step_of(folder)
        size, reason = told.saved.get(step) or _written(folder)
        found.append(Kept(step, folder, size, reason))
    return tuple(found)


def _written(folder: Path) -> tuple[int, str]:
    """Return the size and reason of a checkpoint that no event tells of, such as the first of a branch."""
    try:
        manifest = read_manifest(folder)
    except StudioError:
        return 0, ""
    return sum(file.size for file in manifest.files.values()), manifest.reason


def _provenance(run: RunFolder) -> dict[str, Any]:
    """Return what the run was made with; a damaged file hides nothing else."""
    try:
        return run.provenance
    except StudioError:
        return {}


# --- Where it comes from -----------------------------------------------------------------------------


def _family(path: Path, parent: Any) -> Family | None:
    match parent:
        case {"run": str(run), "step": int(step)}:
            return Family(run, _place(path, run, str(parent.get("path") or "")), step)
    return None


def _place(path: Path, run: str, written: str) -> Path | None:
    """Return the folder of a run's parent, where it was or beside the run, or ``None``."""
    for place in (written, run):
        folder = path.parent / place
        if place and folder != path and (folder / EXPERIMENT).is_file():
            return folder
    return None


def _with_past(own: History) -> History:
    """Return a history that begins with those of its ancestors, as far as they can be read."""
    line = [own]
    ancestors: list[Family] = []
    seen = {own.path.resolve()}
    while (family := line[-1].parent) and family.path and len(line) <= GENERATIONS:
        if family.path.resolve() in seen:
            break
        seen.add(family.path.resolve())
        try:
            line.append(_read(family.path))
        except StudioError:
            break
        ancestors.append(family)
    past = line.pop()
    while line:
        past = _joined(past, line.pop())
    return replace(past, ancestors=tuple(ancestors))


def _joined(past: History, branch: History) -> History:
    """Return a branch with what its parent did before it."""
    assert branch.parent is not None
    step = branch.parent.step
    return replace(
        branch,
        step=max(branch.step, step),
        images_seen=branch.images_seen or _last_images(past, step),
        modes=branch.modes or past.modes,
        curves=_joined_curves(past.curves, branch.curves, step),
        changes=(*(change for change in past.changes if change.step <= step), *branch.changes),
        previews=_joined_previews(past.previews, branch.previews, step),
        real=branch.real or past.real,
        thinned=branch.thinned or past.thinned,
        margins=_joined_margins(past.margins, branch.margins, step),
    )


def _joined_margins(past: Mapping[str, Margin], own: Mapping[str, Margin], step: int) -> dict[str, Margin]:
    margins = {name: margin.until(step) for name, margin in past.items()}
    for name, margin in own.items():
        margins[name] = margins[name].then(margin) if name in margins else margin
    return margins


def _joined_curves(past: Mapping[str, Curve], own: Mapping[str, Curve], step: int) -> dict[str, Curve]:
    curves = {name: curve.until(step) for name, curve in past.items()}
    for name, curve in own.items():
        curves[name] = curves[name].then(curve) if name in curves else curve
    return {name: curve for name, curve in curves.items() if len(curve)}


def _joined_previews(past: Previews, own: Previews, step: int) -> Previews:
    joined = dict(own)
    for kind, previews in past.items():
        there = {kept.step for kept in own.get(kind, ())}
        before = [kept for kept in previews if kept.step <= step and kept.step not in there]
        both = sorted([*before, *own.get(kind, ())], key=lambda kept: kept.step)
        if both:
            joined[kind] = tuple(both)
    return joined


def _last_images(past: History, step: int) -> int:
    parts = [curve.until(step) for curve in past.curves.values()]
    return max((int(part.images[-1]) for part in parts if len(part)), default=0)
