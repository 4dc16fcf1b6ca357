"""Conformance: what every plugin class promises the studio, checked by trying it on toy data.

For the suite of a plugin, and behind ``ganstudio plugins check``::

    import my_gan
    from ganstudio.testing import conformance

    test_conforms = conformance(my_gan)

or, without pytest, ``check(my_gan)``, which returns a :class:`Report`. It knows nothing of windows, of run
folders, or of how a plugin is found. The names below are loaded when they are first asked for, so that a
report can be shown without torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganstudio.testing.catalogue import CHECKS
    from ganstudio.testing.checker import check
    from ganstudio.testing.conforming import conformance
    from ganstudio.testing.report import Finding, Report
    from ganstudio.testing.toys import toy_data

_HOME = {
    "CHECKS": "catalogue",
    "Finding": "report",
    "Report": "report",
    "check": "checker",
    "conformance": "conforming",
    "toy_data": "toys",
}

__all__ = ["CHECKS", "Finding", "Report", "check", "conformance", "toy_data"]


def __getattr__(name: str) -> Any:
    """Load the module a public name lives in."""
    if name not in _HOME:
        raise AttributeError(f"module 'ganstudio.testing' has no attribute {name!r}")
    return getattr(import_module(f"ganstudio.testing.{_HOME[name]}"), name)
