"""Templates: a new plugin to begin with, as one file or as a package. Loads no torch and executes nothing."""

import keyword
import re
import sys
from importlib import resources
from pathlib import Path
from string import Template

from ganstudio.api.errors import InputError

KINDS = (
    "architecture",
    "loss",
    "regularizer",
    "augmentation",
    "data",
    "metric",
    "health",
    "panel",
    "exporter",
)
"""What there is a template for."""


def new_plugin(name: str, kind: str, folder: Path) -> Path:
    """Write a commented plugin of one file into ``folder``, and return its path.

    ``my gan``, ``my-gan`` and ``MyGan`` all become ``my_gan.py`` with the class ``MyGan``. Raises
    ``InputError`` when the name cannot be one, there is no such kind, or something of that name is there.
    """
    values = _values(name, kind)
    path = folder / f"{values['module']}.py"
    # A folder of that name would be the same plugin by its name.
    _refuse_taken(path, folder / values["module"])
    _write({path: _filled(f"{kind}.py", values)}, folder)
    return path


def new_package(name: str, kind: str, folder: Path) -> Path:
    """Write a package that pip can install into a new folder within ``folder``, and return that.

    It holds the plugin of one file, a pyproject.toml with its entry point, a test and a README. Raises as
    :func:`new_plugin` does.
    """
    values = _values(name, kind)
    package = folder / values["dist"]
    _refuse_taken(package)
    files = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        f"{values['module']}.py": f"{kind}.py",
        f"test_{values['module']}.py": "test.py",
    }
    _write({package / file: _filled(template, values) for file, template in files.items()}, package)
    return package


def module_name(name: str) -> str:
    """Return what a file of that name is called, without its ending; ``InputError`` if it cannot be."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.strip().removesuffix(".py"))
    module = re.sub(r"[\W_]+", "_", apart).strip("_").lower()
    if not module.isidentifier() or not module.isascii():
        raise InputError(
            f"{name!r} cannot be the name of a plugin. Begin with a letter from a to z, and go on with "
            "letters, "
            "digits, - or _, such as my-gan."
        )
    if keyword.iskeyword(module) or module in sys.stdlib_module_names or module in _TAKEN:
        raise InputError(f"{module} is a name of Python's own. Choose another, such as my_{module}.")
    return module


_TAKEN = {"torch", "torchvision", "numpy", "ganstudio", "ganstudio_plugins", "pytest"}


def _values(name: str, kind: str) -> dict[str, str]:
    """Return what stands in the templates."""
    if kind not in KINDS:
        raise InputError(f"There is no template of a {kind!r}; there is one of {', '.join(KINDS)}.")
    module = module_name(name)
    # A name that has capitals of its own keeps them: MyGAN.
    given = name.strip()
    cls = given if given.isidentifier() and given[0].isupper() and "_" not in given else _capitals(module)
    title = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\W_]+", " ", given.removesuffix(".py")).strip()
    title = title[0].upper() + title[1:]
    return {
        "module": module,
        "cls": cls,
        "title": title,
        "dist": f"ganstudio-{module.replace('_', '-')}",
        "kind": {"data": "data source", "health": "health rule"}.get(kind, kind),
    }


def _capitals(module: str) -> str:
    return "".join(part.capitalize() for part in module.split("_"))


def _filled(template: str, values: dict[str, str]) -> str:
    text = (resources.files("ganstudio_resources") / "templates" / f"{template}.txt").read_text("utf-8")
    return Template(text).substitute(values)


def _refuse_taken(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise InputError(f"{path} is there already, and is left as it is. Choose another name.")


def _write(files: dict[Path, str], folder: Path) -> None:
    """Write new files; what appears under one of their names meanwhile is never written over."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except FileExistsError as error:
        raise InputError(f"{error.filename} is there already. Choose another name.") from error
    except OSError as error:
        raise InputError(f"{error.filename} cannot be written: {error.strerror}.") from error
