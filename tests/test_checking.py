"""A check in a process of its own: whatever the plugin does, it ends, and says how."""

import json
import sys
import time
from pathlib import Path

import pytest

from ganstudio.checking import run_check
from ganstudio.testing.__main__ import main as check_here
from ganstudio.testing.report import Finding
from tests.commands import python

LOSS = '''"""A loss."""
from ganstudio.api import AdversarialLoss, hookimpl
class Mine(AdversarialLoss):
    """A loss of mine (unpublished)."""
    title = "Mine"
    def discriminator_loss(self, real_logits, fake_logits):
        {0}
        return fake_logits.mean() - real_logits.mean()
    def generator_loss(self, fake_logits, real_logits):
        return -fake_logits.mean()
@hookimpl
def ganstudio_losses():
    return [Mine]
'''


@pytest.fixture
def write(tmp_path: Path) -> object:
    def write(text: str) -> Path:
        path = tmp_path / "mine.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_good_plugin_passes_and_each_finding_is_told(write) -> None:  # type: ignore[no-untyped-def]
    told: list[Finding] = []
    report = run_check(write(LOSS.format("print('chatter')")), 100, tell=told.append)
    assert report.ok, report.card()
    assert tuple(told) == report.findings
    assert [finding.check for finding in told][:2] == ["hooks", "words"]


@pytest.mark.parametrize(
    "stuck",
    ["import time; time.sleep(1000)", "while True: pass", "sum(range(10**12))"],
    ids=["asleep", "busy", "within the interpreter"],
)
def test_what_does_not_finish_is_ended_with_the_line_it_was_in(write, stuck: str) -> None:  # type: ignore[no-untyped-def]
    path = write(LOSS.format(stuck))
    report = run_check(path, 1.5)
    assert report.of("words")[0].ok
    (failure,) = report.failures
    assert "did not finish within 1.5 s; it was in discriminator_loss, mine.py:7" in failure.sentence
    assert (failure.file, failure.line, failure.subject) == (str(path), 7, "Mine")


def test_a_process_that_is_taken_down_is_told(write) -> None:  # type: ignore[no-untyped-def]
    code = "import os, sys; print('lost the bus', file=sys.stderr, flush=True); os.abort()"
    failure = run_check(write(LOSS.format(code)), 100).failures[-1]
    assert "ended by SIGABRT" in failure.sentence


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("import nothing_of_that_name", "pip install nothing_of_that_name", 1),
        ("\nx = (", "It is no Python", 2),
        ("\n\nraise ValueError('not today')", "It cannot be loaded. It raised ValueError: not today", 3),
        ("import sys\nsys.exit(3)", "sys.exit", 2),
        ("x = 1", "It offers nothing", 1),
    ],
    ids=["missing package", "syntax", "raises", "exits", "empty"],
)
def test_what_cannot_be_loaded_is_a_finding(  # type: ignore[no-untyped-def]
    write, tmp_path: Path, source: str, words: str, line: int
) -> None:
    path = write(source)
    # What the process of a check does.
    check_here(str(path), tmp_path, 100.0)
    written, end = (tmp_path / "findings").read_text(encoding="utf-8").splitlines()
    failure = Finding(**json.loads(written))
    assert end == ""
    assert not failure.ok
    assert words in failure.sentence
    assert (failure.file, failure.line) == (str(path), line)


def test_what_cannot_be_loaded_ends_the_process_in_good_order(write) -> None:  # type: ignore[no-untyped-def]
    (failure,) = run_check(write("import sys\nsys.exit(3)"), 100).findings
    assert not failure.ok
    assert "sys.exit" in failure.sentence


def test_a_name_that_nothing_has_is_a_finding() -> None:
    (failure,) = run_check("Wasserstien", 100).findings
    assert "did you mean Wasserstein?" in failure.sentence


def test_a_class_is_checked_alone_by_its_name() -> None:
    report = run_check("Wasserstein", 100)
    assert report.ok, report.card()
    assert {finding.subject for finding in report.findings} == {"Wasserstein"}


def test_giving_up_ends_the_process_at_once(write) -> None:  # type: ignore[no-untyped-def]
    path = write(LOSS.format("import time; time.sleep(1000)"))
    began = time.monotonic()
    report = run_check(path, 1000, cancelled=lambda: time.monotonic() > began + 0.3)
    assert report.failures[-1].sentence == "The check was stopped before its end."
    assert time.monotonic() - began < 10


def test_asking_for_a_check_loads_neither_torch_nor_qt() -> None:
    code = "import sys, ganstudio.checking; print({'torch', 'PySide6', 'pydantic'} & set(sys.modules))"
    assert python(code).stdout.strip() == "set()"
    assert sys.executable
