import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganstudio.api.table_numbers import AS_NEEDED, PLAIN, NumberMarks, marks_of


@pytest.mark.parametrize(
    ("texts", "marks", "values"),
    [
        (["1.5", "-2", "3e2"], PLAIN, [1.5, -2, 300]),
        (["1,5", "−2,25"], NumberMarks(","), [1.5, -2.25]),
        (["12,345", "999"], NumberMarks(".", ","), [12345, 999]),
        (["1,234,567.5"], NumberMarks(".", ","), [1234567.5]),
        (["1,234", "1234"], NumberMarks(","), [1.234, 1234]),
        (["0,123", "1,234"], NumberMarks(","), [0.123, 1.234]),
        (["1.234,5", "12"], NumberMarks(",", "."), [1234.5, 12]),
        (["1 234,5", "12,0"], NumberMarks(",", " "), [1234.5, 12]),
        (["$1,200.50", "$3"], NumberMarks(".", ",", "$"), [1200.5, 3]),
        (["3,5 %", "12 %"], NumberMarks(",", "", "", " %"), [3.5, 12]),
    ],
    ids=[
        "plain",
        "comma",
        "thousands",
        "both",
        "not thousands",
        "nought",
        "German",
        "space",
        "dollar",
        "percent",
    ],
)
def test_how_numbers_are_written_is_found_out_of_all_of_them(texts, marks, values):
    assert marks_of(texts) == marks
    assert [marks.value(text) for text in texts] == values


@pytest.mark.parametrize("text", ["red", "u12", "1_000", "", "%", "12 34", "1,2,3", "1.2.3"])
def test_what_is_no_number_is_none(text):
    assert math.isnan(marks_of([text]).value(text))


def test_names_with_a_letter_before_a_number_are_no_numbers():
    assert marks_of([f"u{n}" for n in range(50)]) == PLAIN


def test_a_few_words_do_not_hide_how_numbers_are_written():
    assert marks_of(["1,5"] * 9 + ["much"]) == NumberMarks(",")


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 4),
    st.sampled_from(
        [
            PLAIN,
            NumberMarks(","),
            NumberMarks(".", ","),
            NumberMarks(",", "."),
            NumberMarks(",", " ", "", " €"),
        ]
    ),
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(number, decimals, marks):
    value = number / 10**decimals
    text = marks.written(value, decimals)
    assert marks.value(text) == pytest.approx(value)
    assert marks.decimals([text]) == decimals


def test_an_exponent_needs_as_many_decimals_as_there_are():
    assert PLAIN.decimals(["1e-9", "2.5"]) == AS_NEEDED
    assert PLAIN.written(-1e-12, AS_NEEDED) == "-1e-12"
    assert PLAIN.written(-0.0001, 2) == "0.00"
