"""Reloading picks up what changed, and leaves in use what was there where that cannot be."""

import sys
import textwrap
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.registry import Registry
from tests.installing import InstallPlugin
from tests.plugin_files import loss, state_of, titles, trust, write


def test_a_file_that_changed_is_executed_anew(tmp_path: Path) -> None:
    write("mine.py", loss("Mine", "Before"))
    before = Registry.load()
    kept = before.classes["loss"]["Mine"]
    write("mine.py", loss("Mine", "After") + loss("More").replace("[More]", "[Mine, More]"))
    after = before.reload()
    assert {"Mine": "After", "More": "Mine"}.items() <= titles(after).items()
    assert state_of(after, "mine").brings == ("After", "Mine")
    # What trains goes on with the class it began with, wherever that looks.
    assert before.classes["loss"]["Mine"] is kept
    assert kept.title == "Before"
    assert vars(sys.modules[kept.__module__])["Mine"] is kept


def test_a_file_that_did_not_change_keeps_its_classes_and_what_was_said_of_it() -> None:
    write("mine.py", "print('hello')\n" + loss("Mine"))
    before = Registry.load()
    after = before.reload()
    assert after.classes["loss"]["Mine"] is before.classes["loss"]["Mine"]
    assert state_of(after, "mine").printed == "hello\n"
    assert after.reload().plugins[-1].printed == "hello\n"


def test_a_file_that_is_saved_often_does_not_fill_memory() -> None:
    registry = Registry.load()
    count = len(sys.modules)
    for number in range(8):
        write("mine.py", loss("Mine", f"Version {number}"))
        registry = registry.reload()
    assert titles(registry)["Mine"] == "Version 7"
    assert registry.classes["loss"]["Mine"].__module__ in sys.modules
    assert len(sys.modules) <= count + 3


def test_files_come_and_go() -> None:
    path = write("mine.py", loss("Mine"))
    before = Registry.load()
    write("other.py", loss("Other"))
    path.unlink()
    after = before.reload()
    assert "Mine" not in after.classes["loss"]
    assert "Other" in after.classes["loss"]
    assert [p.name for p in after.plugins][-1] == "other"


BROKEN = {
    "raises": ("1 / 0", "It raised ZeroDivisionError: division by zero, {path} line 1."),
    "is no Python": ("def (:", "It raised SyntaxError: invalid syntax, {path} line 1."),
    "raises after half of it": (
        loss("Half").replace("[Half]", "[Half, 3]"),
        "ganstudio_losses must return subclasses of AdversarialLoss; 3 is none.",
    ),
    "takes a name of others": (loss("Hinge"), "There is already a loss called Hinge, from ganstudio: "),
}


@pytest.mark.parametrize(("source", "sentence"), BROKEN.values(), ids=BROKEN)
def test_what_was_there_stays_in_use_where_it_fails_now(source: str, sentence: str) -> None:
    path = write("mine.py", loss("Mine") + PRESET)
    before = Registry.load()
    write("mine.py", source)
    after = before.reload()
    state = state_of(after, "mine")
    assert (state.state, state.brings, state.works) == ("stale", ("Mine", "preset mine"), True)
    assert state.failed.startswith(sentence.format(path=path))
    # A run is told what it was made with, and the user what lies there.
    assert state.version == state_of(before, "mine").digest[:12]
    assert state.digest == trust().agree(path)
    assert after.classes["loss"]["Mine"] is before.classes["loss"]["Mine"]
    assert after.presets["mine"] == before.presets["mine"]
    assert "Half" not in after.classes["loss"]
    # It stays so, and ends once the file is mended, or away.
    assert state_of(after.reload(), "mine").state == "stale"
    write("mine.py", loss("Mine", "Mended"))
    mended = after.reload()
    assert state_of(mended, "mine").state == "loaded"
    assert titles(mended)["Mine"] == "Mended"
    assert "mine" not in mended.presets
    path.unlink()
    assert "Mine" not in after.reload().classes["loss"]


PRESET = """
@hookimpl
def ganstudio_presets():
    return [dict(name="mine", data=dict(kind="Ring"), architecture=dict(kind="PointGAN"))]
"""


def test_a_change_nobody_agreed_to_waits_and_what_was_agreed_to_stays_in_use() -> None:
    write("mine.py", loss("Mine", "Agreed"))
    before = Registry.load()
    path = write("mine.py", "raise SystemExit", agree=False)
    after = before.reload()
    state = state_of(after, "mine")
    assert (state.state, state.brings, state.works, state.failed) == ("changed", ("Agreed",), True, "")
    assert titles(after)["Mine"] == "Agreed"
    assert "Mine" not in Registry.load().classes["loss"]
    path.write_text(loss("Mine", "Again"))
    trust().agree(path)
    assert titles(after.reload())["Mine"] == "Again"


def test_what_is_agreed_to_no_more_is_out() -> None:
    path = write("mine.py", loss("Mine"))
    before = Registry.load()
    trust().withdraw(path)
    after = before.reload()
    assert state_of(after, "mine").state == "untrusted"
    assert "Mine" not in after.classes["loss"]


def test_what_is_disabled_is_out_and_what_is_enabled_is_in() -> None:
    write("mine.py", loss("Mine"))
    before = Registry.load()
    trust().disable("file: mine.py")
    without = before.reload()
    assert "Mine" not in without.classes["loss"]
    trust().enable("file: mine.py")
    assert "Mine" in without.reload().classes["loss"]


def test_a_file_that_cannot_be_read_leaves_what_was_there_in_use() -> None:
    path = write("mine.py", loss("Mine"))
    before = Registry.load()
    path.unlink()
    path.symlink_to("nowhere.py")
    state = state_of(before.reload(), "mine")
    assert (state.state, state.brings) == ("stale", ("Mine",))
    assert state.failed == f"There is no plugin file {places.plugins() / 'nowhere.py'}."


class TestInstalledPackages:
    def test_are_imported_anew_when_their_files_changed(self, install_plugin: InstallPlugin) -> None:
        module = install_plugin("package", loss("Mine", "Before")).module
        before = Registry.load()
        module.write_text(textwrap.dedent(loss("Mine", "And after it")))
        after = before.reload()
        assert titles(after)["Mine"] == "And after it"
        assert before.classes["loss"]["Mine"].title == "Before"

    def test_are_left_alone_when_they_did_not(self, install_plugin: InstallPlugin) -> None:
        install_plugin("package", loss("Mine"))
        before = Registry.load()
        after = before.reload()
        assert after.classes["loss"]["Mine"] is before.classes["loss"]["Mine"]
        assert after.classes["loss"]["Hinge"] is before.classes["loss"]["Hinge"]

    def test_stay_in_use_as_they_were_where_they_fail(self, install_plugin: InstallPlugin) -> None:
        module = install_plugin("package", loss("Mine")).module
        before = Registry.load()
        old = sys.modules["package"]
        module.write_text("raise RuntimeError('half way')")
        after = before.reload()
        state = state_of(after, "package")
        assert (state.state, state.brings) == ("stale", ("Mine",))
        assert state.failed == f"It raised RuntimeError: half way, {module} line 1."
        assert sys.modules["package"] is old
        module.write_text(textwrap.dedent(loss("Mine", "Mended again")))
        assert titles(after.reload())["Mine"] == "Mended again"

    def test_that_were_installed_meanwhile_are_found(self, install_plugin: InstallPlugin) -> None:
        before = Registry.load()
        install_plugin("package", loss("Mine"))
        assert "Mine" in before.reload().classes["loss"]

    def test_that_a_file_lacked_bring_it_in(self, install_plugin: InstallPlugin) -> None:
        write("mine.py", "import helper_package\n" + loss("Mine"))
        before = Registry.load()
        assert state_of(before, "mine").pip == "pip install helper_package"
        install_plugin("helper_package", "")
        assert "Mine" in before.reload().classes["loss"]
