from ganstudio.catalogue import find
from ganstudio.gui.panels.applicability import fits, no_adversary, unsuitable
from tests.gui.catalogues import CATALOGUE


def test_architectures_of_other_data_are_refused_with_both_names() -> None:
    refused = unsuitable(CATALOGUE.architectures, find(CATALOGUE.data, "Ring"))
    assert refused["ConvGAN"] == "Convolutional GAN is trained on images, but Ring gives points."
    assert set(refused) == {"ConvGAN", "VAE"}


def test_without_data_nothing_is_refused() -> None:
    assert unsuitable(CATALOGUE.architectures, None) == {}


def test_an_architecture_that_names_no_data_takes_any() -> None:
    from dataclasses import replace

    anything = replace(CATALOGUE.architectures[0], data_kinds=())
    assert fits(anything, CATALOGUE.data[2])


def test_only_what_is_not_adversarial_goes_without_a_loss() -> None:
    assert no_adversary(CATALOGUE.architectures[0]) == ""
    assert no_adversary(CATALOGUE.architectures[2]) == (
        "Autoencoder brings its own loss and takes no regularizers or augmentations."
    )
