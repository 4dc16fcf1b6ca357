"""Soak: what only shows after a long while. ``python -m tests.soak NAME [OPTIONS]``; ``make soak`` does all.

Each name is a module here with ``main(arguments) -> int``, the exit status.
"""

import importlib
import sys

NAMES = ("kills", "memory")


def main(arguments: list[str]) -> int:
    """Run the named soak, or all of them one after another."""
    if arguments and arguments[0] not in NAMES:
        print(f"There is no soak {arguments[0]!r}; there is {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    if arguments:
        return _run(arguments[0], arguments[1:])
    return max([_run(name, []) for name in NAMES])


def _run(name: str, arguments: list[str]) -> int:
    return int(importlib.import_module(f"tests.soak.{name}").main(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
