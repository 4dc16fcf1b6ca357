import sys
from pathlib import Path

import pytest

from ganstudio.discovery.content import read_content
from ganstudio.discovery.modules import PREFIX, load_module, module_name


def ours() -> set[str]:
    return {name for name in sys.modules if name.startswith(f"{PREFIX}.")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("from . import helper\nfrom .deep.inner import c\n")
    (folder / "helper.py").write_text("b = 2\n")
    (folder / "deep" / "__init__.py").write_text("")
    (folder / "deep" / "inner.py").write_text("from ..helper import b\nc = b + 1\n")
    (folder / "deep" / "words.txt").write_text("hello")
    return folder


def file(place: Path, source: str) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(source)
    return place


def test_files_of_one_name_and_installed_packages_do_not_meet(tmp_path: Path) -> None:
    import json

    first = load_module(read_content(file(tmp_path / "a" / "json.py", "value = 1")))
    second = load_module(read_content(file(tmp_path / "b" / "json.py", "value = 2")))
    assert (first.value, second.value) == (1, 2)
    assert sys.modules["json"] is json
    assert "value" not in vars(json)


def test_a_file_is_executed_once_and_anew_when_it_changed(tmp_path: Path) -> None:
    path = file(tmp_path / "mine.py", "things = []")
    first = load_module(read_content(path))
    assert load_module(read_content(path)) is first
    path.write_text("things = [1]")
    second = load_module(read_content(path))
    assert (first.things, second.things) == ([], [1])
    assert sys.modules[first.__name__] is first


def test_a_folder_imports_within_itself(folder: Path) -> None:
    module = load_module(read_content(folder))
    assert (module.helper.b, module.c) == (2, 3)
    assert module.__file__ == str(folder / "__init__.py")
    assert ours() >= {module.__name__, f"{module.__name__}.deep.inner"}


def test_a_folder_reads_its_own_data(folder: Path) -> None:
    source = (
        "import importlib.resources, pathlib\n"
        "by_resources = importlib.resources.files(__package__).joinpath('deep/words.txt').read_text()\n"
        "by_path = pathlib.Path(__file__).with_name('deep').joinpath('words.txt').read_text()\n"
    )
    (folder / "__init__.py").write_text(source)
    module = load_module(read_content(folder))
    assert (module.by_resources, module.by_path) == ("hello", "hello")


def test_nothing_of_one_that_fails_stays(folder: Path) -> None:
    (folder / "__init__.py").write_text("from . import helper\n1 / 0\n")
    before = ours()
    content = read_content(folder)
    with pytest.raises(ZeroDivisionError):
        load_module(content)
    assert ours() == before
    with pytest.raises(ModuleNotFoundError):
        __import__(module_name(content))


@pytest.mark.parametrize(
    "name", ["my gan.py", "2-d.py", "a.b.py", "naïve.py", "__main__.py"], ids=lambda name: name
)
def test_any_name_of_a_file_will_do(name: str, tmp_path: Path) -> None:
    module = load_module(read_content(file(tmp_path / name, "import sys\nme = sys.modules[__name__]")))
    assert module.me is module
    assert module.__name__.count(".") == 1


def test_the_encoding_that_a_file_names_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(b"# coding: latin-1\nword = '\xe4'\n")
    assert load_module(read_content(path)).word == "ä"


def test_a_traceback_shows_the_line(tmp_path: Path) -> None:
    path = file(tmp_path / "mine.py", "def fail():\n    raise KeyError('x')  # here\n")
    module = load_module(read_content(path))
    with pytest.raises(KeyError) as caught:
        module.fail()
    assert str(caught.traceback[-1].path) == str(path)
    assert caught.traceback[-1].lineno == 1


def test_no_bytecode_is_read_or_left(tmp_path: Path) -> None:
    load_module(read_content(file(tmp_path / "mine.py", "a = 1")))
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.py"]
