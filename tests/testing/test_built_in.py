"""Every class that the studio itself brings passes the checks that plugins are held to."""

import socket
from typing import Any, NoReturn

import pytest

from ganstudio.api import Component, DataSource, Range
from ganstudio.registry import Registry
from ganstudio.testing import check

BUILT_IN = {
    f"{category}-{name}": cls
    for category, classes in Registry.load().classes.items()
    for name, cls in classes.items()
    if cls.__module__.startswith("ganstudio_plugins")
}
SMALL = {
    "width": 4,
    "layers": 1,
    "blocks": 1,
    "discriminator_width": 4,
    "discriminator_layers": 1,
    "halvings": 1,
    "channels": 4,
    "side": 16,
    "count": 1000,
    "group_size": 2,
}
"""Used of these is what the class has, as far as it allows."""


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> NoReturn:
        raise OSError("there is no network in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("cls", BUILT_IN.values(), ids=BUILT_IN)
def test_conforms(cls: type[Component]) -> None:
    report = check(cls, settings=small(cls))
    failures = report.failures
    if issubclass(cls, DataSource):
        # Of what the network or an optional library would give, the refusal is looked at alone.
        failures = tuple(each for each in failures if "there is no network" not in each.sentence)
    assert not failures, report.card()


def small(cls: type[Component]) -> dict[str, Any]:
    fields = cls.Settings.model_fields
    bounds = {name: [m for m in info.metadata if isinstance(m, Range)] for name, info in fields.items()}
    return {
        name: min(
            max([value, *(bound.low for bound in bounds[name])]), *(bound.high for bound in bounds[name])
        )
        for name, value in SMALL.items()
        if name in fields and fields[name].annotation is int and bounds[name]
    }
