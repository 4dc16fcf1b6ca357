import numpy as np
import pytest

from ganstudio.evaluation.neighbours import Neighbour, Neighbours
from ganstudio.gui import neighbour_words


def plain(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ")


def neighbours(nearer: float, same: bool = False) -> Neighbours:
    return Neighbours((), nearer, same, 5000)


@pytest.mark.parametrize(
    ("nearer", "same", "words", "role"),
    [
        (0.0, True, "equals a training image", "bad"),
        (0.004, False, "than 99 % of real images are to each other: perhaps copied", "watch"),
        (0.4, False, "As near as real images are to each other: 40 % of them have a nearer one.", "quiet"),
        (0.06, False, "A little nearer than most real images are to each other: 6 % of them", "quiet"),
        (0.97, False, "A little farther than most real images are to each other: 97 %", "quiet"),
        (1.0, False, "Farther from every training image than 100 % of real images", "watch"),
        (0.995, False, "than 99 % of real images are from each other: unlike the data", "watch"),
    ],
    ids=["equal", "near", "usual", "nearer", "farther", "farthest", "far"],
)
def test_how_near_a_sample_is_has_words(nearer: float, same: bool, words: str, role: str):
    sentence, said = neighbour_words.verdict(neighbours(nearer, same))
    assert words in plain(sentence)
    assert said == role


def test_a_training_image_has_its_number_counted_from_one_its_distance_and_its_class():
    each = Neighbour(1233, 0.0634, np.zeros((2, 2, 1), np.uint8), "Bag")
    assert plain(neighbour_words.neighbour(each)) == "no. 1 234\n6.3 % apart\nBag"
