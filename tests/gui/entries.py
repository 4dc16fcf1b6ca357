"""Entries of runs, as a library gives them, for what shows them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from ganstudio.runs.entry import Entry

ROOT = Path("/runs")


def entry(folder: str, **values: Any) -> Entry:
    """Return a finished run, but for what is said of it otherwise."""
    made = Entry(
        ROOT / folder,
        folder,
        experiment_name="trial",
        state="finished",
        data="Digits",
        architecture="MLPGAN",
        step=100,
        total_steps=100,
        seconds=12.0,
        began="2026-11-22T08:00:00+00:00",
        size=2048,
        checkpoints=1,
    )
    return replace(made, **values)


def three() -> list[Entry]:
    """Return a run, a branch of it, and an interrupted one, the newest first."""
    return [
        entry("killed", state="interrupted", step=40, began="2026-11-22T10:00:00+00:00", data="Ring"),
        entry(
            "branch",
            name="half the rate",
            parent="first",
            parent_step=50,
            tags=("paper",),
            starred=True,
            began="2026-11-22T09:00:00+00:00",
            scores={"score/modes": 8.0, "score/high_quality": 0.25},
        ),
        entry("first", began="2026-11-22T08:00:00+00:00", text="A note\non two lines", seconds=3.0),
    ]
