"""Score words: what the name of a score tells, and which scores may share an axis. Plain text, no Qt.

A score of features is named with its extractor and count, as ``score/FID (studio, 2000)``. It knows nothing
of how a score is computed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MODES = "modes"
"""The group whose share has an axis of its own at the right, beside what is no share."""
_SHARES, _VITALS, _VITAL_SHARES = "shares", "vitals", "vitals/shares"

_OF_VITALS = "score/vitals/"
_SUFFIX = re.compile(r"(.+?) \((.+), (\d+)\)")
_SHARE_NAMES = frozenset(
    (
        "high_quality",
        "precision",
        "recall",
        "coverage",
        "repeats",
        "clipped",
        "label_accuracy",
        "tstr",
        "trtr",
    )
)
_TITLES = {
    _VITALS: "Vitals against real",
    _VITAL_SHARES: "Vital shares",
    MODES: "Modes",
    _SHARES: "Shares",
}
_SHORT = {"nyquist": "Nyquist energy"}
_NAMES = {
    **{"high_quality": "high quality", "fid": "FID", "kid": "KID", "is": "IS", "kl": "KL"},
    **{"psnr": "PSNR", "ssim": "SSIM", "mae": "MAE"},
}
_TOLD = 3
"""Figures of a group that a menu names, at most."""
_THIN = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True)
class ScoreName:
    """``figure``: such as ``FID``; ``extractor`` and ``count``: empty and 0 of a score without features."""

    figure: str
    extractor: str = ""
    count: int = 0
    vital: bool = False

    @property
    def key(self) -> str:
        """The figure in small letters without spaces."""
        return self.figure.lower().replace(" ", "_")

    @property
    def space(self) -> str:
        """Extractor and count as they are written behind a name: `` (studio, 2 000)``, else nothing."""
        count = f"{self.count:,}".replace(",", _THIN)
        return f" ({self.extractor}, {count})" if self.extractor else ""


def parsed(name: str) -> ScoreName:
    """Return what a name tells: ``score/FID (studio, 2000)``, ``score/vitals/repeats``, ``modes``."""
    vital = name.startswith(_OF_VITALS)
    rest = name.removeprefix(_OF_VITALS if vital else "score/")
    found = _SUFFIX.fullmatch(rest)
    if found is None:
        return ScoreName(rest.rpartition("/")[2], vital=vital)
    return ScoreName(found[1].rpartition("/")[2], found[2], int(found[3]), vital)


def is_share(name: str) -> bool:
    """Say whether a score is a share, 0..1."""
    return parsed(name).key in _SHARE_NAMES


def label(name: str) -> str:
    """Return a score as a legend has it: ``FID``, ``high quality``."""
    score = parsed(name)
    return _SHORT.get(score.key) or _NAMES.get(score.figure) or score.figure.replace("_", " ")


def full(name: str) -> str:
    """Return a score as it stands alone: ``FID (studio, 2 000)``, ``repeats (vital sign)``."""
    score = parsed(name)
    return f"{label(name)}{' (vital sign)' if score.vital else score.space}"


def dear(name: str) -> bool:
    """Say whether a score compares features, as FID does: what a run is judged by."""
    return bool(parsed(name).extractor)


def judges(name: str) -> bool:
    """Say whether a best of it means anything. Vital signs tell trouble, and are best where real ones are."""
    return not parsed(name).vital


def group(name: str) -> str:
    """Return a key that is the same for scores which may share an axis, and for no others."""
    score = parsed(name)
    if score.vital and score.key == "nyquist":
        # It reaches hundreds while the other vital signs stay about 1.
        return f"{_VITALS}/nyquist"
    if score.vital:
        return _VITAL_SHARES if is_share(name) else _VITALS
    if score.extractor:
        return f"{_SHARES if is_share(name) else score.key}{score.space}"
    if score.key in ("modes", "high_quality"):
        return MODES
    return _SHARES if is_share(name) else score.key


def own_axis(name: str) -> bool:
    """Say whether a score is drawn on an axis of shares beside another: where its group has others too."""
    return is_share(name) and group(name) == MODES


def title(names: Sequence[str]) -> str:
    """Return what a plot of the scores of one group is called: ``FID (studio, 2 000)``."""
    key = group(names[0])
    if key in _TITLES:
        return _TITLES[key]
    if parsed(names[0]).key in _SHORT:
        return _capital(label(names[0]))
    kind = _SHARES if len(names) > 1 else label(names[0])
    return _capital(f"{_TITLES.get(kind, kind)}{parsed(names[0]).space}")


def entry(names: Sequence[str]) -> str:
    """Return what a menu calls the group: its title, or the figures in it where the title does not tell."""
    if len(names) == 1:
        return title(names)
    if parsed(names[0]).vital:
        return f"{title(names)}: {', '.join(label(name) for name in names)}"
    told = ", ".join(label(name) for name in names[:_TOLD])
    return _capital(f"{told}{' …' if len(names) > _TOLD else ''}{parsed(names[0]).space}")


def first(groups: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return the group to begin with: the first that compares features, else any that judges, else any."""
    ranked = sorted(groups, key=lambda group: _rank(group[1]))
    return ranked[0][0] if ranked else ""


def _rank(names: Sequence[str]) -> tuple[bool, bool, bool]:
    """Distances go before shares; among equals the order stays."""
    return not judges(names[0]), not dear(names[0]), dear(names[0]) and is_share(names[0])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
