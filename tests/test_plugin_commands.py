import os
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.registry import Registry
from tests.commands import ganstudio, python
from tests.installing import InstallPlugin
from tests.plugin_files import loss, state_of, trust, write

pytestmark = pytest.mark.allow_log_warnings
"""What is refused is logged."""


def listed(name: str) -> list[str]:
    """Return the lines that `ganstudio plugins` has for one plugin."""
    result = ganstudio("plugins")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{name}  "))
    rest = lines[first + 1 :]
    count = next((n for n, line in enumerate(rest) if not line.startswith("    ")), len(rest))
    return lines[first : first + 1 + count]


class TestTheList:
    def test_shows_a_file_with_its_path(self) -> None:
        path = write("mine.py", loss("Mine"))
        head, brings = listed("mine")
        assert head.startswith("mine  loaded  file: mine.py ")
        assert head.endswith(f" s  {path}")
        assert brings == "    Mine"

    def test_shows_what_nobody_agreed_to_with_path_and_hash(self) -> None:
        path = write("mine.py", "raise SystemExit", agree=False)
        head, note, digest = listed("mine")
        assert "mine  untrusted  file: mine.py" in head
        assert str(path) in head
        assert f"`ganstudio plugins trust {path}`" in note
        assert digest == f"    SHA-256 {trust().agree(path)}"

    def test_shows_how_to_install_what_is_missing(self) -> None:
        write("mine.py", "import surely_not_installed")
        assert listed("mine")[-1] == "    pip install surely_not_installed"


class TestTrust:
    def test_agrees_to_a_file_and_says_to_what(self) -> None:
        path = write("mine.py", loss("Mine"), agree=False)
        done = ganstudio("plugins", "trust", path)
        assert done.exit_code == 0
        assert done.stdout == f"Agreed to {path}, SHA-256 {trust().agree(path)}.\n"
        assert listed("mine")[0].startswith("mine  loaded ")

    @pytest.mark.parametrize("name", ["mine.py", "mine"])
    def test_finds_a_name_in_the_plugin_folder(self, name: str) -> None:
        write("mine.py", loss("Mine"), agree=False)
        assert ganstudio("plugins", "trust", name).exit_code == 0
        assert trust().state(places.plugins() / "mine.py") == "trusted"

    def test_shows_what_changed(self) -> None:
        path = write("mine.py", "a = 1\n")
        path.write_text("a = 2\n")
        shown = ganstudio("plugins", "trust", path, "--show")
        assert "-a = 1\n+a = 2\n" in shown.stdout
        assert trust().state(path) == "changed"
        assert "-a = 1\n+a = 2\n" in ganstudio("plugins", "trust", path).stderr
        assert trust().state(path) == "trusted"
        assert ganstudio("plugins", "trust", path, "--show").stdout == f"{path} was agreed to as it is.\n"

    def test_shows_a_new_file_whole(self) -> None:
        path = write("mine.py", "a = 1\n", agree=False)
        assert ganstudio("plugins", "trust", path, "--show").stdout == "a = 1\n"

    def test_says_of_what_is_not_there(self) -> None:
        refused = ganstudio("plugins", "trust", "gone.py")
        assert refused.exit_code == 2
        assert refused.stderr.startswith("There is no plugin file ")

    def test_is_withdrawn(self) -> None:
        path = write("mine.py", loss("Mine"))
        assert ganstudio("plugins", "withdraw", "mine").stdout == f"{path} is not agreed to any more.\n"
        assert listed("mine")[0].startswith("mine  untrusted ")


class TestDisabling:
    def test_goes_by_name_and_back(self, install_plugin: InstallPlugin) -> None:
        install_plugin("package", loss("Mine"))
        done = ganstudio("plugins", "disable", "package")
        assert done.stdout == "package: package is disabled.\n"
        head, note = listed("package")
        assert head.startswith("package  disabled  package: package 1.0")
        assert note == "    It was disabled; `ganstudio plugins enable package` brings it back."
        assert ganstudio("plugins", "enable", "package").exit_code == 0
        assert listed("package")[0].startswith("package  loaded ")

    def test_says_which_there_are_where_one_name_is_several(self, install_plugin: InstallPlugin) -> None:
        install_plugin("one", loss("One"), entry_points={"losses": "one"})
        refused = ganstudio("plugins", "disable", "losses")
        assert refused.exit_code == 2
        assert refused.stderr == (
            "losses is the name of several plugins; say which: ganstudio: ganstudio_plugins.losses, or "
            "one: one.\n"
        )
        assert ganstudio("plugins", "disable", "one: one").exit_code == 0
        assert trust().disabled == {"one: one"}

    def test_says_what_may_have_been_meant(self) -> None:
        refused = ganstudio("plugins", "disable", "regularisers")
        assert refused.exit_code == 2
        assert "did you mean regularizers?" in refused.stderr


class TestOptionsOfEveryCommand:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "mine.py"
        path.write_text(loss("Mine", "Session loss"))
        return path

    def test_a_file_for_one_session_is_to_be_agreed_to(self, path: Path) -> None:
        shown = ganstudio("--plugin", path, "plugins")
        assert "mine  untrusted  file: mine.py" in shown.stdout
        told = ganstudio("--plugin", path, "presets")
        assert told.stderr.startswith(f"{path} is not loaded. Nobody has agreed to it yet")
        assert told.exit_code == 0

    def test_and_is_with_trust(self, path: Path) -> None:
        shown = ganstudio("--plugin", path, "--trust", "plugins")
        assert "mine  loaded  file: mine.py" in shown.stdout
        assert trust().state(path) == "trusted"
        # The next session has it where it asks for it, and not else.
        assert "Session loss" in ganstudio("--plugin", path, "plugins").stdout
        assert "Session loss" not in ganstudio("plugins").stdout

    def test_a_run_is_trained_with_it(self, path: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"
        wishes = ["--set", "loss.kind=Mine", "--set", "training.steps=5", "--device", "cpu"]
        done = ganstudio("--plugin", path, "--trust", "train", "ring", *wishes, "--run-dir", run)
        assert done.exit_code == 0, done.stderr
        provenance = (run / "provenance.json").read_text()
        assert f'"file: mine.py": "{trust().agree(path)[:12]}"' in provenance
        assert str(path) not in provenance
        resumed = ganstudio("resume", run, "--steps", "10")
        assert resumed.exit_code == 2
        assert "plugins that are not installed, or do not load now: file: mine.py " in resumed.stderr
        assert ganstudio("--plugin", path, "resume", run, "--steps", "10").exit_code == 0

    def test_a_file_that_fails_says_so_before_the_command_does(self, path: Path) -> None:
        path.write_text("1 / 0")
        done = ganstudio("--plugin", path, "--trust", "train", "ring", "--set", "loss.kind=Mine")
        assert done.exit_code == 2
        first, *rest = done.stderr.splitlines()
        assert first == f"{path} is not loaded. It raised ZeroDivisionError: division by zero, {path} line 1."
        assert "there is no 'Mine' here" in rest[0]

    def test_safe_mode_leaves_all_others_out(self, install_plugin: InstallPlugin) -> None:
        install_plugin("package", "raise SystemExit")
        write("mine.py", "raise SystemExit")
        shown = ganstudio("--safe-mode", "plugins")
        assert "package  disabled " in shown.stdout
        assert "mine.py" not in shown.stdout
        assert shown.stderr == ""

    def test_what_does_not_go_together_says_so(self, path: Path) -> None:
        assert ganstudio("--safe-mode", "--plugin", path, "plugins").exit_code == 2
        assert "--trust goes with --plugin PATH." in ganstudio("--trust", "plugins").stderr

    def test_the_window_is_told_by_the_environment(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from ganstudio import app, display

        monkeypatch.setenv("GANSTUDIO_PLUGINS", "")
        monkeypatch.setenv("GANSTUDIO_SAFE_MODE", "")
        monkeypatch.setattr(display, "display_problem", lambda: "")
        told: list[str] = []
        monkeypatch.setattr(app, "run", lambda: told.append(os.environ["GANSTUDIO_PLUGINS"]) or 0)
        assert ganstudio("--plugin", path).exit_code == 0
        assert told == [str(path)]


def test_a_run_folder_or_a_preset_never_brings_code(tmp_path: Path) -> None:
    """Python files beside an experiment are files and nothing else."""
    mark = tmp_path / "executed"
    source = f"open({str(mark)!r}, 'w').close()\n"
    folder = tmp_path / "folder"
    (folder / "plugins").mkdir(parents=True)
    for name in ("mine.py", "__init__.py", "conftest.py", "sitecustomize.py", "plugins/mine.py"):
        (folder / name).write_text(source)
    file = folder / "experiment.toml"
    file.write_text(
        '[data]\nkind = "Ring"\n[architecture]\nkind = "PointGAN"\n[training]\nsteps = 5\nbatch_size = 16\n'
    )
    run = tmp_path / "run"
    done = ganstudio("train", file, "--device", "cpu", "--run-dir", run)
    assert done.exit_code == 0, done.stderr
    (run / "mine.py").write_text(source)
    commands = [["resume", str(run), "--steps", "10"], ["train", str(run)]]
    # As a fresh process finds them.
    python(
        "from ganstudio.cli import main\n"
        f"for command in {commands!r}:\n"
        "    main(command, standalone_mode=False)\n"
    )
    assert not mark.exists()
    assert state_of(Registry.load(), "losses").state == "loaded"
