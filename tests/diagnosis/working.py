"""Working: cases carried out in processes of their own, a few at a time. It knows nothing of the table."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ganstudio.api import Remedy
from ganstudio.registry import Registry
from tests.diagnosis.case import Case
from tests.diagnosis.cases import cases
from tests.diagnosis.cases import registry as every_plugin
from tests.diagnosis.mending import Mended, mend
from tests.diagnosis.recording import keep, record

FORMAT = 2
"""Of the files that tell what became of mended cases."""


def each(
    work: Callable[..., Any], folder: Path, given: Iterable[tuple[Any, ...]], jobs: int
) -> Iterator[Any]:
    """Yield what ``work`` returns of the folder and of each tuple ``given``, whichever is done first."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(work, folder, *every) for every in given]
        for done in as_completed(waiting):
            yield done.result()


@cache
def registry() -> Registry:
    """Return the plugins, loaded once in each process."""
    return every_plugin()


def case_of(folder: Path, name: str) -> Case:
    """Return the case of that name."""
    (case,) = [case for case in cases(folder / "data") if case.name == name]
    return case


def mend_one(folder: Path, name: str, offered: Remedy) -> Mended:
    """Train one case and apply the first remedy; what became of it is kept in a file as well.

    What was kept holds while the case is the same and the remedy ``offered`` to it as well.
    """
    file, case = folder / "mended" / f"{name}.json", case_of(folder, name)
    asked = json.loads(json.dumps({"format": FORMAT, "case": asdict(case), "offered": asdict(offered)}))
    found = _kept(file)
    if any(found.get(part) != value for part, value in asked.items()):
        mended = asdict(mend(case, registry()))
        file.parent.mkdir(exist_ok=True)
        found = {**asked, "mended": mended}
        file.write_text(json.dumps(found, indent=1))
    told = found["mended"]
    return Mended(**{**told, "remedy": told["remedy"] and Remedy(**told["remedy"])})


def _kept(file: Path) -> dict[str, Any]:
    """Return what a file tells; nothing where there is none, or none that was written to its end."""
    try:
        found = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def record_one(folder: Path, name: str) -> str:
    """Record one case; return a line about it."""
    try:
        recording = record(case_of(folder, name), registry())
    except Exception as error:
        return f"{name}: FAILED {type(error).__name__}: {error}"
    keep(recording, folder / "events")
    last = recording.events[-1]
    return f"{name}: {recording.seconds:.0f} s, {type(last).__name__} at step {last.step}"
