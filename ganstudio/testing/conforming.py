"""Conforming: the checks as tests, for the pytest suite of a plugin. pytest itself is needed only here."""

from collections.abc import Callable, Mapping
from typing import Any

from ganstudio.api import LoadedData
from ganstudio.testing.checker import Target, check, classes_of


def conformance(
    target: Target, *, data: LoadedData | None = None, settings: Mapping[str, Any] | None = None
) -> Callable[[Any], None]:
    """Return a test for every class of a module, or of the classes that are given; see :func:`check`.

    ::

        test_conforms = conformance(my_module)

    pytest then shows one test a class, ``test_conforms[MyGAN]``, and for each that fails the sentence, file
    and line of what is wrong.
    """
    import pytest

    classes = classes_of(target)
    cases: list[Any] = [pytest.param(cls, id=cls.__name__) for cls in classes]
    if not cases or not isinstance(target, type | list | tuple):
        # Whether the hooks are found is a test of its own; a module without a class fails there.
        cases.insert(0, pytest.param(target, id="hooks"))

    @pytest.mark.parametrize("target", cases)
    def test(target: Any) -> None:
        if isinstance(target, type):
            report = check(target, data=data, settings=settings)
        else:
            report = hooks_alone(target)
        assert report.ok, "\n" + report.card()

    checked: Callable[[Any], None] = test
    return checked


def hooks_alone(target: Any) -> Any:
    """Return what is found about the hooks of a module, without its classes."""
    from ganstudio.testing.checker import findings_of
    from ganstudio.testing.report import Report

    return Report(target.__name__, (next(findings_of(target)),))
