"""Comparison: the curves and previews of several runs, laid side by side.

Plain functions over histories. It reads no files, draws nothing, and knows nothing of Qt and torch;
settings are compared by ``ganstudio.differences``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ganstudio.catalogue import Catalogue, find
from ganstudio.differences import settings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ganstudio.runs.curves import Curve, Margin
    from ganstudio.runs.history import History, Kept

AXES = ("steps", "images", "seconds")
"""What a curve can be drawn over."""

LATENT_SETTINGS = ("seed", "preview count", "latent size", "kind of latents")
"""What decides the latents of a run's previews, together."""

_POINTS_AT_LEAST = 1000
"""A preview of points holds so many, whatever smaller number is asked for."""

_AT_FIRST = ("loss", "score")
"""The curves to begin with, by the first word of their path."""
_VITALS = "score/vitals/"


# --- Curves ----------------------------------------------------------------------------------------


def curve_names(runs: Sequence[History]) -> list[str]:
    """Return the names of all curves, those of one kind together, as the runs have them.

    Vital signs come last: they tell trouble, and rank no runs.
    """
    names = dict.fromkeys(name for run in runs for name in run.curves)
    kinds = dict.fromkeys((*_AT_FIRST, *(name.partition("/")[0] for name in names)))
    order = list(kinds)
    return sorted(names, key=lambda name: (name.startswith(_VITALS), order.index(name.partition("/")[0])))


def curves_at_first(runs: Sequence[History], most: int = 4) -> list[str]:
    """Return the curves to begin with: the losses and scores that all runs have, or else any of them.

    Vital signs are not among them.
    """
    wanted = [name for name in curve_names(runs) if name.partition("/")[0] in _AT_FIRST]
    wanted = [name for name in wanted if not name.startswith(_VITALS)]
    common = [name for name in wanted if all(name in run.curves for run in runs)]
    if common and not any(_is_score(name) for name in common):
        # Scores of other extractors or counts cannot share a plot; each then stands in one of its own.
        common += [name for name in wanted if _is_score(name)]
    return (common or wanted or curve_names(runs))[:most]


def _is_score(name: str) -> bool:
    return name.startswith("score/")


def line(curve: Curve, axis: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a curve over one of :data:`AXES`, [n] each; points at which the axis does not rise are left out.

    A run that went on after a stop counts its seconds on, but a clock need not tell two reports apart.
    """
    x = np.asarray(_along(curve, axis), np.float64)
    highest = np.maximum.accumulate(np.concatenate([[-np.inf], x]))[:-1]
    rising = x > highest
    return x[rising], np.asarray(curve.values, np.float64)[rising]


def interval(
    margin: Margin, axis: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the interval of a score over one of :data:`AXES`: places, low and high ends, [n] each.

    ``None`` where none was recorded. What is not finite is left out.
    """
    x, low = line(margin.low, axis)
    _, high = line(margin.high, axis)
    kept = np.isfinite(low) & np.isfinite(high)
    return (x[kept], low[kept], high[kept]) if kept.any() else None


def place_on(curves: Iterable[Curve], axis: str, step: float) -> float | None:
    """Return where a step of a run lies on an axis, by its longest curve; ``None`` where it has none."""
    longest = _longest(curves)
    return None if longest is None else float(np.interp(step, longest.steps, _along(longest, axis)))


def step_at(curves: Iterable[Curve], axis: str, place: float) -> float | None:
    """Return the step of a run at a place on an axis: the reverse of :func:`place_on`."""
    longest = _longest(curves)
    return None if longest is None else float(np.interp(place, _along(longest, axis), longest.steps))


def _longest(curves: Iterable[Curve]) -> Curve | None:
    longest = max(curves, key=lambda curve: len(curve.steps), default=None)
    return longest if longest is not None and len(longest.steps) else None


def _along(curve: Curve, axis: str) -> NDArray[Any]:
    return {"steps": curve.steps, "images": curve.images, "seconds": curve.seconds}[axis]


# --- Previews --------------------------------------------------------------------------------------


def preview_sources(runs: Sequence[History]) -> list[str]:
    """Return the kinds of previews there are, ``""`` (what a run shows first) before all others."""
    return sorted(dict.fromkeys(name for run in runs for name in run.previews), key=bool)


def preview_steps(runs: Sequence[History], source: str = "") -> list[int]:
    """Return every step at which any of the runs kept a preview, rising."""
    return sorted({kept.step for run in runs for kept in run.previews.get(source, ())})


def preview_at(run: History, step: int, source: str = "") -> Kept | None:
    """Return the latest preview of a run that was kept not after ``step``, or ``None``."""
    kept = run.previews.get(source, ())
    place = bisect_right([each.step for each in kept], step)
    return kept[place - 1] if place else None


def latents(run: History, catalogue: Catalogue) -> tuple[Any, ...] | None:
    """Return what decides a run's preview latents: equal for two runs means equal latents.

    ``None`` where the run's variant draws none, as one that translates images.
    """
    held = settings_of(run.experiment)
    if "architecture.latent_dim" not in held:
        return None
    data = find(catalogue.data, run.experiment.data.kind)
    least = _POINTS_AT_LEAST if data is not None and data.data_kinds in (("points",), ("tables",)) else 0
    return (
        held.get("training.seed"),
        max(int(held.get("training.preview_count", 0)), least),
        held["architecture.latent_dim"],
        held.get("architecture.latents", "normal"),
    )


def latents_sentence(runs: Sequence[tuple[str, History]], catalogue: Catalogue) -> str:
    """Return whether the previews of runs, given with their names, are at the same latents, and if not, why.

    Empty for fewer than two runs.
    """
    if len(runs) < 2:
        return ""
    keys = {name: latents(run, catalogue) for name, run in runs}
    without = [name for name, key in keys.items() if key is None]
    if len(without) == len(keys):
        return "These runs draw no latents."
    if without:
        return f"Not at the same latents: {_listed(without)} {_verb('draws', without)} none."
    known = [key for key in keys.values() if key is not None]
    if all(key == known[0] for key in known):
        return "Same latents in all."
    places = range(len(LATENT_SETTINGS))
    differing = [LATENT_SETTINGS[place] for place in places if len({key[place] for key in known}) > 1]
    same = [name for name, key in keys.items() if key == known[0]]
    rest = f" {_listed(same)} share theirs." if 1 < len(same) < len(keys) else ""
    return f"Not at the same latents: {_listed(differing)} {_verb('differs', differing)}.{rest}"


def _verb(singular: str, subjects: Sequence[str]) -> str:
    return singular if len(subjects) == 1 else singular.removesuffix("s")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
