from dataclasses import replace

import pytest

from ganstudio.gui import data_words
from tests.gui.reports import COPIED, IMAGES, POINTS


def test_images_in_one_line() -> None:
    assert data_words.summary(IMAGES) == "5\u202f000 samples · 8 × 8 grey images · 2 classes"


def test_a_mixture_in_one_line() -> None:
    assert data_words.summary(POINTS) == "5\u202f000 samples · 2-D points · 2 modes"


def test_facts_of_images() -> None:
    assert dict(data_words.facts(IMAGES)) == {
        "Samples": "5\u202f000",
        "Size": "8 × 8 px",
        "Colour": "grey, 1 channel",
        "Values": "0 to 255",
        "Mean": "33.3",
        "Spread": "78.6",
        "Classes": "2, the largest 4.0 × the smallest",
        "Duplicates": "none",
        "Memory": "312 KiB",
        "Looked at in": "0.1 s",
    }


def test_what_is_held_out_is_told_where_something_is() -> None:
    assert dict(data_words.facts(replace(IMAGES, held_out=256)))["Held out"] == "256 samples"


def test_facts_of_a_mixture() -> None:
    facts = dict(data_words.facts(POINTS))
    assert facts["Modes"] == "2, 2\u202f500 samples each"
    assert facts["Values"] == "−1.04 to 1"
    assert "Size" not in facts


@pytest.mark.parametrize(
    ("copies", "text"),
    [(0, "none"), (12, "12, less than 1 %"), (500, "500, 10\u202f%")],
)
def test_duplicates_in_words(copies: int, text: str) -> None:
    assert dict(data_words.facts(replace(IMAGES, copies=copies)))["Duplicates"] == text


def test_what_is_no_number_is_only_told_where_there_is_some() -> None:
    assert "Not numbers" not in dict(data_words.facts(POINTS))
    assert dict(data_words.facts(replace(POINTS, not_finite=1)))["Not numbers"] == "1 sample"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (47_040_000, "44.9 MiB"), (3 << 40, "3.0 TiB")],
)
def test_memory_in_words(size: int, text: str) -> None:
    assert data_words.memory(size) == text


def test_few_left_out_are_left_to_the_sentence_of_the_source() -> None:
    few = replace(COPIED, unreadable=(("a.png", "empty"),))
    assert data_words.left_out(few) == "3 images in grey became RGB."
    assert data_words.left_out(replace(few, notes=())) == "a.png: empty"


def test_many_left_out_are_listed_up_to_a_bound() -> None:
    many = replace(IMAGES, unreadable=tuple((f"{n}.png", "empty") for n in range(60)))
    lines = data_words.left_out(many).splitlines()
    assert lines[0] == "0.png: empty"
    assert lines[-1] == "and 10 more"
    assert len(lines) == 51


def test_two_domains_are_no_classes() -> None:
    report = replace(IMAGES, groups="domains", described="unpaired 8 × 8 grey images")
    assert data_words.summary(report).endswith("unpaired 8 × 8 grey images · 2 domains")
    facts = dict(data_words.facts(report))
    assert facts["Domains"] == "2, the largest 4.0 × the smallest"
    assert "Classes" not in facts
