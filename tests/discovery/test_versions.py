import pytest

from ganstudio.discovery import versions
from ganstudio.discovery.versions import stated_version, version_problem


@pytest.mark.parametrize(
    ("stated", "here"),
    [
        *(("1", "1.0"), ("1", "1.9"), ("1.2", "1.2"), ("1.2", "1.3"), (">=1", "3.0"), (">=1, <3", "2.7")),
        *(("==2", "2.5"), ("==2.5", "2.5"), (">=1.4,<2", "1.10"), ("!=2", "3.0"), (">1", "2.0")),
        ("<=1", "1.8"),
    ],
)
def test_versions_that_go_together(stated: str, here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "API_VERSION", here)
    assert version_problem(stated) == ""


@pytest.mark.parametrize(
    ("stated", "here"),
    [
        *(("1", "2.0"), ("2", "1.9"), ("1.2", "1.1"), (">=2", "1.9"), (">=1, <3", "3.0"), ("==2.5", "2.6")),
        *(("!=2", "2.1"), (">1", "1.5"), ("<1", "1.0")),
    ],
)
def test_versions_that_do_not(stated: str, here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "API_VERSION", here)
    assert version_problem(stated).startswith(
        f"It was written for version {stated} of the plugin API, and this studio has {here}. "
    )


@pytest.mark.parametrize("stated", ["", "one", "1.2.3", "~=1", ">=", "1,,2", 1, None, ("1",)])
def test_what_is_no_version_says_what_one_looks_like(stated: object) -> None:
    assert version_problem(stated) == (
        f'ganstudio_api = {stated!r} is no version of the plugin API, such as "1", "1.2" or ">=1, <3".'
    )


@pytest.mark.parametrize(
    ("source", "stated"),
    [
        ('ganstudio_api = "1"\nimport nothing_of_the_kind', "1"),
        ('"""ganstudio_api = "2" is not said here."""', None),
        ('def f():\n    ganstudio_api = "2"\n', None),
        ('ganstudio_api = "1" + ".0"', None),
        ('ganstudio_api = "1"\ndef (:', None),
        ("a = 1", None),
        ("ganstudio_api = 2", 2),
    ],
)
def test_it_is_read_without_executing_anything(source: str, stated: object) -> None:
    assert stated_version(source.encode()) == stated
