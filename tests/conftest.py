"""What every test gets: a home of its own, one thread for torch, and a watch for what it leaves behind."""

import os

# Before torch is imported anywhere: it reads these once.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("GANSTUDIO_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import leaks
from tests.installing import InstallPlugin, installer

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"

_failed = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "allow_log_warnings: the test expects warnings or errors in the studio's log"
    )


def pytest_collection_finish() -> None:
    """Keep all that was imported out of later garbage collections, which makes each many times as fast."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


# --- Surroundings ----------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _home_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep fixtures of a wider scope than one test out of the user's own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANSTUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True)
def studio_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home folder; tests that look into it ask for it by this name."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("GANSTUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _one_quiet_thread() -> Iterator[None]:
    """Undo what a training in the test's own thread set for that thread."""
    yield
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(1)
        torch.set_flush_denormal(False)


@pytest.fixture(autouse=True)
def _fresh_log() -> Iterator[None]:
    """Take away the log file's handler, which would go on writing into this test's home folder."""
    yield
    log = logging.getLogger("ganstudio")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    log.propagate = True
    log.setLevel(logging.NOTSET)


@pytest.fixture
def shared_data() -> Path:
    """Return the folder of real image sets, which is not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs the image sets in {SHARED_DATA}, which are not there")
    return SHARED_DATA


@pytest.fixture
def install_plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstallPlugin]:
    """Return a function ``(name, source)`` that installs a plugin package for this test alone.

    The module ``name`` gets ``source`` as its content, and an entry point called ``name`` leads to it.
    ``installed.folder`` may be put on another process's ``PYTHONPATH``.
    """
    with installer(tmp_path_factory) as install:
        yield install


# --- Silence ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, running QThreads, active timers or top-level widgets behind."""
    before = leaks.alive()
    yield
    # What a failed test holds on to is explained by its failure.
    found = [] if request.node.stash.get(_failed, False) else leaks.left_over(before)
    if found:
        pytest.fail("left behind: " + "; ".join(leak.text for leak in found), pytrace=False)


@pytest.fixture
def studio_log() -> Iterator[list[logging.LogRecord]]:
    """Return every record of the studio's log so far, of whatever level."""
    records: list[logging.LogRecord] = []
    make = logging.getLogRecordFactory()

    def keep(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.name.partition(".")[0] == "ganstudio":
            records.append(record)
        return record

    # Not a handler: the studio adds its own only where there is none yet.
    logging.setLogRecordFactory(keep)
    yield records
    logging.setLogRecordFactory(make)


@pytest.fixture
def allow_log_warnings(studio_log: list[logging.LogRecord]) -> list[logging.LogRecord]:
    """Let this test log warnings and errors, and return the log so far; the marker does the same."""
    return studio_log


@pytest.fixture(autouse=True)
def _no_log_warnings(request: pytest.FixtureRequest, studio_log: list[logging.LogRecord]) -> Iterator[None]:
    """Fail a test in which the studio logs a warning or an error that the test did not ask for."""
    yield
    expected = "allow_log_warnings" in request.fixturenames or request.node.get_closest_marker(
        "allow_log_warnings"
    )
    found = [record for record in studio_log if record.levelno >= logging.WARNING]
    if found and not expected and not request.node.stash.get(_failed, False):
        pytest.fail("logged: " + "\n".join(record.getMessage() for record in found), pytrace=False)
