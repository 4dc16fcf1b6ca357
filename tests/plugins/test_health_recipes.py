"""The remedy that brings a whole game to what the studio trains such data with."""

from typing import Any

import pytest

from ganstudio.api import ImageSpec, Remedy, RunFacts
from ganstudio_plugins.health_recipes import penalised, recipe, usual_rates
from tests.plugins.streams import RING, TOTAL, facts

GENERATOR, DISCRIMINATOR = "optimizers.generator", "optimizers.discriminator"
CALM = {f"{GENERATOR}.beta1": 0.0, f"{DISCRIMINATOR}.beta1": 0.0}
R1 = "regularizers.R1.gamma"


def offered(known: RunFacts, **asked: Any) -> Remedy:
    found = recipe(known, "Why.", **{"since": TOTAL, **asked})
    assert found is not None
    return found


def rates(generator: float, discriminator: float) -> dict[str, float]:
    return {f"{GENERATOR}.learning_rate": generator, f"{DISCRIMINATOR}.learning_rate": discriminator}


def test_points_are_given_pairs_two_penalties_and_rates_that_fall() -> None:
    known = facts(RING, settings={"training.schedule": "constant", **rates(2e-3, 2e-3)})
    found = offered(known)
    assert found.changes == {
        "loss.kind": "RelativisticPairing",
        R1: 0.05,
        "regularizers.R2.gamma": 0.05,
        "training.schedule": "cosine",
        **CALM,
    }
    assert found.title == "Train with relativistic pairs, R1, R2 and falling rates"
    assert found.way == "branch"


def test_images_are_given_r1() -> None:
    found = offered(facts())
    assert found.changes == {R1: 5.0, **CALM}
    assert (found.title, found.way) == ("Train with R1 and usual rates", "branch")


@pytest.mark.parametrize("loss", ["Minimax", "LeastSquares"])
def test_a_loss_that_saturates_or_pulls_without_end_is_left(loss: str) -> None:
    assert offered(facts(settings={"loss.kind": loss})).changes["loss.kind"] == "NonSaturating"


def test_a_wasserstein_critic_is_given_its_own_penalty_and_keeps_its_loss() -> None:
    known = facts(settings={"loss.kind": "Wasserstein"})
    offers = frozenset((*known.offered, "GradientPenalty"))
    known = RunFacts(**{**vars(known), "offered": offers})
    changes = offered(known).changes
    assert changes["regularizers.GradientPenalty.weight"] == 10.0
    assert not {"loss.kind", R1} & set(changes)


def test_fully_connected_generators_are_normalised_in_a_run_from_the_start() -> None:
    settings = {"architecture.normalisation": "none"}
    known = RunFacts(**{**vars(facts(settings=settings)), "architecture": "MLPGAN"})
    found = offered(known)
    assert found.changes["architecture.normalisation"] == "batch"
    assert found.way == "anew"
    unknown = RunFacts(**{**vars(known), "architecture": "Another"})
    assert "architecture.normalisation" not in offered(unknown).changes


@pytest.mark.parametrize(
    ("held", "becomes"),
    [(0.2, 5.0), (1.0, 5.0), (3.0, None), (50.0, None), (500.0, 5.0)],
    ids=["next to none", "little", "near", "much", "far too much"],
)
def test_a_penalty_that_is_there_is_left_unless_it_is_far_off(held: float, becomes: float | None) -> None:
    assert offered(facts(settings={R1: held})).changes.get(R1) == becomes


@pytest.mark.parametrize(
    ("held", "becomes"),
    [
        (rates(2e-4, 2e-4), {}),
        (rates(5e-4, 2e-3), {}),
        (rates(1e-6, 1e-3), {f"{GENERATOR}.learning_rate": 1e-3}),
        (rates(1e-5, 1e-5), rates(1e-3, 1e-3)),
        (rates(0.1, 0.1), rates(1e-3, 1e-3)),
        (rates(3e-3, 3e-4), rates(1e-3, 1e-3)),
    ],
    ids=["small", "apart", "one idle", "idle", "high", "far apart"],
)
def test_rates_are_left_unless_they_are_far_off(held: dict[str, float], becomes: dict[str, float]) -> None:
    changes = usual_rates(facts(settings={**held, **CALM}))
    assert changes == becomes


def test_gradient_descent_becomes_adam() -> None:
    known = facts(settings={f"{GENERATOR}.kind": "SGD", **CALM})
    assert usual_rates(known) == {f"{GENERATOR}.kind": "Adam"}


@pytest.mark.parametrize(("since", "way"), [(0, "anew"), (600, "anew"), (700, "branch"), (TOTAL, "branch")])
def test_a_run_that_goes_wrong_early_is_begun_anew(since: int, way: str) -> None:
    assert offered(facts(), since=since).way == way


def test_what_else_is_asked_for_stands_first() -> None:
    known = facts(settings={"architecture.latent_dim": 2})
    found = offered(known, first="Begin anew with 32 latents", also={"architecture.latent_dim": 32})
    assert found.title == "Begin anew with 32 latents, with R1 and usual rates"
    assert found.changes["architecture.latent_dim"] == 32
    assert found.way == "anew"


def test_what_holds_already_is_not_named() -> None:
    found = offered(facts(), first="One update of each a step", also={"architecture.n_critic": 1})
    assert found.title == "Train with R1 and usual rates"


def test_nothing_is_offered_where_all_of_it_holds() -> None:
    assert recipe(facts(settings={R1: 5.0, **CALM}), "Why.") is None


def test_nothing_is_offered_to_what_plays_no_game() -> None:
    assert recipe(facts(ImageSpec(1, 28, 28), adversarial=False), "Why.") is None


def test_a_penalty_alone_comes_with_gentler_rates_and_not_twice() -> None:
    found = penalised(facts(), "Why.", rates(5e-4, 5e-4))
    assert found is not None
    assert found.changes == {R1: 5.0, **rates(5e-4, 5e-4)}
    assert (found.title, found.way) == ("Add R1, with gentler rates", "branch")
    assert penalised(facts(settings={R1: 5.0}), "Why.", rates(5e-4, 5e-4)) is None
