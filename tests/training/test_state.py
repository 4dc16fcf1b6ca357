import random

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.api import LoadedData, PointSpec
from ganstudio.training.state import (
    copied,
    load_network_tensors,
    network_tensors,
    random_states,
    randomness_kept,
    restore_random_states,
    strengths,
)
from ganstudio_plugins.augmentations import ADA, DiffAugment
from tests.training.support import Numbers, gan, trained

CPU = torch.device("cpu")


def draw() -> tuple[float, float, float, float]:
    return random.gauss(), float(np.random.randn()), float(np.random.rand()), float(torch.rand(1))


def test_every_source_of_randomness_goes_back_to_where_it_was() -> None:
    # An odd number of normal draws leaves one waiting in the sources that make them in pairs.
    random.gauss()
    np.random.randn()
    states = random_states(CPU)
    expected = [draw() for _ in range(3)]
    restore_random_states(states, CPU)
    assert [draw() for _ in range(3)] == expected


def test_randomness_is_kept_even_where_something_fails() -> None:
    states = random_states(CPU)
    expected = draw()
    restore_random_states(states, CPU)
    with pytest.raises(ZeroDivisionError), randomness_kept(CPU):
        assert draw()[0] / 0
    assert draw() == expected


def test_a_state_is_of_types_that_are_read_without_running_code(tmp_path) -> None:
    state = trained(gan()).state()
    torch.save(state.rest, tmp_path / "rest.pt")
    read = torch.load(tmp_path / "rest.pt", weights_only=True)
    assert read["feed"] == state.rest["feed"] == {"epoch": 0, "position": 192}
    assert read["optimizers"].keys() == {"generator", "discriminator"}
    restore_random_states(read["random"], CPU)


def test_a_state_holds_weights_averages_and_how_far_it_came() -> None:
    trainer = trained(gan(), steps=4)
    state = trainer.state()
    assert (state.step, state.images_seen) == (4, 4 * 32)
    assert state.seconds > 0
    assert {name.partition(".")[0] for name in state.weights} == {"generator", "discriminator"}
    assert {name.partition(".")[0] for name in state.averages} == {"generator"}
    assert state.rest["optimizers"]["generator"]["state"][0]["step"] == 4


def test_tensors_are_put_back_into_their_networks() -> None:
    networks = {"a": nn.BatchNorm1d(3), "b": nn.Linear(2, 2)}
    tensors = network_tensors(networks)
    assert set(tensors) >= {"a.weight", "a.running_mean", "a.num_batches_tracked", "b.bias"}
    others = {"a": nn.BatchNorm1d(3), "b": nn.Linear(2, 2)}
    load_network_tensors(others, tensors)
    assert torch.equal(others["b"].weight, networks["b"].weight)
    assert others["b"].weight.data_ptr() != tensors["b.weight"].data_ptr()


def test_nested_values_are_copied_as_they_are() -> None:
    tensor = torch.ones(2)
    value = {"list": [tensor, 1], "tuple": (tensor, {"deep": tensor}), "text": "a"}
    copy = copied(value)
    tensor.zero_()
    assert isinstance(copy["tuple"], tuple)
    assert copy["text"] == "a"
    assert all(t.all() for t in (copy["list"][0], copy["tuple"][0], copy["tuple"][1]["deep"]))


def test_how_strong_augmentations_are_is_kept_by_name_as_a_plain_number() -> None:
    architecture = gan()
    one = ADA()
    one.strength = torch.tensor(0.25)
    architecture.augmentations = (DiffAugment(), one)
    assert strengths(architecture) == {"ADA": 0.25}
    assert type(strengths(architecture)["ADA"]) is float
    assert strengths(Numbers()) == {}


def test_a_conditional_run_keeps_its_codes_with_the_weights_and_the_averages() -> None:
    data = LoadedData(PointSpec(2, classes=("a", "b")), torch.randn(60, 2), torch.arange(60) % 2)
    state = trained(gan(conditioning="embedded"), data, steps=2).state()
    assert state.weights["generator.code.codes.weight"].shape == (2, 2)
    assert state.weights["discriminator.beside.code.codes.weight"].shape == (2, 2)
    assert "generator.code.codes.weight" in state.averages
    assert state.spec == data.spec
