import os
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.discovery.sources import Candidate, Sources
from ganstudio.discovery.trust import Trust
from ganstudio.registry import Registry
from tests.installing import InstallPlugin
from tests.plugin_files import loss, state_of, titles, trust, write


def found(sources: Sources | None = None) -> dict[str, Candidate]:
    """Return what is no built-in, by name."""
    return {c.name: c for c in (sources or Sources()).candidates() if not c.built_in}


class TestThePluginFolder:
    def test_brings_nothing_where_there_is_none(self) -> None:
        assert not places.plugins().exists()
        assert found() == {}

    def test_brings_files_and_folders_in_the_order_of_their_names(self) -> None:
        write("zebra.py", loss("Zebra"))
        write("apes/__init__.py", "from .inner import *\nfrom .inner import ganstudio_losses\n")
        write("apes/inner.py", loss("Ape"))
        assert list(found()) == ["apes", "zebra"]
        registry = Registry.load()
        assert [plugin.failed for plugin in registry.plugins] == [""] * len(registry.plugins)
        assert {"Ape", "Zebra"} <= set(registry.classes["loss"])
        assert list(registry.classes["loss"])[-2:] == ["Ape", "Zebra"]

    def test_is_described_with_path_hash_and_time(self) -> None:
        path = write("mine.py", loss("Mine"))
        state = state_of(Registry.load(), "mine")
        assert (state.kind, state.path, state.state) == ("file", str(path), "loaded")
        assert state.digest == trust().agree(path)
        assert state.source == "file: mine.py"
        assert state.version == state.digest[:12]
        assert state.seconds > 0

    def test_leaves_out_what_is_meant_otherwise(self) -> None:
        for name in ("_draft.py", ".hidden.py", "notes.txt", "data/values.json", "mine.py.bak"):
            path = places.plugins() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("raise SystemExit")
        assert found() == {}

    def test_says_of_a_package_that_it_is_to_be_installed(self) -> None:
        folder = places.plugins() / "big"
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text("")
        state = state_of(Registry.load(), "big")
        assert state.state == "failed"
        assert "a package that has not been installed" in state.failed
        assert state.pip == f"pip install {folder}"

    def test_takes_odd_links_and_names_as_they_are(self) -> None:
        places.plugins().mkdir(parents=True)
        (places.plugins() / "circle.py").symlink_to("circle.py")
        (places.plugins() / "round").symlink_to("round")
        write("two words & more.py", loss("Spaced"))
        write(os.fsdecode(b"b\xff.py"), loss("Bytes"))
        registry = Registry.load()
        assert state_of(registry, "circle").state == "failed"
        assert {"Spaced", "Bytes"} <= set(registry.classes["loss"])

    def test_says_of_a_broken_link_that_it_leads_nowhere(self) -> None:
        places.plugins().mkdir(parents=True)
        (places.plugins() / "lost.py").symlink_to("nowhere.py")
        assert state_of(Registry.load(), "lost").failed.startswith("There is no plugin file")


class TestAFileThatNobodyAgreedTo:
    def test_is_listed_and_never_executed(self, tmp_path: Path) -> None:
        mark = tmp_path / "executed"
        source = f"open({str(mark)!r}, 'w').close()\n" + loss("Mine")
        path = write("mine.py", source, agree=False)
        state = state_of(Registry.load(), "mine")
        assert (state.state, state.brings, state.failed, state.works) == ("untrusted", (), "", False)
        assert state.path == str(path)
        assert len(state.digest) == 64
        assert f"ganstudio plugins trust {path}" in state.notes[0]
        assert not mark.exists()
        trust().agree(path)
        assert state_of(Registry.load(), "mine").state == "loaded"
        assert mark.exists()

    def test_is_not_executed_as_it_was_changed(self) -> None:
        path = write("mine.py", loss("Mine"))
        path.write_text("raise SystemExit\n")
        registry = Registry.load()
        state = state_of(registry, "mine")
        assert (state.state, state.brings, state.works) == ("changed", (), False)
        assert "Mine" not in registry.classes["loss"]

    def test_is_not_executed_for_a_changed_file_within_its_folder(self) -> None:
        write("mine/__init__.py", loss("Mine"))
        write("mine/helper.py", "a = 1", agree=False)
        assert state_of(Registry.load(), "mine").state == "changed"

    def test_stays_out_when_named_in_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "mine.py"
        path.write_text("raise SystemExit")
        monkeypatch.setenv("GANSTUDIO_PLUGINS", str(path))
        state = state_of(Registry.load(), "mine")
        assert (state.kind, state.state) == ("session", "untrusted")

    def test_is_executed_as_it_was_when_it_was_judged(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is executed are the bytes that were hashed, whatever the disk says by then."""
        path = write("mine.py", loss("Mine", "As agreed"))
        judge = Trust.judge

        def judge_and_swap(self: Trust, content):
            state = judge(self, content)
            path.write_text(loss("Mine", "Swapped"))
            return state

        monkeypatch.setattr(Trust, "judge", judge_and_swap)
        assert titles(Registry.load())["Mine"] == "As agreed"

    def test_is_not_brought_by_the_module_of_a_folder_that_came_later(self) -> None:
        """A module that was not hashed is not found, even when it is imported after loading."""
        write("mine/__init__.py", loss("Mine") + "\ndef late():\n    from . import added\n    return added\n")
        registry = Registry.load()
        write("mine/added.py", "a = 1", agree=False)
        module = registry._offers[str(places.plugins() / "mine")].plugin
        with pytest.raises(ImportError):
            module.late()


class TestOneSession:
    def test_has_what_is_named_beside_what_lies_in_the_folder(self, tmp_path: Path) -> None:
        write("mine.py", loss("Mine"))
        path = tmp_path / "other.py"
        path.write_text(loss("Other"))
        trust().agree(path)
        registry = Registry.load(Sources(extra=(path, places.plugins() / "mine.py")))
        assert [(p.name, p.kind, p.state) for p in registry.plugins[-2:]] == [
            ("mine", "file", "loaded"),
            ("other", "session", "loaded"),
        ]

    def test_says_of_what_is_not_there(self, tmp_path: Path) -> None:
        registry = Registry.load(Sources(extra=(tmp_path / "gone.py",)))
        assert state_of(registry, "gone").failed == f"There is no plugin file {tmp_path / 'gone.py'}."

    def test_is_handed_to_other_processes_by_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        asked = Sources(True, (Path("a.py"), tmp_path / "b"))
        for name, value in asked.environment().items():
            monkeypatch.setenv(name, value)
        assert os.environ["GANSTUDIO_PLUGINS"] == f"{tmp_path}/a.py:{tmp_path}/b"
        assert Sources.from_environment() == Sources(True, (tmp_path / "a.py", tmp_path / "b"))


class TestSafeMode:
    def test_loads_the_built_ins_alone(self, install_plugin: InstallPlugin, tmp_path: Path) -> None:
        install_plugin("package", "raise SystemExit")
        write("mine.py", loss("Mine"))
        registry = Registry.load(Sources(safe=True))
        assert {p.name: p.state for p in registry.plugins if p.state != "loaded"} == {"package": "disabled"}
        assert state_of(registry, "package").notes == ("Safe mode loads the built-in plugins alone.",)
        assert "Mine" not in registry.classes["loss"]
        assert "ConvGAN" in registry.classes["architecture"]

    def test_has_even_the_built_ins_that_are_disabled(self) -> None:
        trust().disable("losses")
        assert "Hinge" not in Registry.load().classes["loss"]
        assert "Hinge" in Registry.load(Sources(safe=True)).classes["loss"]

    def test_is_asked_for_by_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write("mine.py", loss("Mine"))
        monkeypatch.setenv("GANSTUDIO_SAFE_MODE", "1")
        assert "Mine" not in Registry.load().classes["loss"]
        monkeypatch.setenv("GANSTUDIO_SAFE_MODE", "0")
        assert "Mine" in Registry.load().classes["loss"]


class TestDisabled:
    @pytest.mark.parametrize("name", ["mine", "file: mine.py"], ids=["by name", "by source"])
    def test_it_is_listed_and_not_executed(self, name: str) -> None:
        write("mine.py", loss("Mine"))
        trust().disable(name)
        registry = Registry.load()
        state = state_of(registry, "mine")
        assert (state.state, state.failed, state.brings) == ("disabled", "", ())
        assert "plugins enable mine" in state.notes[0]
        assert "Mine" not in registry.classes["loss"]

    def test_a_built_in_makes_room_for_ones_own(self) -> None:
        write("mine.py", loss("Hinge", "My hinge"))
        state = state_of(Registry.load(), "mine")
        assert "which is built in" in state.failed
        assert "disable the built-in plugin losses" in state.failed
        trust().disable("ganstudio: ganstudio_plugins.losses")
        assert titles(Registry.load()) == {"Hinge": "My hinge"}


def test_two_files_that_bring_one_name_are_both_named(tmp_path: Path) -> None:
    first = write("mine.py", loss("Same", "First"))
    second = tmp_path / "mine.py"
    second.write_text(loss("Same", "Second"))
    trust().agree(second)
    registry = Registry.load(Sources(extra=(second,)))
    assert titles(registry)["Same"] == "First"
    refused = registry.plugins[-1]
    assert refused.failed == (
        f"There is already a loss called Same, from {first}; {second} brings another. "
        "Rename one of them, or disable one of the two."
    )
