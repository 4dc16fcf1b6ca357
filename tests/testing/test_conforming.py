"""The helper for a plugin's own suite, used as an author uses it, by a pytest of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.testing import conformance
from tests.testing.test_components import GoodLoss, GoodMetric

test_conforms = conformance([GoodLoss, GoodMetric])

PLUGIN = '''
from ganstudio.api import AdversarialLoss, hookimpl

class Mine(AdversarialLoss):
    """A loss of mine (unpublished)."""
    title = "Mine"
    def discriminator_loss(self, real_logits, fake_logits):
        return fake_logits.mean() - real_logits.mean()
    def generator_loss(self, fake_logits, real_logits):
        return -fake_logits.mean()

@hookimpl
def ganstudio_losses():
    return [Mine]
'''
SUITE = """
import mine
from ganstudio.testing import conformance

test_conforms = conformance(mine)
"""


def run(folder: Path, plugin: str) -> str:
    """Return what pytest says of a plugin's own suite."""
    (folder / "mine.py").write_text(plugin, encoding="utf-8")
    (folder / "test_mine.py").write_text(SUITE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "test_mine.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=False,
    )
    return done.stdout


def test_each_class_of_a_module_is_a_test_and_so_are_its_hooks(tmp_path: Path) -> None:
    said = run(tmp_path, PLUGIN)
    assert "test_mine.py::test_conforms[hooks] PASSED" in said
    assert "test_mine.py::test_conforms[Mine] PASSED" in said
    assert "2 passed" in said


def test_a_failure_shows_the_sentence_the_file_and_the_line(tmp_path: Path) -> None:
    said = run(tmp_path, PLUGIN.replace("return -fake_logits", "return fake_logits"))
    assert "test_mine.py::test_conforms[Mine] FAILED" in said
    assert "generator_loss does not raise the logits of generated samples" in said.replace("Lowering ", "")
    assert "mine.py:9" in said


def test_a_module_whose_hook_is_not_marked_fails(tmp_path: Path) -> None:
    said = run(tmp_path, PLUGIN.replace("@hookimpl\n", ""))
    assert "put @hookimpl above it" in said
    assert "1 failed" in said


def test_a_single_class_needs_no_module() -> None:
    (mark,) = conformance(GoodLoss).pytestmark  # type: ignore[attr-defined]
    assert [case.id for case in mark.args[1]] == ["GoodLoss"]
    assert isinstance(mark, pytest.Mark)
