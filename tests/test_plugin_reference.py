"""The plugin reference, held against the code."""

import re
from pathlib import Path

import pytest
import torch

from ganstudio.api import GAN, Batch, ImageSpec, Settings, hooks
from ganstudio.api import settings as marks
from ganstudio_plugins.losses import NonSaturating

REFERENCE = (Path(__file__).parents[1] / "plugins" / "README.md").read_text(encoding="utf-8")
HOOKS = [name for name in vars(hooks) if name.startswith("ganstudio_")]


def python_blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", REFERENCE, re.DOTALL)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented(hook: str) -> None:
    assert f"| `{hook}` |" in REFERENCE


def test_no_hook_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `(ganstudio_\w+)`", REFERENCE, re.MULTILINE)) == set(HOOKS)


@pytest.mark.parametrize("mark", ["Range(", "Live", "Unit(", "Group("])
def test_every_mark_of_a_field_is_documented(mark: str) -> None:
    assert hasattr(marks, mark.rstrip("("))
    assert f"| `{mark}" in REFERENCE


def test_the_first_plugin_of_the_reference_takes_a_step() -> None:
    module: dict[str, object] = {}
    exec(compile(python_blocks()[0], "plugins/README.md", "exec"), module)

    (architecture,) = module["ganstudio_architectures"]()  # type: ignore[operator]
    assert issubclass(architecture, GAN)
    assert issubclass(architecture.Settings, Settings)
    gan = architecture(None, NonSaturating())
    gan.build(ImageSpec(1, 12, 10))
    batches = iter([Batch(torch.zeros(4, 1, 12, 10))])

    assert [update.networks for update in gan.training_step(batches)] == [gan.discriminator, gan.generator]
    assert gan.generate(gan.draw_latents(3)).shape == (3, 1, 12, 10)
