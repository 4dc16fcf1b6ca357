"""Apart: work with networks beside a training in the same process, whose random numbers it leaves alone.

It knows nothing of what the networks are for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class OwnRandomness(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's own is untyped
    """While entered, all that torch draws on this thread comes from a generator of its own.

    torch's own generator belongs to the whole process: networks that are built draw their first weights, and
    a training beside them would go on with other numbers than its seed gives.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._generator = torch.Generator().manual_seed(seed)

    def __torch_dispatch__(
        self,
        func: Any,
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Do what is asked for; what draws is given the generator where it was given none."""
        given = dict(kwargs or {})
        if torch.Tag.nondeterministic_seeded in func.tags and given.get("generator") is None:
            func = _taking_generator(func)
            if "generator" in _arguments(func):
                given["generator"] = self._generator
        return func(*args, **given)


def _taking_generator(func: Any) -> Any:
    """Return the form of an operation that takes a generator besides, where there is one."""
    names = _arguments(func)
    if "generator" in names:
        return func
    packet = func.overloadpacket
    forms = (getattr(packet, name) for name in packet.overloads())
    wanted = {*names, "generator"}
    return next((form for form in forms if set(_arguments(form)) == wanted), func)


def _arguments(func: Any) -> list[str]:
    return [argument.name for argument in func._schema.arguments]
