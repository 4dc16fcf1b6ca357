import io
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.api import ImageSpec, InputError, LoadedData
from ganstudio_plugins.image_folder import ImageFolder


def load(folder: Path | None, **settings) -> LoadedData:
    return ImageFolder(ImageFolder.Settings(folder=folder, **settings)).load(lambda what, share: None)


def refusal(folder: Path | None, **settings) -> str:
    with pytest.raises(InputError) as raised:
        load(folder, **settings)
    return str(raised.value)


def save(path: Path, mode: str = "L", size: tuple[int, int] = (32, 32), value: int = 90) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value if mode in ("L", "P") else (value, 10, 200)).save(path)


# --- What is found ---------------------------------------------------------------------------------


def test_grey_photos_are_read_as_they_are(shared_data):
    data = load(shared_data / "photos_gray")
    assert data.spec == ImageSpec(1, 256, 256)
    assert data.values.shape == (20, 1, 256, 256)
    assert data.labels is None
    assert data.notes == []


def test_a_grey_one_among_colours_is_told(shared_data):
    data = load(shared_data / "sr_set14", resize=64)
    assert data.values.shape == (14, 3, 64, 64)
    assert data.notes == ["1 image in grey became RGB, as others have colours."]


def test_direct_subfolders_are_classes(tmp_path):
    save(tmp_path / "dog" / "1.png", value=1)
    save(tmp_path / "cat" / "2.png", value=2)
    save(tmp_path / "dog" / "puppies" / "deeper" / "3.png", value=3)
    data = load(tmp_path)
    assert data.spec.classes == ("cat", "dog")
    assert data.labels.tolist() == [0, 1, 1]
    assert data.values[:, 0, 0, 0].tolist() == [2, 1, 3]


def test_a_folder_that_only_wraps_the_classes_is_seen_through(tmp_path):
    save(tmp_path / "set" / "train" / "cat" / "1.png")
    save(tmp_path / "set" / "train" / "dog" / "2.png")
    assert load(tmp_path).spec.classes == ("cat", "dog")


@pytest.mark.parametrize("names", [["1.png", "2.png"], ["1.png", "cat/2.png"], ["all/1.png", "all/2.png"]])
def test_without_several_subfolders_there_are_no_classes(names, tmp_path):
    for name in names:
        save(tmp_path / name)
    data = load(tmp_path)
    assert (data.spec.classes, data.labels, len(data)) == ((), None, 2)


def test_names_of_any_script_and_endings_in_capitals_are_read(tmp_path):
    for name in ("Kätzchen/größe 1.PNG", "犬/写真.png", "Kätzchen/it's.Jpeg"):
        save(tmp_path / name)
    assert load(tmp_path).spec.classes == ("Kätzchen", "犬")


def test_hidden_files_and_other_kinds_of_file_are_passed_over(tmp_path):
    save(tmp_path / "seen.png")
    save(tmp_path / ".hidden.png")
    save(tmp_path / ".thumbnails" / "1.png")
    save(tmp_path / "__MACOSX" / "2.png")
    (tmp_path / "notes.txt").write_text("no image")
    data = load(tmp_path)
    assert len(data) == 1
    assert data.notes == []


def test_links_are_followed_once(tmp_path):
    save(tmp_path / "elsewhere" / "1.png")
    save(tmp_path / "images" / "2.png")
    (tmp_path / "images" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "images" / "loop").symlink_to(tmp_path / "images")
    assert len(load(tmp_path / "images")) == 2


def test_the_order_depends_on_the_names_alone(tmp_path):
    for value in (3, 1, 2):
        save(tmp_path / f"{value}.png", value=value)
    assert load(tmp_path).values[:, 0, 0, 0].tolist() == [1, 2, 3]


# --- What is converted -----------------------------------------------------------------------------


def test_what_was_converted_is_counted(tmp_path):
    save(tmp_path / "grey.png")
    save(tmp_path / "colour.png", "RGB")
    save(tmp_path / "palette.gif", "P")
    Image.new("RGBA", (32, 32), (0, 0, 0, 9)).save(tmp_path / "clear 1.png")
    Image.new("RGBA", (32, 32), (0, 0, 0, 9)).save(tmp_path / "clear 2.png")
    Image.new("CMYK", (32, 32)).save(tmp_path / "print.jpg")
    Image.fromarray(np.full((32, 32), 40_000, np.uint16)).save(tmp_path / "deep.png")
    data = load(tmp_path)
    assert data.values.shape == (7, 3, 32, 32)
    assert data.notes == [
        "2 images in grey became RGB, as others have colours.",
        "1 image of 16 bits became 8 bits deep.",
        "1 image with a palette got the colours it stands for.",
        "1 image in CMYK or another colour space became RGB.",
        "2 images with transparent parts got a white ground.",
    ]


@pytest.mark.parametrize(("colour", "channels"), [("grey", 1), ("RGB", 3)])
def test_a_chosen_colour_holds_for_all(colour, channels, tmp_path):
    save(tmp_path / "grey.png")
    save(tmp_path / "colour.png", "RGB")
    data = load(tmp_path, colour=colour)
    assert data.spec.channels == data.values.shape[1] == channels


def test_damaged_files_are_left_out_and_named(tmp_path):
    for index in range(5):
        save(tmp_path / "cat" / f"{index}.png")
    save(tmp_path / "dog" / "good.png")
    for index in range(4):
        (tmp_path / "dog" / f"bad {index}.png").write_bytes(b"no image")
    noise = tmp_path / "cat" / "torn.png"
    Image.effect_noise((32, 32), 90).save(noise)
    noise.write_bytes(noise.read_bytes()[:600])
    data = load(tmp_path)
    assert len(data) == 6
    assert data.labels.tolist() == [0, 0, 0, 0, 0, 1]
    assert data.notes == [
        f"Left out, as they cannot be read: {Path('dog/bad 0.png')} (it is no image), "
        f"{Path('dog/bad 1.png')} (it is no image), {Path('dog/bad 2.png')} (it is no image) and 2 more."
    ]
    assert len(data.unreadable) == 5
    assert data.unreadable[-1] == (str(Path("cat/torn.png")), "it is damaged")


def test_different_sizes_become_one(shared_data):
    data = load(shared_data / "sr_set5", resize=48)
    assert data.spec == ImageSpec(3, 48, 48)
    assert data.values.float().std() > 30


def test_progress_is_told(tmp_path):
    for index in range(40):
        save(tmp_path / f"{index}.png")
    told = []
    ImageFolder(ImageFolder.Settings(folder=tmp_path)).load(lambda what, share: told.append((what, share)))
    assert ("Looking for images: 40 so far", None) in told
    assert ("Looking at the images", 0.0) in told
    assert ("Reading the images", 32 / 40) in told


# --- What is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [None, ""], ids=["nothing", "empty text"])
def test_no_choice_is_refused(folder):
    assert refusal(folder) == "No folder of images is chosen. Set Folder to the one that holds your images."


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert refusal(tmp_path / "gone").startswith(f"The folder {tmp_path / 'gone'} does not exist.")


def test_a_file_is_refused(tmp_path):
    save(tmp_path / "1.png")
    assert refusal(tmp_path / "1.png").startswith(f"{tmp_path / '1.png'} is a file.")


def test_a_zip_that_is_none_is_refused(tmp_path):
    (tmp_path / "images.zip").write_bytes(b"no zip at all")
    assert refusal(tmp_path / "images.zip").startswith(f"{tmp_path / 'images.zip'} is no zip, or is damaged:")


def test_a_zip_without_images_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        archive.writestr("notes.txt", "no image")
    assert refusal(tmp_path / "images.zip").startswith(f"There are no images in {tmp_path / 'images.zip'}.")


def test_a_link_that_leads_nowhere_is_left_out(tmp_path):
    save(tmp_path / "1.png")
    (tmp_path / "2.png").symlink_to(tmp_path / "gone.png")
    assert load(tmp_path).unreadable == [("2.png", "it is damaged")]


def test_a_folder_without_images_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    assert refusal(tmp_path).startswith(f"There are no images in {tmp_path} or its subfolders.")


def test_a_folder_of_damaged_images_is_refused_with_the_reasons(tmp_path):
    (tmp_path / "1.png").write_bytes(b"no image")
    assert refusal(tmp_path) == (
        f"None of the 1 images in {tmp_path} can be read. "
        "Left out, as they cannot be read: 1.png (it is no image)."
    )


def test_images_that_break_off_are_refused_when_there_is_no_other(tmp_path):
    Image.effect_noise((64, 64), 90).save(tmp_path / "torn.png")
    (tmp_path / "torn.png").write_bytes((tmp_path / "torn.png").read_bytes()[:2000])
    assert "torn.png (it is damaged)" in refusal(tmp_path)


def test_different_sizes_are_refused_with_the_sizes_and_the_fix(tmp_path):
    for index, size in enumerate([(64, 48), (64, 48), (100, 80), (33, 50), (90, 90)]):
        save(tmp_path / f"{index}.png", size=size)
    assert refusal(tmp_path) == (
        f"The images in {tmp_path} have 4 different sizes: 64 × 48 (2), 100 × 80 (1), 33 × 50 (1) "
        "and 1 more. Set Resize to bring all of them to one, for example 32."
    )


def test_images_upright_and_sideways_are_of_one_size(tmp_path):
    save(tmp_path / "1.jpg", size=(40, 30))
    exif = Image.Exif()
    exif[0x112] = 8
    Image.new("L", (30, 40)).save(tmp_path / "2.jpg", exif=exif)
    assert load(tmp_path).spec == ImageSpec(1, 30, 40)


def test_more_images_than_memory_and_disk_are_refused_before_any_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "100")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=50))
    save(tmp_path / "1.png")
    assert "more than the memory budget" in refusal(tmp_path)
    assert "Set Resize to a smaller side" in refusal(tmp_path)


def test_labels_fit_the_images_that_were_read(tmp_path):
    for kind in ("a", "b"):
        for value in range(3):
            save(tmp_path / kind / f"{value}.png", value=value)
    data = load(tmp_path)
    assert data.labels.dtype == torch.int64
    assert len(data.labels) == len(data.values) == 6


# --- A zip -----------------------------------------------------------------------------------------


def zipped(folder: Path, path: Path) -> Path:
    """Pack a folder, and give the zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*"), reverse=True):
            archive.write(file, file.relative_to(folder).as_posix())
    return path


@pytest.mark.parametrize(
    "names",
    [
        ["dog/1.png", "cat/2.png", "dog/deep/er/3.png"],
        ["set/train/cat/1.png", "set/train/dog/2.png"],
        ["1.png", "cat/2.png"],
        ["ä/1.PNG", "犬/2.jpeg", "__MACOSX/3.png", ".hidden/4.png"],
    ],
    ids=["classes", "wrapped", "no classes", "any script"],
)
def test_a_zip_is_read_like_the_folder_it_was_made_of(names, tmp_path):
    for value, name in enumerate(names):
        save(tmp_path / "images" / name, value=50 * value)
    (tmp_path / "images" / "bad.png").write_bytes(b"no image")
    folder, archive = load(tmp_path / "images"), load(zipped(tmp_path / "images", tmp_path / "images.ZIP"))
    assert torch.equal(folder.values, archive.values)
    assert (folder.spec, folder.notes, folder.unreadable) == (archive.spec, archive.notes, archive.unreadable)
    assert (folder.labels is None and archive.labels is None) or torch.equal(folder.labels, archive.labels)


def test_real_photos_in_a_zip_are_the_same_as_in_a_folder(shared_data, tmp_path):
    archive = zipped(shared_data / "sr_set5", tmp_path / "photos.zip")
    assert torch.equal(load(archive, resize=48).values, load(shared_data / "sr_set5", resize=48).values)


def test_names_that_lead_out_of_a_zip_are_refused_and_named(tmp_path):
    good = io.BytesIO()
    Image.new("L", (8, 8), 9).save(good, "PNG")
    names = ["../up.png", "/root.png", "C:\\disk.png", "a/../../up.png", "good/1.png"]
    inside = tmp_path / "inside"
    inside.mkdir()
    with zipfile.ZipFile(inside / "images.zip", "w") as archive:
        for name in names:
            archive.writestr(name, good.getvalue())
    data = load(inside / "images.zip")
    assert len(data) == 1
    assert sorted(reason for _, reason in data.unreadable) == ["its name leads out of the zip"] * 4
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "images.zip"]


# --- More than memory ------------------------------------------------------------------------------


def test_a_large_folder_is_read_from_disk_and_equals_memory(tmp_path, monkeypatch, studio_home):
    for kind in ("a", "b"):
        for value in range(5):
            save(tmp_path / kind / f"{value}.png", value=20 * value)
    (tmp_path / "a" / "bad.png").write_bytes(b"no image")
    in_memory = load(tmp_path, resize=16)
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "1000")
    first, second = load(tmp_path, resize=16), load(tmp_path, resize=16)
    for data in (first, second):
        assert torch.equal(data.values, in_memory.values)
        assert torch.equal(data.labels, in_memory.labels)
        assert (data.spec, data.unreadable) == (in_memory.spec, in_memory.unreadable)
        assert data.notes[:-1] == in_memory.notes
        assert str(studio_home / "caches") in data.notes[-1]


def test_a_new_image_in_a_large_folder_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "1000")
    save(tmp_path / "1.png")
    assert len(load(tmp_path)) == 1
    save(tmp_path / "2.png")
    data = load(tmp_path)
    assert len(data) == 2
    assert "was made anew" in data.notes[0]


def test_a_stop_while_reading_a_large_folder_leaves_nothing(tmp_path, monkeypatch, studio_home):
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "1000")
    for value in range(40):
        save(tmp_path / f"{value}.png")

    def stop(what: str, share: float | None) -> None:
        if what == "Reading the images" and share:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ImageFolder(ImageFolder.Settings(folder=tmp_path)).load(stop)
    assert list((studio_home / "caches").iterdir()) == []
