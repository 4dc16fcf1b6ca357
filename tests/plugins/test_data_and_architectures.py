"""Every kind of data with every architecture: it trains, or is refused with a fix that works."""

import re

import pytest
import torch

from ganstudio.api import (
    Architecture,
    DataSpec,
    ImageSpec,
    LoadedData,
    PairedSpec,
    PointSpec,
    UnpairedSpec,
)
from ganstudio.api.events import Finished
from ganstudio.registry import Registry
from ganstudio.training.settings import TrainingSettings
from ganstudio.training.trainer import Trainer
from tests.plugins.test_combinations import small

REGISTRY = Registry.load()
ARCHITECTURES = REGISTRY.classes["architecture"]
DATA = {
    "grey 28, labelled": ImageSpec(1, 28, 28, ("a", "b")),
    "grey 28": ImageSpec(1, 28, 28),
    "colour 32": ImageSpec(3, 32, 32),
    "colour 32, labelled": ImageSpec(3, 32, 32, ("a", "b")),
    "colour 64": ImageSpec(3, 64, 64),
    "four channels": ImageSpec(4, 32, 32),
    "no square": ImageSpec(3, 30, 20),
    "odd": ImageSpec(1, 37, 37),
    "tiny": ImageSpec(1, 5, 5),
    "large": ImageSpec(3, 300, 200),
    "plane": PointSpec(2),
    "space": PointSpec(3),
    "unpaired grey 32": UnpairedSpec(ImageSpec(1, 32, 32), ImageSpec(1, 32, 32)),
    "unpaired colour, wide": UnpairedSpec(ImageSpec(3, 32, 48), ImageSpec(3, 32, 48)),
    "unpaired odd": UnpairedSpec(ImageSpec(3, 37, 30), ImageSpec(3, 37, 30)),
    "unpaired tiny": UnpairedSpec(ImageSpec(1, 5, 5), ImageSpec(1, 5, 5)),
    "pairs of grey and colour": PairedSpec(ImageSpec(1, 32, 32), ImageSpec(3, 32, 32)),
    "pairs, odd": PairedSpec(ImageSpec(1, 37, 30), ImageSpec(1, 37, 30)),
    "pairs, tiny": PairedSpec(ImageSpec(3, 9, 9), ImageSpec(3, 9, 9)),
}


def loaded(spec: DataSpec) -> LoadedData:
    generator = torch.Generator().manual_seed(0)
    if isinstance(spec, UnpairedSpec | PairedSpec):
        first, second = (loaded(part).values for part in spec.parts)
        return LoadedData(spec, first, other=second)
    labels = torch.arange(8) % len(spec.classes) if spec.classes else None
    if isinstance(spec, PointSpec):
        return LoadedData(spec, torch.randn(8, spec.dimensions, generator=generator), labels)
    values = torch.randint(0, 256, (8, *spec.shape), generator=generator, dtype=torch.uint8)
    return LoadedData(spec, values, labels)


def resized(spec: DataSpec, side: int) -> DataSpec:
    if isinstance(spec, UnpairedSpec | PairedSpec):
        return type(spec)(*(ImageSpec(part.channels, side, side) for part in spec.parts))
    return ImageSpec(spec.channels, side, side)


def trains(cls: type[Architecture], spec: DataSpec) -> bool:
    arguments = {"loss": REGISTRY.classes["loss"]["NonSaturating"]()} if cls.adversarial else {}
    architecture = cls(small(cls), **arguments)
    settings = TrainingSettings(steps=2, batch_size=4, preview_every=2, preview_count=4)
    events = list(Trainer(architecture, loaded(spec), cls.default_optimizers, settings).run())
    return isinstance(events[-1], Finished)


@pytest.mark.parametrize("spec", DATA.values(), ids=DATA)
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_data_is_trained_on_or_refused_with_a_fix_that_works(name: str, spec: DataSpec) -> None:
    cls = ARCHITECTURES[name]
    reason = cls.refuses(small(cls), spec)
    if reason is None:
        assert trains(cls, spec)
        return
    assert reason.endswith(".")
    if isinstance(spec, cls.accepts):
        (side,) = re.findall(r"[sS]et Resize to (\d+)", reason)
        assert cls.refuses(small(cls), resized(spec, int(side))) is None
    else:
        assert spec.describe() in reason
