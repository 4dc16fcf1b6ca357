import math

import pytest

from ganstudio.gui import words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.69314, "0.693"),
        (12.345, "12.3"),
        (1240.4, "1 240"),
        (2e-4, "2e-4"),
        (-0.5, "−0.500"),
        (1234567.0, "1.23e6"),
        (math.nan, "–"),
        (0.0, "0.000"),
    ],
)
def test_numbers_take_few_characters(value: float, text: str):
    assert words.number(value) == text.replace(" ", words.THIN)


@pytest.mark.parametrize(
    ("path", "before", "value", "text"),
    [
        ("optimizers.generator.learning_rate", 2e-4, 1e-4, "generator learning rate 2e-4 → 1e-4"),
        ("regularizers.R1.gamma", 10.0, 1.5, "R1 gamma 10 → 1.5"),
        ("architecture.n_critic", 1, 5, "n critic 1 → 5"),
        ("training.ema_decay", 0.999, 0.9999, "ema decay 0.999 → 0.9999"),
        ("training.preview_every", 200, 1000, f"preview every 200 → 1{words.THIN}000"),
        ("architecture.mirror", True, False, "mirror on → off"),
        ("architecture.kind", "a", "b", "kind a → b"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_an_edit_is_told_in_words(path: str, before: object, value: object, text: str):
    assert words.edit(path, before, value) == text


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("loss/generator", "generator"),
        ("penalty/R1", "R1"),
        ("accuracy/discriminator", "discriminator accuracy"),
        ("cycle/a", "a cycle"),
        ("psnr/bicubic", "bicubic PSNR"),
        ("score/high_quality", "high quality"),
        ("score/fid", "FID"),
        ("lonely", "lonely"),
    ],
)
def test_curves_are_called_by_plain_words(name: str, label: str):
    assert words.curve(name) == label


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("score/high_quality", 0.943, "94 %"),
        ("score/modes", 8.0, "8"),
        ("score/fid", 21.44, "21.4"),
        ("accuracy/discriminator", 0.5, "50 %"),
        ("loss/generator", 8.0, "8.00"),
        ("score/high_quality", math.nan, "–"),
    ],
)
def test_values_are_written_as_what_they_are(name: str, value: float, text: str):
    assert words.value(name, value) == text.replace(" ", words.THIN)
