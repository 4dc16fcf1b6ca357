import pytest

from ganstudio.gui.run_state import controls_for

STATES = ("idle", "preparing", "running", "paused", "stopping", "finished", "failed")


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        ("idle", {"train"}),
        ("preparing", {"stop"}),
        ("running", {"pause", "stop"}),
        ("paused", {"pause", "step", "stop"}),
        ("stopping", set()),
        ("finished", {"train"}),
        ("failed", {"train"}),
    ],
)
def test_only_what_works_can_be_pressed(state: str, possible: set[str]) -> None:
    controls = vars(controls_for(state))
    assert {name for name, control in controls.items() if control.enabled} == possible


@pytest.mark.parametrize("state", STATES)
def test_every_control_says_what_it_does_or_why_it_cannot(state: str) -> None:
    for control in vars(controls_for(state)).values():
        assert control.text
        assert len(control.why) > 10


def test_words_follow_the_state() -> None:
    assert controls_for("paused").pause.text == "Resume"
    assert controls_for("running").pause.text == "Pause"
    assert controls_for("stopping").stop.text == "Stopping…"


def test_training_waits_for_what_is_loaded() -> None:
    train = controls_for("idle", loading="Loading torch…").train
    assert not train.enabled
    assert train.why == "Loading torch…"


def test_nothing_to_choose_is_nothing_to_train() -> None:
    assert not controls_for("idle", choosable=False).train.enabled
