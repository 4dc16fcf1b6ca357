import subprocess
import sys
from pathlib import Path

from ganstudio.runs import lock

HOLDER = """
import sys
from pathlib import Path
from ganstudio.runs import lock
held = lock.Lock.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_one_takes_it_and_another_does_not(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path)
    held = lock.Lock.take(tmp_path)
    assert held is not None
    assert lock.is_held(tmp_path)
    assert lock.Lock.take(tmp_path) is None
    held.release()
    assert not lock.is_held(tmp_path)


def test_looking_takes_nothing(tmp_path: Path) -> None:
    held = lock.Lock.take(tmp_path)
    assert held is not None
    held.release()
    assert not lock.is_held(tmp_path)
    again = lock.Lock.take(tmp_path)
    assert again is not None
    again.release()


def test_a_killed_process_does_not_keep_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert lock.is_held(tmp_path)
        process.kill()
        process.wait()
    assert not lock.is_held(tmp_path)
