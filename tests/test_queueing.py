"""The queue as a file: its order, what it survives, and who may do what to it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ganstudio import places, queueing
from ganstudio.api import InputError, StudioError
from ganstudio.experiment import Experiment
from ganstudio.queueing import Entry, Queue
from ganstudio.runs import lock
from tests import experiments


def asked(name: str = "a", steps: int = 6) -> Experiment:
    return experiments.ring(steps).renamed(name)


@pytest.fixture
def queue() -> Queue:
    return Queue()


def filled(queue: Queue, names: str) -> list[str]:
    for name in names:
        queue.add(queueing.training(asked(name)))
    return [entry.key for entry in queue.entries()]


def names(queue: Queue) -> str:
    return "".join(entry.name for entry in queue.entries())


class TestOrder:
    def test_is_that_of_adding(self, queue: Queue) -> None:
        assert (queue.entries(), queue.next_waiting()) == ([], None)
        filled(queue, "abc")
        assert names(queue) == "abc"
        waiting = queue.next_waiting()
        assert waiting is not None
        assert waiting.experiment == asked("a")

    @pytest.mark.parametrize(
        ("which", "position", "after"),
        [(0, 1, "bac"), (0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, 99, "bca"), (2, -5, "cab")],
        ids=["down", "to the end", "to the top", "where it is", "past the end", "before the top"],
    )
    def test_can_be_changed(self, queue: Queue, which: int, position: int, after: str) -> None:
        queue.move(filled(queue, "abc")[which], position)
        assert names(queue) == after

    def test_skips_what_ended(self, queue: Queue) -> None:
        first, second, third = filled(queue, "abc")
        queue.mark(first, "failed", "It broke.")
        queue.mark(second, "done")
        waiting = queue.next_waiting()
        assert waiting is not None
        assert waiting.key == third

    def test_removing_takes_one_out_and_leaves_its_run(self, queue: Queue, tmp_path: Path) -> None:
        first, _second = filled(queue, "ab")
        queue.mark(first, "failed", "It broke.", tmp_path)
        assert queue.remove(first).run == tmp_path
        assert names(queue) == "b"
        assert tmp_path.exists()
        with pytest.raises(InputError, match="not in the queue any more"):
            queue.remove(first)

    def test_clearing_leaves_what_can_be_tried_again(self, queue: Queue) -> None:
        first, second, _third = filled(queue, "abc")
        queue.mark(first, "done")
        queue.mark(second, "failed", "It broke.")
        assert queue.clear_ended() == 1
        assert names(queue) == "bc"


class TestEntries:
    def test_keep_everything_over_a_restart(self, queue: Queue, tmp_path: Path) -> None:
        entries = [
            queueing.training(asked("größer 🌍"), "cpu"),
            queueing.resuming(tmp_path / "run", 8000),
            queueing.branching(tmp_path / "run", 400, asked("branch")),
            queueing.branching(tmp_path / "run", None, asked("newest")),
        ]
        for entry in entries:
            queue.add(entry)
        queue.mark(entries[0].key, "failed", "It broke.", tmp_path / "other")
        assert Queue().entries() == queue.entries()
        assert queue.entries()[1:] == entries[1:]
        first = queue.entries()[0]
        assert (first.state, first.sentence, first.run) == ("failed", "It broke.", tmp_path / "other")
        assert (first.experiment, first.device) == (asked("größer 🌍"), "cpu")

    def test_can_be_renamed_and_given_other_steps_while_they_wait(self, queue: Queue, tmp_path: Path) -> None:
        (key,) = filled(queue, "a")
        queue.rename(key, " better ")
        queue.set_steps(key, 40)
        entry = queue.entry(key)
        assert entry.experiment is not None
        assert (entry.name, entry.experiment.name, entry.total) == ("better", "better", 40)
        longer = queueing.resuming(tmp_path)
        queue.add(longer)
        assert queue.entry(longer.key).total is None
        queue.set_steps(longer.key, 900)
        assert queue.entry(longer.key).total == 900

    @pytest.mark.parametrize(
        "change",
        [
            lambda queue, key: queue.rename(key, "  "),
            lambda queue, key: queue.set_steps(key, 0),
            lambda queue, key: queue.try_again(key),
            lambda queue, key: queue.rename("gone", "b"),
        ],
        ids=["no name", "no steps", "not ended", "gone"],
    )
    def test_refuse_what_makes_no_sense(self, queue: Queue, change: Callable[[Queue, str], None]) -> None:
        (key,) = filled(queue, "a")
        before = queue.entries()
        with pytest.raises(InputError):
            change(queue, key)
        assert queue.entries() == before

    @pytest.mark.parametrize("state", queueing.AGAIN)
    def test_that_did_not_end_well_can_be_tried_again(
        self, queue: Queue, tmp_path: Path, state: queueing.State
    ) -> None:
        (key,) = filled(queue, "a")
        before = queue.entry(key)
        queue.mark(key, state, "It broke.", tmp_path)
        queue.try_again(key)
        assert queue.entry(key) == before

    def test_go_on_with_the_run_they_became(self, queue: Queue, tmp_path: Path) -> None:
        (key,) = filled(queue, "a")
        queue.mark(key, "interrupted", "It ended.", tmp_path)
        assert queue.entry(key).resumable
        queue.go_on(key)
        entry = queue.entry(key)
        assert (entry.kind, entry.path, entry.state, entry.sentence) == ("resume", tmp_path, "waiting", "")
        assert entry.name == "a"

    def test_without_a_run_cannot_go_on(self, queue: Queue) -> None:
        (key,) = filled(queue, "a")
        queue.mark(key, "refused", "No.")
        assert not queue.entry(key).resumable
        with pytest.raises(InputError, match="became no run"):
            queue.go_on(key)


class TestWorking:
    def test_is_for_one_at_a_time(self, queue: Queue) -> None:
        other = Queue()
        assert queue.begin_work()
        assert (queue.worked_here, other.worked, other.worked_here) == (True, True, False)
        assert not other.begin_work()
        queue.end_work()
        assert other.begin_work()
        other.end_work()
        assert not queue.worked

    def test_others_may_add_and_change_what_waits_meanwhile(self, queue: Queue) -> None:
        first, second = filled(queue, "ab")
        queue.begin_work()
        queue.mark(first, "running")
        other = Queue()
        other.add(queueing.training(asked("c")))
        other.move(second, 2)
        with pytest.raises(InputError, match="is being trained"):
            other.remove(first)
        assert [(entry.name, entry.state) for entry in queue.entries()] == [
            *(("a", "running"), ("c", "waiting"), ("b", "waiting"))
        ]
        queue.end_work()

    def test_what_a_dead_process_trained_reads_as_interrupted(self, queue: Queue) -> None:
        code = (
            "import os, signal; from ganstudio.queueing import Queue; q = Queue(); q.begin_work();"
            "q.mark(q.entries()[0].key, 'running'); os.kill(os.getpid(), signal.SIGKILL)"
        )
        filled(queue, "ab")
        done = subprocess.run([sys.executable, "-c", code], env=os.environ, check=False, timeout=60)
        assert done.returncode == -signal.SIGKILL
        assert [entry.state for entry in queue.entries()] == ["interrupted", "waiting"]
        assert "can go on" in queue.entries()[0].sentence
        assert queue.begin_work()
        assert [entry.state for entry in queue.entries()] == ["interrupted", "waiting"]
        queue.end_work()

    def test_on_a_disk_without_locks_one_still_sees_oneself(
        self, queue: Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lock, "_take", lambda handle, shared: True)
        (key,) = filled(queue, "a")
        queue.begin_work()
        queue.mark(key, "running")
        assert queue.entry(key).state == "running"
        queue.end_work()


class TestFile:
    def test_many_at_once_lose_nothing(self, queue: Queue) -> None:
        def add(number: int) -> None:
            for each in range(8):
                Queue(queue.folder).add(queueing.training(asked(f"{number}-{each}")))

        threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({entry.name for entry in queue.entries()}) == 32

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b'{"format": 1, "entries": [', "is damaged and was left as it is"),
            (b"[]", "is damaged"),
            (b'{"format": 1, "entries": [{"key": "a"}]}', "is damaged"),
            (b'{"format": 1, "entries": [{"key": "a", "kind": "train", "name": "b"}]}', "is damaged"),
            (b"\xff\xfe", "is damaged"),
            (b'{"format": 2, "entries": []}', "newer version"),
        ],
        ids=["torn", "other", "entry", "nothing to train", "no text", "newer"],
    )
    def test_that_is_no_queue_is_named_and_left(self, queue: Queue, content: bytes, sentence: str) -> None:
        queue.folder.mkdir(parents=True)
        file = queue.folder / "queue.json"
        file.write_bytes(content)
        with pytest.raises(StudioError, match=sentence):
            queue.entries()
        with pytest.raises(StudioError, match=sentence):
            queue.add(queueing.training(asked()))
        assert file.read_bytes() == content

    def test_is_as_it_was_when_the_disk_refuses(self, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
        filled(queue, "a")

        def refuse(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(StudioError, match="is full"):
            queue.add(queueing.training(asked("b")))
        assert names(queue) == "a"
        assert [path.name for path in queue.folder.iterdir() if path.name.startswith(".tmp")] == []

    def test_is_under_the_home_and_readable(self, queue: Queue) -> None:
        filled(queue, "a")
        assert queue.folder == places.queue()
        table = json.loads((places.queue() / "queue.json").read_text())
        assert table["entries"][0]["experiment"]["data"]["kind"] == "Ring"

    def test_changes_its_stamp_with_its_content(self, queue: Queue) -> None:
        stamps = {queue.stamp}
        (key,) = filled(queue, "a")
        stamps.add(queue.stamp)
        queue.mark(key, "done")
        stamps.add(queue.stamp)
        assert len(stamps) == 3


def test_the_total_of_an_entry_is_what_it_asks_for(tmp_path: Path) -> None:
    assert queueing.training(asked(steps=7)).total == 7
    assert Entry("k", "train", "n", Experiment.from_dict({**asked().to_dict(), "training": {}})).total is None
