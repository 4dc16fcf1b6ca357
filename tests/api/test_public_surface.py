import inspect

import pluggy
import pytest

from ganstudio import api
from ganstudio.api import Component, hooks
from ganstudio.discovery.offers import CLASS_HOOKS


def test_every_public_name_is_there_and_listed_once() -> None:
    assert set(api.__all__) == set(api._HOME)
    assert len(api.__all__) == len(set(api.__all__))
    for name in api.__all__:
        assert getattr(api, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gan'"):
        api.Gan  # noqa: B018


def test_every_public_class_and_function_says_what_it_is() -> None:
    for name in api.__all__:
        public = getattr(api, name)
        if inspect.isclass(public) or inspect.isfunction(public):
            assert (public.__doc__ or "").strip(), name


def specified() -> list[str]:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    return [name for name in vars(hooks) if name.startswith("ganstudio_") and hasattr(manager.hook, name)]


def test_every_hook_says_when_it_is_called_and_what_to_return() -> None:
    assert len(specified()) == 11
    for name in specified():
        assert "Called" in getattr(hooks, name).__doc__
        assert "return" in getattr(hooks, name).__doc__


def test_every_hook_for_classes_has_its_base() -> None:
    assert {*CLASS_HOOKS, "ganstudio_presets"} == set(specified())
    assert all(issubclass(base, Component) for base in CLASS_HOOKS.values())
