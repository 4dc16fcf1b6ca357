"""What the health rules offer is accepted by the studio, for real experiments of every kind."""

import math
from typing import Any, cast

import pytest

from ganstudio.api import ImageSpec, PointSpec, Remedy, RunFacts
from ganstudio.api.data import DataSpec
from ganstudio.experiment import Choice, Experiment
from ganstudio.health_facts import facts_of
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio.training.state import network_shapes
from ganstudio_plugins.health import ganstudio_health_rules
from ganstudio_plugins.health_remedies import change, rate, rounded, slower
from tests.experiments import digits, ring
from tests.plugins.streams import facts, reports, scores, together

REGISTRY = Registry.load()
BAD: dict[str, Any] = {
    "vitals/diversity": 0.05,
    "vitals/repeats": 1.0,
    "vitals/coverage": 0.0,
    "vitals/nyquist": 30.0,
    "vitals/nearest": 0.2,
    "modes": 0.0,
    "high_quality": 0.0,
    "reverse_kl": 2.0,
}


def noisy(experiment: Experiment) -> Experiment:
    """Return an experiment with all that a rule may want to take back."""
    for path, value in {
        "architecture.instance_noise": 1.5,
        "architecture.n_critic": 4,
        "optimizers.discriminator.learning_rate": 0.05,
        "optimizers.generator.beta1": 0.9,
    }.items():
        experiment = experiment.with_value(path, value)
    return experiment


CONV = Experiment(Choice("Digits"), Choice("ConvGAN", {"width": 4, "conditioning": "projection"}))
EXPERIMENTS = {
    "points": ring(),
    "images": digits(),
    "classes": CONV,
    "troubled": noisy(digits()),
    "batch norm": CONV.with_value("architecture.conditioning", "none"),
    "auxiliary": CONV.with_value("architecture.conditioning", "auxiliary").with_value(
        "architecture.auxiliary_weight", 50.0
    ),
    "few latents": digits().with_value("architecture.latent_dim", 2),
    "wasserstein": CONV.with_value("loss.kind", "Wasserstein"),
    "autoencoder": Experiment(Choice("Digits"), Choice("MLPVAE", {"width": 8, "beta": 40.0})),
}

SPECS: dict[str, DataSpec] = {
    "Digits": ImageSpec(1, 28, 28, tuple("0123456789")),
    "Ring": PointSpec(2, tuple((float(n), 0.0) for n in range(8)), 0.02),
}


def told(experiment: Experiment) -> RunFacts:
    resolved = resolve(experiment, REGISTRY)
    return facts_of(resolved, REGISTRY, resolved.source.load(lambda *_: None))


def offered(known: RunFacts) -> list[Remedy]:
    """Return every remedy that is offered for a run in which everything is wrong, in one way or another."""
    found: list[Remedy] = []
    for accuracy, gap in ((0.5, 0.0), (1.0, 20.0)):
        stream = together(
            reports(
                range(100, 4000, 20),
                accuracy__discriminator=accuracy,
                logits__real=gap,
                logits__fake=0.0,
                loss__generator=lambda step: 1.0 if step < 3000 else 1e4,
                loss__discriminator=lambda step: 1e-4 if step < 3000 else 1e4,
                movement__fixed=0.3,
                nats__kl=0.0,
            ),
            scores(range(100, 4000, 50), **BAD, **{"vitals/clipped": gap / 40}),
            scores(range(2000, 4000, 50), **{"vitals/diversity": 0.5, "vitals/repeats": 0.0}),
        )
        for kind in ganstudio_health_rules():
            rule = kind()
            if not kind.suits(known):
                continue
            rule.begin(known)
            for event in stream:
                rule.take(event)
                condition = rule.condition()
                found += condition.remedies if condition else ()
    return list({(remedy.title, remedy.way): remedy for remedy in found}.values())


def shapes(experiment: Experiment) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the weights that its networks have."""
    resolved = resolve(experiment, REGISTRY)
    resolved.architecture.build(SPECS[experiment.data.kind])
    return network_shapes(resolved.architecture.networks())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_real_run_accepts_what_is_offered(name: str) -> None:
    known = told(EXPERIMENTS[name])
    remedies = offered(known)
    assert remedies
    for remedy in remedies:
        changed = resolve(EXPERIMENTS[name], REGISTRY).experiment
        for path, value in remedy.changes.items():
            changed = changed.with_value(path, value)
        resolve(changed, REGISTRY)
        assert remedy.way != "live" or known.live.issuperset(remedy.changes)
        # No checkpoint fits other networks.
        assert remedy.way == "anew" or shapes(changed) == shapes(EXPERIMENTS[name]), remedy.title


def test_what_all_may_change_while_it_trains_is_live() -> None:
    known = facts()
    assert cast(Remedy, slower(known, ("generator",), 0.5, "Slower", "Why.")).way == "live"
    beta = cast(Remedy, change(known, "Calmer", {"optimizers.generator.beta1": 0.0}, "Why."))
    assert beta.way == "branch"


def test_nothing_is_offered_that_holds_already_or_is_not_there() -> None:
    known = facts()
    assert change(known, "As it is", {"architecture.n_critic": 1}, "Why.") is None
    assert change(known, "Not here", {"architecture.beta": 1.0}, "Why.") is None
    assert slower(known, ("encoder",), 0.5, "Slower", "Why.") is None


def test_numbers_are_as_people_write_them() -> None:
    assert rounded(0.000123456) == 0.00012
    assert math.isnan(rate(facts(), ("encoder",)))
