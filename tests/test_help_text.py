import pytest

from ganstudio.help_text import has_values, with_values

VALUES = {"width": 64, "rate": 2e-4, "on": True, "hidden": [256, 128], "inner": {"units": 8}, "name": "a"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{width} × {width} neurons", "64 × 64 neurons"),
        ("{width * width} weights", "4096 weights"),
        ("{2 * inner.units + 1}", "17"),
        ("{width / 3}", "21.3333"),
        ("{width // 3} {width % 3} {-width}", "21 1 -64"),
        ("{rate} {on} {hidden} {name}", "0.0002 on 256, 128 a"),
    ],
)
def test_values_are_worked_out(text: str, expected: str) -> None:
    assert has_values(text)
    assert with_values(text, VALUES) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{unknown}",
            "{width / 0}",
            "{name * 3}",
            "{hidden * 2}",
            "{inner.nothing}",
            "{}",
            "{width",
            "{1 +}",
        ),
        *(
            "{width ** 99}",
            "{__import__('os')}",
            "{width.real}",
            "{[width]}",
            "{1e15 * width * width}",
            "{a: b}",
        ),
    ],
)
def test_what_cannot_be_worked_out_stays_as_it_is_written(text: str) -> None:
    assert with_values(text, VALUES) == text


def test_help_without_braces_is_left_alone() -> None:
    assert not has_values("Channels of the widest layer")
