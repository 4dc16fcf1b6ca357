import threading
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.api.events import Finished, PreviewPassed, PreviewReady, StepRecord
from ganstudio.session import buffer as module
from ganstudio.session.buffer import EventBuffer


def record(step: int) -> StepRecord:
    return StepRecord(step, 1.0, step, {})


def preview(step: int, source: str = "fixed") -> PreviewReady:
    return PreviewReady(step, "points", np.zeros((1, 2), np.float32), source=source)


def steps(buffer: EventBuffer) -> list[tuple[str, int]]:
    return [(type(event).__name__, event.step) for event in buffer.take()]


def test_events_are_taken_once_and_in_order() -> None:
    buffer = EventBuffer()
    for step in range(5):
        buffer.put(record(step))
    assert steps(buffer) == [("StepRecord", step) for step in range(5)]
    assert steps(buffer) == []


def test_only_the_newest_preview_waits_in_its_place() -> None:
    buffer = EventBuffer()
    for event in (preview(1), record(2), preview(2), record(3), preview(3), Finished(3, "done", 1.0)):
        buffer.put(event)
    assert steps(buffer) == [("StepRecord", 2), ("StepRecord", 3), ("PreviewReady", 3), ("Finished", 3)]
    buffer.put(preview(4))
    assert steps(buffer) == [("PreviewReady", 4)]


def test_of_previews_that_the_run_keeps_it_stays_known_that_they_are_there() -> None:
    buffer = EventBuffer()
    for event in (
        replace(preview(1), kept=True),
        replace(preview(1, "pairs"), kept=True, first=False),
        preview(2),
        record(2),
        replace(preview(3), kept=True),
        replace(preview(3, "pairs"), kept=True, first=False),
    ):
        buffer.put(event)
    first, pairs, *rest = buffer.take()
    assert first == PreviewPassed(1, "fixed", True)
    assert pairs == PreviewPassed(1, "pairs", False)
    assert [(type(event).__name__, event.step) for event in rest] == [
        ("StepRecord", 2),
        ("PreviewReady", 3),
        ("PreviewReady", 3),
    ]


def test_the_real_samples_are_never_dropped() -> None:
    buffer = EventBuffer()
    for event in (preview(1, "real"), preview(1), preview(2)):
        buffer.put(event)
    assert steps(buffer) == [("PreviewReady", 1), ("PreviewReady", 2)]


def test_the_oldest_go_first_when_nobody_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 3)
    buffer = EventBuffer()
    for step in range(10):
        buffer.put(preview(step))
        buffer.put(record(step))
    assert steps(buffer) == [("StepRecord", 8), ("PreviewReady", 9), ("StepRecord", 9)]


def test_nothing_is_lost_between_threads() -> None:
    buffer = EventBuffer()

    def put(offset: int) -> None:
        for step in range(2000):
            buffer.put(record(offset + step))

    threads = [threading.Thread(target=put, args=(offset,)) for offset in (0, 10_000)]
    for thread in threads:
        thread.start()
    taken: list[tuple[str, int]] = []
    while any(thread.is_alive() for thread in threads):
        taken += steps(buffer)
    taken += steps(buffer)
    for offset in (0, 10_000):
        own = [step for _name, step in taken if offset <= step < offset + 10_000]
        assert own == [offset + step for step in range(2000)]


def test_of_each_kind_of_preview_the_newest_waits_in_its_place() -> None:
    buffer = EventBuffer()
    for step in (1, 2):
        buffer.put(preview(step, source="samples"))
        buffer.put(StepRecord(step, 0.0, 0, {}))
        buffer.put(preview(step, source="reconstructions"))
    kept = [(event.step, getattr(event, "source", "")) for event in buffer.take()]
    assert kept == [(1, ""), (2, "samples"), (2, ""), (2, "reconstructions")]
