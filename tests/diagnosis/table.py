"""The table: recall, false alarms and delays of verdicts, and which trouble was taken for which."""

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from tests.diagnosis.case import HALVES, Case, Half
from tests.diagnosis.judging import Verdict
from tests.diagnosis.mending import Mended

RECALL, FALSE_ALARMS, MENDED = 0.9, 0.05, 0.7
"""What is aimed at: at least, at most, at least."""


def troubles(cases: Iterable[Case]) -> list[str]:
    """Return every kind of trouble there is a case of, in their order."""
    return list(dict.fromkeys(case.trouble for case in cases if case.trouble))


def half_of(verdicts: Sequence[Verdict], half: Half) -> list[Verdict]:
    """Return the verdicts on one half."""
    return [verdict for verdict in verdicts if verdict.case.half == half]


def recall(verdicts: Sequence[Verdict]) -> float:
    """Return the share of cases with trouble that were named rightly; 1 of none."""
    bad = [verdict for verdict in verdicts if verdict.case.trouble]
    return sum(verdict.right is not None for verdict in bad) / len(bad) if bad else 1.0


def false_alarms(verdicts: Sequence[Verdict]) -> float:
    """Return the share of healthy cases of which any trouble was told, even for a moment; 0 of none."""
    good = [verdict for verdict in verdicts if not verdict.case.trouble]
    return sum(bool(verdict.others) for verdict in good) / len(good) if good else 0.0


def lines(verdicts: Sequence[Verdict]) -> list[str]:
    """Return the whole table as lines of text."""
    said = []
    for half in HALVES:
        part = half_of(verdicts, half)
        said += [f"Half that thresholds were {half}: {len(part)} runs", *_rows(part), *_summary(part), ""]
    return said


def mended_line(mended: Mended) -> str:
    """Return in a line what a remedy did."""
    remedy = mended.remedy
    said = f"{remedy.title} ({remedy.way}) at step {mended.applied_at}" if remedy else "no remedy"
    mark = "mended" if mended.well else "partly" if mended.gone else "NOT"
    return f"{mark:<7}{mended.case:<44} {said}: {mended.why}"


def mended_summary(tried: Sequence[Mended]) -> str:
    """Return how often the first remedy brought a run back."""
    count, well, gone = len(tried), sum(each.well for each in tried), sum(each.gone for each in tried)
    share = well / count if count else 1.0
    return (
        f"  first remedy brings the run back: {well} of {count} ({share:.0%}, aimed at: {MENDED:.0%}); "
        f"takes its own trouble away, though other trouble may be left: {gone} of {count}"
    )


def _rows(verdicts: Sequence[Verdict]) -> list[str]:
    head = f"  {'trouble':<26}{'runs':>5}{'named':>7}{'delay (steps, share of the rest)':>34}  also named"
    return [head, *(_row(name, verdicts) for name in [*troubles(v.case for v in verdicts), ""])]


def _row(trouble: str, verdicts: Sequence[Verdict]) -> str:
    part = [verdict for verdict in verdicts if verdict.case.trouble == trouble]
    also = Counter(name for verdict in part for name in verdict.others)
    told = ", ".join(f"{name} {count}" for name, count in also.most_common())
    if not trouble:
        return f"  {'healthy':<26}{len(part):>5}{'':>41}  {told or '-'}"
    named = [verdict for verdict in part if verdict.right]
    delays = [verdict.delay or 0 for verdict in named]
    shares = [(v.delay or 0) / max(v.case.steps - v.case.onset, 1) for v in named]
    delay = f"{median(delays):.0f} ({median(shares):.0%})" if delays else "-"
    return f"  {trouble:<26}{len(part):>5}{len(named):>7}{delay:>34}  {told or '-'}"


def _summary(verdicts: Sequence[Verdict]) -> list[str]:
    bad = [verdict for verdict in verdicts if verdict.case.trouble]
    good = [verdict for verdict in verdicts if not verdict.case.trouble]
    alarmed = sum(bool(verdict.others) for verdict in good)
    named = sum(verdict.right is not None for verdict in bad)
    return [
        f"  named rightly: {named} of {len(bad)} ({recall(verdicts):.0%}, aimed at: {RECALL:.0%})",
        f"  false alarms: {alarmed} of {len(good)} healthy runs ({false_alarms(verdicts):.0%}, "
        f"aimed at: at most {FALSE_ALARMS:.0%})",
    ]
