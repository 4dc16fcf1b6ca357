import json

import pytest
import torch

from ganstudio.api import ImageSpec, InputError, LoadedData, PairedSpec, PointSpec, UnpairedSpec
from ganstudio.api.data import DataSpec, spec_from_dict, spec_kind, spec_to_dict


@pytest.mark.parametrize(
    "spec",
    [ImageSpec(3, 5, 7, ("a", "b")), PointSpec(2, ((0.0, 1.0), (1.5, -1.0)), 0.01), PointSpec(3)],
    ids=["images", "mixture", "points"],
)
def test_a_spec_survives_being_written_as_plain_values(spec: DataSpec) -> None:
    values = spec_to_dict(spec)
    assert spec_from_dict({**values, "classes": list(values["classes"])}) == spec


TWO_KINDS = [
    UnpairedSpec(ImageSpec(3, 5, 7, ("a", "b")), ImageSpec(1, 5, 7), ("horses", "zebras")),
    PairedSpec(ImageSpec(3, 8, 8), ImageSpec(3, 16, 16)),
]


@pytest.mark.parametrize("spec", TWO_KINDS, ids=["unpaired", "paired"])
def test_a_spec_of_two_kinds_survives_being_written_as_json(spec: DataSpec) -> None:
    assert spec_from_dict(json.loads(json.dumps(spec_to_dict(spec)))) == spec


def test_what_tells_data_from_other_data_is_as_before_where_there_is_one_kind() -> None:
    values, labels = torch.zeros(2, 1), torch.zeros(2)
    assert LoadedData(PointSpec(1), values, labels).tensors() == (values, labels)
    assert LoadedData(PointSpec(1), values).tensors() == (values, None)
    assert LoadedData(PointSpec(1), values, other=labels).tensors() == (values, None, labels)


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
        (TWO_KINDS[0], "unpaired images", "unpaired 7 × 5 colour images and 7 × 5 grey images"),
        (UnpairedSpec(*[ImageSpec(1, 8, 8)] * 2), "unpaired images", "unpaired 8 × 8 grey images"),
        (TWO_KINDS[1], "paired images", "pairs of 8 × 8 colour images and 16 × 16 colour images"),
    ],
)
def test_a_spec_is_told_in_words(spec: DataSpec, kind: str, words: str) -> None:
    assert spec_kind(type(spec)) == kind
    assert spec.describe() == words
