from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from ganstudio.catalogue import Catalogue, Entry
from ganstudio.experiment import Choice, Experiment, Problem
from ganstudio.gui.panels.choice_section import ChoiceSection
from ganstudio.gui.panels.experiment_form import ExperimentForm
from ganstudio.gui.panels.field_group import FieldGroup
from ganstudio.gui.panels.form_problems import FormProblems
from ganstudio.gui.panels.form_search import show_matching
from ganstudio.gui.widgets.marks import ChangedDot
from ganstudio.schema import describe
from ganstudio.setting_problems import problems_of
from tests.every_type import EveryType
from tests.gui.catalogues import CATALOGUE, DIGITS, RING


@pytest.fixture
def form(qtbot: QtBot) -> ExperimentForm:
    made = ExperimentForm(CATALOGUE)
    qtbot.addWidget(made)
    preset = Experiment.from_dict(DIGITS)
    assert made.set_experiment(preset) == []
    made.set_baseline(preset)
    made.show()
    return made


def choose(section: ChoiceSection, kind: str) -> None:
    """Choose as a user does: the list moves on first, then says so."""
    row = section.chooser.findData(kind)
    section.chooser.setCurrentIndex(row)
    section.chooser.activated.emit(row)


def shown(form: ExperimentForm) -> Experiment:
    experiment = form.experiment()
    assert experiment is not None
    return experiment


def changed(form: ExperimentForm) -> set[str]:
    return {field.path for field in form.fields() if field.findChild(ChangedDot).isVisibleTo(form)}


def with_hinge_for_points() -> Catalogue:
    """The catalogue, but that the architecture for points starts from the hinge loss."""
    variants = [replace(a, default_loss="Hinge" * (a.kind == "PointGAN")) for a in CATALOGUE.architectures]
    return replace(CATALOGUE, architectures=tuple(variants))


@pytest.mark.parametrize(("own", "follows"), [(None, "Hinge"), ("NonSaturating", "NonSaturating")])
def test_an_experiment_without_a_loss_shows_the_usual_one_of_its_architecture(
    qtbot: QtBot, own: str | None, follows: str
) -> None:
    form = ExperimentForm(with_hinge_for_points())
    qtbot.addWidget(form)
    ring = replace(Experiment.from_dict(RING), loss=Choice(own) if own else None)
    form.set_experiment(ring)
    form.set_baseline(ring)
    assert shown(form).loss == Choice(follows)
    assert not form.loss.is_changed()


@pytest.mark.parametrize(
    ("chosen", "follows"), [("NonSaturating", "Hinge"), ("Hinge", "Hinge")], ids=["usual", "own choice"]
)
def test_the_usual_loss_follows_the_architecture(qtbot: QtBot, chosen: str, follows: str) -> None:
    form = ExperimentForm(with_hinge_for_points())
    qtbot.addWidget(form)
    form.set_experiment(replace(Experiment.from_dict(DIGITS), loss=Choice(chosen)))
    choose(form.data, "Ring")
    assert shown(form).architecture.kind == "PointGAN"
    assert shown(form).loss == Choice(follows)
    choose(form.data, "Digits")
    assert shown(form).loss == Choice("NonSaturating")


@pytest.mark.parametrize("table", [DIGITS, RING], ids=["digits", "ring"])
def test_an_experiment_comes_back_as_it_was_shown(form: ExperimentForm, table: dict[str, object]) -> None:
    experiment = Experiment.from_dict(table)
    assert form.set_experiment(experiment) == []
    again = shown(form).to_dict()
    assert again.pop("loss", None) == table.get("loss", {"kind": "NonSaturating"})
    assert again == {key: value for key, value in table.items() if key != "loss"}


def test_a_complete_experiment_is_shown_as_what_differs(form: ExperimentForm) -> None:
    form.set_experiment(Experiment.from_dict(DIGITS).with_value("training.seed", 0))
    assert shown(form).training == {"steps": 2500}


def test_every_network_has_its_own_optimizer_that_starts_where_the_architecture_says(
    form: ExperimentForm,
) -> None:
    assert form.field("optimizers.generator.learning_rate").value() == 1e-3
    assert form.field("optimizers.discriminator.learning_rate").value() == 4e-4
    assert form.field("optimizers.discriminator.beta1").value() == 0.0


def test_a_preset_has_no_dots(form: ExperimentForm) -> None:
    assert changed(form) == set()


def test_an_edit_has_a_dot_and_is_told(qtbot: QtBot, form: ExperimentForm) -> None:
    field = form.field("optimizers.generator.learning_rate")
    with qtbot.waitSignals([form.edited, form.changed]):
        field._editor._pair.box.settled.emit(3e-3)
    assert changed(form) == {"optimizers.generator.learning_rate"}
    assert shown(form).optimizers == {"generator": {"learning_rate": 3e-3}}


def test_data_of_another_kind_brings_an_architecture_that_takes_it(form: ExperimentForm) -> None:
    choose(form.data, "Ring")
    assert shown(form).data == Choice("Ring")
    assert shown(form).architecture.kind == "PointGAN"
    model = form.architecture.chooser.model()
    assert isinstance(model, QStandardItemModel)
    item = model.item(form.architecture.chooser.findData("ConvGAN"))
    assert not item.isEnabled()
    assert item.toolTip() == "Convolutional GAN is trained on images, but Ring gives points."


def test_another_architecture_keeps_the_settings_it_shares(form: ExperimentForm) -> None:
    choose(form.data, "Ring")
    assert shown(form).architecture == Choice("PointGAN", {"width": 32})


def test_another_architecture_brings_its_own_networks(form: ExperimentForm) -> None:
    choose(form.architecture, "VAE")
    assert set(form.optimizers.groups) == {"encoder"}
    assert form.field("optimizers.generator.learning_rate") is None
    choose(form.architecture, "ConvGAN")
    assert form.field("optimizers.generator.learning_rate").value() == 5e-4


def test_without_an_adversary_loss_and_regularizers_are_grey_and_left_out(form: ExperimentForm) -> None:
    choose(form.architecture, "VAE")
    reason = "Autoencoder brings its own loss and takes no regularizers or augmentations."
    assert not form.loss.chooser.isEnabled()
    assert form.loss.chooser.toolTip() == reason
    ticks = form.regularizers.findChildren(QCheckBox)
    assert not any(tick.isEnabled() for tick in ticks)
    assert ticks[0].toolTip() == reason
    assert shown(form).loss is None
    assert shown(form).regularizers == {}
    choose(form.architecture, "ConvGAN")
    assert shown(form).regularizers == {"R1": {"gamma": 2.0}}


def test_a_regularizer_shows_its_settings_once_it_is_ticked(qtbot: QtBot, form: ExperimentForm) -> None:
    form.set_experiment(Experiment.from_dict(RING))
    gamma = form.field("regularizers.R1.gamma")
    assert not gamma.isVisible()
    with qtbot.waitSignal(form.changed):
        form.regularizers.findChildren(QCheckBox)[0].click()
    assert gamma.isVisible()
    assert shown(form).regularizers == {"R1": {}}


def test_another_choice_has_a_dot_that_goes_back_with_all_settings(
    qtbot: QtBot, form: ExperimentForm
) -> None:
    choose(form.data, "Folder")
    dot = form.data._dot
    assert dot.isVisible()
    assert "Digits" in dot.toolTip()
    qtbot.mouseClick(dot, Qt.MouseButton.LeftButton)
    assert shown(form).data == Choice("Digits")
    assert not dot.isVisible()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("data.kind", "Digit", "did you mean Digits"),
        ("architecture.widht", 3, "did you mean width"),
        ("architecture.width", 3, "not a whole number from 8 to 512"),
        ("regularizers.R3.gamma", 1.0, "did you mean R1"),
        ("optimizers.critic.beta1", 0.5, "generator"),
        ("training.steps", "many", "not a whole number"),
    ],
)
def test_what_cannot_be_shown_is_said(form: ExperimentForm, path: str, value: object, words: str) -> None:
    problems = form.set_experiment(Experiment.from_dict(DIGITS).with_value(path, value))
    assert len(problems) == 1
    assert words in problems[0].sentence
    assert shown(form) is not None


def test_the_name_of_the_run_can_be_changed(form: ExperimentForm) -> None:
    form.name.set_value("my digits")
    assert shown(form).name == "my digits"
    form.name.set_value("  ")
    assert shown(form).name == "experiment"


def test_nothing_to_choose_is_no_experiment(qtbot: QtBot) -> None:
    form = ExperimentForm(Catalogue())
    qtbot.addWidget(form)
    form.show_defaults()
    assert form.experiment() is None


# --- Groups of settings ----------------------------------------------------------------------------


def group(form: ExperimentForm, title: str) -> FieldGroup:
    return next(made for made in form.architecture.settings.groups if made.title == title)


def test_settings_of_a_group_are_folded_away_below_the_others(form: ExperimentForm) -> None:
    assert [made.title for made in form.architecture.settings.groups] == ["Balance", "Diversity"]
    assert not form.field("architecture.smoothing").isVisible()
    assert form.field("architecture.n_critic").isVisible()
    group(form, "Balance").set_open(True)
    assert form.field("architecture.smoothing").isVisible()


def test_a_group_says_how_many_of_its_settings_are_in_use(form: ExperimentForm) -> None:
    assert group(form, "Balance").counts.text() == ""
    preset = Experiment.from_dict(DIGITS).with_value("architecture.smoothing", 0.1)
    form.set_experiment(preset)
    form.set_baseline(preset)
    assert group(form, "Balance").counts.text() == "1 set"
    form.field("architecture.smoothing").set_value(0.2)
    assert group(form, "Balance").counts.text() == "1 set, 1 changed"
    assert group(form, "Balance").counts.toolTip() == "Not at its default: smoothing"
    form.field("architecture.smoothing").set_value(0.0)
    assert group(form, "Balance").counts.text() == "1 changed"


def test_a_search_opens_the_group_where_something_is_found(form: ExperimentForm) -> None:
    show_matching(form, "one-sided")
    assert form.field("architecture.smoothing").isVisible()
    assert not group(form, "Diversity").isVisible()
    show_matching(form, "diversity")
    assert form.field("architecture.packing").isVisible()
    assert not form.field("architecture.smoothing").isVisible()
    show_matching(form, "")
    assert not form.field("architecture.packing").isVisible()
    assert group(form, "Diversity").isVisible()


def test_a_problem_opens_the_group_it_is_in(qtbot: QtBot, form: ExperimentForm) -> None:
    problems = FormProblems()
    qtbot.addWidget(problems)
    first = problems.show_problems(form, [Problem("architecture.packing", "It must divide the batch.")])
    assert first is form.field("architecture.packing")
    assert first.isVisible()
    assert problems.text() == ""


def test_a_group_that_was_opened_stays_open_for_another_architecture(form: ExperimentForm) -> None:
    group(form, "Balance").set_open(True)
    choose(form.architecture, "VAE")
    assert form.architecture.settings.groups == []
    choose(form.architecture, "ConvGAN")
    assert not group(form, "Diversity").is_open()


# --- Augmentations ---------------------------------------------------------------------------------


def test_an_augmentation_is_ticked_like_a_regularizer(form: ExperimentForm) -> None:
    form.augmentations.findChildren(QCheckBox)[0].click()
    assert form.field("augmentations.Shift.strength").isVisible()
    assert shown(form).augmentations == {"Shift": {}}
    again = Experiment.from_dict(shown(form).to_dict())
    assert form.set_experiment(again) == []
    assert shown(form).augmentations == {"Shift": {}}


def test_an_augmentation_of_images_is_grey_and_left_out_for_points(form: ExperimentForm) -> None:
    tick = form.augmentations.findChildren(QCheckBox)[0]
    tick.click()
    choose(form.data, "Ring")
    assert not tick.isEnabled()
    assert tick.toolTip() == "Shifts changes images, but Ring gives points."
    assert shown(form).augmentations == {}
    choose(form.data, "Digits")
    assert shown(form).augmentations == {"Shift": {}}


def test_without_augmentations_there_is_no_part_for_them(qtbot: QtBot) -> None:
    made = ExperimentForm(replace(CATALOGUE, augmentations=()))
    qtbot.addWidget(made)
    made.show()
    assert not made.augmentations.isVisible()
    show_matching(made, "width")
    show_matching(made, "")
    assert not made.augmentations.isVisible()


class TestEveryType:
    @pytest.fixture
    def every(self, qtbot: QtBot) -> ExperimentForm:
        entry = Entry(
            "Every",
            "Every type",
            "",
            "p",
            fields=describe(EveryType),
            data_kinds=("images",),
            adversarial=True,
        )
        other = CATALOGUE.architectures[0]
        form = ExperimentForm(replace(CATALOGUE, architectures=(other, entry)))
        qtbot.addWidget(form)
        form.set_experiment(Experiment(Choice("Digits"), Choice("Every")))
        form.show()
        return form

    @pytest.mark.parametrize(
        ("values", "path"),
        [
            ({"layers": 7}, "architecture.layers"),
            ({"shape": "wide", "width": 8}, "architecture.width"),
            ({"branch": {"head": {"units": 0}}}, "architecture.branch.head.units"),
            ({"optimizer": {"every": 0}}, "architecture.optimizer.every"),
            ({"optimizer": {"kind": "Lino"}}, "architecture.optimizer.kind"),
            ({"second": {"kind": "Lino"}}, "architecture.second.kind"),
        ],
        ids=["validator", "validator of the class", "nested", "of a kind", "kind", "in a folded group"],
    )
    def test_what_is_refused_stands_on_its_field(
        self, qtbot: QtBot, every: ExperimentForm, values: dict[str, Any], path: str
    ) -> None:
        with pytest.raises(ValidationError) as caught:
            EveryType.model_validate(values)
        problems = problems_of("architecture", EveryType, values, caught.value)
        listed = FormProblems()
        qtbot.addWidget(listed)
        assert listed.show_problems(every, problems) is every.field(path)
        assert listed.text() == ""

    def test_a_search_finds_what_is_nested(self, every: ExperimentForm) -> None:
        found = show_matching(every, "units")
        assert found is not None
        assert found.path == "architecture.branch.head.units"
        assert not every.field("architecture.width").isVisible()
        show_matching(every, "")
        assert every.field("architecture.width").isVisible()

    def test_columns_are_offered_to_another_architecture_too(self, every: ExperimentForm) -> None:
        every.offer_columns(("height", "weight"))
        choose(every.architecture, "ConvGAN")
        choose(every.architecture, "Every")
        completer = every.field("architecture.column").findChild(QLineEdit).completer()
        completer.setCompletionPrefix("eight")
        assert completer.completionCount() == 2

    def test_tab_reaches_the_settings_of_another_architecture_before_the_loss(
        self, every: ExperimentForm
    ) -> None:
        choose(every.architecture, "ConvGAN")
        order = [every.architecture.chooser]
        while (widget := order[-1].nextInFocusChain()) is not every.architecture.chooser:
            order.append(widget)
        width = every.field("architecture.width").findChild(QSlider)
        assert 0 < order.index(width) < order.index(every.loss.chooser)
