import pytest

from ganstudio.api import table_dates


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2024-01-31"], "%Y-%m-%d"),
        (["31.01.2024", "01.12.2023"], "%d.%m.%Y"),
        (["1/31/2024", "12/1/2023"], "%-m/%-d/%Y"),
        (["13/01/2024", "01/12/2023"], "%d/%m/%Y"),
        (["2024-01-31T10:00:00Z"], "%Y-%m-%dT%H:%M:%SZ"),
        (["2024-01-31 10:00:00.250000"], "%Y-%m-%d %H:%M:%S.%f"),
        (["2024-01-31 10:00:00+02:00"], "%Y-%m-%d %H:%M:%S%z"),
        (["31.01.2024", "2024-01-31"], None),
        (["12.5"], None),
        ([], None),
    ],
    ids=["ISO", "German", "bare", "British", "UTC", "parts of seconds", "zone", "mixed", "number", "nothing"],
)
def test_the_form_is_one_that_all_dates_have(texts, form):
    assert table_dates.form_of(texts) == form


def test_days_are_counted_from_1970_in_utc():
    assert table_dates.days("1970-01-02", "%Y-%m-%d") == 1
    assert table_dates.days("1970-01-01 02:00:00+02:00", "%Y-%m-%d %H:%M:%S%z") == 0
    assert table_dates.days("1969-12-31 12:00", "%Y-%m-%d %H:%M") == -0.5


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%-m/%-d/%Y", "2/3/2024"),
        ("%d.%m.%Y %H:%M", "03.02.2024 12:00"),
        ("%Y-%m-%dT%H:%M:%SZ", "2024-02-03T12:00:00Z"),
    ],
)
def test_a_date_is_written_in_its_form(form, text):
    number = table_dates.days("2024-02-03 12:00", "%Y-%m-%d %H:%M")
    assert table_dates.written(number, form) == text


def test_month_and_day_may_be_the_other_way_round():
    assert table_dates.rival_of(["01/02/2024"], "%m/%d/%Y") == "%d/%m/%Y"
    assert table_dates.rival_of(["01/14/2024"], "%m/%d/%Y") is None
    assert table_dates.rival_of(["01.02.2024"], "%d.%m.%Y") is None
    assert table_dates.named("%-m/%-d/%Y %H:%M") == "month/day/year hour:minute"
