import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.api import ImageSpec, InputError, LoadedData, UnpairedSpec
from ganstudio.registry import Registry
from ganstudio.resolve import metrics_for
from ganstudio_plugins.unpaired_data import UnpairedArrays, UnpairedFolders


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


def fill(folder: Path, count: int, size: tuple[int, int] = (8, 8), mode: str = "RGB", shade: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    colour: Any = shade if mode == "L" else (shade, shade, shade)
    for number in range(count):
        Image.new(mode, size, colour).save(folder / f"{number}.png")
    return folder


def load(first: Path | None, second: Path | None, **settings: Any) -> LoadedData:
    return UnpairedFolders(UnpairedFolders.Settings(folder_a=first, folder_b=second, **settings)).load(silent)


def test_two_folders_are_two_domains_named_after_them(tmp_path: Path) -> None:
    data = load(fill(tmp_path / "horses", 3, shade=10), fill(tmp_path / "zebras", 5, shade=20), flip=True)
    kind = ImageSpec(3, 8, 8)
    assert data.spec == UnpairedSpec(kind, kind, ("horses", "zebras"))
    assert (len(data), len(data.other)) == (3, 5)
    assert (data.values.unique().item(), data.other.unique().item()) == (10, 20)
    assert data.flip


def test_a_zip_may_stand_for_a_folder(tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "b"), "zip", fill(tmp_path / "packed", 2))
    data = load(fill(tmp_path / "a", 2), Path(archive))
    assert data.other.shape == (2, 3, 8, 8)


def test_grey_images_get_colours_where_the_others_have_them(tmp_path: Path) -> None:
    data = load(fill(tmp_path / "a", 2, mode="L"), fill(tmp_path / "b", 2))
    assert data.spec.a.channels == data.spec.b.channels == 3
    assert data.values.shape[1] == 3
    assert any("grey" in note for note in data.notes)


def test_domains_are_scaled_and_cut_as_asked(tmp_path: Path) -> None:
    data = load(fill(tmp_path / "a", 2, (20, 30)), fill(tmp_path / "b", 2, (9, 9)), resize=12, random_crop=10)
    assert data.values.shape == data.other.shape == (2, 3, 12, 12)
    assert data.spec.a.shape == data.spec.b.shape == (3, 10, 10)
    assert data.crop == 10


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = fill(tmp_path / "b", 3)
    (folder / "x.png").write_bytes(b"no picture")
    data = load(fill(tmp_path / "a", 2), folder)
    assert [name for name, _reason in data.unreadable] == ["x.png"]
    assert len(data.other) == 3


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 2), "There are no images in .*a or its subfolders"),
        ((2, 0), "There are no images in .*b or its subfolders"),
        ((1, 5), "Domain A has a single image"),
        ((5, 1), "Domain B has a single image"),
    ],
    ids=["first empty", "second empty", "one image in the first", "one image in the second"],
)
def test_a_domain_of_nothing_or_one_image_is_refused(
    tmp_path: Path, counts: tuple[int, int], words: str
) -> None:
    folders = [fill(tmp_path / name, count) for name, count in zip("ab", counts, strict=True)]
    with pytest.raises(InputError, match=words):
        load(*folders)


def test_images_smaller_than_the_square_to_cut_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="squares of 9 pixels, and the images are 8 × 8"):
        load(fill(tmp_path / "a", 2), fill(tmp_path / "b", 2), random_crop=9)


@pytest.mark.parametrize("missing", ["A", "B"])
def test_a_folder_that_is_not_chosen_is_asked_for(tmp_path: Path, missing: str) -> None:
    folder = fill(tmp_path / "one", 2)
    folders = (None, folder) if missing == "A" else (folder, None)
    with pytest.raises(InputError, match=f"domain {missing}. Set Folder {missing.lower()}"):
        load(*folders)


def test_one_folder_for_both_is_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "one", 2)
    with pytest.raises(InputError, match="Both domains are the folder"):
        load(folder, folder)


# --- Arrays ----------------------------------------------------------------------------------------


def arrays(file: Path | None, **settings: Any) -> LoadedData:
    return UnpairedArrays(UnpairedArrays.Settings(file=file, **settings)).load(silent)


def test_two_arrays_of_a_file_are_two_domains(tmp_path: Path) -> None:
    file = tmp_path / "two.npz"
    first = np.arange(2 * 4 * 4, dtype=np.uint8).reshape(2, 4, 4)
    np.savez(file, x=first, y=np.zeros((3, 4, 4), np.uint8), testA=first)
    data = arrays(file, images_a="x", images_b="y")
    assert torch.equal(data.values[:, 0], torch.from_numpy(first))
    assert data.other.shape == (3, 1, 4, 4)
    assert data.spec.names == ("A", "B")


def test_an_array_there_is_not_is_named(tmp_path: Path) -> None:
    file = tmp_path / "one.npz"
    np.savez(file, trainA=np.zeros((3, 4, 4), np.uint8))
    with pytest.raises(InputError, match=r"no array named trainB.*Set Images b to one\.$"):
        arrays(file)


def test_a_folder_that_is_not_there_is_told_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere does not exist\. Set Folder b to"):
        load(fill(tmp_path / "a", 2), tmp_path / "nowhere")


def test_a_file_that_is_not_chosen_is_asked_for() -> None:
    with pytest.raises(InputError, match="No file is chosen"):
        arrays(None)


def test_the_drawings_of_two_designs_are_read(shared_data: Path) -> None:
    data = arrays(shared_data / "unpaired_emoji64.npz")
    assert (data.values.shape, data.other.shape) == ((352, 3, 64, 64), (391, 3, 64, 64))
    assert data.held_out[0].values.shape == (39, 3, 64, 64)
    assert data.spec.describe() == "unpaired 64 × 64 colour images"


def test_no_score_of_one_kind_of_images_is_asked_for() -> None:
    spec = UnpairedSpec(ImageSpec(1, 4, 4), ImageSpec(1, 4, 4))
    values = torch.zeros(3, 1, 4, 4, dtype=torch.uint8)
    assert metrics_for(Registry.load(), LoadedData(spec, values, other=values)) == []
