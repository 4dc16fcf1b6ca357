import logging
from pathlib import Path

import pytest

from ganstudio import places
from ganstudio.logs import start_logging

log = logging.getLogger("ganstudio")


@pytest.mark.allow_log_warnings
def test_what_is_logged_is_in_the_file_of_the_home_folder() -> None:
    start_logging()
    start_logging()
    log.error("It broke.")
    text = places.log_file().read_text(encoding="utf-8")
    assert text.count("It broke.") == 1
    assert " ERROR " in text


def test_nothing_is_written_before_there_is_something_to_write() -> None:
    start_logging()
    assert not places.log_file().exists()


@pytest.mark.allow_log_warnings
def test_a_home_that_cannot_be_written_only_costs_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GANSTUDIO_HOME", str(tmp_path / "file" / "home"))
    start_logging()
    log.error("It broke.")
    assert capfd.readouterr() == ("", "")
