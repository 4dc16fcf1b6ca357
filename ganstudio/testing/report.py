"""Reports: what a check found, as plain values. Loads no torch, and knows nothing of how it was found."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: ``sentence`` says what was seen, or what is wrong and what to do.

    ``check`` is its name in :data:`ganstudio.testing.CHECKS`. ``file`` and ``line`` are where to look; the
    line is 0 where there is none. ``subject`` is the class that was checked, empty for the module itself.
    """

    check: str
    ok: bool
    sentence: str
    file: str = ""
    line: int = 0
    seconds: float = 0.0
    subject: str = ""

    @property
    def place(self) -> str:
        """``my_gan.py:12``, or nothing."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


@dataclass(frozen=True)
class Report:
    """All findings about one plugin, in the order in which they were made."""

    target: str
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether something was checked and nothing is wrong."""
        return bool(self.findings) and all(finding.ok for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.findings if not finding.ok)

    @property
    def seconds(self) -> float:
        """How long the checks took together."""
        return sum(finding.seconds for finding in self.findings)

    def of(self, check: str) -> tuple[Finding, ...]:
        """Return the findings of one check, one for each class."""
        return tuple(finding for finding in self.findings if finding.check == check)

    def plus(self, *findings: Finding) -> "Report":
        """Return the report with more findings at its end."""
        return replace(self, findings=(*self.findings, *findings))

    def card(self) -> str:
        """Return it as lines to read: a title for each class, below it one line for each check."""
        lines: list[str] = []
        subject = None
        for finding in self.findings:
            if finding.subject != subject:
                subject = finding.subject
                lines.append(subject or self.target)
            lines += _lines(finding)
        return "\n".join([*lines, self.verdict()])

    def verdict(self) -> str:
        """Return one sentence about all of it."""
        passed, failed = len(self.findings) - len(self.failures), len(self.failures)
        took = f"{self.seconds:.1f} s"
        if not self.findings:
            return f"{self.target}: nothing was checked."
        if not failed:
            return f"{self.target}: all {passed} checks passed in {took}."
        return f"{self.target}: {failed} of {passed + failed} checks failed, in {took}."

    def to_json(self) -> str:
        """Return it as one JSON object."""
        findings = [asdict(finding) for finding in self.findings]
        return json.dumps({"target": self.target, "ok": self.ok, "findings": findings}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Read what :meth:`to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        return cls(values["target"], tuple(Finding(**each) for each in values["findings"]))


def report_of(target: str, findings: Iterable[Finding]) -> Report:
    """Return findings as a report."""
    return Report(target, tuple(findings))


def _lines(finding: Finding) -> list[str]:
    mark = "✓" if finding.ok else "✗"
    line = f"  {mark} {finding.check}: {finding.sentence}"
    return [line] if finding.ok or not finding.place else [line, f"      {finding.place}"]
