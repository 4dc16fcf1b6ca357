"""A clock that is set back, as often as one likes, changes nothing but the times of day that are noted."""

import time
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from ganstudio import launch, places
from ganstudio.api.events import Failed
from ganstudio.registry import Registry
from ganstudio.runs import checkpoint, folder, provenance, recorder
from ganstudio.runs.folder import RunFolder
from ganstudio.runs.history import read_history
from ganstudio.runs.library import Library
from ganstudio.training.controls import Controls
from tests.faults.trainings import begin, go_on, quiet, saving, small, straight
from tests.same_run import assert_same_run


class Falling(datetime):
    """Time of day that is an hour earlier at every look."""

    looks = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        cls.looks += 1
        return datetime(2026, 11, 21, 14, 32, tzinfo=tz or None) - timedelta(hours=cls.looks)


@pytest.fixture
def falling_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (recorder, folder, provenance, checkpoint):
        monkeypatch.setattr(module, "datetime", Falling)
    now = time.time()

    def falling() -> float:
        Falling.looks += 1
        return now - 3600 * Falling.looks

    monkeypatch.setattr(time, "time", falling)


@pytest.mark.usefixtures("falling_clock")
def test_a_run_is_recorded_and_gone_on_with_as_ever(place: Path, registry: Registry) -> None:
    undisturbed = straight(place.with_name("straight"), registry, 10, 20)
    events = saving(begin(place, registry), 10, 20)
    next(event for event in events if event.step == 30)
    events.close()
    assert not [event for event in launch.train(go_on(place, registry)) if isinstance(event, Failed)]
    assert_same_run(undisturbed, RunFolder(place))
    times = [event["time"] for event in RunFolder(place).events()]
    assert times != sorted(times), "the clock did fall"
    history = read_history(place)
    assert history.state == "finished"
    for curve in history.curves.values():
        assert (curve.steps[1:] > curve.steps[:-1]).all()
        assert (curve.seconds[1:] >= curve.seconds[:-1]).all()
        assert (curve.seconds >= 0).all()
    assert history.seconds >= 0


@pytest.mark.usefixtures("falling_clock")
def test_leftovers_are_no_hindrance_whatever_their_age(place: Path, registry: Registry) -> None:
    events = saving(begin(place, registry), 10)
    next(event for event in events if event.step == 20)
    events.close()
    (place / "samples" / ".tmp-old").write_text("half")
    (place / ".tmp-old").write_text("half")
    assert not [event for event in launch.train(go_on(place, registry)) if isinstance(event, Failed)]
    assert not (place / "samples" / ".tmp-old").exists()


def test_runs_begun_when_a_minute_comes_twice_do_not_meet(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at the end of summer time."""

    class Same(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime(2026, 10, 25, 2, 30, tzinfo=UTC if tz else None)

    monkeypatch.setattr(folder, "datetime", Same)
    for _ in range(3):
        request = launch.Request(small(2), "cpu")
        list(launch.train(launch.prepare(request, registry, Controls(), quiet)))
    names = sorted(path.name for path in places.runs().iterdir() if path.is_dir() and path.name[0] != ".")
    first = "2026-10-25-0230-small-ring"
    assert names == [first, f"{first}-2", f"{first}-3"]
    assert len(Library(places.runs()).entries()) == 3
