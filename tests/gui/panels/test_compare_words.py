"""How the compare page writes curves, settings and runs."""

import pytest

from ganstudio.differences import ABSENT, Cell
from ganstudio.gui.panels import compare_words


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("loss/generator", "Generator loss"),
        ("grad_norm/discriminator", "Discriminator gradient norm"),
        ("penalty/R1", "R1 penalty"),
        ("logits/real", "Real logit"),
        ("accuracy/discriminator", "Discriminator accuracy"),
        ("score/fid", "FID"),
        ("nats/kl", "KL in nats"),
        ("temperature", "Temperature"),
    ],
)
def test_a_curve_says_what_it_is(name: str, title: str) -> None:
    assert compare_words.curve_title(name) == title


@pytest.mark.parametrize(
    ("cell", "unit", "text"),
    [
        pytest.param(ABSENT, "", "—", id="absent"),
        pytest.param(Cell(True, 2e-4), "", "2e-4", id="small"),
        pytest.param(Cell(True, 5000), "steps", "5000 steps", id="unit"),
        pytest.param(Cell(True, True), "", "on", id="on"),
        pytest.param(Cell(True, ""), "", "nothing", id="empty"),
        pytest.param(Cell(True, "Adam"), "", "Adam", id="text"),
        pytest.param(Cell(True, 2e-4, ((20, 1e-4), (30, 0.5))), "", "2e-4 → 1e-4 @20 → 0.5 @30", id="live"),
    ],
)
def test_a_setting_is_written_as_in_its_field(cell: Cell, unit: str, text: str) -> None:
    assert compare_words.cell(cell, unit) == text


@pytest.mark.parametrize(
    ("name", "short"),
    [("2026-11-22-0746-ring-2", "ring-2"), ("my run", "my run"), ("2026-11-22-0746-", "2026-11-22-0746-")],
)
def test_a_name_is_shortened_by_its_time(name: str, short: str) -> None:
    assert compare_words.short_name(name) == short


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((1, 0, 50), "Settings that differ show here, once there are two runs."),
        ((2, 0, 50), "All 50 settings are equal."),
        ((2, 1, 49), "1 of 50 settings differs."),
        ((3, 2, 48), "2 of 50 settings differ."),
    ],
)
def test_how_many_settings_differ_is_a_sentence(counts: tuple[int, int, int], sentence: str) -> None:
    assert compare_words.settings_sentence(*counts) == sentence
