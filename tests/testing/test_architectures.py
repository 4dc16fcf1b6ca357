"""Each check of architectures is failed by a variant that breaks its promise, in the right line."""

import inspect
from pathlib import Path

import pytest

from ganstudio.testing import Finding, check
from tests.testing import variants

FILE = Path(variants.__file__)


def failure(name: str) -> Finding:
    """Return the one thing that is wrong with a variant."""
    report = check(getattr(variants, name))
    assert len(report.failures) == 1, report.card()
    return report.failures[0]


@pytest.mark.parametrize("name", ["Good", "GoodGAN", "GoodPaired", "GoodUnpaired", "BeginsLate"])
def test_a_variant_that_keeps_its_promises_passes_every_check(name: str) -> None:
    report = check(getattr(variants, name))
    assert report.ok, report.card()
    assert len(report.findings) == 16


@pytest.mark.parametrize(
    ("name", "check", "words", "line"),
    [
        ("NoSource", "words", "names no source", "class NoSource"),
        ("NoDocstring", "words", "has no docstring", "class NoDocstring"),
        ("OddSetting", "settings", "Settings.thing: no form can show", "thing:"),
        ("NoHelp", "settings", "depth says nothing about itself", "depth: Annotated[int, Range(1, 3)]"),
        ("BadDefault", "settings", "default of depth is not allowed", 'depth: Annotated[int, Range(1, 3), "'),
        ("BuildRaises", "builds", "It raised ValueError: no such layer", "raise ValueError"),
        ("BuildExits", "builds", "sys.exit", "raise SystemExit"),
        ("NoNetworks", "builds", "build makes no network", "NoNetworks:def build"),
        ("WrongEma", "builds", "ema names 'generater'", "class WrongEma"),
        ("NoOptimizer", "builds", "has nothing for `discriminator`", "class NoOptimizer"),
        ("RefusesAll", "builds", "It takes nothing.", "RefusesAll:@classmethod"),
        ("NoStep", "steps", "yields no update", "NoStep:def training_step"),
        ("ReturnsList", "steps", "returns a list", "ReturnsList:def training_step"),
        ("YieldsTensor", "steps", "yields a Tensor", "yield self.telling_apart"),
        (
            "ForeignModule",
            "steps",
            "not one of its networks (generator, discriminator)",
            "ForeignModule:yield",
        ),
        ("LossOfMany", "steps", "end it with .mean()", "LossOfMany:yield"),
        ("DetachedLoss", "steps", "depends on no weight at all", "DetachedLoss:yield"),
        ("StepRaises", "steps", "It raised RuntimeError", "StepRaises:yield"),
        ("NotFinite", "finite", "`discriminator` is -inf at step 1", "NotFinite:yield"),
        (
            "UnusedHead",
            "gradients",
            "`training_step` yields an update for `discriminator`, but the loss does not depend on its "
            "`head.weight`, `head.bias`.",
            "UnusedHead:yield Update(self.discriminator, loss)",
        ),
        ("Forgotten", "gradients", "yields no update for `encoder`", "Good:def training_step"),
        ("BadGradient", "finite", "gradient of `0.weight` of `discriminator`", "BadGradient:yield"),
        ("DoesNotMove", "learns", "does not move", "DoesNotMove:yield"),
        ("Meddles", "others", "changes `0.weight` of `generator` itself", "Good:yield"),
        ("Shares", "others", "both hold the same weights", "Good:yield"),
        ("Clock", "same seed", "end with another `generator.0.weight`", "Clock:def training_step"),
        ("HiddenState", "keeps", "give another preview (fixed)", "HiddenState:def build"),
        ("Remembers", "resumes", "ends with another `generator", "class Remembers"),
        ("WrongShape", "previews", "generate gives [5, 4] for 5 latents; [5, 2] is wanted", None),
        ("OddPreview", "previews", "preview returns a Tensor", "OddPreview:def preview"),
        ("FlatImages", "previews", "images are [N, 1 or 3, H, W]", "FlatImages:def preview"),
        ("TwoDimensionsAlone", "other data", "It does not refuse 3-D points", None),
        ("LatentsAlone", "labels", "With Conditioning concatenated it cannot be trained", None),
        (
            "NoSecondGradient",
            "penalties",
            "cannot be differentiated twice",
            "NoSecondGradient:def build_discriminator",
        ),
        (
            "IgnoresRegularizers",
            "penalties",
            "leaves the regularizers out",
            "IgnoresRegularizers:def training_step",
        ),
        ("Sigmoid", "previews", "end in nn.Tanh", None),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "",
)
def test_what_is_wrong_is_found_and_nothing_else(name: str, check: str, words: str, line: str | None) -> None:
    found = failure(name)
    assert found.check == check
    assert words in found.sentence
    assert found.subject == name
    if line is not None:
        assert (Path(found.file), found.line) == (FILE, number_of(line))


def test_a_state_that_cannot_be_kept_is_told_by_what_keeps_and_what_resumes() -> None:
    failures = check(variants.KeepsTheUnkeepable).failures
    assert [failure.check for failure in failures] == ["keeps", "resumes"]
    assert all("checkpoint_state returns cannot be kept" in failure.sentence for failure in failures)


def test_settings_and_data_may_be_given() -> None:
    report = check(variants.Good, settings={"width": 3})
    assert "discriminator (13 weights)" in report.of("builds")[0].sentence


def number_of(text: str) -> int:
    """Return the line that holds a text; ``Class:text`` looks from that class on."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    name, colon, rest = text.partition(":")
    first = 0
    if colon and hasattr(variants, name):
        first, text = inspect.getsourcelines(getattr(variants, name))[1], rest
    return next(number for number, line in enumerate(lines, 1) if number > first and text in line)
