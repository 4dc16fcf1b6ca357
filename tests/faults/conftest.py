"""What the tests of faults share."""

from pathlib import Path

import pytest

from ganstudio import performing
from ganstudio.registry import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.load()


@pytest.fixture
def quick_retry(monkeypatch: pytest.MonkeyPatch) -> float:
    """Let a held training try again soon."""
    monkeypatch.setattr(performing, "RETRY_SECONDS", 0.01)
    return 0.01


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for a run that is not there yet."""
    return tmp_path / "runs" / "run"
