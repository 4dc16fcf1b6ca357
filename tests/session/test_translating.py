"""Translating in the background, on a real thread, with real runs."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio import image_files
from ganstudio.registry import Registry
from ganstudio.session import data_look, translating
from ganstudio.session.translating import Taken, Translating
from ganstudio.session.translating_work import Ability, Candidate
from ganstudio.translating import Translation, Translator
from tests.commands import ganstudio
from tests.translated import CYCLEGAN, PIX2PIX, make_run, picture, pixels

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("runs")
    make_run(library / "domains", CYCLEGAN, 2, 4)
    make_run(library / "pairs", PIX2PIX, 1)
    return library


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


class Told:
    """A translating object, and all that it says in order."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.it = Translating()
        self.listed: list[list[Candidate]] = []
        self.opened: list[Ability] = []
        self.refused: list[str] = []
        self.shown: list[tuple[Taken, Translation | None]] = []
        self.saved: list[list[Path]] = []
        self.failed: list[str] = []
        self.said: list[str] = []
        self.states: list[tuple[str, str]] = []
        for name in ("listed", "opened", "refused", "saved", "failed", "said"):
            getattr(self.it, name).connect(getattr(self, name).append)
        self.it.shown.connect(lambda taken, made: self.shown.append((taken, made)))
        self.it.updated.connect(lambda taken: self.states.append((taken.name, taken.state)))

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def settle(self) -> None:
        self.until(lambda: not self.it.busy)


@pytest.fixture
def told(qtbot: QtBot, registry: Registry) -> Iterator[Told]:
    made = Told(qtbot)
    made.it.set_registry(registry)
    yield made
    assert made.it.shutdown(PATIENCE_MS)
    qtbot.wait(1)


@pytest.fixture
def images(tmp_path: Path) -> list[Path]:
    return [picture(tmp_path / "in" / f"{number}.png", 20 + number, 20) for number in range(3)]


def test_the_runs_that_translate_are_listed(told: Told, library: Path) -> None:
    told.it.list_runs(library)
    told.settle()
    assert sorted((each.name, each.step) for each in told.listed[0]) == [("domains", 4), ("pairs", 1)]


def test_a_run_says_what_it_can_do(told: Told, library: Path) -> None:
    told.it.open(library / "domains")
    told.settle()
    ability = told.opened[0]
    assert (ability.step, ability.steps, ability.trained) == (4, (2, 4), "16 × 16 grey images")
    assert ability.directions == (("B", "digits → outlines"), ("A", "outlines → digits"))
    told.it.open(library / "domains", 2)
    told.settle()
    assert told.opened[1].step == 2


def test_it_waits_for_the_plugins(qtbot: QtBot, library: Path, registry: Registry) -> None:
    told = Told(qtbot)
    told.it.open(library / "pairs")
    told.it.list_runs(library)
    assert not told.it.busy
    told.it.set_registry(registry)
    told.settle()
    assert told.opened
    assert told.it.shutdown(PATIENCE_MS)
    qtbot.wait(1)


def test_images_are_translated_and_the_one_looked_at_is_shown(
    told: Told, library: Path, images: list[Path]
) -> None:
    told.it.open(library / "domains")
    told.it.take([images[0].parent])
    told.settle()
    assert [(one.name, one.state) for one in told.it.taken] == [(f"{n}.png", "translated") for n in range(3)]
    assert told.it.taken[0].sentence == "Made grey, scaled from 20 × 20 to 16 × 16."
    told.it.look_at(told.it.taken[1].key)
    taken, made = told.shown[-1]
    assert made is not None
    assert (taken.name, made.made.shape) == ("1.png", (16, 17, 1))


def test_the_work_is_that_of_the_command_line(
    told: Told, library: Path, images: list[Path], registry: Registry
) -> None:
    told.it.open(library / "domains")
    told.it.take(images[:1])
    told.settle()
    told.it.choose("A", "own")
    told.settle()
    told.it.look_at(told.it.taken[0].key)
    made = told.shown[-1][1]
    assert made is not None
    wanted = Translator.open(library / "domains", registry).translate(images[0], "A", "own")
    assert np.array_equal(made.made, wanted.made)


def test_another_direction_step_or_size_translates_all_anew(
    told: Told, library: Path, images: list[Path]
) -> None:
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    found = []
    changes: tuple[Callable[[], None], ...] = (
        lambda: None,
        lambda: told.it.choose("A", "trained"),
        lambda: told.it.choose("A", "own"),
        lambda: told.it.open(library / "domains", 2),
    )
    for change in changes:
        change()
        told.it.look_at(told.it.taken[2].key)
        told.settle()
        assert [one.state for one in told.it.taken] == ["translated"] * 3
        made = told.shown[-1][1]
        assert made is not None
        found.append((made.to, made.made.shape, made.made.tobytes()))
    assert [each[:2] for each in found] == [
        ("B", (16, 18, 1)),
        ("A", (16, 18, 1)),
        ("A", (20, 22, 1)),
        ("A", (20, 22, 1)),
    ]
    assert len({each[2] for each in found}) == 4


def test_what_was_pasted_is_translated_and_saved_into_a_folder(
    told: Told, library: Path, tmp_path: Path
) -> None:
    told.it.open(library / "domains")
    told.it.paste(np.dstack([pixels(20, 20), np.full((20, 20), 255, np.uint8)]))
    told.settle()
    assert [(one.name, one.place, one.state) for one in told.it.taken] == [("pasted-1", None, "translated")]
    told.it.save([told.it.taken[0].key], tmp_path)
    told.settle()
    assert told.saved == [[tmp_path / "pasted-1.to-B.png"]]


def test_translations_are_saved_beside_originals_and_are_made_again_where_they_were_let_go(
    told: Told, library: Path, images: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told.it._kept._most = 1
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    told.it.save([one.key for one in told.it.taken])
    told.settle()
    wanted = [image.with_name(f"{image.stem}.to-B.png") for image in images]
    assert told.saved == [wanted]
    assert [one.saved for one in told.it.taken] == wanted
    assert all(path.exists() for path in wanted)


def test_a_translation_that_was_let_go_is_made_again_to_be_shown(
    told: Told, library: Path, images: list[Path]
) -> None:
    told.it._kept._most = 1
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    told.it.look_at(told.it.taken[0].key)
    assert told.shown[-1][1] is None
    told.settle()
    assert told.shown[-1][1] is not None


def test_a_file_that_is_no_image_fails_alone(told: Told, library: Path, images: list[Path]) -> None:
    images[1].write_text("no image")
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    assert [one.state for one in told.it.taken] == ["translated", "failed", "translated"]
    assert "is no image that can be read" in told.it.taken[1].sentence


def test_a_file_is_taken_once_and_no_more_than_there_is_room_for(
    told: Told, images: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translating, "MOST_FILES", 2)
    told.it.take(images)
    told.settle()
    told.it.take(images[:1])
    told.settle()
    assert [one.name for one in told.it.taken] == ["0.png", "1.png"]
    assert told.said[0] == "Of 3 files the first 2 are taken."


def test_what_is_taken_out_is_forgotten(told: Told, library: Path, images: list[Path]) -> None:
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    told.it.remove([told.it.taken[0].key])
    assert [one.name for one in told.it.taken] == ["1.png", "2.png"]
    told.it.clear()
    assert told.it.taken == []


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("gone", "There is no folder"), ("", "is no run")],
    ids=["no folder", "no run"],
)
def test_a_run_that_cannot_be_opened_is_refused(
    told: Told, library: Path, path: str, sentence: str, tmp_path: Path
) -> None:
    told.it.open(tmp_path / path if path else library)
    told.settle()
    assert sentence in told.refused[0]
    assert told.it.ability is None


def test_a_damaged_checkpoint_is_passed_over_and_it_is_said(told: Told, tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", CYCLEGAN, 2, 4)
    (run / "checkpoints" / "000000004" / "weights.safetensors").write_bytes(b"torn")
    told.it.open(run)
    told.settle()
    assert told.opened[0].step == 2
    assert told.opened[0].note == "The checkpoint of step 4 is damaged; that of step 2 is used instead."


def test_newer_weights_are_taken_when_it_is_renewed(told: Told, tmp_path: Path, images: list[Path]) -> None:
    run = make_run(tmp_path / "run", CYCLEGAN, 2)
    told.it.open(run)
    told.settle()
    told.it.renew()
    told.settle()
    assert len(told.opened) == 1
    assert ganstudio("resume", run, "--steps", "3").exit_code == 0
    told.it.renew()
    told.settle()
    assert [each.step for each in told.opened] == [2, 3]


def test_a_disk_that_refuses_ends_the_saving(told: Told, library: Path, images: list[Path]) -> None:
    told.it.open(library / "domains")
    told.it.take(images)
    told.settle()
    blocked = images[0].parent / "a-file"
    blocked.write_text("in the way")
    told.it.save([one.key for one in told.it.taken], blocked)
    told.settle()
    assert len(told.failed) == 1
    assert "a-file is a file, not a folder" in told.failed[0]
    assert told.it.saving == 0


# --- On a thread of its own ------------------------------------------------------------------------


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Hold every translation before its image is read, until the event is set."""
    release = threading.Event()
    read = image_files.read_picture

    def wait(*arguments: object) -> object:
        release.wait(30)
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ganstudio.translating.read_picture", wait)
    yield release
    release.set()


def test_stopping_leaves_what_waits(
    told: Told, library: Path, images: list[Path], slow: threading.Event
) -> None:
    told.it.open(library / "domains")
    told.it.take(images)
    told.until(lambda: told.it.taken and told.it.taken[0].state == "working")
    told.it.stop()
    slow.set()
    told.settle()
    assert [one.state for one in told.it.taken] == ["waiting"] * 3
    told.it.go_on()
    told.settle()
    assert [one.state for one in told.it.taken] == ["translated"] * 3


def test_the_image_looked_at_goes_before_the_others(
    told: Told, library: Path, images: list[Path], slow: threading.Event
) -> None:
    told.it.open(library / "domains")
    told.it.take(images)
    told.until(lambda: told.it.taken and told.it.taken[0].state == "working")
    told.it.look_at(told.it.taken[2].key)
    slow.set()
    told.settle()
    assert [name for name, state in told.states if state == "translated"] == ["2.png", "0.png", "1.png"]


def test_it_ends_in_time_while_it_translates(
    qtbot: QtBot, library: Path, images: list[Path], registry: Registry, slow: threading.Event
) -> None:
    told = Told(qtbot)
    told.it.set_registry(registry)
    told.it.open(library / "domains")
    told.it.take(images)
    told.until(lambda: told.it.taken and told.it.taken[0].state == "working")
    threading.Timer(0.1, slow.set).start()
    assert told.it.shutdown(10_000)
    qtbot.wait(1)
    assert all(state != "translated" for _name, state in told.states)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")
def test_a_training_beside_it_goes_first(
    told: Told, library: Path, images: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    read = image_files.read_picture

    def look(*arguments: object) -> object:
        import torch

        nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        seen.append((nice, torch.get_num_threads()))
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ganstudio.translating.read_picture", look)
    told.it.open(library / "domains")
    told.it.take(images[:1])
    told.settle()
    assert seen == [(data_look._NICENESS, 1)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) < data_look._NICENESS
