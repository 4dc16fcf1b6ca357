"""What is found in columns, and texts that ask for treatments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.api.table_reading import recognise
from ganstudio.api.table_treatments import TREATMENTS, asked_treatments, treatments_text

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1)


@given(st.dictionaries(NAMES, st.sampled_from(TREATMENTS), max_size=4))
def test_what_was_written_is_read_again(asked):
    assert {name: treatment for _, name, treatment in asked_treatments(treatments_text(asked))} == asked


def test_a_text_as_people_type_it_is_read():
    text = ' zip = Categorical;age=continuous ,a=b=date, "a, ""b"""= leave out, 5" pipe=date,'
    assert [(name, treatment) for _, name, treatment in asked_treatments(text)] == [
        ("zip", "categorical"),
        ("age", "continuous"),
        ("a=b", "date"),
        ('a, "b"', "leave out"),
        ('5" pipe', "date"),
    ]


def test_what_is_no_treatment_is_named_as_it_stands():
    assert [(part, known) for part, _, known in asked_treatments("a=dat, =date, b, c=date")] == [
        ("a=dat", None),
        ("=date", None),
        ("b", None),
        ("c=date", "date"),
    ]


ALL = TREATMENTS
NO_DATE = ("continuous", "categorical", "leave out")
NO_NUMBER = ("categorical", "leave out")


@pytest.mark.parametrize(
    ("cells", "holds", "distinct", "usual", "possible"),
    [
        ([f"{n}.5" for n in range(40)], "numbers", 40, "continuous", NO_DATE),
        ([f"{n * n}" for n in range(40)], "whole numbers", 40, "continuous", NO_DATE),
        (["1", "0"] * 20, "whole numbers", 2, "categorical", NO_DATE),
        ([f"{n}" for n in range(40)], "whole numbers", 40, "leave out", NO_DATE),
        (["red", "blue"] * 20, "text", 2, "categorical", NO_NUMBER),
        ([f"id {n}" for n in range(40)], "text", 40, "leave out", NO_NUMBER),
        (["1", "2", "low", "high"] * 10, "numbers and text", 4, "categorical", NO_DATE),
        (["2024-01-31", "2023-12-01"] * 20, "dates", 2, "date", ALL),
        (["", "NA"] * 20, "nothing", 0, "leave out", ("leave out",)),
    ],
    ids=["numbers", "whole", "few", "row numbers", "kinds", "names", "mixed", "dates", "empty"],
)
def test_what_a_column_holds_and_can_be_is_found(cells, holds, distinct, usual, possible):
    found = recognise("it", cells)[1]
    assert (found.holds, found.distinct, found.usual) == (holds, distinct, usual)
    assert found.treatment == found.usual
    assert found.possible == possible


def test_what_is_possible_is_never_refused():
    cells = ["2024-01-31", "2023-12-01", ""] * 9
    for treatment in recognise("it", cells)[1].possible:
        done, found = recognise("it", cells, treatment)
        assert (found.treatment, found.usual) == (treatment, "date")
        assert (done.column is None) == (treatment == "leave out")


def test_what_is_odd_is_told_with_the_column():
    found = recognise("it", ["a", "", "b", "c"] * 10, most_categories=2)[1]
    assert found.missing == pytest.approx(0.25)
    assert [note.partition(" ")[0] for note in found.notes] == ["Column", "Column"]


def test_why_a_column_is_left_out_is_not_told_of_one_that_is_wanted():
    cells = [f"id {n}" for n in range(40)]
    assert "names rows" in recognise("it", cells)[1].notes[0]
    assert recognise("it", cells, "categorical")[1].notes == ()
