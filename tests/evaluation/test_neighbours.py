import numpy as np
import pytest
import torch

from ganstudio.api import ImageSpec, InputError, LoadedData, UnpairedSpec
from ganstudio.evaluation.neighbours import Neighbourhood


def quiet(what: str, share: float | None = None) -> None:
    pass


def noise(count: int, seed: int = 0, channels: int = 1) -> torch.Tensor:
    chance = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, channels, 8, 8), dtype=torch.uint8, generator=chance)


def data(count: int = 300, channels: int = 1, **more: object) -> LoadedData:
    return LoadedData(ImageSpec(channels, 8, 8), noise(count, channels=channels), **more)


def as_array(image: torch.Tensor) -> np.ndarray:
    return image.permute(1, 2, 0).numpy()


def test_a_training_image_is_found_and_called_the_same():
    loaded = data()
    found = Neighbourhood(loaded, quiet).find(as_array(loaded.values[123]))
    assert found.nearest[0].index == 123
    assert found.nearest[0].distance == pytest.approx(0, abs=1e-3)
    assert found.same
    assert found.copied
    np.testing.assert_array_equal(found.nearest[0].image, as_array(loaded.values[123]))


def test_the_nearest_are_those_that_a_plain_search_finds():
    loaded, image = data(), noise(1, seed=7)[0]
    found = Neighbourhood(loaded, quiet).find(as_array(image), 5)
    squares = (loaded.values.double() - image.double()).square().flatten(1).mean(1)
    wanted = squares.sqrt().sort()
    assert [each.index for each in found.nearest] == wanted.indices[:5].tolist()
    assert [each.distance for each in found.nearest] == pytest.approx(
        (wanted.values[:5] / 255).tolist(), rel=1e-4
    )


def test_an_image_that_is_like_the_data_is_no_copy_and_a_slightly_changed_one_is():
    loaded = data(600)
    neighbourhood = Neighbourhood(loaded, quiet)
    fresh = [neighbourhood.find(as_array(image)) for image in noise(40, seed=9)]
    # The share is that of a draw from the data itself: spread evenly over 0..1.
    assert 0.3 < float(np.mean([found.nearer for found in fresh])) < 0.7
    changed = loaded.values[5].clone()
    changed[0, :2] = 128
    found = neighbourhood.find(as_array(changed))
    assert (found.copied, found.same, found.nearest[0].index) == (True, False, 5)


def test_what_is_unlike_the_data_lies_farther_than_all_real_images():
    soft = LoadedData(ImageSpec(1, 8, 8), noise(300) // 4 + 96)
    assert Neighbourhood(soft, quiet).find(np.zeros((8, 8, 1), np.uint8)).nearer == 1.0


@pytest.mark.parametrize("flip", [True, False])
def test_mirror_images_count_where_the_data_is_mirrored_in_training(flip: bool):
    loaded = data(flip=flip)
    found = Neighbourhood(loaded, quiet).find(as_array(loaded.values[3].flip(2)).copy())
    assert (found.nearest[0].index == 3) is flip
    assert found.same is flip
    if flip:
        assert found.nearest[0].mirrored


def test_colour_images_larger_than_what_is_compared_are_found_with_their_classes():
    chance = torch.Generator().manual_seed(1)
    values = torch.randint(0, 256, (50, 3, 40, 24), dtype=torch.uint8, generator=chance)
    spec = ImageSpec(3, 40, 24, classes=("cat", "dog"))
    loaded = LoadedData(spec, values, torch.arange(50) % 2)
    (only,) = Neighbourhood(loaded, quiet).find(as_array(values[7]), 1).nearest
    assert (only.index, only.label, only.image.shape) == (7, "dog", (40, 24, 3))


def test_a_set_of_one_image_has_one_neighbour():
    found = Neighbourhood(data(1), quiet).find(as_array(noise(1, seed=5)[0]))
    assert (len(found.nearest), found.count, found.copied) == (1, 1, False)


def test_images_made_from_images_have_no_nearest_ones():
    spec = UnpairedSpec(ImageSpec(1, 8, 8), ImageSpec(1, 8, 8))
    with pytest.raises(InputError, match="from latents"):
        Neighbourhood(LoadedData(spec, noise(4), other=noise(4)), quiet)


def test_it_ends_when_nobody_wants_it_any_more():
    def stop(what: str, share: float | None = None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Neighbourhood(data(), stop)
