import pytest

from ganstudio.gui import score_words
from ganstudio.gui.score_words import ScoreName, parsed
from ganstudio.gui.words import THIN

FID = "score/FID (studio, 2000)"


@pytest.mark.parametrize(
    ("name", "score"),
    [
        (FID, ScoreName("FID", "studio", 2000)),
        ("score/label accuracy (InceptionV3, 500)", ScoreName("label accuracy", "InceptionV3", 500)),
        ("score/vitals/class_diversity", ScoreName("class_diversity", vital=True)),
        ("score/modes", ScoreName("modes")),
        ("modes", ScoreName("modes")),
        ("score/PSNR (dB)", ScoreName("PSNR (dB)")),
    ],
    ids=str,
)
def test_a_name_tells_figure_extractor_and_count(name: str, score: ScoreName):
    assert parsed(name) == score


@pytest.mark.parametrize(
    "names",
    [
        ("score/precision (studio, 2000)", "score/recall (studio, 2000)", "score/coverage (studio, 2000)"),
        ("score/vitals/diversity", "score/vitals/nearest", "score/vitals/class_diversity"),
        ("score/vitals/repeats", "score/vitals/coverage", "score/vitals/clipped"),
        ("score/modes", "score/high_quality"),
    ],
    ids=lambda names: names[0],
)
def test_scores_of_one_scale_may_share_a_plot(names: tuple[str, ...]):
    assert len({score_words.group(name) for name in names}) == 1


@pytest.mark.parametrize(
    "other",
    [
        "score/KID (studio, 2000)",
        "score/FID (studio, 5000)",
        "score/FID (InceptionV3, 2000)",
        "score/precision (studio, 2000)",
        "score/vitals/diversity",
        "score/fid",
    ],
)
def test_another_figure_extractor_or_count_is_another_plot(other: str):
    assert score_words.group(other) != score_words.group(FID)


def test_what_reaches_hundreds_stands_apart_from_the_other_vital_signs():
    assert score_words.group("score/vitals/nyquist") != score_words.group("score/vitals/diversity")


@pytest.mark.parametrize(
    ("names", "title"),
    [
        ([FID], "FID (studio, 2 000)"),
        (["score/precision (studio, 2000)", "score/recall (studio, 2000)"], "Shares (studio, 2 000)"),
        (["score/recall (studio, 2000)"], "Recall (studio, 2 000)"),
        (["score/vitals/nyquist"], "Nyquist energy"),
        (["score/modes", "score/high_quality"], "Modes"),
        (["score/kid"], "KID"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_plot_is_called_by_what_is_in_it(names: list[str], title: str):
    assert score_words.title(names) == title.replace(" 000", f"{THIN}000")


def test_a_menu_names_the_figures_that_the_title_does_not():
    names = [f"score/{name} (studio, 2000)" for name in ("precision", "recall", "coverage", "label accuracy")]
    assert score_words.entry(names[:2]) == f"Precision, recall (studio, 2{THIN}000)"
    assert score_words.entry(names) == f"Precision, recall, coverage … (studio, 2{THIN}000)"


def test_one_begins_with_a_distance_of_features_and_ends_with_vital_signs():
    groups = {
        "vitals": ["score/vitals/diversity"],
        "modes": ["score/modes"],
        "shares": ["score/recall (studio, 2000)"],
        "fid": [FID],
    }
    order = []
    while groups:
        order.append(score_words.first(groups.items()))
        del groups[order[-1]]
    assert order == ["fid", "shares", "modes", "vitals"]
    assert score_words.first([]) == ""
