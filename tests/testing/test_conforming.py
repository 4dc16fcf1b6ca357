"""The helper for a plugin's own suite, used as an author uses it, by a pytest of its own."""

import os
import subprocess
import sys

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
import {name}
from ganstudio.testing import conformance

test_conforms = conformance({name})
"""
PLUGINS = {
    "good": PLUGIN,
    "wrong": PLUGIN.replace("return -fake_logits", "return fake_logits"),
    "unmarked": PLUGIN.replace("@hookimpl\n", ""),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says of the suites of three plugins."""
    folder = tmp_path_factory.mktemp("suites")
    for name, plugin in PLUGINS.items():
        (folder / f"{name}.py").write_text(plugin, encoding="utf-8")
        (folder / f"test_{name}.py").write_text(SUITE.format(name=name), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *(f"test_{n}.py" for n in PLUGINS)],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=False,
    )
    return done.stdout


def verdicts(said: str, name: str) -> set[str]:
    """Return the lines about the tests of one plugin, without the share done."""
    lines = [line for line in said.splitlines() if line.startswith(f"test_{name}.py::") and "%]" in line]
    return {line.rpartition("[")[0].strip() for line in lines}


def test_each_class_of_a_module_is_a_test_and_so_are_its_hooks(said: str) -> None:
    assert verdicts(said, "good") == {
        "test_good.py::test_conforms[hooks] PASSED",
        "test_good.py::test_conforms[Mine] PASSED",
    }


def test_a_failure_shows_the_sentence_the_file_and_the_line(said: str) -> None:
    assert "test_wrong.py::test_conforms[Mine] FAILED" in verdicts(said, "wrong")
    assert "generator_loss does not raise the logits of generated samples" in said.replace("Lowering ", "")
    assert "wrong.py:9" in said


def test_a_module_whose_hook_is_not_marked_fails(said: str) -> None:
    (verdict,) = verdicts(said, "unmarked")
    assert verdict.endswith(" FAILED")
    assert "put @hookimpl above it" in said


def test_a_single_class_needs_no_module() -> None:
    (mark,) = conformance(GoodLoss).pytestmark  # type: ignore[attr-defined]
    assert [case.id for case in mark.args[1]] == ["GoodLoss"]
    assert isinstance(mark, pytest.Mark)
