from pathlib import Path

import platformdirs
import pytest

from ganstudio import places


def test_everything_is_under_the_home_that_is_named(studio_home: Path) -> None:
    assert places.home() == studio_home
    for place in (
        *(places.runs(), places.downloads(), places.catalogue()),
        *(places.log_file(), places.window_settings(), places.queue()),
        *(places.plugins(), places.trust()),
    ):
        assert place.is_relative_to(studio_home)
        assert not place.exists()


def test_a_tilde_is_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_HOME", "~/gans")
    assert places.home() == Path.home() / "gans"


@pytest.mark.parametrize("named", [None, ""])
def test_without_a_name_it_is_the_platforms_custom(
    named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if named is None:
        monkeypatch.delenv("GANSTUDIO_HOME")
    else:
        monkeypatch.setenv("GANSTUDIO_HOME", named)
    assert places.home() == platformdirs.user_data_path("ganstudio", appauthor=False)
