import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.api import InputError
from ganstudio.api.table_columns import columns_from_plain, columns_to_plain
from ganstudio.api.table_reading import recognise
from tests import tables

MANY = [str(number % 7 + number / 8) for number in range(40)]


def column(cells, treatment=None, most=100):
    return recognise("it", cells, treatment, most)[0]


def notes(found) -> str:
    return " ".join(found.notes)


# --- What is found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kind", "holds"),
    [
        (MANY, "continuous", "numbers"),
        ([str(n * 3) for n in range(40)], "continuous", "whole numbers"),
        (["1", "0", "1", "0"] * 5, "categorical", "whole numbers"),
        (["red", "blue", "red"] * 5, "categorical", "text"),
        (["01", "02", "1"] * 5, "categorical", "text"),
        (["2024-01-31", "2023-12-01"] * 9, "continuous", "dates"),
        (["31.01.2024 10:30", "01.12.2023 08:00"] * 9, "continuous", "dates"),
        (["1,5", "2,25"] * 3 + [f"{n},75" for n in range(20)], "continuous", "numbers"),
        (["1e-9", "2.5E3", *MANY], "continuous", "numbers"),
    ],
    ids=["numbers", "whole", "few", "text", "codes", "dates", "times", "commas", "exponents"],
)
def test_a_column_is_what_its_cells_are(cells, kind, holds):
    found = column(cells).column
    assert (found.kind, found.holds) == (kind, holds)


def test_what_is_asked_for_counts_more_than_what_was_found():
    assert column(["1", "2", "3"] * 9, "continuous").column.kind == "continuous"
    assert column(MANY, "categorical").column.kind == "categorical"
    assert column(MANY, "leave out").column is None


@pytest.mark.parametrize("treatment", ["continuous", "date"])
def test_what_cannot_be_treated_so_is_refused_by_name(treatment):
    with pytest.raises(InputError, match=r"Column it .* holds none: 'red'"):
        column(["red", "blue"] * 9, treatment)


# --- Bad columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["", "NA", "nan", "null"] * 5, "Column it is empty in every row and is left out."),
        ([str(n) for n in range(1, 41)], "Column it counts the rows"),
        ([f"id {n}" for n in range(40)], "Column it has 40 different texts in 40 rows"),
    ],
    ids=["all missing", "row numbers", "names of rows"],
)
def test_what_holds_nothing_to_learn_is_left_out_with_a_sentence(cells, sentence):
    found = column(cells)
    assert found.column is None
    assert sentence in notes(found)


def test_a_constant_column_is_kept_and_told():
    found = column(["same"] * 12)
    assert found.column.categories == ("same",)
    assert "'same' in every row" in notes(found)


def test_of_ten_thousand_categories_the_commonest_stay_and_that_is_told():
    cells = [f"c{n % 10_000}" for n in range(30_000)] + ["c1"] * 500 + ["c2"] * 400
    found = column(cells, most=3)
    assert found.column.categories == ("c1", "c2", "other")
    assert "10000 categories; the 2 commonest" in notes(found)
    assert "are 'other'. Leave it out, or set Most categories higher." in notes(found)
    assert [found.column.categories[int(code)] for code in found.codes[[1, 2, 3]]] == ["c1", "c2", "other"]


def test_a_category_that_is_called_other_stays_itself():
    found = column(["other", "a"] * 9 + ["b", "c"], most=3)
    assert found.column.categories == ("a", "other", "(other)")


def test_a_few_words_among_numbers_count_as_empty():
    found = column([*MANY, "?", "much"])
    assert found.column.kind == "continuous"
    assert "1 cell is no number, such as 'much'" in notes(found)
    assert np.isnan(found.codes[-2:]).all()
    assert found.column.missing == pytest.approx(2 / 42)


def test_numbers_and_words_in_like_measure_are_categories():
    found = column(["1", "2", "low", "high"] * 8)
    assert found.column.categories == ("1", "2", "high", "low")
    assert "both numbers and text, such as 'low'" in notes(found)


def test_empty_cells_are_a_category_of_their_own():
    found = column(["a", "", "b", "NaN"] * 4)
    assert found.column.categories == ("a", "b", "")
    assert found.codes[:4].tolist() == [0, 2, 1, 2]


def test_infinite_numbers_count_as_empty():
    assert math.isnan(column([*MANY, "inf"]).codes[-1])


def test_numbers_that_begin_with_nought_are_names():
    found = column(["04109", "80331", "01067"] * 9)
    assert (found.column.kind, found.column.holds) == ("categorical", "text")
    assert found.column.categories == ("01067", "04109", "80331")
    assert "begin with 0" in notes(found)
    assert "names rows rather than kinds" in notes(column([f"0{n * 7919}" for n in range(40)]))


def test_dates_that_fit_two_forms_are_told_of():
    told = notes(column(["01/02/2024", "03/04/2024"] * 9))
    assert "is read as month/day/year: no date in it shows" in told
    assert "is read as" not in notes(column(["01/02/2024", "03/14/2024"] * 9))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["1.234,50", "12,25", "999,00"] * 9, "'.' stands between thousands, as in '1.234,50'"),
        (["1,5", "2,5"] * 9, "decimal commas; so have samples"),
    ],
    ids=["thousands", "commas"],
)
def test_how_odd_numbers_are_read_is_told(cells, sentence):
    assert sentence in notes(column(cells, "continuous"))


# --- Round trips -----------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["a", "B b", 'c"', "ä,", "0", ""]), min_size=12, max_size=40))
@settings(max_examples=40, deadline=None)
def test_categories_are_written_as_they_were_read(cells):
    if any(cells):
        found = column(cells, "categorical")
        assert found.column.cells(found.codes.astype(np.float32)) == cells


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=12, max_size=40),
    st.integers(0, 3),
    st.sets(st.integers(0, 11), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_numbers_are_written_with_their_decimals(numbers, decimals, empty):
    cells = [
        "" if place in empty else f"{number / 10**decimals:.{decimals}f}"
        for place, number in enumerate(numbers)
    ]
    found = column(cells, "continuous")
    again = found.column.cells(found.codes.astype(np.float32))
    for before, after in zip(cells, again, strict=True):
        assert (before == "") == (after == "")
        if before:
            reach = max(abs(number) for number in numbers) / 10**decimals
            assert float(after) == pytest.approx(float(before), abs=1e-6 * reach + 10**-decimals)
            assert len(after.partition(".")[2]) <= decimals


@given(st.lists(st.dates(min_value=__import__("datetime").date(1900, 1, 1)), min_size=12, max_size=30))
@settings(max_examples=40, deadline=None)
def test_dates_are_written_as_they_were_read(dates):
    cells = [date.isoformat() for date in dates]
    found = column(cells, "date")
    assert found.column.cells(found.codes.astype(np.float32)) == cells


@pytest.mark.parametrize(
    "cells",
    [
        [f"{n},{n % 10}" for n in range(20)],
        [f"{n * 1234:,}" for n in range(1, 21)],
        [f"€{n * 99.25:,.2f}" for n in range(20)],
        [f"{n / 8:.1f} %" for n in range(20)],
        [f"{n}/{n + 7}/2024" for n in range(1, 13)],
        [f"2024-03-{n:02}T0{n % 10}:30:00Z" for n in range(1, 13)],
        [f"{n:02}.11.2024 17:05" for n in range(1, 13)],
    ],
    ids=["decimal commas", "thousands", "euro", "percent", "bare dates", "zones", "times"],
)
def test_cells_come_back_in_the_form_they_had(cells):
    found = column(cells)
    assert found.column.kind == "continuous"
    assert found.column.cells(found.codes) == cells
    again = columns_from_plain(json.loads(json.dumps(columns_to_plain([found.column]))))
    assert again == (found.column,)
    assert again[0].cells(found.codes) == cells


def test_typed_cells_have_their_types():
    data = tables.load(
        {
            "n": ["1", "2"] * 8,
            "t": ["a", ""] * 8,
            "x": [*MANY[:15], ""],
            "d": ["2024-01-31"] * 8 + ["2024-02-01"] * 8,
        }
    )
    n, t, x, d = (c.typed(data.values[:, i].numpy()) for i, c in enumerate(data.spec.columns))
    assert (n[0], t[:2], x[-1], d[0].isoformat()) == (1, ["a", None], None, "2024-01-31T00:00:00+00:00")
