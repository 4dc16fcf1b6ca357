import io
import signal
from collections.abc import Callable

import pytest
from rich.console import Console

from ganstudio.api.conditions import Condition
from ganstudio.api.events import (
    BEST,
    CheckpointSaved,
    Event,
    Failed,
    Finished,
    HealthChanged,
    PreviewReady,
    ScoreRecord,
    SettingRefused,
    Started,
    StepRecord,
    Warned,
)
from ganstudio.progress import Reporter
from ganstudio.training.controls import Controls, Stop

STORY: list[Event] = [
    Started(1, "run", 20, "cpu", {}, notes=("3 images were converted.",)),
    StepRecord(10, 0.5, 640, {"loss/generator": 1.25, "loss/discriminator": 0.5, "logits/real": 3.0}),
    ScoreRecord(10, {"score/modes": 8.0}),
    SettingRefused(10, "a.b", "a.b: no such setting."),
    Warned(11, "Look out."),
    HealthChanged(11, "Far", "Distance", None),
    HealthChanged(12, "Far", "Distance", Condition("far", "bad", 3, "It is at step 12.", "Steps add up.")),
    HealthChanged(15, "Far", "Distance", None, "far"),
    CheckpointSaved(20, "/runs/[red]x/checkpoints/000000020", 100, "end"),
    Finished(20, "done", 1.25),
]


def told(events: list[Event], terminal: bool = False) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    with Reporter(Controls(), console) as reporter:
        reporter.preparing("Loading", None)
        reporter.preparing("Reading", 0.5)
        for event in events:
            reporter.show(event)
        assert reporter.last == events[-1]
    return console.file.getvalue()


def test_without_a_terminal_plain_lines_tell_the_story() -> None:
    assert told(STORY).splitlines() == [
        "Loading",
        "3 images were converted.",
        "10/20  18 it/s  generator 1.25  discriminator 0.5  ",
        "a.b: no such setting.",
        "Look out.",
        "Step 12, far: It is at step 12.",
        "Step 15, far is over.",
        "Checkpoint: /runs/[red]x/checkpoints/000000020",
        "Done at step 20 after 1.2 s. modes 8",
    ]


def test_a_long_path_stays_on_one_line() -> None:
    path = "/runs/" + "x" * 200
    assert f"Checkpoint: {path}\n" in told([CheckpointSaved(1, path, 1, "end")])


def test_a_best_so_far_takes_no_line() -> None:
    assert "Checkpoint" not in told([CheckpointSaved(1, "/runs/a", 1, BEST)])


def test_in_a_terminal_there_is_one_moving_line() -> None:
    text = told(STORY, terminal=True)
    assert "Training" in text
    assert "18 it/s" in text
    assert "Loading\n" not in text


def test_a_failure_says_where() -> None:
    assert told([Failed(7, "It broke.")]).endswith("Failed at step 7.\n")


def test_previews_are_not_told() -> None:
    assert told([PreviewReady(7, "points", [])]) == "Loading\n"


def test_plain_lines_come_only_now_and_then() -> None:
    records: list[Event] = [StepRecord(step, step / 10, step, {}) for step in range(1, 50)]
    assert len(told([STORY[0], *records]).splitlines()) == 3


@pytest.mark.parametrize("times", [1, 2])
def test_the_first_interrupt_asks_to_stop_and_the_second_interrupts(times: int) -> None:
    controls = Controls()
    before = signal.getsignal(signal.SIGINT)
    console = Console(file=io.StringIO())

    def interrupt() -> None:
        with Reporter(controls, console):
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    run: Callable[[], None] = interrupt
    if times == 2:
        with pytest.raises(KeyboardInterrupt):
            run()
    else:
        run()
    assert controls.take() == Stop()
    assert controls.take() is None
    assert "Ctrl+C again ends at once" in console.file.getvalue()
    assert signal.getsignal(signal.SIGINT) is before
