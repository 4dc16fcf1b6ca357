from itertools import islice

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, PointSpec
from ganstudio.training.feed import Feed
from tests.training.support import images

CPU = torch.device("cpu")


def numbered(count: int, batch_size: int, seed: int = 0) -> Feed:
    """Points and labels that are their own numbers."""
    numbers = torch.arange(count)
    data = LoadedData(PointSpec(1), numbers.float().unsqueeze(1), numbers)
    return Feed(data, batch_size, seed, CPU)


def drawn(feed: Feed, batches: int) -> list[int]:
    return [int(number) for batch in islice(feed, batches) for number in batch.real.flatten()]


@pytest.mark.parametrize(("count", "batch_size"), [(12, 4), (10, 4), (10, 3), (7, 7), (3, 8), (1, 5)])
def test_every_sample_comes_once_an_epoch(count: int, batch_size: int) -> None:
    numbers = drawn(numbered(count, batch_size), 5 * count)
    epochs = [numbers[start : start + count] for start in range(0, len(numbers) - count + 1, count)]
    assert len(epochs) >= 5
    for epoch in epochs:
        assert sorted(epoch) == list(range(count))


def test_every_batch_is_full_across_the_end_of_an_epoch() -> None:
    assert {len(batch.real) for batch in islice(numbered(10, 4), 20)} == {4}


def test_a_batch_larger_than_the_data_holds_several_epochs() -> None:
    feed = numbered(10, 25)
    batch = drawn(feed, 1)
    assert len(batch) == 25
    assert sorted(batch[:10]) == sorted(batch[10:20]) == list(range(10))
    assert feed.place() == {"epoch": 2, "position": 5}


def test_each_epoch_has_an_order_of_its_own() -> None:
    numbers = drawn(numbered(50, 50), 3)
    assert len({tuple(numbers[start : start + 50]) for start in (0, 50, 100)}) == 3


@pytest.mark.parametrize(("other", "equal"), [(5, True), (6, False)], ids=["same seed", "other seed"])
def test_the_order_depends_on_the_seed_alone(other: int, equal: bool) -> None:
    torch.rand(3)
    first = drawn(numbered(40, 8, seed=5), 10)
    torch.rand(5)
    assert (first == drawn(numbered(40, 8, seed=other), 10)) == equal


def test_drawing_batches_uses_no_randomness_of_the_training() -> None:
    before = torch.get_rng_state()
    drawn(numbered(10, 4), 10)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("batches", range(9))
def test_a_place_that_was_kept_continues_the_same_stream(batches: int) -> None:
    feed = numbered(10, 4, seed=2)
    drawn(feed, batches)
    place = feed.place()
    expected = drawn(feed, 12)
    other = numbered(10, 4, seed=2)
    other.go_to(place)
    assert drawn(other, 12) == expected
    feed.go_to(place)
    assert drawn(feed, 12) == expected


def test_labels_stay_with_their_samples() -> None:
    for batch in islice(numbered(10, 4), 10):
        assert torch.equal(batch.real.flatten().long(), batch.labels)


def test_images_come_as_floats_from_minus_one_to_one() -> None:
    values = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    (batch,) = islice(Feed(LoadedData(ImageSpec(1, 16, 16), values), 1, 0, CPU), 1)
    assert batch.labels is None
    assert batch.images.dtype == torch.float32
    assert (float(batch.images.min()), float(batch.images.max())) == (-1.0, 1.0)
    torch.testing.assert_close(batch.images.flatten(), torch.linspace(-1, 1, 256))


@pytest.mark.parametrize(
    "data",
    [images(6), LoadedData(PointSpec(1), torch.arange(6.0).unsqueeze(1))],
    ids=["images", "points"],
)
def test_a_batch_is_a_copy_of_the_data(data: LoadedData) -> None:
    before = data.values.clone()
    for batch in islice(Feed(data, 4, 0, CPU), 3):
        torch.Tensor.zero_(batch.real)
    assert torch.equal(data.values, before)


def test_points_come_as_they_are() -> None:
    values: Tensor = torch.tensor([[3.5, -200.0]])
    (batch,) = islice(Feed(LoadedData(PointSpec(2), values), 1, 0, CPU), 1)
    assert torch.equal(batch.points, values)
