"""What health rules are told of a data set: how much there is, and whether anything is on the images."""

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, LoadedData, PointSpec
from ganstudio.api.data import UnpairedSpec
from ganstudio.evaluation.data_facts import data_facts


def images(count: int = 40, low: int = 0, high: int = 256) -> Tensor:
    generator = torch.Generator().manual_seed(count)
    return torch.randint(low, high, (count, 1, 8, 8), dtype=torch.uint8, generator=generator)


def test_samples_are_counted_by_class() -> None:
    data = LoadedData(ImageSpec(1, 8, 8, ("a", "b", "c")), images(5), torch.tensor([0, 0, 2, 2, 2]))
    facts = data_facts(data)
    assert facts["count"] == 5
    assert facts["class_counts"] == (2, 0, 3)


def test_the_range_leaves_a_few_wild_values_out() -> None:
    values = images(200, 100, 113)
    values[0, 0, 0, 0] = 255
    values[1, 0, 0, 0] = 0
    assert data_facts(LoadedData(ImageSpec(1, 8, 8), values))["value_range"] == (100.0, 112.0)


def test_images_of_one_colour_are_blank() -> None:
    values = torch.zeros(10, 3, 4, 4, dtype=torch.uint8)
    values[:4, 0] = 200
    values[4:] = torch.arange(16, dtype=torch.uint8).reshape(4, 4)
    assert data_facts(LoadedData(ImageSpec(3, 4, 4), values))["blank"] == pytest.approx(0.4)


def test_copies_are_told() -> None:
    values = images(10)
    values[5:] = values[:5]
    assert data_facts(LoadedData(ImageSpec(1, 8, 8), values))["repeated"] == 0.5


def test_of_two_kinds_the_fewer_count_and_the_worse_is_told() -> None:
    spec = UnpairedSpec(ImageSpec(1, 8, 8), ImageSpec(1, 8, 8))
    facts = data_facts(LoadedData(spec, images(30), other=torch.zeros(12, 1, 8, 8, dtype=torch.uint8)))
    assert facts["count"] == 12
    assert facts["blank"] == 1.0


def test_points_have_no_range_of_values() -> None:
    facts = data_facts(LoadedData(PointSpec(2), torch.randn(50, 2)))
    assert facts["count"] == 50
    assert "value_range" not in facts


def test_a_large_set_is_told_by_an_even_sample() -> None:
    values = images(5000)
    values[::2] = 0
    assert 0.4 < data_facts(LoadedData(ImageSpec(1, 8, 8), values))["blank"] < 0.6
