"""The plugin reference, held against the code: nothing is missing, nothing differs, every block runs."""

import dataclasses
import inspect
import re
import shlex
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
import torch

from ganstudio import api
from ganstudio.api import GAN, Batch, Component, ImageSpec, Settings, hooks
from ganstudio.api import settings as settings_module
from ganstudio.cli import main
from ganstudio.discovery.offers import ask
from ganstudio.experiment import Experiment
from ganstudio.testing import CHECKS
from ganstudio_plugins.losses import NonSaturating

FILE = Path(__file__).parents[1] / "plugins" / "README.md"
REFERENCE = FILE.read_text(encoding="utf-8")
HOOKS = [name for name in vars(hooks) if name.startswith("ganstudio_")]
MARKS = [
    name
    for name in api.__all__
    if getattr(getattr(api, name), "__module__", "") == settings_module.__name__
    or type(getattr(api, name)).__module__ == settings_module.__name__
]
STEPS = 10


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", REFERENCE, re.DOTALL)


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """Run every Python block in order in one module, as a reader types them."""
    made = ModuleType("typed_from_the_reference")
    made.__file__ = str(FILE)
    for number, block in enumerate(blocks("python"), 1):
        # On its own lines of the file, so that a failure names the line in the reference.
        above = REFERENCE[: REFERENCE.index(block)].count("\n")
        code = compile("\n" * above + block, str(FILE), "exec")
        try:
            exec(code, vars(made))
        except Exception as error:
            raise AssertionError(f"Block {number} of {FILE.name} does not run: {error!r}") from error
    return made


# --- Nothing is missing ----------------------------------------------------------------------------


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented(hook: str) -> None:
    assert f"| `{hook}` |" in section("Hooks")


def test_no_hook_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `(ganstudio_\w+)`", REFERENCE, re.MULTILINE)) == set(HOOKS)


def test_there_are_marks_to_look_for() -> None:
    assert {"Range", "Live", "Unit", "Group"} <= set(MARKS)


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_a_field_is_documented(mark: str) -> None:
    assert re.search(rf"`{mark}\b", section("Settings")) or re.search(rf"`{mark}\b", section("Reference"))


@pytest.mark.parametrize("mark", [name for name in MARKS if name in ("Range", "Live", "Unit", "Group")])
def test_marks_stand_in_the_table(mark: str) -> None:
    assert re.search(rf"^\| `{mark}\b", section("Settings"), re.MULTILINE)


@pytest.mark.parametrize("name", api.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert re.search(rf"`{name}\b", REFERENCE)


@pytest.mark.parametrize(
    ("category", "check"), [(category, check) for category in CHECKS for check in CHECKS[category]]
)
def test_every_check_is_documented_with_what_it_means(category: str, check: str) -> None:
    meaning = re.escape(CHECKS[category][check])
    assert re.search(rf"^\| {category} \| `{check}` \| {meaning} \| \S.*\|$", REFERENCE, re.MULTILINE)


def test_no_check_is_documented_that_does_not_exist() -> None:
    rows = re.findall(r"^\| (\w[\w ]*) \| `([\w ]+)` \|", section("The checks"), re.MULTILINE)
    assert {(category, check) for category, check in rows} == {
        (category, check) for category in CHECKS for check in CHECKS[category]
    }


# --- Nothing differs from the code -----------------------------------------------------------------


def documented() -> list[tuple[str, str, str]]:
    """Return class, name and arguments of each row of the reference; no brackets: ``""``."""
    found = []
    owner = ""
    for line in section("Reference").splitlines():
        if heading := re.match(r"### (?:`(\w+)`)?", line):
            owner = heading[1] or ""
        elif row := re.match(r"\| `(\w+)(\(.*?\))?` \|", line):
            found.append((owner, row[1], row[2] or ""))
    return found


ROWS = documented()
PUBLIC = [getattr(api, name) for name in api.__all__]
DERIVED_FROM = [cls for cls in PUBLIC if inspect.isclass(cls) and issubclass(cls, Component)]


def signature(function: Any) -> str:
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name not in ("self", "cls")]
    return "(" + ", ".join(_parameter(p) for p in parameters) + ")"


def _parameter(parameter: inspect.Parameter) -> str:
    star = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    if parameter.default is parameter.empty:
        return star + parameter.name
    default = repr(parameter.default).replace("<factory>", "[]")
    return f"{parameter.name}={default}"


@pytest.mark.parametrize(("owner", "name", "arguments"), ROWS, ids=[f"{o}.{n}" for o, n, _ in ROWS])
def test_a_documented_signature_is_that_of_the_code(owner: str, name: str, arguments: str) -> None:
    holder = getattr(api, owner) if owner else api
    if owner == name or not owner:
        thing = getattr(api, name)
    else:
        annotated = any(name in vars(cls).get("__annotations__", {}) for cls in holder.__mro__)
        assert annotated or hasattr(holder, name) or name in getattr(holder, "model_fields", {})
        thing = getattr(holder, name, None)
    if not arguments:
        is_method = inspect.isfunction(thing) or inspect.ismethod(thing)
        assert not is_method or name == "hookimpl", "a method stands with its brackets"
    elif dataclasses.is_dataclass(thing) and not owner:
        fields = ", ".join(field.name for field in dataclasses.fields(thing))
        assert arguments == f"({fields})"
    else:
        assert arguments == signature(thing)


@pytest.mark.parametrize("cls", DERIVED_FROM, ids=[cls.__name__ for cls in DERIVED_FROM])
def test_every_class_to_derive_from_is_documented_whole(cls: type) -> None:
    rows = {name for owner, name, _ in ROWS if owner == cls.__name__}
    members = {
        name
        for name, member in vars(cls).items()
        if not name.startswith("_")
        and not isinstance(member, type)
        and (callable(member) or isinstance(member, classmethod | property))
    }
    assert members - {"Settings", "category"} <= rows


# --- Every block runs ------------------------------------------------------------------------------


def test_the_tutorial_has_its_ten_steps_and_says_what_the_window_shows() -> None:
    tutorial = section("Ten steps from an empty file")
    steps = re.split(r"^\*\*(?=\d+\. )", tutorial, flags=re.MULTILINE)[1:]
    assert [int(step.partition(".")[0]) for step in steps] == list(range(1, STEPS + 1))
    assert all("*The window then shows*" in step for step in steps)


def test_every_python_block_runs_and_the_studio_takes_what_they_offer(module: ModuleType) -> None:
    offer = ask(module)
    names = {cls.__name__ for cls in offer.classes}
    assert {"FlatGAN", "Absolute", "Drift", "Contrast", "Rising", "Step", "Samples"} <= names


def test_the_gan_of_the_tutorial_takes_a_step(module: ModuleType) -> None:
    assert issubclass(module.FlatGAN, GAN)
    assert issubclass(module.FlatGAN.Settings, Settings)
    for loss in (NonSaturating(), module.Absolute()):
        gan = module.FlatGAN(None, loss, [module.Drift()])
        gan.build(ImageSpec(1, 12, 10))
        batches = iter([Batch(torch.zeros(4, 1, 12, 10))])
        updates = [update.networks for update in gan.training_step(batches)]
        assert updates == [gan.discriminator, gan.generator]
        assert gan.generate(gan.draw_latents(3)).shape == (3, 1, 12, 10)


def test_what_the_tutorial_refuses_is_said_as_it_says(module: ModuleType) -> None:
    settings = module.SmallFlatGAN.Settings()
    assert module.SmallFlatGAN.refuses(settings, ImageSpec(1, 28, 28)) is None
    assert "Set Resize to 64." in module.SmallFlatGAN.refuses(settings, ImageSpec(3, 128, 96))


def test_a_gan_without_networks_says_what_the_tutorial_says() -> None:
    unfinished: dict[str, Any] = {"__name__": "unfinished"}
    exec(blocks("python")[0], unfinished)
    with pytest.raises(NotImplementedError) as raised:
        unfinished["FlatGAN"](None, NonSaturating()).build(ImageSpec(1, 8, 8))
    assert f"“{raised.value}”" in REFERENCE


@pytest.mark.parametrize("block", blocks("toml"))
def test_every_toml_block_is_what_it_seems(block: str) -> None:
    table = tomllib.loads(block)
    assert table
    if "architecture" in table:
        Experiment.from_dict(table)
    if "project" in table:
        assert list(table["project"]["entry-points"]) == ["ganstudio"]


@pytest.mark.parametrize(
    "line", [line for block in blocks("sh") for line in block.splitlines() if not line.startswith("#")]
)
def test_every_command_exists_with_its_options(line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "pip":
        return
    assert words[0] == "ganstudio"
    command: click.Command = main
    rest = words[1:]
    context = click.Context(command)
    while rest and isinstance(command, click.Group) and (found := command.get_command(context, rest[0])):
        command, rest = found, rest[1:]
    assert command is not main, f"there is no command {words[1]}"
    context = click.Context(command)
    options = {option for parameter in command.get_params(context) for option in parameter.opts}
    assert {word.partition("=")[0] for word in rest if word.startswith("--")} <= options
    if not any(word.startswith("{") for word in rest):
        command.make_context(words[1], list(rest), resilient_parsing=False)
