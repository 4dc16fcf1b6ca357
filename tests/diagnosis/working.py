"""Working: cases carried out in processes of their own, a few at a time. It knows nothing of the table."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ganstudio.registry import Registry
from tests.diagnosis.case import Case
from tests.diagnosis.cases import cases
from tests.diagnosis.cases import registry as every_plugin
from tests.diagnosis.mending import Mended, mend
from tests.diagnosis.recording import keep, record


def each(work: Callable[[Path, str], Any], folder: Path, names: Sequence[str], jobs: int) -> Iterator[Any]:
    """Yield what ``work`` returns of each name, whichever is done first."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(work, folder, name) for name in names]
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


def mend_one(folder: Path, name: str) -> Mended:
    """Train one case and apply the first remedy; what became of it is kept in a file as well."""
    file = folder / "mended" / f"{name}.pickle"
    if not file.is_file():
        mended = mend(case_of(folder, name), registry())
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(pickle.dumps(mended))
    found = pickle.loads(file.read_bytes())
    assert isinstance(found, Mended), file
    return found


def record_one(folder: Path, name: str) -> str:
    """Record one case; return a line about it."""
    try:
        recording = record(case_of(folder, name), registry())
    except Exception as error:
        return f"{name}: FAILED {type(error).__name__}: {error}"
    keep(recording, folder / "events")
    last = recording.events[-1]
    return f"{name}: {recording.seconds:.0f} s, {type(last).__name__} at step {last.step}"
