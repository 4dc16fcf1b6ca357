"""Recipes: what the studio itself trains points and images with, offered as one remedy for a whole game.

It knows nothing of how trouble is found. The values are those of the presets ``ring-r3gan`` and
``mnist-dcgan``; the weight of R1 for images was measured on fully connected networks as well.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ganstudio.api import PointSpec, Remedy, RunFacts
from ganstudio_plugins.health_remedies import rate_paths

POINT_RATE, IMAGE_RATE = 2e-3, 1e-3
"""Learning rates that small networks learn points and images with."""
SLOW, FAST, APART = 0.2, 3.0, 5.0
"""Rates within these shares of the usual one, and no further apart than this, are left as they are."""
POINT_WEIGHT, IMAGE_WEIGHT = 0.05, 5.0
"""Weights γ of R1, on points also of R2."""
CRITIC_POINTS, CRITIC_IMAGES = 0.1, 10.0
"""Weights of the penalty on a Wasserstein critic (Gulrajani et al., 2017, arXiv:1704.00028)."""
LITTLE_POINTS, LITTLE_IMAGES, MUCH = 0.1, 0.5, 20.0
"""A penalty within these shares of the usual weight is left as it is."""
EARLY = 1 / 3
"""Share of a run within which it is begun anew rather than branched."""
MOMENTUM = {"beta1": 0.0, "beta2": 0.99}
"""Momentum that points where the other network was is what drives two players round each other (Gidel et
al., 2019, arXiv:1807.04740)."""
_R1, _R2 = "regularizers.R1.gamma", "regularizers.R2.gamma"
NORMALISED = {"MLPGAN": "batch", "ConvGAN": "generator"}
"""How the studio's own generators are normalised, and no discriminator. Measured on digits: the generator of
fully connected networks repeats itself without it, whatever the penalty."""
SHAPING = ("latent_dim", "conditioning", "minibatch", "normalisation", "upsampling", "packing")
"""Settings of an architecture with which its networks are others, that no checkpoint fits."""


def recipe(
    facts: RunFacts, why: str, since: int = 0, first: str = "", also: Mapping[str, Any] | None = None
) -> Remedy | None:
    """Bring loss, penalty, rates and momentum to what such data is usually trained with.

    ``since``: the step since which there is trouble. Early in a run, little is lost by beginning anew and
    much of the trouble may be in the weights already; later it branches, unless the networks are others.
    ``also``: other changes, for which ``first`` stands first in the title. ``None`` where all of it holds.
    """
    if not facts.adversarial:
        return None
    added = {path: value for path, value in (also or {}).items() if _new(facts, path)}
    rest = {**added, **_differing(facts, also or {})}
    game, penalty, rates = _game(facts), _penalty(facts), usual_rates(facts)
    layers = _layers(facts)
    changes = {**game, **penalty, **layers, **rates, **rest}
    if not changes:
        return None
    shaping = any(path.rpartition(".")[2] in SHAPING for path in changes if path.startswith("architecture."))
    anew = shaping or since < EARLY * facts.total_steps
    title = _title(first if rest else "", game, penalty, [*layers, *rates])
    return Remedy(title, changes, "anew" if anew else "branch", why)


def penalised(facts: RunFacts, why: str, also: Mapping[str, Any]) -> Remedy | None:
    """Add the penalty of the recipe in a branch, and make other changes with it; ``None`` where it is there.

    ``also`` are gentler rates.
    """
    penalty, rest = _penalty(facts) if facts.adversarial else {}, _differing(facts, also)
    if not penalty:
        return None
    title = f"Add {_listed(_penalties(penalty))}"
    return Remedy(f"{title}, with gentler rates" if rest else title, {**penalty, **rest}, "branch", why)


def usual_rates(facts: RunFacts) -> dict[str, Any]:
    """Return changes by which all networks learn at usual rates, without momentum, by Adam.

    On points the rates fall to the end, so that samples come to rest on the modes.
    """
    paths = rate_paths(facts)
    rates = [float(facts.settings[path]) for path in paths]
    points = isinstance(facts.data, PointSpec)
    usual = POINT_RATE if points else IMAGE_RATE
    changes: dict[str, Any] = {}
    if rates and not SLOW * usual <= min(rates) <= max(rates) <= min(FAST * usual, APART * min(rates)):
        changes |= dict.fromkeys(paths, usual)
    for path in paths:
        optimizer = path.removesuffix(".learning_rate")
        changes |= {f"{optimizer}.{name}": value for name, value in {**MOMENTUM, "kind": "Adam"}.items()}
    if points:
        changes["training.schedule"] = "cosine"
    return _differing(facts, changes)


def _game(facts: RunFacts) -> dict[str, Any]:
    """Return a change of the loss: pairs for points, and none that saturates or is unbounded for images."""
    loss = facts.settings.get("loss.kind")
    if loss in (None, "Wasserstein"):
        return {}
    if isinstance(facts.data, PointSpec):
        return _differing(facts, {"loss.kind": "RelativisticPairing"})
    return {"loss.kind": "NonSaturating"} if loss in ("Minimax", "LeastSquares") else {}


def _layers(facts: RunFacts) -> dict[str, Any]:
    """Return a change of the normalisation, where the architecture is known to do without it badly."""
    if isinstance(facts.data, PointSpec) or facts.architecture not in NORMALISED:
        return {}
    return _differing(facts, {"architecture.normalisation": NORMALISED[facts.architecture]})


def _penalty(facts: RunFacts) -> dict[str, Any]:
    """Return what adds the penalties of the recipe, or brings their weights near to the usual ones."""
    points = isinstance(facts.data, PointSpec)
    if facts.settings.get("loss.kind") == "Wasserstein":
        weights = {"regularizers.GradientPenalty.weight": CRITIC_POINTS if points else CRITIC_IMAGES}
    elif points:
        # One of the two is enough to be left alone with it.
        both = _R1 not in facts.settings
        weights = {_R1: POINT_WEIGHT, **({_R2: POINT_WEIGHT} if both else {})}
    else:
        weights = {_R1: IMAGE_WEIGHT}
    return {path: weight for path, weight in weights.items() if _wanting(facts, path, weight)}


def _wanting(facts: RunFacts, path: str, weight: float) -> bool:
    """Say whether a penalty could be added, or is there with a weight far from the usual one."""
    held = facts.settings.get(path)
    little = LITTLE_POINTS if isinstance(facts.data, PointSpec) else LITTLE_IMAGES
    if isinstance(held, int | float):
        return not little * weight <= held <= MUCH * weight
    return _new(facts, path)


def _new(facts: RunFacts, path: str) -> bool:
    """Say whether the path is of something that could be added to the run."""
    part, _, inner = path.partition(".")
    return part in ("regularizers", "augmentations") and inner.partition(".")[0] in facts.offered


def _differing(facts: RunFacts, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of what the run has, and has otherwise."""
    held = facts.settings
    return {path: value for path, value in changes.items() if path in held and held[path] != value}


def _title(first: str, game: Mapping[str, Any], penalty: Iterable[str], rest: Iterable[str]) -> str:
    """Return what the button says: what is changed, in the order of how much it matters."""
    said = [_LOSSES[game["loss.kind"]]] if game else []
    said += _penalties(penalty)
    ends = {path.rpartition(".")[2] for path in rest}
    said += ["batch norm in the generator"] if "normalisation" in ends else []
    said += ["falling rates"] if "schedule" in ends else ["usual rates"] if ends - {"normalisation"} else []
    if not said:
        return first
    return f"{first}, with {_listed(said)}" if first else f"Train with {_listed(said)}"


def _penalties(paths: Iterable[str]) -> list[str]:
    return [_PENALTIES.get(name, name) for name in (path.split(".")[1] for path in paths)]


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


_LOSSES = {"RelativisticPairing": "relativistic pairs", "NonSaturating": "the non-saturating loss"}
_PENALTIES = {"GradientPenalty": "a gradient penalty"}
