"""Checks of modules, what is left as it was, and the list of all checks."""

from types import ModuleType
from typing import Any

import pytest
import torch

from ganstudio.api import hookimpl
from ganstudio.testing import CHECKS, Finding, Report, check
from tests.testing import test_components, variants


def module(**names: Any) -> ModuleType:
    made = ModuleType("made")
    made.__file__ = __file__
    vars(made).update(names)
    return made


@hookimpl
def ganstudio_losses() -> list[type]:
    return [test_components.GoodLoss]


def test_a_module_is_checked_by_its_hooks_and_its_classes() -> None:
    told: list[Finding] = []
    report = check(module(ganstudio_losses=ganstudio_losses), tell=told.append)
    assert report.ok, report.card()
    assert [finding.subject for finding in report.findings] == ["", *["GoodLoss"] * 5]
    assert tuple(told) == report.findings


def unmarked() -> list[type]:
    return []


@hookimpl
def raises() -> list[type]:
    raise ValueError("no list today")


@hookimpl
def returns_a_metric() -> list[type]:
    return [test_components.GoodMetric]


@pytest.mark.parametrize(
    ("hook", "words"),
    [
        (unmarked, "put @hookimpl above it"),
        (raises, "It raised ValueError: no list today"),
        (returns_a_metric, "must return subclasses of AdversarialLoss"),
        (hookimpl(unmarked.__class__(unmarked.__code__, globals())), "It offers nothing"),
    ],
    ids=["unmarked", "raises", "wrong class", "empty"],
)
def test_hooks_that_cannot_be_used_are_told(hook: Any, words: str) -> None:
    report = check(module(ganstudio_losses=hook))
    assert [finding.check for finding in report.findings] == ["hooks"]
    assert words in report.failures[0].sentence
    assert report.failures[0].file == __file__


def test_randomness_and_threads_stay_as_they_were() -> None:
    threads, before = torch.get_num_threads(), torch.get_rng_state()
    check(variants.Good)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_every_check_has_a_name_and_says_what_it_promises() -> None:
    drawn = {"architecture", "loss", "regularizer", "augmentation", "data", "metric", "health"}
    assert set(CHECKS) == {"module", *drawn}
    for checks in CHECKS.values():
        assert all(name and meaning.endswith(".") for name, meaning in checks.items())


def test_a_report_survives_json() -> None:
    report = check(test_components.WrongSign)
    assert Report.from_json(report.to_json()) == report
    assert not report.ok


def test_a_report_without_findings_is_not_ok() -> None:
    assert not Report("nothing").ok
    assert Report("nothing").verdict() == "nothing: nothing was checked."
