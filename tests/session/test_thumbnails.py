from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.runs.folder import RunFolder
from ganstudio.session import thumbnails as thumbs
from ganstudio.session.thumbnails import Thumbnails, read_thumbnail
from tests.experiments import digits


@pytest.fixture
def run(tmp_path: Path) -> Iterator[RunFolder]:
    with RunFolder.create(tmp_path, digits(), {}) as made:
        yield made


@pytest.fixture
def thumbnails(qtbot: QtBot) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    assert made.shutdown(5000)


def numbered(count: int, side: int, channels: int = 1) -> np.ndarray:
    """Images that are each of one grey, which is their number."""
    grey = np.arange(count, dtype=np.uint8) * 10
    return np.broadcast_to(grey[:, None, None, None], (count, side, side, channels)).copy()


def test_the_first_images_are_shown_large(run: RunFolder) -> None:
    pixels = read_thumbnail(run.write_sample(10, numbered(16, 8))).pixels
    assert pixels.shape == (119, 119, 3)
    corners = [pixels[y, x, 0] for y in (0, -1) for x in (0, -1)]
    assert corners == [0, 10, 20, 30]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_large_images_become_small(run: RunFolder, channels: int) -> None:
    thumbnail = read_thumbnail(run.write_sample(10, numbered(4, 300, channels)))
    assert max(thumbnail.pixels.shape[:2]) == thumbs.SIDE
    assert thumbnail.pixels.shape[2] == 3


def test_two_images_give_the_first(run: RunFolder) -> None:
    assert not read_thumbnail(run.write_sample(10, numbered(2, 8))).pixels.any()


def test_points_are_ink(run: RunFolder) -> None:
    points = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    thumbnail = read_thumbnail(run.write_sample(10, points))
    assert thumbnail.ink
    assert thumbnail.pixels.shape == (thumbs.SIDE, thumbs.SIDE)
    assert 50 < np.count_nonzero(thumbnail.pixels) < 1000


def test_pictures_arrive_and_stay(qtbot: QtBot, thumbnails: Thumbnails, run: RunFolder) -> None:
    path = run.write_sample(10, numbered(4, 8))
    with qtbot.waitSignal(thumbnails.arrived) as told:
        assert thumbnails.get(path) is None
    assert told.args[0] == path
    assert thumbnails.get(path) is not None
    path.unlink()
    assert thumbnails.get(path) is not None


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"], ids=["empty", "text", "torn"])
def test_what_is_no_picture_is_asked_for_once(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.get(tmp_path / "a.png")
    with qtbot.assertNotEmitted(thumbnails.arrived, wait=50):
        assert thumbnails.get(tmp_path / "a.png") is None


def test_only_the_newest_wishes_are_kept(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbs, "_MOST_WAITING", 3)
    arrived: list[str] = []
    thumbnails.arrived.connect(lambda path: arrived.append(path.name))
    for number in range(20):
        thumbnails.get(tmp_path / str(number))
    qtbot.waitUntil(lambda: len(arrived) == 4)
    # The first was asked for before the others came.
    assert arrived == ["0", "19", "18", "17"]


def test_memory_is_bounded(
    qtbot: QtBot, thumbnails: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbs, "_KEPT", 2)
    for number in range(4):
        with qtbot.waitSignal(thumbnails.arrived):
            thumbnails.get(tmp_path / str(number))
    assert len(thumbnails._kept) == 2
