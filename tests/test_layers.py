"""What each layer loads and imports. The whole of it is a contract of import-linter; these see it happen."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import ganstudio
from ganstudio import api
from ganstudio.api import Component, hooks
from ganstudio.registry import Registry
from tests.commands import python

PACKAGE = Path(ganstudio.__file__).parent
PLUGINS = PACKAGE.parent / "plugins"


def loaded_by(*modules: str) -> set[str]:
    """Return the packages that are loaded once these modules are, in a fresh interpreter."""
    code = "import sys\n" + "".join(f"import {module}\n" for module in modules)
    return set(python(code + "print(*{name.partition('.')[0] for name in sys.modules})").stdout.split())


def modules_of(folder: Path) -> list[str]:
    paths = [path.relative_to(PACKAGE.parent) for path in sorted(folder.rglob("*.py"))]
    names = [".".join(path.with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names]


def imports_of(path: Path) -> set[str]:
    """Return every module that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relative to itself"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_training_and_all_below_the_session_leave_qt_unloaded() -> None:
    layers = ["training", "evaluation", "runs"]
    modules = [module for layer in layers for module in modules_of(PACKAGE / layer)]
    loaded = loaded_by(*modules, "ganstudio.launch", "ganstudio.sampling", "ganstudio.progress")
    assert "torch" in loaded
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph"}


def test_the_window_leaves_torch_unloaded() -> None:
    modules = [*modules_of(PACKAGE / "gui"), *modules_of(PACKAGE / "session"), "ganstudio.app"]
    loaded = loaded_by(*modules)
    assert "PySide6" in loaded
    assert not loaded & {"torch", "torchvision", "torchmetrics", "click", "rich", "pluggy"}


def test_the_window_opens_without_pyqtgraph_numpy_or_pydantic() -> None:
    """What is on screen first is not to wait for what is needed later."""
    loaded = loaded_by("ganstudio.app", "ganstudio.session.session")
    assert not loaded & {"torch", "pyqtgraph", "numpy", "pydantic", "PIL", "safetensors"}


def test_the_command_line_starts_without_torch_and_qt() -> None:
    loaded = loaded_by("ganstudio.cli")
    assert not loaded & {"torch", "pydantic", "PySide6", "rich"}


@pytest.mark.parametrize("layer", ["catalogue", "experiment", "places"])
def test_plain_modules_load_nothing_heavy(layer: str) -> None:
    for module in sorted(imports_of(PACKAGE / f"{layer}.py")):
        assert module.partition(".")[0] not in {"torch", "PySide6", "numpy", "pydantic"}


def test_the_session_knows_the_core_of_qt_alone() -> None:
    for path in (PACKAGE / "session").glob("*.py"):
        qt = {name for name in imports_of(path) if name.startswith(("PySide6", "shiboken6", "pyqtgraph"))}
        assert {name.rpartition(".")[0] for name in qt} <= {"PySide6.QtCore"}, path


def test_plugins_see_the_public_surface_alone() -> None:
    # A plugin's own tests may use ``ganstudio.testing`` as well.
    example = [path for path in (PLUGINS / "example").rglob("*.py") if not path.name.startswith("test_")]
    files = [*(PLUGINS / "ganstudio_plugins").rglob("*.py"), *example]
    assert len(files) > 8
    public = {f"ganstudio.api.{name}" for name in api.__all__} | {"ganstudio.api"}
    for path in files:
        studio = {name for name in imports_of(path) if name.partition(".")[0] == "ganstudio"}
        assert studio <= public, path


def studio_classes() -> set[type]:
    """Return every class of the studio itself that a hook could offer, but for stand-ins."""
    found: set[type] = set()
    for name in modules_of(PACKAGE):
        if name.startswith(("ganstudio.gui", "ganstudio.testing", "ganstudio.__main__", "ganstudio.app")):
            continue
        for _name, cls in inspect.getmembers(importlib.import_module(name), inspect.isclass):
            if issubclass(cls, Component) and cls.__module__.startswith("ganstudio."):
                found.add(cls)
    return found


def test_the_studio_itself_holds_no_variant_loss_or_data() -> None:
    assert {cls.__name__ for cls in studio_classes()} == {
        *("Component", "Architecture", "GAN", "AdversarialLoss", "Regularizer", "Augmentation"),
        *("DataSource", "ImageSource", "TableSource", "Metric", "FeatureMetric", "FeatureExtractor"),
        *("HealthRule", "Panel", "Exporter"),
    }
    assert {cls.__module__.rpartition(".")[0] for cls in studio_classes()} == {"ganstudio.api"}


def test_every_hook_is_used_by_a_built_in() -> None:
    plugins = [offer.plugin for offer in Registry.load()._offers.values()]
    every = {name for name in vars(hooks) if name.startswith("ganstudio_")}
    assert {name for name in every if any(hasattr(plugin, name) for plugin in plugins)} == every


def test_every_module_says_what_it_is_for() -> None:
    for path in [*PACKAGE.rglob("*.py"), *PLUGINS.rglob("*.py")]:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_no_file_grows_past_its_purpose() -> None:
    for path in [*PACKAGE.rglob("*.py"), *PLUGINS.rglob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
