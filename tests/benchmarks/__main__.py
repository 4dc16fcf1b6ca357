"""``python -m tests.benchmarks [GROUP …]``: measure groups of rows, or all, and print the table."""

import os
import sys

# The window is measured without a screen; what it paints is the same.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Measure what was asked for, or everything, and print it as it comes."""
    from ganstudio.registry import Registry
    from ganstudio.training.device import flush_denormals
    from tests.benchmarks import (
        checkpoints,
        engine,
        feeding,
        library,
        playground,
        reading,
        scores,
        stylegan,
        upscaling,
        variants,
        window,
    )

    flush_denormals()
    groups = {
        "engine": lambda: engine.rows(Registry.load()),
        "variants": lambda: variants.rows(Registry.load()),
        "stylegan": lambda: stylegan.rows(Registry.load()),
        "upscaling": lambda: upscaling.rows(Registry.load()),
        "feeding": feeding.rows,
        "checkpoints": checkpoints.rows,
        "reading": reading.rows,
        "scores": lambda: scores.rows(Registry.load()),
        "library": library.rows,
        "window": window.rows,
        "playground": playground.rows,
    }
    print("| measure | as measured | to reach | reached | note |\n|---|---|---|---|---|", flush=True)
    for name in sys.argv[1:] or groups:
        for row in groups[name]():
            print(row.text(), flush=True)


if __name__ == "__main__":
    main()
