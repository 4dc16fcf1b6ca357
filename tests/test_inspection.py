import sys

import numpy as np
import pytest
import torch

from ganstudio.api import InputError
from ganstudio.data_report import DataReport
from ganstudio.experiment import Choice, Experiment
from ganstudio.inspection import inspect, objections
from ganstudio.registry import Registry
from ganstudio.two_kinds import beside
from tests import experiments
from tests.commands import python
from tests.installing import InstallPlugin

ODD = """
import torch
from ganstudio.api import DataSource, ImageSpec, PointSpec, LoadedData, hookimpl

class Odd(DataSource):
    "Four images, one of them twice more, in two of three classes."
    title = "Odd images"
    gives = ImageSpec
    def load(self, report):
        values = torch.zeros(6, 3, 4, 5, dtype=torch.uint8)
        values[1], values[2], values[3, 0] = 10, 20, 255
        values[4] = values[5] = values[2]
        labels = torch.tensor([0, 0, 2, 2, 2, 2])
        spec = ImageSpec(3, 4, 5, classes=("ant", "bee", "cow"))
        return LoadedData(spec, values, labels, ["One file was grey."], unreadable=[("a.png", "empty")])

class Broken(DataSource):
    "Points that are none."
    gives = PointSpec
    def load(self, report):
        values = torch.tensor([[0.0, 1.0], [float("nan"), 5.0], [2.0, float("inf")]])
        return LoadedData(PointSpec(), values, columns=["x", "height"])

class Nothing(DataSource):
    "No points."
    title = "Nothing"
    gives = PointSpec
    def load(self, report):
        return LoadedData(PointSpec(), torch.zeros(0, 2))

@hookimpl
def ganstudio_data_sources():
    return [Odd, Broken, Nothing]
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def silent(what: str, share: float | None = None) -> None:
    """Take a report of progress and do nothing."""


@pytest.fixture(scope="module")
def digits(registry: Registry) -> DataReport:
    return inspect(experiments.digits(), registry, silent)


def test_the_digits_are_described(digits: DataReport) -> None:
    assert (digits.source, digits.kind, digits.count) == ("MNIST digits (5 000, built in)", "images", 5000)
    assert digits.described == "28 × 28 grey images"
    assert (digits.size, digits.low, digits.high) == ("28 × 28", 0.0, 255.0)
    # The published mean and standard deviation of MNIST are .1307 and .3081 of 255.
    assert digits.mean == pytest.approx((33.3,), abs=0.5)
    assert digits.spread == pytest.approx((78.6,), abs=0.5)
    assert digits.memory == 5000 * (28 * 28 + 8)
    assert digits.classes == tuple((str(number), 500) for number in range(10))
    assert digits.imbalance == 1.0
    assert (digits.copies, digits.copied, digits.not_finite) == (0, None, 0)


def test_examples_are_real_samples_with_their_labels(digits: DataReport) -> None:
    assert digits.examples.array.shape == (100, 28, 28, 1)
    assert digits.examples.array.dtype == np.uint8
    assert len(set(digits.examples.labels)) == 10
    assert set(digits.of_class) == set(range(10))
    assert all(set(looked.labels) == {number} for number, looked in digits.of_class.items())
    assert digits.of_class[3].array.shape == (36, 28, 28, 1)


def test_looking_twice_shows_the_same_and_draws_on_no_chance_of_others(
    registry: Registry, digits: DataReport
) -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    again = inspect(experiments.digits(), registry, silent)
    assert torch.equal(torch.get_rng_state(), before)
    assert np.array_equal(again.examples.array, digits.examples.array)


def test_a_mixture_has_modes(registry: Registry) -> None:
    ring = inspect(experiments.ring(), registry, silent)
    assert (ring.kind, ring.count, ring.shape) == ("points", 1000, (2,))
    assert len(ring.centres) == 8
    assert [name for name, _count in ring.classes] == [str(number) for number in range(1, 9)]
    assert sum(count for _name, count in ring.classes) == 1000
    assert ring.spread == pytest.approx((0.707, 0.707), abs=0.05)
    assert ring.examples.array.dtype == np.float32


class TestOddData:
    @pytest.fixture
    def odd(self, install_plugin: InstallPlugin) -> Registry:
        install_plugin("odd_data", ODD)
        return Registry.load()

    def look(self, registry: Registry, kind: str) -> DataReport:
        return inspect(Experiment(Choice(kind), Choice("PointGAN")), registry, silent)

    def test_copies_are_found_and_shown_once(self, odd: Registry) -> None:
        report = self.look(odd, "Odd")
        assert report.copies == 2
        assert report.copied is not None
        assert report.copied.array.shape == (1, 4, 5, 3)
        assert (report.copied.array == 20).all()

    def test_classes_without_a_sample_are_counted_too(self, odd: Registry) -> None:
        report = self.look(odd, "Odd")
        assert report.classes == (("ant", 2), ("bee", 0), ("cow", 4))
        assert report.imbalance == 2.0
        assert set(report.of_class) == {0, 2}

    def test_means_are_those_of_each_channel(self, odd: Registry) -> None:
        report = self.look(odd, "Odd")
        assert report.mean == pytest.approx(((10 + 3 * 20 + 255) / 6, 70 / 6, 70 / 6), rel=1e-5)
        assert report.spread[0] == pytest.approx(np.std([0, 10, 20, 255, 20, 20]), rel=1e-5)

    def test_what_the_source_says_is_passed_on(self, odd: Registry) -> None:
        report = self.look(odd, "Odd")
        assert report.notes == ("One file was grey.",)
        assert report.unreadable == (("a.png", "empty"),)
        assert report.columns == ()
        assert self.look(odd, "Broken").columns == ("x", "height")

    def test_of_a_table_every_column_is_found_those_left_out_as_well(self, registry: Registry) -> None:
        settings = {"count": 300, "modes": 2, "treat": "age=leave out, months=continuous"}
        experiment = Experiment(Choice("LoanTable", settings), Choice("TabularGAN"))
        report = inspect(experiment, registry, lambda what, share=None: None)
        found = {column.name: column for column in report.found}
        assert tuple(found) == report.columns
        assert len(report.table) == len(found) - 1
        assert (found["age"].treatment, found["age"].usual) == ("leave out", "continuous")
        assert (found["months"].treatment, found["months"].usual) == ("continuous", "categorical")
        assert (found["asked"].holds, found["asked"].usual) == ("dates", "date")
        assert 0 < found["balance"].missing < 0.15

    def test_what_is_no_number_is_counted_and_left_out_of_the_rest(self, odd: Registry) -> None:
        report = self.look(odd, "Broken")
        assert report.not_finite == 2
        assert (report.low, report.high) == (0.0, 5.0)
        assert report.mean == pytest.approx((1.0, 3.0))

    def test_no_sample_at_all_is_said(self, odd: Registry) -> None:
        with pytest.raises(InputError, match="Nothing has nothing to show"):
            self.look(odd, "Nothing")


class TestTheRestOfTheExperiment:
    def test_may_be_wrong_while_data_is_looked_at(self, registry: Registry) -> None:
        wrong = experiments.ring().with_value("architecture.width", -3).with_value("training.steps", "many")
        assert inspect(wrong, registry, silent).count == 1000

    def test_is_held_against_the_data(self, registry: Registry, digits: DataReport) -> None:
        assert objections(experiments.digits(), registry, digits) == ()
        wrong = experiments.digits().with_value("training.steps", 0)
        assert any("training.steps" in sentence for sentence in objections(wrong, registry, digits))

    def test_names_the_reason_of_an_architecture(self, registry: Registry, digits: DataReport) -> None:
        points = Experiment(Choice("Digits"), Choice("PointGAN"))
        (sentence,) = objections(points, registry, digits)
        assert "is trained on points" in sentence


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [("data.kind", "Digit", "did you mean Digits"), ("data.resize", -1, "a whole number from 0")],
)
def test_data_that_is_chosen_wrongly_is_refused_in_words(
    registry: Registry, path: str, value: object, words: str
) -> None:
    with pytest.raises(InputError, match=words) as caught:
        inspect(experiments.digits().with_value(path, value), registry, silent)
    assert len(str(caught.value).splitlines()) == 1


TWO_KINDS = """
import torch
from ganstudio.api import DataSource, ImageSpec, UnpairedSpec, PairedSpec, LoadedData, hookimpl

def numbered(count, channels, side, first):
    values = torch.arange(first, first + count, dtype=torch.uint8).view(-1, 1, 1, 1)
    return values.repeat(1, channels, side, side)

class Domains(DataSource):
    "Three grey images, and five in colour, one of them twice."
    title = "Two domains"
    gives = UnpairedSpec
    def load(self, report):
        other = numbered(5, 3, 6, 100)
        other[4] = other[0]
        spec = UnpairedSpec(ImageSpec(1, 4, 4), ImageSpec(3, 6, 6), ("ink", "paint"))
        return LoadedData(spec, numbered(3, 1, 4, 10), other=other)

class Couples(DataSource):
    "Four pairs."
    title = "Couples"
    gives = PairedSpec
    def load(self, report):
        spec = PairedSpec(ImageSpec(1, 4, 4), ImageSpec(1, 8, 8))
        return LoadedData(spec, numbered(4, 1, 4, 10), other=numbered(4, 1, 8, 110))

@hookimpl
def ganstudio_data_sources():
    return [Domains, Couples]
"""


@pytest.fixture
def two_kinds(install_plugin: InstallPlugin) -> Registry:
    install_plugin("two_kinds", TWO_KINDS)
    return Registry.load()


def test_both_domains_are_counted_and_shown(two_kinds: Registry) -> None:
    report = inspect(Experiment(Choice("Domains"), Choice("CycleGAN")), two_kinds, silent)
    assert (report.kind, report.groups) == ("images", "domains")
    assert report.classes == (("ink", 3), ("paint", 5))
    assert report.count == 8
    assert (report.low, report.high) == (10, 103)
    assert report.memory == 3 * 16 + 5 * 3 * 36
    assert sorted(report.of_class[0].array[:, 0, 0, 0].tolist()) == [10, 11, 12]
    assert report.of_class[1].array.shape == (5, 6, 6, 3)
    # One of each beside the other, the smaller one on grey.
    assert report.examples.array.shape == (3, 6, 12, 3)
    assert sorted(report.examples.array[:, 0, 0, 0].tolist()) == [10, 11, 12]
    assert (report.examples.array[:, 5, 5] == 128).all()
    assert (report.examples.array[:, :, 6:] >= 100).all()


def test_what_is_to_be_enlarged_is_shown_as_large_as_what_it_becomes() -> None:
    small = torch.arange(4, dtype=torch.uint8).reshape(1, 1, 2, 2)
    shown = beside(small, torch.full((1, 3, 6, 6), 9, dtype=torch.uint8))
    assert shown.shape == (1, 3, 6, 12)
    assert torch.equal(shown[0, 0, :, :6], small[0, 0].repeat_interleave(3, 0).repeat_interleave(3, 1))
    assert (shown[..., 6:] == 9).all()


def test_copies_within_a_domain_are_found_and_shown(two_kinds: Registry) -> None:
    report = inspect(Experiment(Choice("Domains"), Choice("CycleGAN")), two_kinds, silent)
    assert report.copies == 1
    assert report.copied is not None
    assert report.copied.array.shape == (1, 6, 6, 3)
    assert (report.copied.array == 100).all()


def test_examples_of_pairs_are_pairs(two_kinds: Registry) -> None:
    report = inspect(Experiment(Choice("Couples"), Choice("Pix2Pix")), two_kinds, silent)
    assert (report.kind, report.groups, report.classes, report.count) == ("images", "classes", (), 4)
    assert report.examples.array.shape == (4, 8, 16, 1)
    given, wanted = report.examples.array[:, 0, 0, 0].astype(int), report.examples.array[:, 0, 8, 0]
    assert (given + 100 == wanted).all()


@pytest.mark.parametrize(
    ("kind", "words"), [("Domains", "one size in both"), ("Couples", "their targets 8 × 8")]
)
def test_what_two_kinds_of_images_are_refused_for_is_told(two_kinds: Registry, kind: str, words: str) -> None:
    experiment = Experiment(Choice(kind), Choice("CycleGAN" if kind == "Domains" else "Pix2Pix"))
    (sentence,) = objections(experiment, two_kinds, inspect(experiment, two_kinds, silent))
    assert words in sentence


def test_progress_may_end_it(registry: Registry) -> None:
    class EnoughError(Exception):
        pass

    def enough(what: str, share: float | None = None) -> None:
        if what == "Looking for duplicates":
            raise EnoughError

    with pytest.raises(EnoughError):
        inspect(experiments.digits(), registry, enough)


def test_the_report_loads_nothing_heavy() -> None:
    out = python("import ganstudio.data_report, sys; print('torch' in sys.modules, 'numpy' in sys.modules)")
    assert out.stdout.split() == ["False", "False"]
    assert "torch" in sys.modules
