from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.api import InputError, LoadedData, PointSpec
from ganstudio_plugins.point_file import PointFile


def load(path: Path | None, **settings) -> LoadedData:
    return PointFile(PointFile.Settings(file=path, **settings)).load(lambda what, share: None)


def table(folder: Path, text: str, name: str = "points.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def refusal(path: Path | None) -> str:
    with pytest.raises(InputError) as raised:
        load(path)
    text = str(raised.value)
    assert "\n" not in text
    return text


# --- Tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n-4,0.5\n",
        "x,y\n1,2\n-4,0.5",
        "\ufeffx;y\r\n1;2\r\n\r\n-4;0.5\r\n",
        "# remark\n1\t2\n-4\t5e-1\n",
        "1 2\n -4   .5 \n",
        '"1","2"\n"-4","0.5"\n',
    ],
    ids=["plain", "header", "semicolons", "tabs", "blanks", "quoted"],
)
def test_every_usual_table_is_read(text, tmp_path):
    data = load(table(tmp_path, text))
    torch.testing.assert_close(data.values, torch.tensor([[0.25, 0.5], [-1.0, 0.125]]))
    assert data.spec == PointSpec(2)
    assert (data.labels, data.notes, data.unreadable) == (None, [], [])


@pytest.mark.parametrize("head", ["", "x,y,label\n"], ids=["no header", "header"])
def test_a_third_column_is_the_class(head, tmp_path):
    data = load(table(tmp_path, head + "1,0,dog\n0,1,cat\n1,1,dog\n"))
    assert data.spec.classes == ("cat", "dog")
    assert data.labels.tolist() == [1, 0, 1]
    assert data.labels.dtype == torch.int64


def test_the_largest_coordinate_becomes_one(tmp_path):
    data = load(table(tmp_path, "1e300,0\n-5e299,2e299\n"))
    torch.testing.assert_close(data.values, torch.tensor([[1.0, 0.0], [-0.5, 0.2]]))
    assert load(table(tmp_path, "0,0\n0,0\n")).values.tolist() == [[0, 0], [0, 0]]


def test_bad_lines_are_left_out_and_named_by_their_numbers(tmp_path):
    text = "x,y\n1,1\n2,\nabc,3\n4\n5,6,7\nnan,1\n1,inf\n-1,0\n"
    data = load(table(tmp_path, text))
    assert data.values.tolist() == [[1, 1], [-1, 0]]
    assert data.unreadable == [
        ("line 3", "a number is missing"),
        ("line 4", "'abc' is no number"),
        ("line 5", "it has 1 column, not 2 or 3"),
        ("line 6", "it has 3 columns, the lines before it have 2"),
        ("line 7", "'nan' is no number"),
        ("line 8", "'inf' is no number"),
    ]
    assert data.notes == [
        "Left out of points.csv: line 3 (a number is missing), line 4 ('abc' is no number), "
        "line 5 (it has 1 column, not 2 or 3) and 3 more."
    ]


def test_a_first_line_with_one_number_is_no_header(tmp_path):
    assert load(table(tmp_path, "x,2\n1,1\n")).unreadable == [("line 1", "'x' is no number")]


def test_a_missing_class_is_a_bad_line(tmp_path):
    assert load(table(tmp_path, "1,1,a\n2,2,\n")).unreadable == [("line 2", "its class is missing")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There are no points in {path}. A line holds x and y"),
        ("x,y\n", "There are no points in {path}. A line holds x and y"),
        ("1\n2\n", "There are no points in {path}. Line 1: it has 1 column, not 2 or 3. A line holds"),
        ("1,2,3,4\n", "Line 1: it has 4 columns, not 2 or 3."),
        ("\0\1\2,\xff", "There are no points in {path}."),
    ],
    ids=["empty", "header alone", "one column", "four columns", "binary"],
)
def test_a_table_without_points_is_a_sentence(text, words, tmp_path):
    path = table(tmp_path, text)
    assert words.format(path=path) in refusal(path)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_text_is_points_or_a_sentence(tmp_path_factory, text):
    path = table(tmp_path_factory.mktemp("points"), text)
    try:
        data = load(path)
    except InputError as error:
        said = str(error)
    else:
        said = ""
        assert data.values.isfinite().all()
    assert said == "" or said.endswith("0.5,-1.25.")


# --- Arrays ----------------------------------------------------------------------------------------

POINTS = np.array([[2.0, 0.0], [-4.0, 1.0]])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int32", "uint8"])
def test_an_array_is_read(dtype, tmp_path):
    np.save(tmp_path / "points.npy", np.abs(POINTS).astype(dtype))
    assert load(tmp_path / "points.npy").values.tolist() == [[0.5, 0.0], [1.0, 0.25]]


@pytest.mark.parametrize("name", ["points", "anything"])
def test_arrays_with_labels_are_read(name, tmp_path):
    np.savez(tmp_path / "points.npz", **{name: POINTS, "labels": np.array([5, 3])})
    data = load(tmp_path / "points.npz")
    assert data.values.tolist() == [[0.5, 0.0], [-1.0, 0.25]]
    assert (data.labels.tolist(), data.spec.classes) == ([1, 0], ("3", "5"))


def test_points_that_are_not_finite_are_left_out_and_named(tmp_path):
    np.savez(tmp_path / "p.npz", points=np.array([[1, 1], [np.nan, 0], [0, 1]]), labels=np.array([1, 2, 3]))
    data = load(tmp_path / "p.npz")
    assert data.unreadable == [("point 1", "it is not finite")]
    assert data.spec.classes == ("1", "3")


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((5, 3)), "is 5 × 3 of float64. Points are numbers, count × 2: x and y."),
        (np.zeros(5), "is 5 of float64"),
        (np.array([["a", "b"]]), "is 1 × 2 of str"),
        (np.array([[None, None]]), "Object arrays cannot be loaded"),
        (np.full((3, 2), np.nan), "whose coordinates are numbers"),
        (np.zeros((0, 2)), "whose coordinates are numbers"),
    ],
    ids=["three columns", "one dimension", "text", "objects", "not finite", "empty"],
)
def test_an_array_that_holds_no_points_is_a_sentence(array, words, tmp_path):
    np.save(tmp_path / "points.npy", array, allow_pickle=True)
    assert words in refusal(tmp_path / "points.npy")


def test_several_arrays_are_listed(tmp_path):
    np.savez(tmp_path / "p.npz", a=POINTS, b=POINTS)
    assert "p.npz holds a (float64, 2 × 2), b (float64, 2 × 2). Name the array" in refusal(tmp_path / "p.npz")


@pytest.mark.parametrize("name", ["p.npy", "p.npz"])
@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x93NUMPY\1\0\x20\0{'descr': (("], ids=["empty", "text", "torn"]
)
def test_damaged_arrays_are_a_sentence(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert f"{name} is no {name[1:]} file, or is damaged: " in refusal(tmp_path / name)


# --- What is made of them --------------------------------------------------------------------------


def test_a_few_points_become_many_with_noise(tmp_path):
    path = table(tmp_path, "1,0,a\n-1,0,b\n0,0.5,c\n")
    data = load(path, count=30_000, spread=0.05)
    assert data.values.shape == (30_000, 2)
    assert data.values.dtype == torch.float32
    for number, centre in enumerate([(1.0, 0.0), (-1.0, 0.0), (0.0, 0.5)]):
        mine = data.values[data.labels == number]
        assert len(mine) == pytest.approx(10_000, rel=0.05)
        torch.testing.assert_close(mine.mean(0), torch.tensor(centre), atol=0.003, rtol=0)
        torch.testing.assert_close(mine.std(0), torch.full((2,), 0.05), atol=0, rtol=0.03)
    torch.rand(3)
    assert torch.equal(load(path, count=30_000, spread=0.05).values, data.values)


def test_noise_alone_keeps_each_point_once(tmp_path):
    data = load(table(tmp_path, "1,0\n-1,0\n"), spread=0.01)
    assert len(data) == 2
    torch.testing.assert_close(data.values, torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), atol=0.06, rtol=0)
    assert data.values.unique().numel() == 4


# --- What is refused -------------------------------------------------------------------------------


def test_no_choice_is_refused():
    assert refusal(None) == "No file is chosen. Set File to the one that holds your points."


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "gone.csv").startswith(f"{tmp_path / 'gone.csv'} does not exist.")
    assert refusal(tmp_path).startswith(f"{tmp_path} is a folder.")
