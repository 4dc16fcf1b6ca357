from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch

from ganstudio.api import GAN, ImageSpec, LoadedData
from ganstudio.experiment import Choice, Experiment, ExperimentError
from ganstudio.registry import Registry
from ganstudio.resolve import metrics_for, resolve
from ganstudio_plugins.augmentations import ADA, DiffAugment
from ganstudio_plugins.losses import Hinge, NonSaturating
from ganstudio_plugins.point_data import Modes
from ganstudio_plugins.regularizers import R1
from tests import experiments
from tests.installing import InstallPlugin
from tests.training.support import images, ring


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load()


def changed(values: Mapping[str, Any]) -> Experiment:
    experiment = experiments.ring()
    for path, value in values.items():
        experiment = experiment.with_value(path, value)
    return experiment


WRONG = {
    "unknown setting": (
        {"architecture.widht": 8},
        "architecture.widht: there is no 'widht' here; did you mean width?",
    ),
    "batches that are no packs": (
        {"training.batch_size": 33, "architecture.packing": 5},
        "training.batch_size: Packing puts 5 samples together, and batches of 33 cannot be divided by that: "
        "set Batch size to 30.",
    ),
    "unknown kind": (
        {"architecture.kind": "PointGAM"},
        "architecture.kind: there is no 'PointGAM' here; did you mean PointGAN?",
    ),
    "unknown loss": (
        {"loss.kind": "Hinges"},
        "loss.kind: there is no 'Hinges' here; did you mean Hinge?",
    ),
    "unknown regularizer": (
        {"regularizers.R3.gamma": 1.0},
        "regularizers.R3: there is no 'R3' here; did you mean R2?",
    ),
    "unknown augmentation": (
        {"augmentations.DifAugment.cutout": 0.1},
        "augmentations.DifAugment: there is no 'DifAugment' here; did you mean DiffAugment?",
    ),
    "unknown network": (
        {"optimizers.generater.beta1": 0.5},
        "optimizers.generater: there is no 'generater' here; did you mean generator?",
    ),
    "unknown training setting": (
        {"training.epochs": 3},
        "training.epochs: there is no 'epochs' here; ",
    ),
    "too small": (
        {"training.steps": 0},
        "training.steps: 0 is not a whole number from 1 to 100 000 000.",
    ),
    "negative": (
        {"training.steps": -5},
        "training.steps: -5 is not a whole number from 1 to 100 000 000.",
    ),
    "too large": (
        {"optimizers.generator.learning_rate": 2},
        "optimizers.generator.learning_rate: 2 is not a number from 1e-07 to 1.",
    ),
    "not a number": (
        {"training.seed": "abc"},
        "training.seed: 'abc' is not a whole number from 0 to 2 147 483 647.",
    ),
    "not a whole number": (
        {"architecture.width": 8.5},
        "architecture.width: 8.5 is not a whole number from 4 to 4096.",
    ),
    "not finite": (
        {"training.ema_decay": float("nan")},
        "training.ema_decay: nan is not a number from 0 to 0.99999.",
    ),
    "a truth for a number": (
        {"training.steps": True},
        "training.steps: True is not a whole number from 1 to 100 000 000.",
    ),
    "a list": (
        {"architecture.width": [8]},
        "architecture.width: [8] is not a whole number from 4 to 4096.",
    ),
    "not a choice": (
        {"training.precision": "fp8"},
        "training.precision: 'fp8' is not one of fp32, bf16.",
    ),
    "not a truth": (
        {"architecture.spectral_norm": "perhaps"},
        "architecture.spectral_norm: 'perhaps' is not true or false.",
    ),
    "images for points": (
        {"data.kind": "Digits"},
        "architecture: 2-D GAN is trained on points, but MNIST digits (5 000, built in) gives images; "
        "choose other data or another architecture.",
    ),
    "points for images": (
        {"architecture.kind": "MLPGAN"},
        "architecture: MLP GAN is trained on images, but Ring of Gaussians gives points; "
        "choose other data or another architecture.",
    ),
}


@pytest.mark.parametrize(("values", "sentence"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_path_and_what_is_allowed(
    values: dict[str, Any], sentence: str, registry: Registry
) -> None:
    with pytest.raises(ExperimentError) as caught:
        resolve(changed(values), registry)
    (problem,) = caught.value.problems
    assert problem.sentence.startswith(sentence)
    expected = next(iter(values))
    assert expected.startswith(problem.path) or problem.path == "architecture.kind"


def test_everything_wrong_is_told_at_once(registry: Registry) -> None:
    wrong = {
        "data.coutn": 5,
        "architecture.width": 0,
        "loss.kind": "None",
        "regularizers.R1.gamma": -1.0,
        "optimizers.discriminator.kind": "Adamw",
        "training.steps": "many",
        "training.speed": 1,
    }
    with pytest.raises(ExperimentError) as caught:
        resolve(changed(wrong), registry)
    assert sorted(problem.path for problem in caught.value.problems) == sorted(wrong)
    assert len(str(caught.value).splitlines()) == len(wrong)


ASKED = {"loss.kind": "Hinge", "regularizers.R1.gamma": 3, "optimizers.generator.beta1": 0.1}


def test_every_setting_is_filled_in(registry: Registry) -> None:
    experiment = changed(
        {"loss.kind": "Hinge", "regularizers.R1.gamma": 3, "optimizers.generator.beta1": 0.1}
    )
    resolved = resolve(experiment, registry)
    complete = resolved.experiment
    assert complete.data == Choice("Ring", {"count": 1000, "sigma": 0.01, "modes": 8})
    assert complete.architecture.settings["n_critic"] == 1
    assert complete.regularizers == {"R1": {"gamma": 3.0, "every": 1}}
    assert complete.optimizers["generator"]["beta1"] == 0.1
    assert complete.optimizers["generator"]["learning_rate"] == 1e-3
    assert complete.training["batch_size"] == 32
    assert complete.training["schedule"] == "constant"
    assert complete.name == experiment.name


def test_the_parts_are_made_with_what_was_asked(registry: Registry) -> None:
    experiment = changed(
        {"loss.kind": "Hinge", "regularizers.R1.gamma": 3, "optimizers.generator.beta1": 0.1}
    )
    resolved = resolve(experiment, registry)
    gan = resolved.architecture
    assert isinstance(gan, GAN)
    assert gan.settings.width == 16
    assert isinstance(gan.loss, Hinge)
    assert [type(r) for r in gan.regularizers] == [R1]
    assert gan.regularizers[0].settings.gamma == 3.0
    assert resolved.optimizers["generator"].beta1 == 0.1
    assert resolved.optimizers["discriminator"].beta1 == 0.0
    assert resolved.source.settings.count == 1000
    assert resolved.training.steps == 6


def test_an_adversarial_architecture_without_a_loss_gets_the_usual_one(registry: Registry) -> None:
    resolved = resolve(experiments.ring(), registry)
    assert isinstance(resolved.architecture.loss, NonSaturating)
    assert resolved.experiment.loss == Choice("NonSaturating")


def test_an_architecture_with_a_loss_of_its_own_takes_no_other(install_plugin: InstallPlugin) -> None:
    install_plugin(
        "own_loss",
        """
        from ganstudio.api import Architecture, PointSpec, hookimpl

        class Own(Architecture):
            "Its own."
            title = "Own"
            accepts = (PointSpec,)

        @hookimpl
        def ganstudio_architectures():
            return [Own]
        """,
    )
    registry = Registry.load()
    experiment = Experiment(Choice("Ring"), Choice("Own"))
    assert resolve(experiment, registry).experiment.loss is None
    for wrong in (
        experiment.with_value("loss.kind", "Hinge"),
        experiment.with_value("regularizers.R1.gamma", 1.0),
        experiment.with_value("augmentations.ADA.limit", 0.5),
    ):
        with pytest.raises(ExperimentError, match="Own brings its own loss; leave"):
            resolve(wrong, registry)


def test_data_the_architecture_cannot_take_is_refused_with_the_fix(registry: Registry) -> None:
    experiment = Experiment(Choice("Digits", {"resize": 30}), Choice("ConvGAN"))
    resolved = resolve(experiment, registry)
    with pytest.raises(ExperimentError, match=r"these are 30 × 30: set Resize to 28\.$") as caught:
        resolved.check_data(ImageSpec(1, 30, 30))
    assert [problem.path for problem in caught.value.problems] == ["architecture.kind"]
    resolved.check_data(ImageSpec(1, 32, 32))


def test_metrics_are_those_that_suit_the_data(registry: Registry) -> None:
    assert [type(metric) for metric in metrics_for(registry, ring())] == [Modes]
    assert [type(metric).__name__ for metric in metrics_for(registry, images())] == ["VitalSigns"]
    without_centres = LoadedData(type(ring().spec)(2), torch.zeros(3, 2))
    assert metrics_for(registry, without_centres) == []


def test_every_preset_can_be_run(registry: Registry) -> None:
    assert registry.presets
    for name, preset in registry.presets.items():
        assert resolve(Experiment.from_dict(preset), registry).experiment.name == name


# --- Augmentations ---------------------------------------------------------------------------------


def augmented(values: Mapping[str, Any]) -> Experiment:
    experiment = experiments.digits()
    for path, value in values.items():
        experiment = experiment.with_value(path, value)
    return experiment


def test_augmentations_are_made_with_what_was_asked_and_completed(registry: Registry) -> None:
    experiment = augmented({"augmentations.ADA.limit": 0.5, "augmentations.DiffAugment.colour": False})
    resolved = resolve(experiment, registry)
    gan = resolved.architecture
    assert isinstance(gan, GAN)
    assert [type(one) for one in gan.augmentations] == [ADA, DiffAugment]
    assert gan.augmentations[0].settings == ADA.Settings(limit=0.5)
    assert resolved.experiment.augmentations == {
        "ADA": {"target": 0.6, "speed": 100.0, "limit": 0.5},
        "DiffAugment": {"colour": False, "translation": 0.125, "cutout": 0.5},
    }


def test_augmentations_without_settings_are_there_with_their_defaults(registry: Registry) -> None:
    experiment = replace(experiments.digits(), augmentations={"DiffAugment": {}})
    gan = resolve(experiment, registry).architecture
    assert isinstance(gan, GAN)
    assert gan.augmentations[0].settings == DiffAugment.Settings()


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("augmentations.ADA.limit", 2, "augmentations.ADA.limit: 2 is not a number from 0 to 1."),
        (
            "augmentations.ADA.limt",
            0.5,
            "augmentations.ADA.limt: there is no 'limt' here; did you mean limit?",
        ),
        ("augmentations.Ada.limit", 0.5, "augmentations.Ada: there is no 'Ada' here; did you mean ADA?"),
    ],
    ids=["out of range", "unknown setting", "unknown kind"],
)
def test_what_is_wrong_with_an_augmentation_is_told(
    path: str, value: float, sentence: str, registry: Registry
) -> None:
    with pytest.raises(ExperimentError) as caught:
        resolve(augmented({path: value}), registry)
    assert [problem.sentence for problem in caught.value.problems] == [sentence]


def test_augmentations_of_images_are_refused_for_points(registry: Registry) -> None:
    experiment = replace(experiments.ring(), augmentations={"DiffAugment": {}, "ADA": {}})
    with pytest.raises(ExperimentError) as caught:
        resolve(experiment, registry)
    assert [problem.sentence for problem in caught.value.problems] == [
        "augmentations.DiffAugment: DiffAugment does not change points; untick it.",
        "augmentations.ADA: ADA (adaptive) does not change points; untick it.",
    ]


def test_classes_of_data_without_labels_are_refused_with_the_fix(registry: Registry) -> None:
    resolved = resolve(augmented({"architecture.conditioning": "embedded"}), registry)
    with pytest.raises(
        ExperimentError, match=r"have no classes to ask for\. Set Conditioning to none"
    ) as caught:
        resolved.check_data(ImageSpec(1, 28, 28))
    assert [problem.path for problem in caught.value.problems] == ["architecture.kind"]
    resolved.check_data(ImageSpec(1, 28, 28, ("a", "b")))
