"""Fetching a file from the network, whole or not at all. It knows nothing of what is in the file."""

import gzip
import hashlib
import http.client
import os
import shutil
import tempfile
import urllib.request
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from ganstudio.api import Report, StudioError

TIMEOUT = 20.0
"""Seconds without an answer before a place is given up."""
PIECE = 1 << 16
"""Bytes read between two reports."""


class _Answer(Protocol):
    """What ``urlopen`` returns, as far as it is used here."""

    headers: http.client.HTTPMessage

    def read(self, size: int) -> bytes: ...


def fetch(urls: Iterable[str], target: Path, md5: str, report: Report, what: str) -> None:
    """Download ``target`` from the first of ``urls`` that has it, unless it is there already and right.

    ``md5`` is the file's published checksum. What is only half there never carries the name of ``target``.
    Raises ``StudioError`` with a sentence when no place has it, or when the folder cannot be written.
    """
    if target.is_file() and checksum(target) == md5:
        return
    with writing(target.parent, what):
        target.parent.mkdir(parents=True, exist_ok=True)
    reasons = {}
    for url in urls:
        try:
            _fetch_from(url, target, md5, report, what)
        except _NotThere as reason:
            reasons[urlsplit(url).hostname] = str(reason)
        else:
            return
    tried = "; ".join(f"{host}: {reason}" for host, reason in reasons.items())
    raise StudioError(
        f"{what} cannot be downloaded ({tried}). Check the connection to the internet and try again, or put "
        f"{target.name} into {target.parent} yourself; the built-in digits need no download."
    )


def unzip(archive: Path, target: Path, what: str) -> None:
    """Unpack one gzip file, unless ``target`` is there already; raises ``StudioError`` when it cannot be."""
    if target.is_file():
        return
    with writing(target.parent, what), _temporary(target) as file, gzip.open(archive) as packed:
        shutil.copyfileobj(packed, file)


def unzip_from(archive: Path, name: str, target: Path, what: str) -> None:
    """Unpack one gzip file out of a zip; raises ``StudioError`` when it is not there or cannot be."""
    try:
        with (
            zipfile.ZipFile(archive) as outer,
            outer.open(name) as inner,
            writing(target.parent, what),
            _temporary(target) as file,
            gzip.open(inner) as packed,
        ):
            shutil.copyfileobj(packed, file)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise StudioError(
            f"{archive}, which {what} is unpacked from, is damaged or not the right one. Delete it, and it "
            "is fetched anew."
        ) from error


def checksum(path: Path) -> str:
    """Return the MD5 sum of a file, as hexadecimal digits. It guards against damage, not against malice."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Turn an operating system's refusal to write into a ``StudioError`` that names the folder."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StudioError(f"{what} cannot be kept in {folder}: {reason}.") from error


class _NotThere(Exception):  # noqa: N818 - it reads as what was found
    """One place does not have the file; the message says why in a few words."""


def _fetch_from(url: str, target: Path, md5: str, report: Report, what: str) -> None:
    report(f"Downloading {what}", None)
    with _opened(url) as answer, writing(target.parent, what), _temporary(target) as file:
        sum_ = hashlib.md5(usedforsecurity=False)
        for piece, share in _pieces(answer):
            file.write(piece)
            sum_.update(piece)
            report(f"Downloading {what}: {target.name}", share)
        if sum_.hexdigest() != md5:
            raise _NotThere("what it sent is damaged or has changed")


@contextmanager
def _opened(url: str) -> Iterator[_Answer]:
    request = urllib.request.Request(url, headers={"User-Agent": "ganstudio"})
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT)
    except (OSError, http.client.HTTPException) as error:
        raise _NotThere(_reason(error)) from error
    with answer:
        yield answer


def _pieces(answer: _Answer) -> Iterator[tuple[bytes, float | None]]:
    """Give the content piece by piece, each with the share that is there by then."""
    size, done = int(answer.headers.get("Content-Length") or 0), 0
    while True:
        try:
            piece = answer.read(PIECE)
        except (OSError, http.client.HTTPException) as error:
            raise _NotThere(f"the connection broke off, {_reason(error)}") from error
        if not piece:
            break
        done += len(piece)
        yield piece, min(done / size, 1.0) if size else None
    if done < size:
        raise _NotThere("the connection broke off")


@contextmanager
def _temporary(target: Path) -> Iterator[IO[bytes]]:
    """Lend a file that becomes ``target`` when all went well, and vanishes when not."""
    file = tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False)  # noqa: SIM115
    try:
        with file:
            yield file
        os.replace(file.name, target)
    except BaseException:
        Path(file.name).unlink(missing_ok=True)
        raise


def _reason(error: Exception) -> str:
    """Return what an error of the network says, without its wrapping."""
    cause = getattr(error, "reason", None) or error
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
