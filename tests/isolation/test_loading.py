"""What a plugin does while it is loaded harms nothing else, and reads as a sentence on its card."""

import os
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from ganstudio.catalogue import PluginState
from ganstudio.registry import Registry
from tests.commands import ganstudio, python
from tests.installing import InstallPlugin
from tests.plugin_files import loss, state_of, write

HOOK = "from ganstudio.api import *\nfrom ganstudio.api import hookimpl\n"
Bring = Callable[[str], Path]


@pytest.fixture(params=["as a file", "in a folder", "as a package"])
def bring(request: pytest.FixtureRequest, install_plugin: InstallPlugin) -> Bring:
    """Put a plugin called ``odd`` in its place; returns the file its source is in."""

    def put(source: str) -> Path:
        if request.param == "as a package":
            return install_plugin("odd", source).module
        return write("odd.py" if request.param == "as a file" else "odd/__init__.py", source)

    return put


def load_beside_a_healthy_one() -> PluginState:
    """Load everything and return the state of ``odd``; the others must be as if it were not there."""
    write("zz_healthy.py", loss("Healthy"))
    registry = Registry.load()
    assert "Healthy" in registry.classes["loss"]
    assert state_of(registry, "zz_healthy").state == "loaded"
    assert {p.name for p in registry.plugins if p.failed} <= {"odd"}
    return state_of(registry, "odd")


FAILING = {
    "raises on import": ("a = 1\nb = {}['x']\n", "It raised KeyError: 'x', {file} line 2."),
    "raises deep in a library": (
        "import json\njson.loads('{')\n",
        "It raised JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 "
        "(char 1), {file} line 2.",
    ),
    "is no Python": ("a = 1\ndef (:\n", "It raised SyntaxError: invalid syntax, {file} line 2."),
    "calls sys.exit": ("import sys\nsys.exit(3)\n", "It calls sys.exit while it is loaded, {file} line 2."),
    "raises in a hook": (
        HOOK + "@hookimpl\ndef ganstudio_losses():\n    return [1 / 0]\n",
        "It raised ZeroDivisionError: division by zero, {file} line 5.",
    ),
    "exits in a hook": (
        HOOK + "@hookimpl\ndef ganstudio_losses():\n    raise SystemExit\n",
        "It calls sys.exit while it is loaded, {file} line 5.",
    ),
    "returns the wrong type": (
        HOOK + "@hookimpl\ndef ganstudio_losses():\n    return Hinge\nHinge = 3\n",
        "ganstudio_losses must return a list, not int.",
    ),
    "returns classes of another kind": (
        HOOK + "@hookimpl\ndef ganstudio_metrics():\n    return [Path]\nfrom pathlib import Path\n",
        "ganstudio_metrics must return subclasses of Metric; <class 'pathlib.Path'> is none.",
    ),
    "raises while its list is read": (
        HOOK + "@hookimpl\ndef ganstudio_losses():\n    yield 1 / 0\n",
        "It raised ZeroDivisionError: division by zero, {file} line 5.",
    ),
    "has a setting that no form can show": (
        HOOK
        + """
class Odd(AdversarialLoss):
    "An odd loss."
    class Settings(AdversarialLoss.Settings):
        table: dict[str, int] = {}
    def discriminator_loss(self, real_logits, fake_logits): ...
    def generator_loss(self, fake_logits, real_logits): ...
@hookimpl
def ganstudio_losses():
    return [Odd]
""",
        "Odd.Settings.table: no form can show the type dict[str, int].",
    ),
    "states another version of the API": (
        "ganstudio_api = '7'\nfrom ganstudio.api import NotYetThought\n",
        "It was written for version 7 of the plugin API, and this studio has 1.0. Install a version of the "
        "plugin that goes with it, or another version of the studio.",
    ),
    "wants a part of the API that is not there": (
        "from ganstudio.api import NotYetThought\n",
        "It raised ImportError: cannot import name 'NotYetThought' from 'ganstudio.api' ({api}), "
        "{file} line 1.",
    ),
}


@pytest.mark.parametrize(("source", "sentence"), FAILING.values(), ids=FAILING)
def test_one_that_fails_says_why_and_where(source: str, sentence: str, bring: Bring) -> None:
    from ganstudio import api

    file = bring(textwrap.dedent(source))
    before = set(sys.modules)
    state = load_beside_a_healthy_one()
    assert (state.state, state.brings, state.works) == ("failed", (), False)
    assert state.failed == sentence.format(file=file, api=api.__file__)
    assert "Traceback (most recent call last)" in state.traceback
    assert not [name for name in set(sys.modules) - before if "odd" in name]


@pytest.mark.parametrize(
    ("line", "sentence", "pip"),
    [
        (
            "import surely_not_installed.deep",
            "It needs the package surely_not_installed, which is not installed: "
            "pip install surely_not_installed.",
            "pip install surely_not_installed",
        ),
        (
            "from torch.not_there import x",
            "It needs the module torch.not_there, which the installed torch lacks; another version may have "
            "it.",
            "pip install --upgrade torch",
        ),
    ],
    ids=["a package", "a part of one"],
)
def test_what_is_not_installed_is_named_with_how_to_install_it(
    line: str, sentence: str, pip: str, bring: Bring
) -> None:
    bring(line)
    state = load_beside_a_healthy_one()
    assert (state.failed, state.pip) == (sentence, pip)


def test_a_package_is_installed_by_another_name_than_it_is_imported_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    write("odd.py", "raise ModuleNotFoundError('', name='sklearn')")
    state = load_beside_a_healthy_one()
    assert state.pip == "pip install scikit-learn"


def test_a_file_beside_it_is_not_to_be_installed() -> None:
    """The name may be somebody else's package."""
    write("odd.py", "import helper_of_mine")
    write("helper_of_mine.py", "a = 1")
    state = load_beside_a_healthy_one()
    assert state.failed == (
        "It imports helper_of_mine, a file beside it. Put both into a folder with a file __init__.py, and "
        "write `from . import helper_of_mine` there."
    )
    assert state.pip == ""


def test_two_that_need_different_versions_of_the_api() -> None:
    write("odd.py", "ganstudio_api = '>=2'\n" + loss("Newer"))
    write("now.py", "ganstudio_api = '>=1, <2'\n" + loss("Now"))
    state = load_beside_a_healthy_one()
    assert state.failed.startswith("It was written for version >=2 of the plugin API")
    assert {"Now"} <= set(Registry.load().classes["loss"])


def test_what_it_prints_stands_on_its_card(bring: Bring, capsys: pytest.CaptureFixture[str]) -> None:
    bring("print('hello', flush=True)\nimport sys; sys.stdout.write('there')\n" + loss("Odd"))
    real = sys.stdout
    state = load_beside_a_healthy_one()
    assert (state.state, state.printed) == ("loaded", "hello\nthere")
    assert sys.stdout is real
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["presets", "plugins"])
def test_what_it_prints_is_not_in_what_a_command_prints(command: str) -> None:
    write("odd.py", "print('noise')\n" + loss("Odd"))
    lines = ganstudio(command).stdout.splitlines()
    assert "noise" not in lines
    assert ("    printed: noise" in lines) == (command == "plugins")


def test_others_print_while_it_is_listened_to(
    install_plugin: InstallPlugin, capsys: pytest.CaptureFixture[str]
) -> None:
    source = (
        "import threading\nt = threading.Thread(target=print, args=['a thread'])\nt.start()\nt.join()\n"
        "print('the plugin')\n"
    )
    write("odd.py", source + loss("Odd"))
    assert load_beside_a_healthy_one().printed == "the plugin\n"
    assert capsys.readouterr().out == "a thread\n"


def test_an_endless_print_is_kept_in_part(bring: Bring) -> None:
    bring("print('x' * 100_000)\n" + loss("Odd"))
    printed = load_beside_a_healthy_one().printed
    assert printed.endswith("… (100001 characters in all)")
    assert len(printed) < 5000


@pytest.fixture
def end(tmp_path: Path) -> Iterator[Path]:
    """A file that ends, once it is there, the threads of plugins."""
    file = tmp_path / "end"
    yield file
    file.touch()


def test_a_thread_it_leaves_is_named(bring: Bring, end: Path) -> None:
    source = f"""
import threading, time
from pathlib import Path
def beat():
    while not Path({str(end)!r}).exists():
        time.sleep(0.01)
threading.Thread(target=beat, name="heartbeat").start()
"""
    bring(source + loss("Odd"))
    state = load_beside_a_healthy_one()
    assert state.state == "loaded"
    assert state.notes == (
        "It started a thread while it was loaded, which still runs: heartbeat. Start threads when there is "
        "something to do, and end them.",
    )


def test_a_thread_it_leaves_does_not_keep_the_program_from_ending() -> None:
    write("odd.py", "import threading\nthreading.Thread(target=threading.Event().wait).start()")
    done = python("from ganstudio.registry import Registry; print(Registry.load().plugins[-1].notes)")
    assert "which still runs: Thread-" in done.stdout


def test_what_it_changes_for_everybody_is_put_back(bring: Bring, tmp_path: Path) -> None:
    source = f"import os, torch\nos.chdir({str(tmp_path)!r})\ntorch.set_default_dtype(torch.float64)\n"
    bring(source + loss("Odd"))
    folder = os.getcwd()
    state = load_beside_a_healthy_one()
    assert (os.getcwd(), torch.get_default_dtype()) == (folder, torch.float32)
    assert state.notes == (
        "It changed the working folder and torch's default dtype for the whole program while it was loaded; "
        "that was undone. Ask for it where it is needed.",
    )


def test_qt_in_what_the_command_line_loads_is_said() -> None:
    write("odd.py", "import PySide6.QtCore\n" + loss("Odd"))
    done = python("from ganstudio.registry import Registry; print(*Registry.load().plugins[-1].notes)")
    assert done.stdout.strip() == (
        "It imports PySide6, shiboken6 while it is loaded, also for the command line, which has no window; "
        "import it inside the function that needs it."
    )


def test_one_that_takes_a_minute_is_not_waited_for(
    bring: Bring, end: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"""
import time
from pathlib import Path
print("begun")
for _ in range(6000):
    if Path({str(end)!r}).exists():
        break
    time.sleep(0.01)
"""
    file = bring(source + loss("Odd"))
    monkeypatch.setenv("GANSTUDIO_PLUGIN_SECONDS", "0.5")
    began = time.perf_counter()
    write("zz_healthy.py", loss("Healthy"))
    registry = Registry.load()
    assert time.perf_counter() - began < 30
    assert "Healthy" in registry.classes["loss"]
    state = state_of(registry, "odd")
    assert state.failed.startswith("It was still loading after ")
    assert 0.5 <= state.seconds < 20
    assert f'File "{file}"' in state.traceback
    assert state.printed == "begun\n"

    # It is not begun a second time while it goes on.
    threads = threading.active_count()
    again = registry.reload()
    assert threading.active_count() == threads
    assert state_of(again, "odd").seconds > state.seconds
    end.touch()
    _wait_for_threads()
    done = again.reload()
    assert state_of(done, "odd").state == "loaded"
    assert {"Odd", "Healthy"} <= set(done.classes["loss"])


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("loading "):
            thread.join(10)
