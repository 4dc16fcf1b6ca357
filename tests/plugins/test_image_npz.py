import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganstudio.api import ImageSpec, InputError, LoadedData
from ganstudio_plugins import npz_arrays
from ganstudio_plugins.image_npz import ImageArrays

GREY = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
COLOUR = np.arange(6 * 4 * 5 * 3, dtype=np.uint16).astype(np.uint8).reshape(6, 4, 5, 3)
LABELS = np.array([0, 1, 2, 0, 1, 2])


def load(path: Path | None, **settings) -> LoadedData:
    return ImageArrays(ImageArrays.Settings(file=path, **settings)).load(lambda what, share: None)


def saved(folder: Path, **arrays: np.ndarray) -> Path:
    np.savez_compressed(folder / "set.npz", **arrays)
    return folder / "set.npz"


def refusal(path: Path | None, **settings) -> str:
    with pytest.raises(InputError) as raised:
        load(path, **settings)
    text = str(raised.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


# --- What is found ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "count", "shape"),
    [
        ("mnist_test.npz", 10_000, (1, 28, 28)),
        ("fashion_mnist_test.npz", 5000, (1, 28, 28)),
        ("cifar10.npz", 5000, (3, 32, 32)),
    ],
)
def test_real_sets_are_found_by_themselves(name, count, shape, shared_data):
    data = load(shared_data / name)
    assert len(data) == count
    assert data.spec.shape == shape
    assert len(data.spec.classes) == 10
    stored = np.load(shared_data / name)
    images = stored["images" if "images" in stored else "train_images"].reshape(count, *shape[1:], shape[0])
    labels = stored["labels" if "labels" in stored else "train_labels"]
    assert np.array_equal(data.values.permute(0, 2, 3, 1).numpy(), images)
    assert np.array_equal(data.labels.numpy(), labels)


def test_the_names_of_classes_are_read(shared_data):
    assert load(shared_data / "cifar10.npz").spec.classes[:2] == ("airplane", "automobile")


def test_several_arrays_of_images_are_listed(shared_data):
    assert re.search(
        r"has several arrays of images: trainA \(uint8, 300 × 64 × 64 × 3\), .* Set Images to one of",
        refusal(shared_data / "unpaired_leaf64.npz"),
    )
    assert len(load(shared_data / "unpaired_leaf64.npz", images="trainB")) == 300


@pytest.mark.parametrize(
    ("arrays", "labelled"),
    [
        ({"images": GREY, "labels": LABELS}, True),
        ({"X_train": GREY, "y_train": LABELS, "X_test": GREY[:2]}, True),
        ({"x": GREY, "y": LABELS[:, None].astype(np.int8)}, True),
        ({"faces": GREY}, False),
        ({"faces": GREY, "labels": LABELS}, True),
        ({"images": GREY, "labels": LABELS[:3]}, False),
        ({"images": GREY, "labels": LABELS.astype(float)}, False),
        ({"images": GREY[..., None]}, False),
        ({"images": np.asfortranarray(GREY), "labels": LABELS}, True),
    ],
    ids=[
        *("usual", "x and y", "columns", "one array", "one and labels", "too few labels", "fractions"),
        *("1 colour", "Fortran order"),
    ],
)
def test_what_is_unambiguous_is_found(arrays, labelled, tmp_path):
    data = load(saved(tmp_path, **arrays))
    assert np.array_equal(data.values.numpy(), GREY[:, None])
    assert (data.labels is not None) == labelled
    if labelled:
        assert data.labels.tolist() == LABELS.tolist()
        assert data.spec.classes == ("0", "1", "2")


def test_colours_come_first(tmp_path):
    data = load(saved(tmp_path, images=COLOUR))
    assert data.spec == ImageSpec(3, 4, 5)
    assert np.array_equal(data.values.numpy(), COLOUR.transpose(0, 3, 1, 2))


def test_labels_are_counted_from_zero_and_keep_their_names(tmp_path):
    data = load(saved(tmp_path, images=GREY, labels=np.array([7, -1, 7, 300, 7, 7])))
    assert data.labels.tolist() == [1, 0, 1, 2, 1, 1]
    assert data.spec.classes == ("-1", "7", "300")


def test_chosen_arrays_are_used(tmp_path):
    path = saved(tmp_path, images=GREY, other=COLOUR, labels=LABELS, kinds=LABELS[::-1])
    data = load(path, images="other", labels="kinds")
    assert data.spec.channels == 3
    assert data.labels.tolist() == LABELS[::-1].tolist()


@given(
    count=st.integers(1, 30),
    height=st.integers(1, 6),
    width=st.integers(1, 6),
    colours=st.sampled_from([(), (1,), (3,)]),
    part=st.integers(1, 200),
)
def test_any_shape_is_read_in_parts_of_any_size(count, height, width, colours, part, tmp_path_factory):
    shape = (count, height, width, *colours)
    images = np.random.default_rng(count).integers(0, 256, shape, dtype=np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(npz_arrays, "PART_BYTES", part)
        data = load(saved(tmp_path_factory.mktemp("npz"), images=images))
    wanted = images.reshape(count, height, width, -1).transpose(0, 3, 1, 2)
    assert np.array_equal(data.values.numpy(), wanted)


def test_a_large_file_is_read_straight_to_disk(tmp_path, monkeypatch, studio_home):
    path = saved(tmp_path, images=COLOUR, labels=LABELS, class_names=np.array(["a", "b", "c"]))
    in_memory = load(path)
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "100")
    for _ in range(2):
        data = load(path)
        assert torch.equal(data.values, in_memory.values)
        assert torch.equal(data.labels, in_memory.labels)
        assert data.spec == in_memory.spec
    assert len(list((studio_home / "caches").iterdir())) == 2


# --- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "settings", "words"),
    [
        ({"images": GREY.astype(np.float32)}, {}, "no array of images. It holds images (float32, 6 × 4 × 5)"),
        ({}, {}, "has no array of images. It holds no arrays at all"),
        ({"images": GREY[:0]}, {}, "has no array of images"),
        ({"images": GREY}, {"images": "faces"}, "no array named faces. It holds images (uint8, 6 × 4 × 5)"),
        ({"images": GREY}, {"labels": "kinds"}, "Set Labels to one of the names, or leave it empty."),
        ({"a": GREY.astype(int)}, {"images": "a"}, "whole numbers of 8 bits, from 0 to 255 (uint8)"),
        ({"a": GREY[0]}, {"images": "a"}, "images are count × height × width, or"),
        ({"a": np.zeros((2, 4, 4, 4), np.uint8)}, {"images": "a"}, "with 1 or 3 colours"),
        ({"a": np.uint8(3)}, {"images": "a"}, "a (uint8, one value)"),
        ({"a": GREY[:0]}, {"images": "a"}, "it is empty"),
        ({"images": GREY, "k": LABELS[:4]}, {"labels": "k"}, "one label for each of the 6 images"),
        ({"images": GREY, "k": LABELS / 2}, {"labels": "k"}, "labels are whole numbers"),
        ({"images": GREY, "k": LABELS.astype(object)}, {"labels": "k"}, "labels are whole numbers"),
        (
            {"images": GREY, "labels": LABELS, "class_names": np.array(["a", "b"])},
            {},
            "go from 0 to 2, and there are 2 names of classes: they are to go from 0 to 1",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_what_there_is(arrays, settings, words, tmp_path):
    path = saved(tmp_path, **arrays)
    text = refusal(path, **settings)
    assert words in text
    assert str(path) in text


def test_nothing_is_ever_unpickled(tmp_path):
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    path = saved(
        tmp_path, images=np.array([Trap()], dtype=object), class_names=np.array([Trap()], dtype=object)
    )
    assert "has no array of images" in refusal(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("file", [None, ""], ids=["nothing", "empty text"])
def test_no_choice_is_refused(file):
    assert refusal(file) == "No file is chosen. Set File to the .npz file that holds your images."


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "gone.npz").startswith(f"{tmp_path / 'gone.npz'} does not exist.")
    assert refusal(tmp_path).startswith(f"{tmp_path} is a folder.")


def head(shape: str) -> bytes:
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}".ljust(117) + "\n"
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"no array",
        head("(2, 4, 4)") + bytes(31),
        head("(2, -4, 4)"),
        head("nonsense("),
        head("(1.5, 4, 4)"),
    ],
    ids=["empty", "text", "cut off", "negative", "nonsense", "fraction"],
)
def test_a_damaged_array_is_a_sentence(member, tmp_path):
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        archive.writestr("images.npy", member)
    assert "set.npz" in refusal(tmp_path / "set.npz")


def test_an_array_that_claims_more_than_there_is_room_for_is_a_sentence(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        archive.writestr("images.npy", head("(1000000000, 1000, 1000)") + bytes(9))
    assert "Set Resize to a smaller side" in refusal(tmp_path / "set.npz")


@given(st.integers(0, 600), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_is_a_sentence_or_the_images(tmp_path_factory, place, content):
    path = saved(tmp_path_factory.mktemp("npz"), images=GREY, labels=LABELS)
    path.write_bytes(path.read_bytes()[:place] + content + path.read_bytes()[place + len(content) :])
    try:
        data = load(path)
    except InputError as error:
        text = str(error)
    else:
        text = ""
        assert data.values.dtype == torch.uint8
    assert text == "" or text.endswith(".")
