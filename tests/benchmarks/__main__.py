"""``python -m tests.benchmarks [engine] [variants] [feeding] [window]``: print the table of measurements."""

import os
import sys

# The window is measured without a screen; what it paints is the same.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Measure what was asked for, or everything, and print it as it comes."""
    from ganstudio.registry import Registry
    from ganstudio.training.device import flush_denormals
    from tests.benchmarks import engine, feeding, variants, window

    flush_denormals()
    groups = {
        "engine": lambda: engine.rows(Registry.load()),
        "variants": lambda: variants.rows(Registry.load()),
        "feeding": feeding.rows,
        "window": window.rows,
    }
    print("| measure | as measured | to reach | reached | note |\n|---|---|---|---|---|", flush=True)
    for name in sys.argv[1:] or groups:
        for row in groups[name]():
            print(row.text(), flush=True)


if __name__ == "__main__":
    main()
