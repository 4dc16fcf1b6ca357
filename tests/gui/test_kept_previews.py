from pathlib import Path

import pytest

from ganstudio.gui.kept_previews import KeptPreviews, nearest
from ganstudio.runs.history import Kept

FOLDER = Path("runs") / "one"


def test_nothing_can_be_read_before_it_is_known_where_the_run_is():
    kept = KeptPreviews()
    kept.add("", 10)
    assert kept.steps("") == []
    assert kept.path("", 10) is None
    kept.set_run(FOLDER, {})
    assert kept.steps("") == [10]
    assert kept.path("", 10) == FOLDER / "samples" / "000000010.png"


def test_what_is_there_and_what_comes_stand_in_one_row():
    kept = KeptPreviews()
    kept.set_run(FOLDER, {"": [Kept(10, Path("a")), Kept(30, Path("c"))], "pairs": [Kept(5, Path("p"))]})
    for step in (20, 40, 40):
        kept.add("", step)
    assert kept.steps("") == [10, 20, 30, 40]
    assert [kept.path("", step).name for step in (10, 20)] == ["a", "000000020.png"]
    assert list(kept.kinds()) == ["", "pairs"]
    assert kept.path("pairs", 7).name == "000000007-pairs.png"


def test_what_the_run_keeps_anew_counts_more_than_an_ancestors():
    kept = KeptPreviews()
    kept.set_run(FOLDER, {"": [Kept(10, Path("elsewhere"))]})
    kept.add("", 10)
    assert kept.path("", 10).parent == FOLDER / "samples"


@pytest.mark.parametrize(
    ("step", "found"), [(0, 10), (14, 10), (15, 10), (16, 20), (20, 20), (39.9, 40), (1e9, 40)]
)
def test_the_nearest_step_is_found(step: float, found: int):
    assert nearest([10, 20, 40], step) == found


def test_of_no_steps_none_is_nearest():
    assert nearest([], 3) is None
