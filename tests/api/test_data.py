import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, InputError, LoadedData, PointSpec, Report, resize_images
from ganstudio.api.data import DataSpec, spec_from_dict, spec_kind, spec_to_dict


class Given(ImageSource):
    """Whatever a test gives."""

    values: Tensor

    def read(self, report: Report) -> LoadedData:
        channels, height, width = self.values.shape[1:]
        spec = ImageSpec(channels, height, width, ("a", "b"))
        return LoadedData(spec, self.values, torch.arange(len(self.values)), ["A note."])


def loaded(values: Tensor, **settings) -> LoadedData:
    source = Given(Given.Settings(**settings))
    source.values = values
    return source.load(lambda what, share: None)


def noise(*shape: int) -> Tensor:
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def test_images_stay_as_they_are_unless_asked() -> None:
    values = noise(3, 3, 5, 7)
    data = loaded(values)
    assert data.values is values
    assert data.spec == ImageSpec(3, 5, 7, ("a", "b"))
    assert data.notes == ["A note."]
    assert data.labels.tolist() == [0, 1, 2]
    assert len(data) == 3


def test_colours_become_grey_by_luma() -> None:
    values = torch.tensor([255, 0, 0, 0, 255, 0, 0, 0, 255], dtype=torch.uint8).view(3, 3, 1, 1)
    data = loaded(values, colour="grey")
    assert data.values.flatten().tolist() == [76, 150, 29]
    assert data.spec.shape == (1, 1, 1)
    white = loaded(torch.full((1, 3, 1, 1), 255, dtype=torch.uint8), colour="grey")
    assert white.values.item() == 255


def test_grey_becomes_three_equal_colours() -> None:
    data = loaded(noise(2, 1, 4, 4), colour="RGB")
    assert data.spec.channels == 3
    assert data.values.is_contiguous()
    assert torch.equal(data.values[:, 0], data.values[:, 2])


@pytest.mark.parametrize("shape", [(5, 3, 20, 30), (2, 1, 4, 4)], ids=["smaller and square", "larger"])
def test_images_are_scaled_to_a_square(shape: tuple[int, ...]) -> None:
    data = loaded(noise(*shape), resize=8)
    assert data.values.shape == (shape[0], shape[1], 8, 8)
    assert data.values.dtype == torch.uint8
    assert (data.spec.height, data.spec.width) == (8, 8)


def test_scaling_keeps_a_flat_image_flat_and_the_mean_of_any() -> None:
    flat = resize_images(torch.full((1, 1, 30, 30), 200, dtype=torch.uint8), 7)
    assert set(flat.flatten().tolist()) == {200}
    values = noise(1100, 1, 16, 16)
    small = resize_images(values, 8)
    assert small.shape == (1100, 1, 8, 8)
    means = values.float().mean((1, 2, 3)) - small.float().mean((1, 2, 3))
    assert float(means.abs().max()) < 4


@pytest.mark.parametrize(
    "spec",
    [ImageSpec(3, 5, 7, ("a", "b")), PointSpec(2, ((0.0, 1.0), (1.5, -1.0)), 0.01), PointSpec(3)],
    ids=["images", "mixture", "points"],
)
def test_a_spec_survives_being_written_as_plain_values(spec: DataSpec) -> None:
    values = spec_to_dict(spec)
    assert spec_from_dict({**values, "classes": list(values["classes"])}) == spec


def test_a_spec_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="'sounds'"):
        spec_from_dict({"kind": "sounds"})


@pytest.mark.parametrize(
    ("spec", "kind", "words"),
    [
        (ImageSpec(1, 28, 32), "images", "32 × 28 grey images"),
        (ImageSpec(3, 8, 8), "images", "8 × 8 colour images"),
        (ImageSpec(4, 8, 8), "images", "8 × 8 4-channel images"),
        (PointSpec(2), "points", "2-D points"),
    ],
)
def test_a_spec_is_told_in_words(spec: DataSpec, kind: str, words: str) -> None:
    assert spec_kind(type(spec)) == kind
    assert spec.describe() == words
