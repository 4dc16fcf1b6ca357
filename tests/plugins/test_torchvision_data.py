import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
import torch
from torchvision import datasets

from ganstudio.api import ImageSpec, LoadedData, StudioError, downloads_folder
from ganstudio_plugins.torchvision_data import CIFAR10, MNIST, FashionMNIST, TorchvisionSource


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


@pytest.fixture(params=[MNIST, FashionMNIST], ids=["MNIST", "Fashion-MNIST"])
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
