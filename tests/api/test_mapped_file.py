import os
from pathlib import Path

import pytest
import torch

from ganstudio.api import mapped_file
from ganstudio.api.mapped_file import mapped, new_file, parts, sampled_sum


def filled(path: Path, size: int) -> Path:
    path.write_bytes(bytes(i % 251 for i in range(size)))
    return path


def test_a_mapped_file_has_the_files_bytes(tmp_path):
    path = filled(tmp_path / "f", 1000)
    assert mapped(path, 600).tolist() == list(path.read_bytes()[:600])


def test_a_change_in_place_does_not_reach_the_file(tmp_path):
    path = filled(tmp_path / "f", 1000)
    before = path.read_bytes()
    mapped(path, 1000).zero_()
    assert path.read_bytes() == before
    assert mapped(path, 1000)[7] == 7


def test_a_file_larger_than_memory_is_mapped_as_well(tmp_path):
    size = 4 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    path = tmp_path / "large"
    path.touch()
    os.truncate(path, size)  # a hole that takes no room
    values = mapped(path, size)
    assert len(values) == size
    assert values[-1] == 0


@pytest.mark.parametrize(
    "shape", [(10, 3, 4, 4), (1, 1, 100, 100), (1000, 1), (0, 3, 8, 8)], ids=["few", "one", "many", "none"]
)
def test_parts_cover_everything_once(shape, monkeypatch):
    monkeypatch.setattr(mapped_file, "PART_BYTES", 100)
    values = torch.zeros(shape, dtype=torch.uint8)
    slices = list(parts(values))
    assert [i for s in slices for i in range(s.start, s.stop)] == list(range(shape[0]))
    assert all(values[s].nbytes <= max(100, values[0].nbytes) for s in slices)


@pytest.mark.parametrize("place", [0, 1, 500, 998, 999, 1000, 1007], ids=str)
def test_a_changed_byte_changes_the_sum_of_a_small_file(place, tmp_path):
    path = filled(tmp_path / "f", 1008)
    before = sampled_sum(path, 1000)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert sampled_sum(path, 1000) != before


def test_of_a_large_file_the_first_and_the_last_block_are_always_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(mapped_file, "BLOCK", 16)
    monkeypatch.setattr(mapped_file, "BLOCKS", 4)
    path = filled(tmp_path / "f", 1000)
    before = sampled_sum(path, 1000)
    for place in (0, 15, 992, 999):
        content = bytearray(filled(path, 1000).read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        assert sampled_sum(path, 1000) != before


def test_a_new_file_has_its_size_and_clears_away_what_dead_processes_left(tmp_path):
    left = tmp_path / ".4194999-abc.part"
    ours = tmp_path / f".{os.getpid()}-abc.part"
    for path in (left, ours):
        path.touch()
    assert new_file(tmp_path, 5000).stat().st_size == 5000
    assert not left.exists()
    assert ours.exists()


def test_a_new_file_that_does_not_fit_leaves_nothing(tmp_path, monkeypatch):
    def full(handle: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OSError, match="No space"):
        new_file(tmp_path, 5000)
    assert list(tmp_path.iterdir()) == []
