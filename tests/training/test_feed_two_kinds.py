"""The feed of unpaired and paired images."""

from itertools import islice

import pytest
import torch
from torch import Tensor

from ganstudio.api import Batch, ImageSpec, LoadedData, PairedSpec, UnpairedSpec
from ganstudio.training.feed import Feed

CPU = torch.device("cpu")


def numbered(count: int, side: int = 4) -> Tensor:
    """Images of one shade, their number; the right half is 100 more."""
    values = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1).repeat(1, 1, side, side)
    values[..., side // 2 :] += 100
    return values


def unpaired(count_a: int = 7, count_b: int = 5, flip: bool = False) -> LoadedData:
    kind = ImageSpec(1, 4, 4)
    return LoadedData(UnpairedSpec(kind, kind), numbered(count_a), other=numbered(count_b), flip=flip)


def paired(scale: int = 1, flip: bool = False, crop: int = 0) -> LoadedData:
    generator = torch.Generator().manual_seed(2)
    values = torch.randint(0, 256, (6, 3, 8, 8), generator=generator, dtype=torch.uint8)
    other = values.repeat_interleave(scale, 2).repeat_interleave(scale, 3)
    side = crop or 8
    spec = PairedSpec(ImageSpec(3, side, side), ImageSpec(3, side * scale, side * scale))
    return LoadedData(spec, values, other=other, flip=flip, crop=crop)


def feed(data: LoadedData, batch_size: int = 3, seed: int = 0) -> Feed:
    return Feed(data, batch_size, seed, CPU)


def numbers(batches: list[Batch]) -> tuple[list[int], list[int]]:
    """Return the numbers of the images of both domains, in the order they came."""
    shades = [torch.cat(part) for part in zip(*(batch.both for batch in batches), strict=True)]
    first, second = (((s + 1) * 127.5).round().int().amin((1, 2, 3)).tolist() for s in shades)
    return first, second


def test_each_domain_comes_whole_in_epochs_of_its_own() -> None:
    first, second = numbers(list(islice(feed(unpaired()), 35)))
    assert len(first) == len(second) == 105
    for drawn, count in ((first, 7), (second, 5)):
        for start in range(0, 105, count):
            assert sorted(drawn[start : start + count]) == list(range(count))


def test_domains_of_one_size_do_not_go_in_step() -> None:
    first, second = numbers(list(islice(feed(unpaired(20, 20), 20), 4)))
    assert first != second
    # Not even with the seed of a later epoch.
    assert not {tuple(first[i : i + 20]) for i in range(0, 80, 20)} & {
        tuple(second[i : i + 20]) for i in range(0, 80, 20)
    }


@pytest.mark.parametrize("batches", range(8))
@pytest.mark.parametrize("data", [unpaired(flip=True), paired(flip=True, crop=5)], ids=["unpaired", "paired"])
def test_a_place_that_was_kept_continues_both(data: LoadedData, batches: int) -> None:
    straight = feed(data)
    list(islice(straight, batches))
    place = straight.place()
    assert all(isinstance(number, int) for number in place.values())
    expected = list(islice(straight, 9))
    other = feed(data)
    other.go_to(place)
    for one, again in zip(expected, islice(other, 9), strict=True):
        assert torch.equal(one.real, again.real)
        assert torch.equal(*(batch.both[1] for batch in (one, again)))


def test_a_place_of_pairs_is_that_of_images() -> None:
    assert feed(paired()).place() == {"epoch": 0, "position": 0}


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize(
    ("flip", "crop"), [(False, 0), (True, 0), (False, 5), (True, 5)], ids=["plain", "flipped", "cut", "both"]
)
def test_a_target_is_changed_as_its_input_is(scale: int, flip: bool, crop: int) -> None:
    data = paired(scale, flip, crop)
    side = crop or 8
    seen = set()
    for batch in islice(feed(data), 12):
        given, wanted = batch.both
        assert given.shape == (3, 3, side, side)
        assert torch.equal(wanted, given.repeat_interleave(scale, 2).repeat_interleave(scale, 3))
        seen |= {tuple(image.flatten().tolist()) for image in given}
    assert (len(seen) > 6) == (flip or bool(crop))


def test_images_of_both_domains_are_mirrored_each_by_itself() -> None:
    turned = torch.stack(
        [
            (part[:, 0, 0, 0] > part[:, 0, 0, -1])
            for batch in islice(feed(unpaired(flip=True)), 40)
            for part in batch.both
        ]
    ).view(40, 2, 3)
    assert not torch.equal(turned[:, 0], turned[:, 1])
    assert 0.3 < float(turned.float().mean()) < 0.7


def test_squares_of_two_domains_have_one_size_whatever_the_images_have() -> None:
    spec = UnpairedSpec(ImageSpec(1, 6, 6), ImageSpec(1, 6, 6))
    data = LoadedData(spec, numbered(4, 8), other=numbered(4, 16), crop=6)
    for batch in islice(feed(data), 4):
        assert [part.shape for part in batch.both] == [(3, 1, 6, 6)] * 2
    assert feed(data).convert(data.values).shape == (4, 1, 6, 6)


def test_what_is_previewed_of_pairs_belongs_together() -> None:
    data = paired(2, crop=4)
    one = feed(data)
    assert data.other is not None
    given, wanted = one.convert(data.values), one.convert(data.other)
    assert torch.equal(wanted, given.repeat_interleave(2, 2).repeat_interleave(2, 3))
