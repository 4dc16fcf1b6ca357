import base64
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganstudio_plugins.mat_arrays import read_mat
from tests.plugins.mat_files import mat_file

# X = arange(36) as uint8 [2, 2, 3, 3] and y = [[10], [1], [9]], written by SciPy 1.17.1's savemat.
PACKED = (
    "TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFN1biBOb3YgMjIgMDQ6NDM6NDkgMjAyNgAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0PAAAATgAAAHic42NgYEgAYjYg5gBi"
    "TgYIYAViASBmgmJmKGYEwgiomApIoRCnNLMojxybBL8iozCXDIsYrzy7pIASkwi3LKs4nwKHlKAySBkAiWUDmw8AAAAqAAAAeJzj"
    "Y2BgMABiNiDmAGJOBghghfKZgZgRjBkZKoE0E1CEi5GTAQAY9QD7"
)
PLAIN = (
    "TUFUTEFCIDUuMCBNQVQtZmlsZSBQbGF0Zm9ybTogcG9zaXgsIENyZWF0ZWQgb246IFN1biBOb3YgMjIgMDQ6NDM6NDkgMjAyNgAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU0OAAAAYAAAAAYAAAAIAAAACQAAAAAA"
    "AAAFAAAAEAAAAAIAAAACAAAAAwAAAAMAAAABAAEAWAAAAAIAAAAkAAAAABIJGwMVDB4GGA8hARMKHAQWDR8HGRAiAhQLHQUXDiAI"
    "GhEjAAAAAA4AAAAwAAAABgAAAAgAAAAJAAAAAAAAAAUAAAAIAAAAAwAAAAEAAAABAAEAeQAAAAIAAwAKAQkA"
)


@pytest.mark.parametrize("text", [PACKED, PLAIN], ids=["packed", "plain"])
def test_what_scipy_wrote_is_read(text, tmp_path):
    (tmp_path / "f.mat").write_bytes(base64.b64decode(text))
    arrays = read_mat(tmp_path / "f.mat")
    assert set(arrays) == {"X", "y"}
    assert np.array_equal(arrays["X"], np.arange(36, dtype=np.uint8).reshape(2, 2, 3, 3))
    assert arrays["y"].tolist() == [[10], [1], [9]]
    assert arrays["X"].dtype == np.uint8


@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_numbers_of_either_order_of_bytes_are_read(order, packed, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (4, 5, 3, 7), dtype=np.uint8)
    path = tmp_path / "f.mat"
    path.write_bytes(mat_file({"X": images, "y": np.arange(7.0)[:, None]}, order, packed))
    arrays = read_mat(path)
    assert np.array_equal(arrays["X"], images)
    assert arrays["y"].tolist() == [[float(number)] for number in range(7)]
    assert arrays["y"].dtype == np.float64


def test_other_kinds_of_array_are_passed_over(tmp_path):
    text = struct.pack("<IIII", 6, 8, 4, 0) + struct.pack("<IIii", 5, 8, 1, 1)
    text += struct.pack("<IHH", (1 << 16) | 1, ord("t"), 0) + struct.pack("<IHH", (2 << 16) | 4, ord("a"), 0)
    content = mat_file({"y": np.array([[1.0]])}, "<", packed=True)
    extra = struct.pack("<II", 14, len(text)) + text
    (tmp_path / "f.mat").write_bytes(content[:128] + extra + content[128:])
    assert set(read_mat(tmp_path / "f.mat")) == {"y"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x" * 200,
        base64.b64decode(PLAIN)[:200],
        base64.b64decode(PACKED)[:150],
        base64.b64decode(PLAIN)[:130],
    ],
    ids=["empty", "text", "cut off", "packed, cut off", "cut in a tag"],
)
def test_a_broken_file_is_a_value_error(content, tmp_path):
    (tmp_path / "f.mat").write_bytes(content)
    with pytest.raises(ValueError, match="it "):
        read_mat(tmp_path / "f.mat")


def test_a_damaged_packing_is_a_value_error(tmp_path):
    content = bytearray(base64.b64decode(PACKED))
    content[150] ^= 255
    (tmp_path / "f.mat").write_bytes(content)
    with pytest.raises(ValueError, match="damaged"):
        read_mat(tmp_path / "f.mat")


@given(st.integers(126, 287), st.binary(min_size=1, max_size=8))
def test_no_bytes_raise_anything_else(tmp_path_factory, place, content):
    path = tmp_path_factory.mktemp("mat") / "f.mat"
    whole = base64.b64decode(PLAIN)
    path.write_bytes(whole[:place] + content + whole[place + len(content) :])
    try:
        arrays = read_mat(path)
    except ValueError as error:
        said = str(error)
        assert said
    else:
        assert all(isinstance(array, np.ndarray) for array in arrays.values())
