import pytest
import torch
from torch import nn

from ganstudio.api import add_spectral_norm
from ganstudio.training.norms import Norms


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 2, bias=False)))


def test_of_weights_is_that_of_all_parameters_as_one_vector() -> None:
    one = network()
    (norm,) = Norms({"one": one}).of_weights().values()
    assert norm.item() == pytest.approx(nn.utils.parameters_to_vector(one.parameters()).norm().item())


def test_of_layers_has_one_figure_for_each_module_with_parameters() -> None:
    one = network()
    one(torch.ones(1, 3)).sum().backward()
    found = Norms({"one": one}).of_layers()
    weights, names = found["layer_weight_norm/one"]
    assert names == ("0", "2.0")
    expected = [nn.utils.parameters_to_vector(layer.parameters()).norm() for layer in (one[0], one[2])]
    assert weights.tolist() == pytest.approx([norm.item() for norm in expected])
    gradients, _names = found["layer_grad_norm/one"]
    last = one[2][0].weight.grad
    assert last is not None
    assert gradients[1].item() == pytest.approx(last.norm().item())


def test_without_gradients_there_are_none_to_tell_of() -> None:
    assert set(Norms({"one": network()}).of_layers()) == {"layer_weight_norm/one"}


def test_a_layer_without_a_gradient_counts_as_nothing() -> None:
    one = network()
    one[0](torch.ones(1, 3)).sum().backward()
    gradients, _names = Norms({"one": one}).of_layers()["layer_grad_norm/one"]
    assert gradients[0] > 0
    assert gradients[1] == 0


def test_what_normalises_a_layer_is_no_layer_of_its_own() -> None:
    one = network()
    add_spectral_norm(one)
    _weights, names = Norms({"one": one}).of_layers()["layer_weight_norm/one"]
    assert names == ("0", "2.0")


def test_a_network_without_parameters_that_are_trained_is_left_out() -> None:
    norms = Norms({"fixed": network().requires_grad_(False), "empty": nn.ReLU()})
    assert norms.of_weights() == {}
    assert norms.of_layers() == {}
