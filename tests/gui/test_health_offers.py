import pytest

from ganstudio.api.conditions import Remedy, Way
from ganstudio.gui.health_offers import Standing, offer
from ganstudio.gui.health_words import way_out

STOPPED = Standing(folder=True)


def remedy(way: Way) -> Remedy:
    return Remedy("Wider", {"architecture.width": 8}, way)


@pytest.mark.parametrize(
    ("way", "step", "text"),
    [
        ("branch", 40, "Branch from step 40"),
        ("branch", None, "Train anew with it"),
        ("anew", 40, "Train anew with it"),
        ("anew", None, "Train anew with it"),
    ],
)
def test_a_button_says_where_the_new_run_begins(way: Way, step: int | None, text: str) -> None:
    assert offer(remedy(way), STOPPED, step).text == text
    begins = "Go on from step 40: wider" if text.startswith("Branch") else "Train anew: wider"
    assert way_out(remedy(way), step) == begins


def test_only_a_missing_checkpoint_is_called_missing() -> None:
    assert "no checkpoint" in offer(remedy("branch"), STOPPED, None).why
    assert "checkpoint" not in offer(remedy("anew"), STOPPED, 40).why


@pytest.mark.parametrize("way", ["branch", "anew"])
def test_what_is_not_live_begins_a_run_though_this_one_trains(way: Way) -> None:
    found = offer(remedy(way), Standing(trains="here", folder=True, asks=True), 40)
    assert found.way == "branch"
    assert found.why.endswith("you are asked.")
