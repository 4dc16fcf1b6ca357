"""``python -m tests.figures [NAME …]``: train presets to their end and print what was measured of each.

What was done is kept in a folder, so that the work of hours can be taken up again; ``--sheet`` then joins the
samples of all presets into one picture.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from ganstudio.training.device import flush_denormals
from tests.benchmarks.measure import Row
from tests.figures import rows, sheet
from tests.figures.trainings import REGISTRY, SHARED, train

KEPT = Path(tempfile.gettempdir()) / "ganstudio-figures"


def main() -> None:
    """Do what is asked for, or all of it, and print the table as it grows."""
    flush_denormals()
    asked = _arguments()
    asked.kept.mkdir(parents=True, exist_ok=True)
    print("| measure | as measured | to reach | reached | note |\n|---|---|---|---|---|", flush=True)
    for name in asked.names or asked.known:
        for row in _several(name) if name.startswith("seeds:") else _measured(name, asked.kept):
            print(row.text(), flush=True)
            with (asked.kept / "rows.md").open("a", encoding="utf-8") as file:
                file.write(row.text() + "\n")
    if asked.sheet:
        sheet.write({name: asked.kept / f"{name}.npy" for name in REGISTRY.presets}, asked.sheet)


def _measured(name: str, kept: Path) -> list[Row]:
    """Train a preset once, keep its samples, and return its figure if it has one."""
    data = rows.DATA[name]() if name in rows.DATA else None
    done = train(name, data=data)
    np.save(kept / f"{name}.npy", done.grid())
    if name in rows.OF_ONE:
        return [rows.OF_ONE[name](done)]
    ends = done.scores[-1][1] if done.scores else {}
    note = ", ".join(f"{figure.removeprefix('score/')} {value:.3g}" for figure, value in ends.items())
    return [Row(f"{name}: trained", f"{done.trainer.step} steps", "", None, note)]


def _several(name: str) -> list[Row]:
    found = rows.OF_SEVERAL[name.removeprefix("seeds:")]()
    return found if isinstance(found, list) else [found]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.figures", description=__doc__)
    known = [*REGISTRY.presets, *(f"seeds:{name}" for name in rows.OF_SEVERAL)]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(known)}; all without")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where samples and rows are kept")
    parser.add_argument("--sheet", type=Path, help="the picture of all samples to write")
    parser.set_defaults(known=known)
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(known):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if not SHARED.is_dir():
        parser.error(f"the figures need the data sets in {SHARED}")
    return asked


if __name__ == "__main__":
    main()
