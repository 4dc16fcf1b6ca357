import pytest

from ganstudio.api import events
from ganstudio.api.conditions import Condition
from ganstudio.gui.event_words import lines_of

FAR = Condition("far", "bad", 3, "It is at step 7.", "Steps add up.")


@pytest.mark.parametrize(
    ("event", "level", "words"),
    [
        (events.Preparing(0, "Loading digits"), "info", ["Loading digits…"]),
        (events.SettingChanged(7, "architecture.n_critic", 2, 1), "info", ["step 7", "n critic", "1 → 2"]),
        (events.SettingRefused(7, "x", "Not now."), "watch", ["Not now."]),
        (events.Paused(7), "info", ["paused"]),
        (events.Resumed(7), "info", ["resumed"]),
        (events.CheckpointSaved(7, "checkpoints/7", 4_300_000, "end"), "info", ["4.3 MB", "checkpoints/7"]),
        (events.Held(7, "The disk is full."), "bad", ["step 7", "The disk is full."]),
        (events.Released(7), "good", ["goes on"]),
        (events.Warned(7, "Careful."), "watch", ["Careful."]),
        (events.HealthChanged(7, "Far", "Distance", FAR), "bad", ["step 7", "far. It is at step 7."]),
        (events.HealthChanged(9, "Far", "Distance", None, "far"), "good", ["step 9", "far is over"]),
        (events.Finished(7, "done", 62.0), "good", ["all steps", "1 m 02 s"]),
        (events.Finished(7, "stopped", 3.0), "good", ["Stopped"]),
        (events.Failed(7, "It broke.", saved="Step 5 is kept."), "bad", ["It broke. Step 5 is kept."]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_log_says(event: events.Event, level: str, words: list[str]) -> None:
    (line,) = lines_of(event)
    assert line.level == level
    assert all(word in line.text for word in words)


def test_the_start_names_steps_device_networks_folder_and_notes() -> None:
    started = events.Started(1, "runs/a", 2500, "cpu", {"generator": 330_000}, ("3 images were grey.",))
    texts = [line.text for line in lines_of(started)]
    assert "500 steps on cpu" in texts[0]
    assert "generator 330" in texts[0]
    assert texts[1:] == ["Run: runs/a", "3 images were grey."]


@pytest.mark.parametrize(
    "event",
    [events.Preparing(0, "Loading", 0.5), events.StepRecord(1, 0.1, 64, {}), events.ScoreRecord(1, {})],
    ids=lambda event: type(event).__name__,
)
def test_what_is_seen_elsewhere_is_not_in_the_log(event: events.Event) -> None:
    assert lines_of(event) == []


def test_a_run_that_goes_on_says_from_where() -> None:
    first, second = lines_of(events.Restarted(1200, "runs/a", 2500, "cpu", {"generator": 330_000}))
    assert "step 1 200" in first.text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "goes on" in first.text
    assert "runs/a" in second.text


def test_a_trouble_that_goes_on_is_told_once() -> None:
    assert lines_of(events.HealthChanged(9, "Far", "Distance", FAR, "far")) == []


def test_the_best_so_far_is_marked_elsewhere_and_no_line_of_the_log() -> None:
    assert lines_of(events.CheckpointSaved(7, "checkpoints/7", 4_300_000, events.BEST)) == []
