import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from ganstudio.api import ImageSpec, InputError, LoadedData, StudioError, image_cache
from ganstudio.api.image_cache import ImageCache, memory_budget

SHAPE = (40, 3, 8, 8)


def quiet(what: str, share: float | None) -> None:
    """Take no notice of progress."""


def noise(*shape: int) -> Tensor:
    return torch.randint(0, 256, shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def made() -> LoadedData:
    return LoadedData(
        ImageSpec(3, 8, 8, ("a", "ä")),
        noise(*SHAPE),
        torch.arange(40) % 2,
        ["A note."],
        unreadable=[("b\udcff.png", "it is damaged")],
    )


@pytest.fixture(autouse=True)
def _small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "1000")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What the images are said to be made of."""
    path = tmp_path / "images.bin"
    path.write_bytes(b"pixels")
    return path


def cache(file: Path | None, size: int = 0) -> ImageCache:
    return ImageCache("Mine", {"resize": size}, None if file is None else [file], quiet)


def kept(file: Path) -> LoadedData:
    with cache(file) as now:
        return now.keep(made())


def found(file: Path) -> LoadedData | None:
    with cache(file) as now:
        return now.find()


def stored(home: Path) -> tuple[Path, Path]:
    """Return header and images, which are all that is there."""
    header, images = sorted((home / "caches").iterdir(), key=lambda path: path.suffix == ".images")
    return header, images


def same(data: LoadedData | None) -> bool:
    first = made()
    return (
        data is not None
        and torch.equal(data.values, first.values)
        and torch.equal(data.labels, first.labels)
        and (data.spec, data.unreadable, data.notes[0]) == (first.spec, first.unreadable, "A note.")
    )


def test_what_is_kept_is_found_again(file, studio_home):
    assert found(file) is None
    assert same(kept(file))
    assert same(found(file))
    _, images = stored(studio_home)
    assert found(file).notes[1:] == [f"The images take 7.5 KiB and are read from disk, from {images}."]


def test_data_without_labels_is_kept_as_well(file):
    with cache(file) as now:
        now.keep(LoadedData(ImageSpec(3, 8, 8), noise(*SHAPE)))
    assert found(file).labels is None


def test_a_small_set_stays_in_memory(file, studio_home):
    data = LoadedData(ImageSpec(1, 8, 8), noise(10, 1, 8, 8))
    with cache(file) as now:
        assert now.keep(data) is data
    assert found(file) is None
    assert not (studio_home / "caches").exists()


def test_without_files_nothing_is_kept(studio_home):
    with cache(None) as now:
        assert now.find() is None
        data = made()
        assert now.keep(data) is data
        assert now.room(SHAPE).shape == SHAPE
    assert not (studio_home / "caches").exists()


def test_a_room_is_filled_and_kept_without_a_copy(file, studio_home):
    with cache(file) as now:
        room = now.room(SHAPE)
        assert len(list((studio_home / "caches").glob(".*.part"))) == 1
        room[:] = made().values
        data = made()
        data.values = room
        assert same(now.keep(data))
    assert same(found(file))
    assert len(list((studio_home / "caches").iterdir())) == 2


def test_a_room_that_stayed_half_empty_is_kept_as_far_as_it_is_full(file, studio_home):
    with cache(file) as now:
        room = now.room((60, 3, 8, 8))
        room[:40] = made().values
        data = made()
        data.values = room[:40]
        assert same(now.keep(data))
    assert stored(studio_home)[1].stat().st_size == made().values.nbytes + 8 * 40


def test_a_room_that_stayed_nearly_empty_goes_to_memory(file, studio_home):
    with cache(file) as now:
        room = now.room(SHAPE)
        room[:2] = 7
        data = now.keep(LoadedData(ImageSpec(3, 8, 8), room[:2]))
    assert list((studio_home / "caches").iterdir()) == []
    assert (data.values == 7).all()


def test_rooms_that_are_not_kept_leave_nothing(file, studio_home):
    with cache(file) as now:
        for _ in range(3):
            now.room(SHAPE).zero_()
        assert same(now.keep(made()))
    assert len(list((studio_home / "caches").iterdir())) == 2


def test_a_stop_meanwhile_leaves_nothing(file, studio_home):
    def stop(what: str, share: float | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), ImageCache("Mine", {}, [file], stop) as now:
        now.keep(made())
    assert list((studio_home / "caches").iterdir()) == []


def test_copying_tells_its_progress(file, monkeypatch):
    monkeypatch.setattr("ganstudio.api.mapped_file.PART_BYTES", 20 * 192)
    told = []
    with ImageCache("Mine", {}, [file], lambda what, share: told.append((what, share))) as now:
        now.keep(made())
    assert told == [("Keeping the images on disk", 0.0), ("Keeping the images on disk", 0.5)]


def test_every_identity_has_files_of_its_own(file):
    kept(file)
    with cache(file, size=1) as other:
        assert other.find() is None


# --- Stale and damaged -----------------------------------------------------------------------------


def shorten(header: Path, images: Path) -> None:
    os.truncate(images, 100)


def flip_a_byte(header: Path, images: Path) -> None:
    content = bytearray(images.read_bytes())
    content[3000] ^= 1
    images.write_bytes(content)


def flip_a_label(header: Path, images: Path) -> None:
    content = bytearray(images.read_bytes())
    content[-8] ^= 1
    images.write_bytes(content)


def lose_the_images(header: Path, images: Path) -> None:
    images.unlink()


def tear_the_header(header: Path, images: Path) -> None:
    header.write_text(header.read_text()[:50])


def empty_the_header(header: Path, images: Path) -> None:
    header.write_text("[]")


def change_the_version(header: Path, images: Path) -> None:
    header.write_text(json.dumps({**json.loads(header.read_text()), "version": 0}))


def change_the_shape(header: Path, images: Path) -> None:
    header.write_text(json.dumps({**json.loads(header.read_text()), "shape": [40, "three", 8, 8]}))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (shorten, "was damaged (its length was wrong)"),
        (flip_a_byte, "was damaged (its checksum was wrong)"),
        (flip_a_label, "was damaged (its checksum was wrong)"),
        (lose_the_images, "was damaged"),
        (tear_the_header, "was damaged"),
        (empty_the_header, "was damaged"),
        (change_the_version, "was of another version"),
        (change_the_shape, "was damaged"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_damaged_is_made_anew_and_told(
    damage: Callable[[Path, Path], None], reason: str, file: Path, studio_home: Path
) -> None:
    kept(file)
    damage(*stored(studio_home))
    with cache(file) as now:
        assert now.find() is None
        data = now.keep(made())
    assert same(data)
    assert data.notes[1] == f"The file of these images on disk {reason}, and was made anew."
    assert len(found(file).notes) == 2


@pytest.mark.parametrize("change", ["size", "time", "gone"])
def test_a_change_of_what_it_is_made_of_is_noticed(change, file, studio_home):
    kept(file)
    if change == "size":
        file.write_bytes(b"other pixels")
    elif change == "time":
        os.utime(file, ns=(1, 1))
    else:
        file.unlink()
    with cache(file) as now:
        assert now.find() is None
        data = now.keep(made())
    assert "was older than the images it is made of, and was made anew." in data.notes[1]
    assert len(list((studio_home / "caches").iterdir())) == 2


def test_a_stale_file_goes_when_the_images_fit_into_memory(file, studio_home, monkeypatch):
    kept(file)
    file.write_bytes(b"other pixels")
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "1000000")
    with cache(file) as now:
        assert now.find() is None
        assert now.keep(made()).notes == ["A note."]
    assert list((studio_home / "caches").iterdir()) == []


# --- Room ------------------------------------------------------------------------------------------


def test_the_budget_is_a_share_of_memory_unless_it_is_named(monkeypatch):
    assert memory_budget() == 1000
    monkeypatch.delenv("GANSTUDIO_MEMORY_BUDGET")
    monkeypatch.setattr(image_cache.psutil, "virtual_memory", lambda: SimpleNamespace(total=8 << 30))
    assert memory_budget() == 2 << 30


@pytest.mark.parametrize("text", ["", "much", "-5", "1.5"])
def test_a_budget_that_is_no_number_is_a_sentence(text, monkeypatch):
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", text)
    with pytest.raises(InputError, match=r"GANSTUDIO_MEMORY_BUDGET is .* a whole number of bytes"):
        memory_budget()


def test_a_disk_that_is_too_small_is_a_sentence(file, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=5000))
    with pytest.raises(InputError) as raised, cache(file) as now:
        now.room((1000, 3, 32, 32))
    assert "The images take 2.9 MiB, more than the memory budget of 1.0 KiB" in str(raised.value)
    assert "which has 4.9 KiB left. Set Resize to a smaller side" in str(raised.value)


def test_a_disk_that_fills_up_is_a_sentence_that_names_the_folder(file, studio_home, monkeypatch):
    def full(handle: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(StudioError) as raised, cache(file) as now:
        now.room(SHAPE)
    assert f"cannot be kept in {studio_home / 'caches'}: No space left on device." in str(raised.value)
    assert list((studio_home / "caches").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(file, studio_home):
    (studio_home / "caches").write_text("a file")
    with pytest.raises(StudioError, match="cannot be kept in"), cache(file) as now:
        now.keep(made())


def test_more_than_memory_is_refused_where_the_disk_is_no_way_out(monkeypatch):
    monkeypatch.setattr(image_cache.psutil, "virtual_memory", lambda: SimpleNamespace(total=1 << 20))
    with (
        pytest.raises(InputError, match=r"take 900\.0 KiB of memory"),
        cache(None) as now,
    ):
        now.room((900, 1, 32, 32))
