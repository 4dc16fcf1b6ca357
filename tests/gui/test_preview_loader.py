import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ganstudio.gui import preview_loader
from ganstudio.gui.preview_loader import PreviewLoader
from ganstudio.runs import pictures


def picture(path: Path, shade: int = 7, side: int = 4) -> Path:
    array = np.full((4, side, side, 1), shade, np.uint8)
    path.write_bytes(pictures.png(pictures.tile(array), pictures.tiling(array)))
    return path


@pytest.fixture
def loader(qtbot: QtBot) -> PreviewLoader:
    return PreviewLoader()


def test_a_picture_comes_soon_and_then_at_once(qtbot: QtBot, loader: PreviewLoader, tmp_path: Path):
    path = picture(tmp_path / "a.png")
    with qtbot.waitSignal(loader.loaded) as loaded:
        assert loader.wish(path) is None
    assert loaded.args[0] == path
    kept = loader.wish(path)
    assert kept is loaded.args[1]
    assert kept.array.shape == (4, 4, 4, 1)


def test_the_window_is_not_held_while_a_picture_is_read(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    threads, read, go = [], pictures.read, threading.Event()

    def slow(path: Path) -> pictures.PreviewPicture:
        threads.append(threading.current_thread())
        go.wait(10)
        return read(path)

    monkeypatch.setattr(pictures, "read", slow)
    paths = [picture(tmp_path / f"{number}.png") for number in range(5)]
    loaded: list[Path] = []
    loader.loaded.connect(lambda path, _picture: loaded.append(path))
    for path in paths:
        loader.wish(path)
    go.set()
    qtbot.waitUntil(lambda: paths[-1] in loaded)
    assert loaded == [paths[0], paths[4]], "nobody waits for what was passed over"
    assert threading.main_thread() not in threads


def test_what_is_probably_wished_for_next_is_read_too(qtbot: QtBot, loader: PreviewLoader, tmp_path: Path):
    paths = [picture(tmp_path / f"{number}.png") for number in range(3)]
    loader.wish(paths[0], paths[1:])
    qtbot.waitUntil(lambda: len(loader._kept) == 3)
    assert loader.wish(paths[2]) is not None


def test_what_is_needed_is_read_whatever_is_wished_for(qtbot: QtBot, loader: PreviewLoader, tmp_path: Path):
    paths = [picture(tmp_path / f"{number}.png") for number in range(3)]
    for path in paths[:2]:
        loader.read(path)
    loader.wish(paths[2])
    qtbot.waitUntil(lambda: len(loader._kept) == 3)


def test_what_cannot_be_read_is_told(qtbot: QtBot, loader: PreviewLoader, tmp_path: Path):
    with qtbot.waitSignal(loader.failed) as failed:
        loader.wish(tmp_path / "none.png")
    assert failed.args == [tmp_path / "none.png", f"There is no picture {tmp_path / 'none.png'}."]


def test_memory_is_bounded_and_the_oldest_goes_first(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preview_loader, "BUDGET", 3 * 4 * 64 * 64)
    paths = [picture(tmp_path / f"{number}.png", side=64) for number in range(5)]
    for path in paths:
        with qtbot.waitSignal(loader.loaded):
            loader.wish(path)
    assert list(loader._kept) == paths[2:]
    assert loader._size == 3 * 4 * 64 * 64


def test_after_clearing_nothing_of_before_comes(qtbot: QtBot, loader: PreviewLoader, tmp_path: Path):
    loader.wish(picture(tmp_path / "a.png"))
    loader.clear()
    with qtbot.assertNotEmitted(loader.loaded, wait=100):
        pass
    assert not loader._kept
    with qtbot.waitSignal(loader.loaded):
        loader.wish(tmp_path / "a.png")


def test_a_loader_may_go_while_it_reads(qtbot: QtBot, tmp_path: Path):
    path = picture(tmp_path / "a.png", side=256)
    for _ in range(20):
        loader = PreviewLoader()
        loader.wish(path)
        loader.deleteLater()
        del loader
    qtbot.wait(50)
