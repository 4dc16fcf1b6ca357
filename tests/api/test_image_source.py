from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSource, ImageSpec, LoadedData, Report, resize_images


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
    ("shape", "middle"),
    [((1, 1, 4, 8), (slice(None), slice(2, 6))), ((1, 1, 9, 4), (slice(2, 6), slice(None)))],
    ids=["wide", "high"],
)
def test_cropping_takes_the_middle_square(shape: tuple[int, ...], middle: tuple[slice, slice]) -> None:
    values = noise(*shape)
    data = loaded(values, resize=4)
    assert torch.equal(data.values, values[:, :, *middle])


def test_without_cropping_all_of_an_image_is_seen() -> None:
    values = torch.zeros(1, 1, 10, 30, dtype=torch.uint8)
    values[..., 10:20] = 240
    data = loaded(values, resize=10, crop=False)
    assert data.values.min() == 0
    assert loaded(values, resize=10).values.min() == 240


def test_cropping_does_nothing_without_resizing() -> None:
    assert loaded(noise(2, 1, 4, 8), crop=True).spec == ImageSpec(1, 4, 8, ("a", "b"))


@pytest.mark.parametrize(("fit", "crop"), [("crop", True), ("stretch", False)])
def test_what_older_experiments_call_fit_is_read(fit: str, crop: bool) -> None:
    assert Given.Settings.model_validate({"resize": 8, "fit": fit}).crop is crop


def test_any_other_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        Given.Settings.model_validate({"fit": "squeeze"})


def test_flips_are_left_to_the_feed() -> None:
    values = noise(2, 1, 4, 4)
    data = loaded(values, flip=True)
    assert data.flip
    assert torch.equal(data.values, values)
    assert not loaded(values).flip


def test_what_could_not_be_read_stays_with_the_data() -> None:
    class Damaged(Given):
        """One file of it cannot be read."""

        def read(self, report: Report) -> LoadedData:
            found = super().read(report)
            found.unreadable.append(("a.png", "it is damaged"))
            return found

    source = Damaged(Damaged.Settings(resize=2))
    source.values = noise(2, 1, 4, 4)
    assert source.load(lambda what, share: None).unreadable == [("a.png", "it is damaged")]


class Filed(ImageSource):
    """Coloured noise from a file, as a plugin may have it; it counts how often it was read."""

    reads = 0

    class Settings(ImageSource.Settings):
        """Where it is."""

        file: Path

    settings: "Filed.Settings"

    def made_of(self, report: Report) -> list[Path]:
        return [self.settings.file]

    def read(self, report: Report) -> LoadedData:
        type(self).reads += 1
        pixels = torch.frombuffer(bytearray(self.settings.file.read_bytes()), dtype=torch.uint8)
        return LoadedData(ImageSpec(3, 6, 8), pixels.view(-1, 3, 6, 8))


@pytest.fixture
def filed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 50 images, of which a tenth would fit into the memory budget."""
    monkeypatch.setattr(Filed, "reads", 0)
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "720")
    path = tmp_path / "pixels"
    path.write_bytes(noise(50, 3, 6, 8).numpy().tobytes())
    return path


def from_file(path: Path, **settings) -> LoadedData:
    return Filed(Filed.Settings(file=path, **settings)).load(lambda what, share: None)


@pytest.mark.parametrize(
    "settings",
    [{}, {"resize": 7}, {"resize": 7, "crop": False}, {"colour": "grey"}, {"resize": 16, "colour": "grey"}],
    ids=["as they are", "cropped", "distorted", "grey", "grey and larger"],
)
def test_a_large_set_kept_on_disk_is_the_same_as_in_memory(
    settings: dict, filed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk, again = from_file(filed, **settings), from_file(filed, **settings)
    assert Filed.reads == 1
    monkeypatch.delenv("GANSTUDIO_MEMORY_BUDGET")
    filed.write_bytes(filed.read_bytes())  # a new time of change: it is read anew, into memory
    in_memory = from_file(filed, **settings)
    assert Filed.reads == 2
    for data in (on_disk, again):
        assert torch.equal(data.values, in_memory.values)
        assert data.spec == in_memory.spec
        assert "are read from disk" in data.notes[-1]
    assert in_memory.notes == []


def test_flips_do_not_make_another_file(filed: Path) -> None:
    from_file(filed)
    assert from_file(filed, flip=True).flip
    assert Filed.reads == 1


def test_other_settings_make_another_file(filed: Path) -> None:
    from_file(filed)
    assert from_file(filed, resize=8).spec.shape == (3, 8, 8)
    assert from_file(filed).spec.shape == (3, 6, 8)
    assert Filed.reads == 2


def test_a_set_that_becomes_small_stays_in_memory(filed: Path, studio_home: Path) -> None:
    data = from_file(filed, resize=2, colour="grey")
    assert data.notes == []
    assert not (studio_home / "caches").exists()
