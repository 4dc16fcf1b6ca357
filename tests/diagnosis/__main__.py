"""``python -m tests.diagnosis``: train every case, try the rules on what was recorded, print the table."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from ganstudio.api import HealthRule
from tests.diagnosis.case import HALVES
from tests.diagnosis.cases import cases
from tests.diagnosis.judging import Verdict, judge
from tests.diagnosis.recording import kept, note
from tests.diagnosis.table import (
    FALSE_ALARMS,
    MENDED,
    RECALL,
    false_alarms,
    half_of,
    lines,
    mended_line,
    mended_summary,
    recall,
)
from tests.diagnosis.working import each, mend_one, record_one, registry

FOLDER = Path("build/diagnosis")


def main(arguments: list[str]) -> int:
    """Do what is asked for; return 0 when the targets are met."""
    asked = _parser().parse_args(arguments)
    if not asked.replay:
        _record_all(asked.folder, asked.jobs, asked.only, asked.again)
    verdicts = _verdicts(asked.folder, asked.only)
    if asked.each:
        print("\n".join(map(_told, verdicts)))
    print("\n".join(lines(verdicts)))
    reported = half_of(verdicts, "reported on")
    missed = recall(reported) < RECALL or false_alarms(reported) > FALSE_ALARMS
    if asked.mend:
        missed = _mended(asked.folder, asked.jobs, verdicts) < MENDED or missed
    return int(missed)


def _mended(folder: Path, jobs: int, verdicts: Sequence[Verdict]) -> float:
    """Apply the first remedy to each case whose trouble was named and has one; return how many it mends."""
    offered = [
        (verdict.case.name, verdict.right.condition.remedies[0])
        for verdict in verdicts
        if verdict.right and verdict.right.condition.remedies
    ]
    tried = []
    for mended in each(mend_one, folder, offered, jobs):
        tried.append(mended)
        print(mended_line(mended), flush=True)
    halves = {verdict.case.name: verdict.case.half for verdict in verdicts}
    for half in HALVES:
        print(f"Half that thresholds were {half}:")
        print(mended_summary([mended for mended in tried if halves[mended.case] == half]))
    print("Both halves:")
    print(mended_summary(tried))
    return sum(mended.well for mended in tried) / len(tried) if tried else 1.0


def _verdicts(folder: Path, only: str) -> list[Verdict]:
    """Try the rules on every case that was recorded."""
    rules = cast("list[type[HealthRule]]", list(registry().classes["health"].values()))
    chosen = [case for case in cases(folder / "data") if only in case.name]
    recorded = [(case, kept(case, folder / "events")) for case in chosen]
    return [judge(case, recording, rules) for case, recording in recorded if recording]


def _told(verdict: Verdict) -> str:
    """Return what was said of one case, in a line."""
    said = ", ".join(f"{found.condition.name} at {found.step}" for found in verdict.found)
    mark = "ok " if verdict.right or not (verdict.case.trouble or verdict.others) else "NOT"
    return f"{mark} {verdict.case.half:<12}{verdict.case.name:<44} {said or '-'} {' '.join(verdict.broken)}"


def _record_all(folder: Path, jobs: int, only: str, again: bool) -> None:
    """Record the cases that were not recorded yet."""
    # First what thresholds are chosen on, and of that what is healthy.
    names = [
        case.name
        for case in sorted(cases(folder / "data"), key=lambda case: (case.half, case.trouble != ""))
        if only in case.name and (again or not (folder / "events" / f"{case.name}.pickle").is_file())
    ]
    for number, line in enumerate(each(record_one, folder, [(name,) for name in names], jobs), 1):
        note(f"{number}/{len(names)} {line}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.diagnosis", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where what is recorded is kept")
    parser.add_argument("--jobs", type=int, default=1, help="how many cases are trained at a time")
    parser.add_argument("--only", default="", help="only cases whose name has this in it")
    parser.add_argument("--again", action="store_true", help="record anew what was recorded")
    parser.add_argument("--replay", action="store_true", help="train nothing, try the rules again")
    parser.add_argument("--mend", action="store_true", help="train the cases again, with the first remedy")
    parser.add_argument("--each", action="store_true", help="say of each case what was found")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
