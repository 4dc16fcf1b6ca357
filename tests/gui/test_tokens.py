from itertools import combinations

import pytest

from ganstudio.gui.tokens import BY_NAME, DASH, DOT, SOLID, Tokens, contrast, curve_styles, mix

both_themes = pytest.mark.parametrize("tokens", BY_NAME.values(), ids=BY_NAME.keys())


@both_themes
@pytest.mark.parametrize("colour", ["text", "quiet"])
@pytest.mark.parametrize("ground", ["window", "panel", "field"])
def test_text_is_easy_to_read_on_all_three_depths(tokens: Tokens, colour: str, ground: str):
    assert contrast(getattr(tokens, colour), getattr(tokens, ground)) >= 4.5


@both_themes
def test_text_on_the_accent_colour_is_easy_to_read(tokens: Tokens):
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


@both_themes
def test_every_curve_colour_can_be_told_from_the_panel(tokens: Tokens):
    colours = (tokens.generator, tokens.discriminator, tokens.real, tokens.score, *tokens.others)
    assert min(contrast(colour, tokens.panel) for colour in colours) >= 3


@both_themes
def test_the_same_meaning_looks_the_same_in_every_plot(tokens: Tokens):
    styles = curve_styles(["loss/generator", "loss/discriminator"], tokens)
    norms = curve_styles(["grad_norm/discriminator", "grad_norm/generator"], tokens)
    assert styles["loss/generator"] == norms["grad_norm/generator"]
    assert styles["loss/discriminator"] == norms["grad_norm/discriminator"]


@both_themes
def test_curves_by_meaning_have_the_colours_and_dashes_of_the_design(tokens: Tokens):
    styles = curve_styles(["logits/real", "logits/fake", "accuracy/discriminator", "score/fid"], tokens)
    assert [(s.colour, s.dash) for s in styles.values()] == [
        (tokens.real, DOT),
        (tokens.generator, SOLID),
        (tokens.discriminator, DASH),
        (tokens.score, SOLID),
    ]


@both_themes
def test_many_curves_of_one_plot_all_look_different(tokens: Tokens):
    names = ["loss/generator", "loss/fake", *(f"penalty/{i}" for i in range(10))]
    styles = curve_styles(names, tokens)
    assert all(one != other for one, other in combinations(styles.values(), 2))


def test_a_curve_keeps_its_style_when_others_are_added():
    alone = curve_styles(["penalty/R1"], BY_NAME["light"])
    among = curve_styles(["penalty/R1", "penalty/R2", "loss/generator"], BY_NAME["light"])
    assert among["penalty/R1"] == alone["penalty/R1"]


def test_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_mixing_goes_from_one_colour_to_the_other():
    assert [mix("#000000", "#FF8000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#FF8000"]
