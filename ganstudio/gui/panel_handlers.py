"""Panel handlers: the event handlers of a plugin's widgets, kept from ending the program.

It knows nothing of panels; whatever else a handler raises is the business of ``panel_guard``.
"""

from collections.abc import Callable
from functools import wraps
from inspect import isfunction

from PySide6.QtWidgets import QWidget

_NOT_ITS_OWN = {"PySide6", "Shiboken", "builtins"}


def keep_alive(content: QWidget) -> None:
    """Let ``sys.exit`` in an event handler of a panel's widgets be an error: Qt's caller would obey it.

    Before the widgets are first shown: from then on Qt knows their handlers.
    """
    for widget in (content, *content.findChildren(QWidget)):
        for cls in type(widget).__mro__:
            if cls.__module__.partition(".")[0] in _NOT_ITS_OWN:
                continue
            for name, handler in list(vars(cls).items()):
                if name.endswith("Event") and isfunction(handler) and not hasattr(handler, "__wrapped__"):
                    setattr(cls, name, _without_exit(handler))


def _without_exit(handler: Callable[..., object]) -> Callable[..., object]:
    @wraps(handler)
    def handle(self: QWidget, *arguments: object) -> object:
        try:
            return handler(self, *arguments)
        except SystemExit as error:
            raise RuntimeError("it calls sys.exit").with_traceback(error.__traceback__) from None

    return handle
