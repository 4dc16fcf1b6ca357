import gzip
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ganstudio.api import StudioError
from ganstudio_plugins.downloads import PIECE, checksum, fetch, unzip

CONTENT = bytes(range(256)) * 1000
MD5 = hashlib.md5(CONTENT).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves ``/whole``, and ``/torn``, which breaks off half way."""

    def do_GET(self) -> None:
        if self.path not in ("/whole", "/torn", "/endless"):
            self.send_error(404)
            return
        self.send_response(200)
        if self.path != "/endless":
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if self.path == "/torn" else CONTENT)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def quiet(what: str, share: float | None) -> None:
    """Take no notice of progress."""


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_a_file_arrives_whole_and_progress_is_told(host, tmp_path):
    told = []
    target = tmp_path / "new" / "file.gz"
    fetch([f"{host}/whole"], target, MD5, lambda what, share: told.append((what, share)), "The set")
    assert target.read_bytes() == CONTENT
    assert left(target.parent) == ["file.gz"]
    assert told[0] == ("Downloading The set", None)
    assert told[1] == ("Downloading The set: file.gz", PIECE / len(CONTENT))
    assert told[-1] == ("Downloading The set: file.gz", 1.0)


def test_without_a_length_the_share_is_unknown(host, tmp_path):
    told = []
    fetch([f"{host}/endless"], tmp_path / "f", MD5, lambda what, share: told.append(share), "The set")
    assert set(told) == {None}


def test_what_is_there_and_right_is_not_fetched_again(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    fetch(["http://127.0.0.1:1/file"], tmp_path / "file", MD5, quiet, "The set")


def test_what_is_there_and_wrong_is_fetched_again(host, tmp_path):
    (tmp_path / "file").write_bytes(b"half")
    fetch([f"{host}/whole"], tmp_path / "file", MD5, quiet, "The set")
    assert checksum(tmp_path / "file") == MD5


def test_the_next_place_is_tried_when_one_has_it_not(host, tmp_path):
    fetch([f"{host}/gone", f"{host}/torn", f"{host}/whole"], tmp_path / "file", MD5, quiet, "The set")
    assert (tmp_path / "file").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "md5", "reason"),
    [
        ("/gone", MD5, "Not Found"),
        ("/torn", MD5, "the connection broke off"),
        ("/whole", "0" * 32, "what it sent is damaged or has changed"),
    ],
    ids=["not there", "torn", "damaged"],
)
def test_a_failure_is_one_sentence_and_leaves_nothing(path, md5, reason, host, tmp_path):
    with pytest.raises(StudioError) as raised:
        fetch([host + path], tmp_path / "file.gz", md5, quiet, "The set")
    assert str(raised.value) == (
        f"The set cannot be downloaded (127.0.0.1: {reason}). Check the connection to the internet and try "
        f"again, or put file.gz into {tmp_path} yourself; the built-in digits need no download."
    )
    assert left(tmp_path) == []


def test_being_offline_is_a_sentence(tmp_path):
    with pytest.raises(StudioError, match=r"cannot be downloaded \(127.0.0.1: Connection refused\)"):
        fetch(["http://127.0.0.1:1/file"], tmp_path / "file", MD5, quiet, "The set")


def test_a_folder_that_cannot_be_written_is_named(host, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StudioError, match=rf"The set cannot be kept in {tmp_path / 'taken'}: "):
        fetch([f"{host}/whole"], tmp_path / "taken" / "file", MD5, quiet, "The set")


def test_a_stop_meanwhile_leaves_nothing(host, tmp_path):
    def stop(what: str, share: float | None) -> None:
        if share is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch([f"{host}/whole"], tmp_path / "file", MD5, stop, "The set")
    assert left(tmp_path) == []


def test_unpacking_is_whole_or_not_at_all(tmp_path):
    archive = tmp_path / "file.gz"
    archive.write_bytes(gzip.compress(CONTENT))
    unzip(archive, tmp_path / "file", "The set")
    assert (tmp_path / "file").read_bytes() == CONTENT
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(EOFError):
        unzip(archive, tmp_path / "other", "The set")
    assert left(tmp_path) == ["file.gz", "file"] or left(tmp_path) == ["file", "file.gz"]
