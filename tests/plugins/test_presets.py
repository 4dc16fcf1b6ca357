import tomllib

import pytest

from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import resolve
from ganstudio_plugins.presets import NAMES, ganstudio_presets


@pytest.fixture(scope="module")
def registry():
    return Registry.load()


def test_the_convolutional_digits_come_first():
    assert NAMES[0] == "mnist-dcgan"
    assert [path.stem for path in ganstudio_presets()] == list(NAMES)


@pytest.mark.parametrize("path", ganstudio_presets(), ids=NAMES)
def test_a_preset_fits_the_plugins_and_its_data(path, registry):
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    resolved = resolve(Experiment.from_dict(table), registry)
    resolved.check_data(resolved.source.load(lambda what, share: None).spec)
    assert table["name"] == path.stem


@pytest.mark.parametrize("path", ganstudio_presets(), ids=NAMES)
def test_a_preset_promises_something_in_one_line_and_cites_its_source(path):
    about = tomllib.loads(path.read_text(encoding="utf-8"))["about"]
    assert "\n" not in about
    assert "arXiv:" in about
    assert about.endswith(".")
