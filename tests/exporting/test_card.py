"""The model card's table of scores: of how many samples each is."""

import pytest

from ganstudio.api import DataSpec, ImageSpec, PairedSpec, PointSpec, TableColumn, TableSpec
from ganstudio.exporting import card
from ganstudio.registry import Registry
from ganstudio_plugins.table_metrics import LearnedFromSamples
from ganstudio_plugins.vitals import VitalSigns

IMAGE = ImageSpec(1, 32, 32)
TABLE = TableSpec(
    (TableColumn("kind", "categorical", categories=("a", "b")), TableColumn("height", "continuous")), "kind"
)


@pytest.mark.parametrize(
    ("name", "spec", "count"),
    [
        ("FID (studio, 5000)", IMAGE, "5000"),
        ("vitals/diversity", IMAGE, str(VitalSigns.count)),
        ("modes", PointSpec(centres=((0.0, 0.0), (1.0, 1.0))), "2500"),
        ("TSTR", TABLE, "300"),
        ("columns/pairs", TABLE, "2500"),
        ("feature_distance (random features)", PairedSpec(IMAGE, IMAGE), "all held out"),
    ],
    ids=["of features", "vital sign", "points", "dear", "not dear", "pairs"],
)
def test_it_says_of_how_many_samples_a_score_is(
    name: str, spec: DataSpec, count: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LearnedFromSamples, "count", 300)
    assert card._sample_count(name, spec, Registry.load()) == count
