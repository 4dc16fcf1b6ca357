import os
import threading
import time
from pathlib import Path

import pytest

from ganstudio.api import StudioError
from ganstudio.runs import control
from ganstudio.runs.control import clear, send, take

PAUSE = {"command": "pause"}


def files(run: Path) -> list[str]:
    return sorted(os.listdir(run / "control"))


def test_commands_are_taken_once_in_the_order_they_were_sent(tmp_path: Path) -> None:
    sent = [{"command": "set", "path": "training.ema_decay", "value": n / 10} for n in range(10)]
    for command in sent:
        send(tmp_path, command)
    assert take(tmp_path) == sent
    assert take(tmp_path) == []
    assert files(tmp_path) == []


def test_a_clock_that_is_set_back_changes_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for now in (2_000_000_000, 1_000_000_000, 1_500_000_000):
        monkeypatch.setattr(control.time, "time_ns", lambda now=now: now)
        send(tmp_path, {"command": "set", "path": "a", "value": now})
    assert [command["value"] for command in take(tmp_path)] == [2_000_000_000, 1_000_000_000, 1_500_000_000]


def test_none_is_lost_or_doubled_while_several_send(tmp_path: Path) -> None:
    def work(name: int) -> None:
        for number in range(20):
            send(tmp_path, {"command": "set", "path": str(name), "value": number})

    threads = [threading.Thread(target=work, args=(name,)) for name in range(3)]
    for thread in threads:
        thread.start()
    taken = []
    while any(thread.is_alive() for thread in threads):
        taken += take(tmp_path)
    taken += take(tmp_path)
    for name in range(3):
        assert [command["value"] for command in taken if command["path"] == str(name)] == list(range(20))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("00000000000000000001-0123abcd.json", b'{"command": "pau'),
        ("00000000000000000001-0123abcd.json", b"\xff\xfe\x00"),
        ("00000000000000000001-0123abcd.json", b"[1, 2]"),
        ("00000000000000000001-0123abcd.json", b'{"command": 3}'),
        ("00000000000000000001-0123abcd.json", b" " * (control._LARGEST + 1)),
        ("notes.txt", b'{"command": "stop"}'),
    ],
    ids=["torn", "no text", "no table", "no name", "too large", "foreign"],
)
def test_what_is_no_command_is_taken_away_and_no_more(tmp_path: Path, name: str, content: bytes) -> None:
    send(tmp_path, PAUSE)
    (tmp_path / "control" / name).write_bytes(content)
    assert take(tmp_path) == [PAUSE]
    assert files(tmp_path) == []


def test_what_is_still_being_written_is_left(tmp_path: Path) -> None:
    send(tmp_path, PAUSE)
    half, forgotten = tmp_path / "control" / ".tmp-1", tmp_path / "control" / ".tmp-2"
    for path in (half, forgotten):
        path.write_bytes(b"{")
    os.utime(forgotten, (time.time() - 3600,) * 2)
    (tmp_path / "control" / "folder").mkdir()
    assert take(tmp_path) == [PAUSE]
    assert files(tmp_path) == [".tmp-1", "folder"]


def test_links_are_followed_nowhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "thesis.txt").write_text("mine")
    (tmp_path / "control").symlink_to(elsewhere)
    assert take(tmp_path) == []
    assert (elsewhere / "thesis.txt").exists()


def test_a_folder_that_is_missing_or_a_file_holds_none(tmp_path: Path) -> None:
    assert take(tmp_path) == []
    assert take(tmp_path / "gone") == []
    (tmp_path / "control").write_text("a file")
    assert take(tmp_path) == []
    with pytest.raises(StudioError, match="is a file, not a folder"):
        send(tmp_path, PAUSE)


def test_one_that_cannot_be_removed_is_none_or_it_would_come_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(tmp_path, PAUSE)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert take(tmp_path) == []
    assert take(tmp_path) == [PAUSE]


def test_clearing_takes_away_what_was_left(tmp_path: Path) -> None:
    send(tmp_path, {"command": "stop"})
    clear(tmp_path)
    assert take(tmp_path) == []


def test_a_run_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="is not there"):
        send(tmp_path / "gone", PAUSE)
