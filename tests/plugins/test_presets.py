import tomllib

import pytest

from ganstudio.api import ImageSpec, InputError, PairedSpec, UnpairedSpec
from ganstudio.api.data import DataSpec
from ganstudio.experiment import Experiment
from ganstudio.registry import Registry
from ganstudio.resolve import Resolved, resolve
from ganstudio_plugins.presets import NAMES, ganstudio_presets

TEN = tuple("0123456789")
DOWNLOADED = {
    "FashionMNIST": ImageSpec(1, 28, 28, TEN),
    "CIFAR10": ImageSpec(3, 32, 32, TEN),
}
"""What the sets that presets use are like; tests do not fetch them."""
OF_THE_USER = {
    "UnpairedArrays": UnpairedSpec(ImageSpec(3, 64, 64), ImageSpec(3, 64, 64)),
    "SuperResolutionFolder": PairedSpec(ImageSpec(3, 24, 24), ImageSpec(3, 48, 48)),
}
"""What files that the user is to choose are meant to be like."""

every_preset = pytest.mark.parametrize("path", ganstudio_presets(), ids=NAMES)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def spec_of(resolved: Resolved) -> DataSpec:
    """Return what the data of a preset is like, without fetching any."""
    kind = resolved.experiment.data.kind
    if kind in OF_THE_USER:
        return OF_THE_USER[kind]
    spec = DOWNLOADED.get(kind)
    if spec is None:
        return resolved.source.load(lambda what, share: None).spec
    side = resolved.experiment.data.settings.get("resize") or spec.height
    return ImageSpec(spec.channels, side, side, spec.classes)


def test_the_convolutional_digits_come_first() -> None:
    assert NAMES[0] == "mnist-dcgan"
    assert [path.stem for path in ganstudio_presets()] == list(NAMES)


def test_every_preset_among_the_resources_is_offered() -> None:
    folder = ganstudio_presets()[0].parent
    assert sorted(path.stem for path in folder.glob("*.toml")) == sorted(NAMES)


@every_preset
def test_a_preset_fits_the_plugins_and_its_data(path, registry: Registry) -> None:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    resolved = resolve(Experiment.from_dict(table), registry)
    assert table["name"] == path.stem
    spec = spec_of(resolved)
    resolved.check_data(spec)
    # Networks may refuse what the settings ask of them only as they are built.
    resolved.architecture.build(spec)
    packing = getattr(resolved.architecture.settings, "packing", 1)
    assert resolved.training.batch_size % packing == 0


@every_preset
def test_a_preset_promises_something_in_one_line_and_cites_its_source(path) -> None:
    card = tomllib.loads(path.read_text(encoding="utf-8"))["preset"]
    assert set(card) == {"group", "promise", "minutes", "source"}
    assert card["group"].strip()
    assert 10 <= len(card["promise"]) <= 120
    assert "\n" not in card["promise"]
    assert card["minutes"] >= 0
    assert "arXiv:" in card["source"]


def test_a_preset_whose_data_is_the_users_own_asks_for_it() -> None:
    table = tomllib.loads((ganstudio_presets()[0].parent / "cyclegan-emoji.toml").read_text(encoding="utf-8"))
    resolved = resolve(Experiment.from_dict(table), Registry.load())
    with pytest.raises(InputError, match=r"Set File to the \.npz file that holds your images"):
        resolved.source.load(lambda what, share=None: None)
