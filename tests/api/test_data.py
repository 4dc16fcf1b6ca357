import pytest

from ganstudio.api import ImageSpec, InputError, PointSpec
from ganstudio.api.data import DataSpec, spec_from_dict, spec_kind, spec_to_dict


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
