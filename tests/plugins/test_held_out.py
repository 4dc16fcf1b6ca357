"""What is held out of pairs and of two domains."""

import pytest
import torch

from ganstudio.api import ImageSpec, LoadedData, PairedSpec, UnpairedSpec
from ganstudio_plugins import held_out
from ganstudio_plugins.held_out import with_held_out
from ganstudio_plugins.translation_digits import DigitDomains, DigitPairs

KIND = ImageSpec(1, 4, 4)


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


def numbered(count: int, first: int = 0) -> torch.Tensor:
    """Return images that are one shade each, the number of the image."""
    shades = torch.arange(first, first + count, dtype=torch.uint8)
    return shades.view(-1, 1, 1, 1).expand(-1, 1, 6, 6).contiguous()


def pairs(count: int) -> LoadedData:
    return LoadedData(PairedSpec(KIND, KIND), numbered(count), other=numbered(count, 100), crop=4)


def shades(images: torch.Tensor) -> list[int]:
    return images[:, 0, 0, 0].tolist()


def test_pairs_stay_pairs_on_both_sides() -> None:
    data = with_held_out(pairs(50), 0.2)
    (apart,) = data.held_out
    assert data.other is not None
    assert apart.other is not None
    assert (len(data), len(apart)) == (40, 10)
    for part in (data, apart):
        assert part.other is not None
        assert [shade + 100 for shade in shades(part.values)] == shades(part.other)
    assert sorted(shades(data.values) + shades(apart.values)) == list(range(50))
    # What is held out is cut as what is fed: in squares.
    assert (apart.values.shape[2:], apart.other.shape[2:]) == ((4, 4), (4, 4))


def test_it_is_the_same_each_time_and_the_order_stays() -> None:
    first, second = (with_held_out(pairs(60), 0.1) for _ in range(2))
    assert torch.equal(first.values, second.values)
    assert shades(first.values) == sorted(shades(first.values))


def test_of_two_domains_only_the_first_loses_images() -> None:
    spec = UnpairedSpec(KIND, KIND)
    data = with_held_out(LoadedData(spec, numbered(40), other=numbered(30)), 0.25)
    assert (len(data), len(data.other), len(data.held_out[0])) == (30, 30, 10)  # type: ignore[arg-type]
    assert data.held_out[0].spec == KIND


def test_of_few_none_is_held_out_and_that_is_said() -> None:
    data = with_held_out(pairs(19), 0.1)
    assert (len(data), list(data.held_out)) == (19, [])
    assert data.notes == [
        "Nothing is held out of 19 pairs, so translations are not scored: 20 are the fewest for that."
    ]


def test_a_share_of_nothing_holds_out_nothing_and_says_nothing() -> None:
    data = with_held_out(pairs(50), 0.0)
    assert (len(data), list(data.held_out), data.notes) == (50, [], [])


def test_of_many_no_more_than_needed_are_held_out() -> None:
    images = torch.zeros(5000, 1, 2, 2, dtype=torch.uint8)
    kept, held = held_out.parted(images, 0.5)
    assert (len(images[kept]), len(images[held])) == (5000 - held_out.MOST, held_out.MOST)


def test_large_data_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_out, "_LARGE", 1000)
    whole = pairs(100)
    data = with_held_out(whole, 0.1)
    assert data.values.data_ptr() == whole.values.data_ptr()
    assert shades(data.held_out[0].values) == list(range(90, 100))


def test_of_digits_the_partners_of_what_is_held_out_are_known() -> None:
    domains = DigitDomains(DigitDomains.Settings(side=16, change="inverted")).load(silent)
    (apart,) = domains.held_out
    assert (len(domains), len(domains.other), len(apart)) == (2250, 2500, 250)  # type: ignore[arg-type]
    assert apart.other is not None
    assert torch.equal(apart.other, 255 - apart.values)
    paired = DigitPairs(DigitPairs.Settings(side=16, change="inverted")).load(silent)
    assert (len(paired), len(paired.held_out[0])) == (4744, 256)
