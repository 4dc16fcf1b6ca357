"""Every template works as it stands: short, and it passes the check. Nothing is written over."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganstudio.api import InputError
from ganstudio.discovery.content import read_content
from ganstudio.discovery.modules import load_module
from ganstudio.templates import KINDS, module_name, new_package, new_plugin
from ganstudio.testing import check
from tests.commands import ganstudio


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_is_short_and_passes_every_check(kind: str, tmp_path: Path) -> None:
    path = new_plugin("my thing", kind, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert path == tmp_path / "my_thing.py"
    assert len(text.splitlines()) < 60
    assert "class MyThing(" in text
    assert 'title = "My thing"' in text
    assert "${" not in text
    assert max(map(len, text.splitlines())) <= 110
    report = check(load_module(read_content(path)), settings=SMALL.get(kind))
    assert report.ok, report.card()


SMALL = {"architecture": {"width": 8}}


def test_every_function_of_a_template_says_what_it_is_for(tmp_path: Path) -> None:
    for kind in KINDS:
        tree = ast.parse(new_plugin(f"my {kind}", kind, tmp_path).read_text(encoding="utf-8"))
        named = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef | ast.FunctionDef | ast.Module)]
        assert all(ast.get_docstring(node) for node in named), kind


@pytest.mark.parametrize(
    ("name", "module", "cls"),
    [
        ("my-gan", "my_gan", "MyGan"),
        ("my gan 2", "my_gan_2", "MyGan2"),
        ("MyGAN", "my_gan", "MyGAN"),
        ("WGANPlus", "wgan_plus", "WGANPlus"),
        ("my_gan.py", "my_gan", "MyGan"),
    ],
)
def test_names_are_made_valid(name: str, module: str, cls: str, tmp_path: Path) -> None:
    path = new_plugin(name, "loss", tmp_path)
    assert path.stem == module
    assert f"class {cls}(" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "3gan", "…", "größe", "class", "json", "torch", "../../etc"])
def test_names_that_cannot_be_are_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    if name == "../../etc":
        assert module_name(name) == "etc"
        return
    with pytest.raises(InputError, match=r"\.$"):
        new_plugin(name, "loss", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="architecture, loss"):
        new_plugin("mine", "thing", tmp_path)


@pytest.mark.parametrize("make", [new_plugin, new_package])
def test_nothing_is_written_over(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = make("mine", "loss", tmp_path)
    file = path if path.is_file() else path / "mine.py"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        make("mine", "metric", tmp_path)
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot be written|is there already"):
        new_plugin("mine", "loss", tmp_path / "file")


def test_a_package_is_installed_and_passes_its_own_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = new_package("my-gan", "loss", tmp_path / "source")
    assert package.name == "ganstudio-my-gan"
    assert {path.name for path in package.iterdir()} == {
        "pyproject.toml",
        "README.md",
        "my_gan.py",
        "test_my_gan.py",
    }
    target = tmp_path / "installed"
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", str(target)]
    environment = {**os.environ, "PYTHONPATH": str(target)}
    install = [sys.executable, "-m", "pip", "install", *options, str(package)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # The test alone, so that what is tested is what was installed.
    alone = tmp_path / "alone"
    alone.mkdir()
    (package / "test_my_gan.py").rename(alone / "test_my_gan.py")
    suite = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(alone)]
    tested = subprocess.run(suite, cwd=alone, env=environment, capture_output=True, text=True, check=False)
    assert "2 passed" in tested.stdout, tested.stdout
    monkeypatch.syspath_prepend(str(target))
    listed = ganstudio("plugins")
    monkeypatch.delitem(sys.modules, "my_gan")
    assert "my_gan  loaded  ganstudio-my-gan: my_gan 0.1" in listed.stdout


def test_a_new_architecture_trains_at_once(studio_home: Path, tmp_path: Path) -> None:
    assert ganstudio("plugins", "new", "my-gan").exit_code == 0
    run = tmp_path / "run"
    wishes = ["--set", "architecture.kind=MyGan", "--set", "architecture.width=8", "--steps", "3"]
    trained = ganstudio("train", "mnist-mlp", *wishes, "--device", "cpu", "--run-dir", run)
    assert trained.exit_code == 0, trained.output
    assert (studio_home / "plugins" / "my_gan.py").exists()
