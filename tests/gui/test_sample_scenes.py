import numpy as np
import pytest

from ganstudio.api.events import PreviewReady
from ganstudio.gui import sample_scenes

CLASSES = ("T-shirt/top", "Trouser", "Bag")


def preview(count: int = 9, columns: int = 0, captions: tuple[str, ...] = (), **more: object) -> PreviewReady:
    """Each image as bright as its number."""
    images = np.arange(count, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 1), np.uint8)
    return PreviewReady(7, "images", images, columns=columns, captions=captions, **more)


def shades(view: sample_scenes.View) -> list[int]:
    return view.array[:, 0, 0, 0].tolist()


@pytest.mark.parametrize(
    "made", [preview(11), preview(11, 3, CLASSES)], ids=["in any columns", "a column for each class"]
)
def test_samples_stand_in_a_row_for_each_class(made: PreviewReady):
    assert sample_scenes.has_classes(made, CLASSES)
    view = sample_scenes.by_class(made, CLASSES)
    assert (view.columns, view.rows) == (3, CLASSES)
    assert shades(view) == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert view.numbers == tuple(shades(view)), "each is known by its own number"


@pytest.mark.parametrize(
    ("made", "classes"),
    [
        (preview(), ()),
        (preview(), ("one",)),
        (preview(source="real"), CLASSES),
        (preview(9, 3, ("input", "output", "target")), CLASSES),
    ],
    ids=["no classes", "one class", "the data", "columns of something else"],
)
def test_where_samples_have_no_classes_there_are_no_rows_for_them(
    made: PreviewReady, classes: tuple[str, ...]
):
    assert not sample_scenes.has_classes(made, classes)


def test_more_classes_than_samples_leave_the_samples_as_they_are():
    assert shades(sample_scenes.by_class(preview(2), CLASSES)) == [0, 1]


def test_real_ones_stand_beside_generated_ones_and_cannot_be_picked():
    real, made = sample_scenes.beside(preview(source="real"), preview(9, 3, CLASSES)).views
    assert (real.title, made.title) == ("Real", "Generated")
    assert (real.numbers, len(made.numbers)) == ((), 9)
    assert real.columns == made.columns == 0


def test_the_difference_of_two_steps_is_dark_where_nothing_changed_and_bright_where_most_did():
    then = preview(3)
    images = then.array.copy()
    images[2, 0, 0] += 51
    now = PreviewReady(9, "images", images)
    scene = sample_scenes.compared(sample_scenes.plain(then), sample_scenes.plain(now))
    difference = scene.views[2].array
    assert difference.shape == (3, 4, 4, 3)
    assert difference[2, 0, 0].sum() > 600
    assert difference.sum(3).ravel().tolist().count(4) == 3 * 16 - 1
    assert scene.said.replace("\N{NARROW NO-BREAK SPACE}", " ") == "0.42 % changed on average, 20 % at most"


def test_equal_steps_differ_nowhere():
    scene = sample_scenes.compared(*[sample_scenes.plain(preview())] * 2)
    assert np.unique(scene.views[2].array.reshape(-1, 3), axis=0).tolist() == [[0, 0, 4]]


@pytest.mark.parametrize(
    ("captions", "count"),
    [
        (("low", "bicubic", "generator", "original"), 4),
        (("in", "out") * 4, 2),
        (("input", "translation", "cycle") * 2, 3),
        (("coarse", *["fine"] * 8), 0),
        (CLASSES, 0),
        ((), 0),
        (tuple("abcdefgh"), 0),
    ],
    ids=["super-resolution", "reconstructions", "translation", "mixing", "classes", "none", "too many"],
)
def test_what_belongs_together_is_known_by_its_captions(captions: tuple[str, ...], count: int):
    made = preview(24, len(captions), captions)
    assert sample_scenes.grouped(made, CLASSES) == count
