import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision import datasets

from ganstudio.api import ImageSpec, LoadedData, StudioError, downloads_folder
from ganstudio_plugins.svhn import SVHN
from ganstudio_plugins.torchvision_data import (
    CIFAR10,
    CIFAR100,
    EMNIST,
    KMNIST,
    MNIST,
    FashionMNIST,
    TorchvisionSource,
)
from tests.plugins.mat_files import mat_file


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path_factory) -> Iterator[Path]:
    """A folder whose files a server on this machine gives."""
    folder = tmp_path_factory.mktemp("mirror")
    with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        (folder / "address").write_text(f"http://127.0.0.1:{server.server_port}/")
        yield folder
        server.shutdown()
        thread.join()


def put(folder: Path, name: str, content: bytes) -> tuple[str, str]:
    (folder / name).write_bytes(content)
    return name, hashlib.md5(content).hexdigest()


def idx(values: np.ndarray) -> bytes:
    """Return an array as the files of MNIST hold it, packed."""
    head = struct.pack(">BBBB", 0, 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    return gzip.compress(head + values.tobytes())


@pytest.fixture(params=[MNIST, FashionMNIST, KMNIST], ids=["MNIST", "Fashion-MNIST", "KMNIST"])
def small_mnist(request, mirror, monkeypatch) -> type[TorchvisionSource]:
    """A source whose official place is on this machine: 6 training images and 4 for tests."""
    generator = np.random.default_rng(0)
    resources = []
    for part, count in (("train", 6), ("t10k", 4)):
        images = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        resources.append(put(mirror, f"{part}-images-idx3-ubyte.gz", idx(images)))
        resources.append(put(mirror, f"{part}-labels-idx1-ubyte.gz", idx(np.arange(count, dtype=np.uint8))))
    dataset = getattr(datasets, request.param.dataset)
    monkeypatch.setattr(dataset, "resources", resources)
    monkeypatch.setattr(dataset, "mirrors", [(mirror / "address").read_text()])
    return request.param


@pytest.fixture
def small_cifar(mirror, monkeypatch) -> type[TorchvisionSource]:
    """The same for CIFAR-10, with the archive inside: 5 batches of 2 images, and one of 2 for tests."""
    generator = np.random.default_rng(0)
    files = {}
    for name in [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]:
        pixels = generator.integers(0, 256, (2, 3072), dtype=np.uint8)
        files[name] = pickle.dumps({"data": pixels, "labels": [3, 9]})
    files["batches.meta"] = pickle.dumps({"label_names": ["airplane", "automobile"]})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    sums = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    dataset = datasets.CIFAR10
    monkeypatch.setattr(dataset, "train_list", [[n, s] for n, s in sums.items() if "data" in n])
    monkeypatch.setattr(dataset, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(dataset, "meta", {**dataset.meta, "md5": sums["batches.meta"]})
    _name, md5 = put(mirror, dataset.filename, packed.getvalue())
    monkeypatch.setattr(dataset, "tgz_md5", md5)
    monkeypatch.setattr(dataset, "url", (mirror / "address").read_text() + dataset.filename)
    return CIFAR10


@pytest.fixture
def small_cifar100(mirror, monkeypatch) -> type[TorchvisionSource]:
    """The same for CIFAR-100: 3 images, and one for tests."""
    generator = np.random.default_rng(0)
    files = {}
    for name, labels in (("train", [7, 1, 0]), ("test", [2])):
        pixels = generator.integers(0, 256, (len(labels), 3072), dtype=np.uint8)
        files[name] = pickle.dumps(
            {"data": pixels, "fine_labels": labels, "coarse_labels": [0] * len(labels)}
        )
    files["meta"] = pickle.dumps({"fine_label_names": ["apple", "aquarium_fish"]})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"cifar-100-python/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    sums = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    dataset = datasets.CIFAR100
    monkeypatch.setattr(dataset, "train_list", [["train", sums["train"]]])
    monkeypatch.setattr(dataset, "test_list", [["test", sums["test"]]])
    monkeypatch.setattr(dataset, "meta", {**dataset.meta, "md5": sums["meta"]})
    _name, md5 = put(mirror, dataset.filename, packed.getvalue())
    monkeypatch.setattr(dataset, "tgz_md5", md5)
    monkeypatch.setattr(dataset, "url", (mirror / "address").read_text() + dataset.filename)
    return CIFAR100


# How many characters each split of the small EMNIST has, and their labels: letters are counted from 1.
SPLITS = {"balanced": [0, 46, 10], "letters": [1, 26, 13], "byclass": [61, 0, 36], "digits": [9, 0, 5]}


@pytest.fixture
def small_emnist(mirror, monkeypatch) -> type[TorchvisionSource]:
    """The same for EMNIST, with the zip of all splits inside: 3 training images and 1 for tests in each."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, (split, labels) in enumerate(SPLITS.items()):
            for part, some in (("train", labels), ("test", labels[:1])):
                images = np.random.default_rng(number).integers(0, 256, (len(some), 28, 28), dtype=np.uint8)
                name = f"gzip/emnist-{split}-{part}"
                archive.writestr(f"{name}-images-idx3-ubyte.gz", idx(images))
                archive.writestr(f"{name}-labels-idx1-ubyte.gz", idx(np.array(some, np.uint8)))
    _name, md5 = put(mirror, "gzip.zip", packed.getvalue())
    monkeypatch.setattr(datasets.EMNIST, "md5", md5)
    monkeypatch.setattr(datasets.EMNIST, "url", (mirror / "address").read_text() + "gzip.zip")
    return EMNIST


@pytest.fixture
def small_svhn(mirror, monkeypatch) -> type[TorchvisionSource]:
    """The same for SVHN: 4, 2 and 3 images in its three files."""
    address = (mirror / "address").read_text()
    files = {}
    for name, digits in (("train", [10, 1, 9, 5]), ("test", [2, 10]), ("extra", [3, 4, 5])):
        images = np.random.default_rng(len(digits)).integers(0, 256, (32, 32, 3, len(digits)), dtype=np.uint8)
        content = mat_file({"X": images, "y": np.array(digits, np.float64)[:, None]})
        _name, md5 = put(mirror, f"{name}_32x32.mat", content)
        files[name] = [f"{address}{name}_32x32.mat", f"{name}_32x32.mat", md5]
    monkeypatch.setattr(datasets.SVHN, "split_list", files)
    return SVHN


def load(source: type[TorchvisionSource], **settings) -> LoadedData:
    return source(source.Settings(**settings)).load(lambda what, share: None)


def test_the_set_is_fetched_into_the_studios_folder_and_read(small_mnist):
    data = load(small_mnist)
    assert data.values.shape == (6, 1, 28, 28)
    assert data.values.dtype == torch.uint8
    assert data.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert len(data.spec.classes) == 10
    assert (downloads_folder() / small_mnist.dataset / "raw" / "train-images-idx3-ubyte").is_file()


@pytest.mark.parametrize(("part", "count"), [("training", 6), ("test", 4), ("both", 10)])
def test_the_chosen_part_is_read(part, count, small_mnist):
    assert len(load(small_mnist, part=part)) == count


def test_the_second_time_nothing_is_fetched(small_mnist, mirror, tmp_path):
    first = load(small_mnist, folder=tmp_path)
    for path in mirror.iterdir():
        path.unlink()
    assert torch.equal(load(small_mnist, folder=tmp_path).values, first.values)


def test_nothing_is_written_to_the_error_stream(small_mnist, capfd):
    load(small_mnist)
    assert capfd.readouterr() == ("", "")


def test_offline_is_a_sentence_that_names_the_file_and_the_folder(small_mnist, mirror, tmp_path):
    for path in mirror.iterdir():
        path.unlink()
    with pytest.raises(StudioError) as raised:
        load(small_mnist, folder=tmp_path)
    raw = tmp_path / small_mnist.dataset / "raw"
    assert str(raised.value).startswith(f"{small_mnist.title} cannot be downloaded (127.0.0.1: ")
    assert f"put train-images-idx3-ubyte.gz into {raw} yourself" in str(raised.value)


def test_files_that_are_damaged_are_a_sentence(small_mnist, tmp_path):
    load(small_mnist, folder=tmp_path)
    (tmp_path / small_mnist.dataset / "raw" / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03")
    with pytest.raises(StudioError, match=r"cannot be read: .* Delete them there"):
        load(small_mnist, folder=tmp_path)


def test_colour_photographs_come_channels_first(small_cifar, tmp_path):
    data = load(small_cifar, folder=tmp_path)
    assert data.spec == ImageSpec(3, 32, 32, classes=("airplane", "automobile"))
    assert data.values.shape == (10, 3, 32, 32)
    assert data.labels.tolist() == [3, 9] * 5
    batch = pickle.loads((tmp_path / "cifar-10-batches-py" / "data_batch_1").read_bytes())
    assert np.array_equal(data.values[0].numpy().reshape(-1), batch["data"][0])


def test_an_archive_unpacked_half_is_unpacked_again(small_cifar, mirror, tmp_path):
    load(small_cifar, folder=tmp_path)
    (mirror / datasets.CIFAR10.filename).unlink()
    (tmp_path / "cifar-10-batches-py" / "data_batch_3").write_bytes(b"half")
    assert len(load(small_cifar, folder=tmp_path, part="both")) == 12


def test_they_are_resized_and_coloured_on_demand(small_cifar, tmp_path):
    assert load(small_cifar, folder=tmp_path, resize=28, colour="grey").spec.shape == (1, 28, 28)


def test_a_hundred_kinds_have_their_fine_names(small_cifar100, tmp_path):
    data = load(small_cifar100, folder=tmp_path, part="both")
    assert data.values.shape == (4, 3, 32, 32)
    assert data.labels.tolist() == [7, 1, 0, 2]
    assert data.spec.classes == ("apple", "aquarium_fish")


# --- EMNIST ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("split", "count", "names"),
    [
        ("balanced", 47, ["0", "t", "A"]),
        ("letters", 26, ["a", "z", "m"]),
        ("byclass", 62, ["z", "0", "a"]),
        ("digits", 10, ["9", "0", "5"]),
    ],
)
def test_every_split_has_its_own_classes(split, count, names, small_emnist):
    data = load(small_emnist, split=split)
    assert len(data.spec.classes) == count
    assert [data.spec.classes[label] for label in data.labels] == names


def test_characters_stand_upright(small_emnist, mirror):
    data = load(small_emnist, split="letters", part="test")
    with zipfile.ZipFile(mirror / "gzip.zip") as archive:
        stored = gzip.decompress(archive.read("gzip/emnist-letters-test-images-idx3-ubyte.gz"))[16:]
    assert np.array_equal(data.values[0, 0].numpy(), np.frombuffer(stored, np.uint8).reshape(28, 28).T)
    assert data.values.is_contiguous()


def test_the_archive_of_all_splits_is_fetched_once(small_emnist, mirror, tmp_path):
    load(small_emnist, folder=tmp_path)
    (mirror / "gzip.zip").unlink()
    assert len(load(small_emnist, folder=tmp_path, split="digits", part="both")) == 4
    raw = tmp_path / "EMNIST" / "raw"
    assert len([path for path in raw.iterdir() if "balanced" in path.name]) == 4


def test_an_archive_that_lacks_a_split_is_a_sentence(small_emnist, tmp_path):
    with pytest.raises(StudioError, match=r"gzip\.zip, which EMNIST .* is unpacked from, is damaged or not"):
        load(small_emnist, folder=tmp_path, split="mnist")
    assert [path.name for path in (tmp_path / "EMNIST" / "raw").iterdir()] == ["gzip.zip"]


# --- SVHN ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "labels"),
    [
        ({}, [0, 1, 9, 5]),
        ({"part": "test"}, [2, 0]),
        ({"part": "both"}, [0, 1, 9, 5, 2, 0]),
        ({"extra": True}, [0, 1, 9, 5, 3, 4, 5]),
    ],
    ids=["training", "test", "both", "extra"],
)
def test_house_numbers_are_read_and_ten_is_zero(settings, labels, small_svhn):
    data = load(small_svhn, **settings)
    assert data.labels.tolist() == labels
    assert data.labels.dtype == torch.int64
    assert data.spec == ImageSpec(3, 32, 32, tuple("0123456789"))


def test_house_numbers_come_channels_first(small_svhn):
    images = np.random.default_rng(2).integers(0, 256, (32, 32, 3, 2), dtype=np.uint8)
    assert np.array_equal(load(small_svhn, part="test").values.numpy(), images.transpose(3, 2, 0, 1))


def test_only_the_files_of_the_chosen_part_are_fetched(small_svhn, tmp_path):
    load(small_svhn, folder=tmp_path, part="test")
    assert [path.name for path in (tmp_path / "SVHN").iterdir()] == ["test_32x32.mat"]


def test_house_numbers_of_another_shape_are_a_sentence(small_svhn, tmp_path, mirror, monkeypatch):
    content = mat_file({"X": np.zeros((8, 8, 3, 2), np.uint8), "y": np.ones((2, 1))})
    _name, md5 = put(mirror, "test_32x32.mat", content)
    url = datasets.SVHN.split_list["test"][0]
    monkeypatch.setitem(datasets.SVHN.split_list, "test", [url, "test_32x32.mat", md5])
    with pytest.raises(StudioError, match=r"test_32x32\.mat holds other arrays than it should"):
        load(small_svhn, folder=tmp_path, part="test")


# --- More than memory ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["small_cifar", "small_emnist", "small_svhn"])
def test_a_large_set_is_kept_on_disk_and_equals_memory(name, request, monkeypatch, studio_home):
    source = request.getfixturevalue(name)
    in_memory = load(source, part="both")
    monkeypatch.setenv("GANSTUDIO_MEMORY_BUDGET", "100")
    for _ in range(2):
        data = load(source, part="both")
        assert torch.equal(data.values, in_memory.values)
        assert torch.equal(data.labels, in_memory.labels)
        assert data.spec == in_memory.spec
        assert str(studio_home / "caches") in data.notes[-1]
