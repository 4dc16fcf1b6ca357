import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ganstudio.api import InputError, LoadedData, downloads_folder
from ganstudio_plugins.celeba import CelebA

NAMES = ["000001.jpg", "000002.jpg", "000003.jpg"]
SMILING, MALE = [1, -1, 1], [-1, -1, 1]


def load(**settings) -> LoadedData:
    return CelebA(CelebA.Settings(**settings)).load(lambda what, share: None)


def refusal(**settings) -> str:
    with pytest.raises(InputError) as raised:
        load(**settings)
    return str(raised.value)


def faces(folder: Path) -> None:
    folder.mkdir(parents=True)
    for value, name in enumerate(NAMES):
        Image.new("RGB", (178, 218), (80 * value, 10, 10)).save(folder / name)


def attributes(folder: Path, names: list[str] = NAMES) -> None:
    lines = [f"{name}  {a:2} {b:2}" for name, a, b in zip(names, MALE, SMILING, strict=False)]
    text = "\n".join([str(len(names)), "Male Smiling ", *lines])
    (folder / "list_attr_celeba.txt").write_text(text + "\n")


@pytest.fixture
def celeba(tmp_path: Path) -> Path:
    """A folder as the user makes it, with three faces."""
    faces(tmp_path / "img_align_celeba")
    attributes(tmp_path)
    return tmp_path


def test_faces_are_read_from_the_folder_at_the_usual_size(celeba):
    data = load(folder=celeba)
    assert data.values.shape == (3, 3, 64, 64)
    assert data.labels is None
    assert data.values[:, 0, 32, 32].tolist() == pytest.approx([0, 80, 160], abs=3)


def test_without_a_folder_the_studios_own_is_looked_into():
    faces(downloads_folder() / "celeba" / "img_align_celeba")
    assert len(load()) == 3


def test_the_folder_of_images_itself_may_be_chosen(celeba):
    data = load(folder=celeba / "img_align_celeba", attribute="Smiling")
    assert data.labels.tolist() == [1, 0, 1]


def test_faces_are_read_from_the_zip_as_it_comes(celeba):
    with zipfile.ZipFile(celeba / "img_align_celeba.zip", "w") as archive:
        for name in NAMES:
            archive.write(celeba / "img_align_celeba" / name, f"img_align_celeba/{name}")
            (celeba / "img_align_celeba" / name).unlink()
    (celeba / "img_align_celeba").rmdir()
    assert len(load(folder=celeba / "img_align_celeba.zip", attribute="Male")) == 3
    data = load(folder=celeba, attribute="Male", resize=0)
    assert data.values.shape == (3, 3, 218, 178)
    assert data.labels.tolist() == [0, 0, 1]
    assert data.spec.classes == ("not Male", "Male")


def test_a_list_with_commas_is_read_as_well(celeba):
    (celeba / "list_attr_celeba.txt").unlink()
    rows = [f"{name},{a},{b}" for name, a, b in zip(NAMES, MALE, SMILING, strict=True)]
    (celeba / "list_attr_celeba.csv").write_text("\n".join(["image_id,Male,Smiling", *rows]))
    assert load(folder=celeba, attribute="Smiling").labels.tolist() == [1, 0, 1]


def test_labels_fit_the_faces_that_were_read(celeba):
    (celeba / "img_align_celeba" / NAMES[1]).write_bytes(b"no image")
    data = load(folder=celeba, attribute="Male")
    assert data.labels.tolist() == [0, 1]
    assert data.unreadable == [(NAMES[1], "it is no image")]


def test_another_list_of_attributes_is_noticed_when_faces_are_on_disk(celeba, monkeypatch):
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "100")
    assert load(folder=celeba, attribute="Male").labels.tolist() == [0, 0, 1]
    assert load(folder=celeba, attribute="Male").labels.tolist() == [0, 0, 1]
    (celeba / "list_attr_celeba.txt").write_text("3\nMale\n" + "".join(f"{name} 1\n" for name in NAMES))
    assert load(folder=celeba, attribute="Male").labels.tolist() == [1, 1, 1]


# --- What is missing -------------------------------------------------------------------------------


def test_missing_files_are_named_with_where_they_come_from(tmp_path):
    text = refusal(folder=tmp_path)
    assert f"The images of CelebA are not in {tmp_path}. Download img_align_celeba.zip" in text
    assert "http://mmlab.ie.cuhk.edu.hk/projects/CelebA.html" in text


def test_missing_attributes_are_named(celeba):
    (celeba / "list_attr_celeba.txt").unlink()
    assert "Download list_attr_celeba.txt from" in refusal(folder=celeba, attribute="Male")
    assert len(load(folder=celeba)) == 3


def test_a_face_without_attributes_is_named(celeba):
    attributes(celeba, NAMES[:2])
    assert "says nothing of 1 of the images, such as 000003.jpg" in refusal(folder=celeba, attribute="Male")


@pytest.mark.parametrize(
    "content",
    [b"", b"3\n", b"3\nMale Smiling\n000001.jpg\n", b"3\nMale\n000001.jpg one\n", b"\xff\xfe\x00"],
    ids=["empty", "no header", "short", "words", "binary"],
)
def test_a_damaged_list_is_a_sentence(content, celeba):
    (celeba / "list_attr_celeba.txt").write_bytes(content)
    assert "is not the list of attributes of CelebA, or is damaged" in refusal(
        folder=celeba, attribute="Male"
    )


def test_an_attribute_that_the_list_lacks_is_a_sentence(celeba):
    assert "is not the list of attributes" in refusal(folder=celeba, attribute="Young")
