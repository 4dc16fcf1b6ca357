from itertools import islice
from pathlib import Path

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, PointSpec
from ganstudio.api.mapped_file import mapped
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


# --- Flips -----------------------------------------------------------------------------------------


def arrows(count: int, batch_size: int, seed: int = 0, flip: bool = True) -> Feed:
    """Images of one row: their number, then a mark on the right. A mirrored one begins with the mark."""
    values = torch.zeros(count, 1, 1, 3, dtype=torch.uint8)
    values[:, 0, 0, 0] = torch.arange(count)
    values[:, 0, 0, 2] = 255
    return Feed(LoadedData(ImageSpec(1, 1, 3), values, flip=flip), batch_size, seed, CPU)


def seen(feed: Feed, batches: int) -> list[tuple[int, bool]]:
    """Return number and mirrored or not of each image that comes."""
    rows = torch.cat([batch.real.flatten(1) for batch in islice(feed, batches)])
    rows = ((rows + 1) * 127.5).round().int()
    mirrored = rows[:, 0] == 255
    assert torch.equal(mirrored, rows[:, 2] != 255)
    assert (rows[:, 1] == 0).all()
    return list(zip(torch.where(mirrored, rows[:, 2], rows[:, 0]).tolist(), mirrored.tolist(), strict=True))


def test_without_flips_no_image_is_mirrored() -> None:
    assert not any(mirrored for _, mirrored in seen(arrows(40, 7, flip=False), 20))


def test_about_half_of_the_images_are_mirrored_and_each_epoch_others() -> None:
    feed = arrows(200, 200)
    epochs = [dict(seen(feed, 1)) for _ in range(10)]
    for epoch in epochs:
        assert set(epoch) == set(range(200))
        assert 70 <= sum(epoch.values()) <= 130
    assert all(0 < sum(epoch[number] for epoch in epochs) < 10 for number in range(20))


def test_the_order_is_the_same_with_flips_and_without() -> None:
    with_flips = [number for number, _ in seen(arrows(50, 8), 30)]
    assert with_flips == [number for number, _ in seen(arrows(50, 8, flip=False), 30)]


@pytest.mark.parametrize("batches", range(9))
def test_flips_continue_at_a_place_that_was_kept(batches: int) -> None:
    feed = arrows(10, 4, seed=2)
    if batches:
        seen(feed, batches)
    place = feed.place()
    expected = seen(feed, 12)
    other = arrows(10, 4, seed=2)
    other.go_to(place)
    assert seen(other, 12) == expected


def test_flips_do_not_depend_on_the_size_of_the_batch() -> None:
    assert seen(arrows(24, 8), 9) == seen(arrows(24, 3), 24) == seen(arrows(24, 36), 2)


def test_flips_leave_the_data_and_the_fixed_images_as_they_are() -> None:
    values = torch.arange(12, dtype=torch.uint8).view(2, 1, 2, 3)
    feed = Feed(LoadedData(ImageSpec(1, 2, 3), values.clone(), flip=True), 2, 0, CPU)
    for _batch in islice(feed, 10):
        torch.testing.assert_close(feed.convert(values), values.float() * 2 / 255 - 1)
    assert torch.equal(feed._values, values)


def test_points_are_never_mirrored() -> None:
    values = torch.tensor([[1.0, 2.0]])
    feed = Feed(LoadedData(PointSpec(2), values, flip=True), 1, 0, CPU)
    assert all(torch.equal(batch.points, values) for batch in islice(feed, 10))


def test_a_mapped_file_is_fed_like_memory(tmp_path: Path) -> None:
    values = torch.randint(0, 256, (30, 3, 4, 4), dtype=torch.uint8)
    (tmp_path / "values").write_bytes(values.numpy().tobytes())
    on_disk = mapped(tmp_path / "values", values.nbytes).view(values.shape)
    spec = ImageSpec(3, 4, 4)
    feeds = [Feed(LoadedData(spec, v, flip=True), 8, 3, CPU) for v in (values, on_disk)]
    for first, second in islice(zip(*feeds, strict=True), 12):
        assert torch.equal(first.real, second.real)
