"""The health rules that come with the studio, on streams written down by hand."""

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ganstudio.api import (
    HealthRule,
    RunFacts,
    ScoreRecord,
    SettingChanged,
    StepRecord,
    VectorRecord,
)
from ganstudio.api.events import Event
from ganstudio_plugins.health import ganstudio_health_rules
from ganstudio_plugins.health_balance import DiscriminatorWeak, DiscriminatorWins
from ganstudio_plugins.health_collapse import ModeCollapse
from ganstudio_plugins.health_divergence import Divergence
from ganstudio_plugins.health_finished import NothingGained
from ganstudio_plugins.health_memory import Memorising
from ganstudio_plugins.health_oscillation import Oscillation
from ganstudio_plugins.health_output import Artefacts
from ganstudio_plugins.health_posterior import PosteriorCollapse
from tests.plugins.streams import (
    EVERY_PREVIEW,
    EVERY_REPORT,
    IMAGES,
    LIVE,
    PREVIEW,
    REPORT,
    RING,
    after,
    calm,
    facts,
    good,
    noisy,
    only,
    reports,
    scores,
    together,
    watched,
)

RULES = ganstudio_health_rules()
VAE: Mapping[str, Any] = {
    "architecture.beta": 1.0,
    "architecture.latent_dim": 20,
    "optimizers.encoder.learning_rate": 1e-3,
    "optimizers.decoder.learning_rate": 1e-3,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_has_a_title_words_and_names(rule: type[HealthRule]) -> None:
    assert rule.title
    assert rule.__doc__
    assert rule.conditions


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_training_that_goes_well_is_in_no_trouble(rule: type[HealthRule]) -> None:
    found = watched(rule(), facts(), together(calm(), good(diversity=lambda at: min(at / 600, 0.95))))
    assert [condition.name for _, condition in found if condition and condition.name != "finished"] == []


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"diversity": 0.1, "repeats": 1.0}, "total mode collapse"),
        ({"diversity": 0.45}, "partial mode collapse"),
        ({"diversity": 0.9, "repeats": 0.7}, "partial mode collapse"),
        ({"class_diversity": 0.1}, "collapse within a class"),
    ],
    ids=["one image", "little variety", "repeats", "within"],
)
def test_a_collapse_is_named_by_its_form(changed: dict[str, float], name: str) -> None:
    step, condition = only(watched(ModeCollapse(), facts(classes=10), good(**changed)))
    assert condition.name == name
    assert condition.since <= step <= 500
    assert condition.trend
    assert condition.remedies


def test_a_collapse_of_what_was_good_is_sudden_and_dated() -> None:
    stream = good(diversity=after(1000, 0.1, 0.9), repeats=after(1000, 1.0, 0.0))
    step, condition = only(watched(ModeCollapse(), facts(), stream))
    assert condition.name == "sudden mode collapse"
    assert 1000 < condition.since <= step <= 1000 + 3 * PREVIEW


def test_a_collapse_that_is_over_is_over() -> None:
    stream = good(diversity=lambda at: 0.1 if 600 < at <= 1200 else 0.9)
    found = watched(ModeCollapse(), facts(), stream)
    assert found[-1][1] is None
    assert found[-1][0] <= 1200 + 4 * PREVIEW


def test_modes_of_points_are_counted_by_how_often_they_come() -> None:
    lost = scores(EVERY_PREVIEW, modes=8.0, reverse_kl=math.log(2), high_quality=0.9)
    _, condition = only(watched(ModeCollapse(), facts(RING), lost))
    assert condition.name == "partial mode collapse"
    assert "4 of 8" in condition.sentence
    held = scores(EVERY_PREVIEW, modes=8.0, reverse_kl=0.02, high_quality=0.9)
    assert watched(ModeCollapse(), facts(RING), held) == []


def test_a_generator_that_still_learns_variety_has_not_collapsed() -> None:
    stream = good(diversity=lambda at: 0.05 * 1.15 ** (at / PREVIEW) if at < 1000 else 0.9)
    assert watched(ModeCollapse(), facts(), stream) == []


STARVED = {
    "accuracy__discriminator": 1.0,
    "logits__real": 9.0,
    "logits__fake": -9.0,
    "loss__discriminator": 1e-4,
}
BAD = {"coverage": 0.0, "diversity": 0.05, "nearest": 4.0}


def test_a_discriminator_that_is_always_right_wins() -> None:
    _, condition = only(watched(DiscriminatorWins(), facts(), together(calm(**STARVED), good(**BAD))))
    assert condition.name == "discriminator wins"
    assert condition.evidence["logit gap"] == 18.0


def test_a_wasserstein_critic_has_not_won_because_its_logits_are_large() -> None:
    wasserstein = facts(settings={"loss.kind": "Wasserstein"})
    stream = together(calm(**STARVED), good(nearest=lambda at: 4.0 * 0.9 ** (at / PREVIEW)))
    assert watched(DiscriminatorWins(), wasserstein, stream) == []


def test_an_accurate_discriminator_of_good_samples_has_not_won() -> None:
    assert watched(DiscriminatorWins(), facts(), together(calm(**STARVED), good())) == []


def test_rates_that_are_far_apart_are_brought_together() -> None:
    apart = facts(settings={"optimizers.discriminator.learning_rate": 2e-2})
    _, condition = only(watched(DiscriminatorWins(), apart, together(calm(**STARVED), good(**BAD))))
    changes = condition.remedies[0].changes
    rates = {value for path, value in changes.items() if path.endswith("learning_rate")}
    assert len(rates) <= 1
    assert changes["optimizers.discriminator.learning_rate"] < 2e-2


def test_a_discriminator_that_guesses_at_bad_samples_is_too_weak() -> None:
    stream = together(calm(accuracy__discriminator=0.5), good(**BAD))
    slow = facts(settings={"optimizers.discriminator.learning_rate": 1e-6})
    _, condition = only(watched(DiscriminatorWeak(), slow, stream))
    assert condition.name == "discriminator too weak"
    assert condition.remedies[0].changes["optimizers.discriminator.learning_rate"] == 1e-3


def test_guessing_at_good_samples_is_the_end_of_the_game() -> None:
    assert watched(DiscriminatorWeak(), facts(), together(calm(accuracy__discriminator=0.5), good())) == []


def test_noise_that_drowns_the_samples_is_taken_away_first() -> None:
    noise = facts(settings={"architecture.instance_noise": 2.0})
    stream = together(calm(accuracy__discriminator=0.5), good(**BAD))
    _, condition = only(watched(DiscriminatorWeak(), noise, stream))
    assert condition.remedies[0].changes == {"architecture.instance_noise": 0.0}
    assert condition.remedies[0].way == "live"


def test_samples_that_never_come_to_rest_oscillate() -> None:
    _, condition = only(watched(Oscillation(), facts(), calm(movement__fixed=0.2)))
    assert condition.name == "oscillation"


def test_a_loss_that_swings_says_how_fast() -> None:
    turning = calm(movement__fixed=0.05, loss__generator=lambda at: 2 + math.sin(2 * math.pi * at / 80))
    _, condition = only(watched(Oscillation(), facts(), turning))
    assert condition.evidence["period in reports"] == pytest.approx(8, rel=0.1)


@pytest.mark.parametrize(
    "changed",
    [
        {"grad_norm__discriminator": after(1000, 300.0, 2.0)},
        {"loss__generator": after(1000, 400.0, 0.8)},
        {"logits__real": lambda at: 1.2 ** (max(at - 1000, 0) / REPORT)},
        {"weight_norm__generator": lambda at: 17 * 1.1 ** (max(at - 1000, 0) / REPORT)},
    ],
    ids=["gradient", "loss", "logits", "weights"],
)
def test_what_outgrows_its_own_history_diverges(changed: dict[str, Any]) -> None:
    found = watched(Divergence(), facts(), calm(**changed))
    step, condition = found[0]
    assert condition is not None
    assert condition.name == "divergence"
    assert 1000 < condition.since <= step <= 1400


def test_what_is_huge_is_told_before_a_run_is_warm() -> None:
    found = watched(Divergence(), facts(), calm(loss__generator=lambda at: -(3.0 ** min(at / REPORT, 60))))
    step, condition = found[0]
    assert condition is not None
    assert step < 300
    assert "times what it was" in condition.sentence


def test_one_wild_report_is_no_divergence() -> None:
    stream = calm(grad_norm__generator=lambda at: 1e6 if at == 1000 else 0.4)
    assert watched(Divergence(), facts(), stream) == []


def test_trouble_just_after_a_live_change_is_mended_by_taking_it_back() -> None:
    path = "optimizers.discriminator.learning_rate"
    made: list[Event] = [SettingChanged(1000, path, 0.3, 2e-3)]
    stream = together(made, calm(grad_norm__discriminator=after(1000, 300.0, 2.0)))
    _, condition = watched(Divergence(), facts(settings={path: 0.3}), stream)[0]
    assert condition is not None
    assert condition.remedies[0].changes == {path: 2e-3}
    assert condition.remedies[0].way == "branch"


def test_samples_nearer_to_training_images_than_these_to_each_other_are_copies() -> None:
    _, condition = only(watched(Memorising(), facts(), good(nearest=0.1)))
    assert condition.name == "memorising"
    assert condition.remedies[0].changes["augmentations.DiffAugment.translation"] == 0.125


def test_one_image_that_is_always_the_same_is_no_copy() -> None:
    assert watched(Memorising(), facts(), good(nearest=0.1, diversity=0.02)) == []


def vae_facts(**changed: Any) -> RunFacts:
    made = facts(settings={**VAE, **changed}, adversarial=False)
    kept = {path: value for path, value in made.settings.items() if "tor." not in path}
    return replace(made, settings=kept, live=LIVE | {"architecture.beta"} | frozenset(VAE))


def latents(kl: tuple[float, ...]) -> list[Event]:
    made: list[Event] = [VectorRecord(step, {"kl/latents": kl}) for step in EVERY_PREVIEW]
    return together(made, reports(EVERY_REPORT, nats__kl=sum(kl)))


def test_latents_that_carry_nothing_have_collapsed() -> None:
    _, condition = only(
        watched(PosteriorCollapse(), vae_facts(**{"architecture.beta": 50.0}), latents((0.001,) * 20))
    )
    assert condition.name == "posterior collapse"
    assert "20 of 20" in condition.sentence
    assert condition.remedies[0].changes == {"architecture.beta": 1.0}


def test_a_few_idle_latents_are_none() -> None:
    assert watched(PosteriorCollapse(), vae_facts(), latents((0.001,) * 8 + (2.0,) * 12)) == []


def test_an_encoder_that_lags_is_let_run() -> None:
    slow = vae_facts(**{"optimizers.encoder.learning_rate": 1e-7})
    _, condition = only(watched(PosteriorCollapse(), slow, latents((0.0,) * 20)))
    assert condition.remedies[0].changes == {"optimizers.encoder.learning_rate": 1e-3}


@pytest.mark.parametrize(
    ("changed", "name"),
    [({"nyquist": 12.0}, "checkerboard"), ({"clipped": 0.6}, "saturated output")],
    ids=["chequered", "saturated"],
)
def test_artefacts_are_named(changed: dict[str, float], name: str) -> None:
    assert only(watched(Artefacts(), facts(), good(**changed)))[1].name == name


def test_a_pattern_that_goes_away_by_itself_is_not_told() -> None:
    assert watched(Artefacts(), facts(), good(nyquist=lambda at: 1 + 20 * 0.85 ** (at / PREVIEW))) == []


def test_a_checkerboard_is_mended_by_resizing_where_the_architecture_can() -> None:
    able = facts(settings={"architecture.upsampling": "transposed"})
    _, condition = only(watched(Artefacts(), able, good(nyquist=12.0)))
    assert condition.remedies[0].changes == {"architecture.upsampling": "resize"}
    assert condition.remedies[0].way == "anew"
    _, condition = only(watched(Artefacts(), facts(), good(nyquist=12.0)))
    assert all("architecture.upsampling" not in remedy.changes for remedy in condition.remedies)


def test_a_training_that_gains_nothing_is_finished() -> None:
    found = watched(NothingGained(), facts(), good(coverage=lambda at: noisy(min(at / 800, 0.9), at)))
    step, condition = only(found)
    assert condition.name == "finished"
    assert condition.level == "watch"
    assert 600 <= condition.since <= step


def test_a_training_that_gains_is_not_finished() -> None:
    stream = good(coverage=lambda at: 0.5 + at / 4000, diversity=lambda at: 0.5 + at / 4000)
    assert watched(NothingGained(), facts(), stream) == []


@pytest.mark.parametrize(("each", "finished"), [(0.2, True), (1.5, False)], ids=["creeps", "learns"])
def test_an_autoencoder_whose_loss_only_creeps_on_is_finished(each: float, finished: bool) -> None:
    losses = reports(EVERY_PREVIEW, **{"loss__encoder+decoder": lambda at: 240 - each * at / PREVIEW})
    scored = scores(EVERY_PREVIEW, **{"vitals/diversity": 0.5})
    found = watched(NothingGained(), vae_facts(), together(losses, scored))
    assert bool(found) == finished


def test_a_training_that_never_learned_is_not_finished() -> None:
    assert watched(NothingGained(), facts(), good(**BAD)) == []


STREAMS: dict[str, tuple[type[HealthRule], RunFacts, list[Event]]] = {
    "collapse": (ModeCollapse, facts(), good(diversity=0.1)),
    "within": (ModeCollapse, facts(classes=10), good(class_diversity=0.1)),
    "wins": (DiscriminatorWins, facts(), together(calm(**STARVED), good(**BAD))),
    "weak": (DiscriminatorWeak, facts(), together(calm(accuracy__discriminator=0.5), good(**BAD))),
    "oscillation": (Oscillation, facts(), calm(movement__fixed=0.2)),
    "divergence": (Divergence, facts(), calm(loss__generator=after(1000, 400.0, 0.8))),
    "memorising": (Memorising, facts(), good(nearest=0.1)),
    "posterior": (PosteriorCollapse, vae_facts(**{"architecture.beta": 50.0}), latents((0.0,) * 20)),
    "artefacts": (Artefacts, facts(), good(clipped=0.6)),
}


@pytest.mark.parametrize("name", STREAMS)
def test_every_remedy_is_one_of_what_the_run_offers(name: str) -> None:
    rule, told, stream = STREAMS[name]
    condition = next(condition for _, condition in watched(rule(), told, stream) if condition)
    assert condition.remedies
    for remedy in condition.remedies:
        assert remedy.changes
        assert remedy.title
        assert remedy.why
        for path, value in remedy.changes.items():
            if path in told.settings:
                assert value != told.settings[path]
            else:
                assert path.split(".")[1] in told.offered
            assert remedy.way != "live" or path in told.live


@pytest.mark.parametrize("name", STREAMS)
def test_a_condition_is_told_in_whole_words(name: str) -> None:
    rule, told, stream = STREAMS[name]
    condition = next(condition for _, condition in watched(rule(), told, stream) if condition)
    assert condition.name in rule.conditions
    assert condition.sentence.endswith(".")
    assert condition.explanation.endswith(".")
    assert all(math.isfinite(value) for value in condition.evidence.values())
    assert condition.trend
    assert len(condition.trend.steps) == len(condition.trend.values) > 0


NAMES = sorted(
    {name for event in chain(calm(), good()) for name in event.values}  # type: ignore[attr-defined]
    | {"score/modes", "score/reverse_kl", "score/high_quality", "nats/kl", "score/vitals/class_diversity"}
)
VALUES = some.dictionaries(some.sampled_from(NAMES), some.floats(), max_size=8)


@settings(max_examples=25, deadline=None)
@given(
    some.lists(some.tuples(some.integers(0, 2), VALUES), max_size=60),
    some.sampled_from(("gan", "points", "vae")),
)
def test_no_stream_makes_a_rule_raise(stream: list[tuple[int, dict[str, float]]], kind: str) -> None:
    told = {"gan": facts(classes=10), "points": facts(RING), "vae": vae_facts()}[kind]
    for rule in RULES:
        made = rule()
        if not rule.suits(told):
            continue
        made.begin(told)
        for place, (form, values) in enumerate(stream):
            step = 200 + 50 * place
            event: Event = (
                StepRecord(step, 1.0, step, values)
                if form == 0
                else ScoreRecord(step, values)
                if form == 1
                else VectorRecord(step, {"kl/latents": tuple(values.values())})
            )
            made.take(event)
            found = made.condition()
            assert found is None or found.name in rule.conditions


def test_rules_for_images_leave_points_alone() -> None:
    points, images = facts(RING, value_range=None), facts(IMAGES)
    assert not Memorising.suits(points)
    assert not Artefacts.suits(points)
    assert Memorising.suits(images)
    assert not ModeCollapse.suits(vae_facts())
    assert PosteriorCollapse.suits(vae_facts())
    assert not PosteriorCollapse.suits(images)
