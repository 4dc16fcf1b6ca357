import pytest
import torch

from ganstudio.training.meter import Meter


def test_gives_means_and_starts_anew() -> None:
    meter = Meter()
    for value in (1.0, 2.0, 6.0):
        assert meter.add("loss/a", torch.tensor(value))
    assert meter.add("loss/b", torch.tensor(5.0, requires_grad=True))
    assert meter.take() == {"loss/a": 3.0, "loss/b": 5.0}
    assert meter.take() == {}
    meter.add("loss/a", torch.tensor(4.0))
    assert meter.take() == {"loss/a": 4.0}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_says_when_a_value_is_not_finite(value: float) -> None:
    assert not Meter().add("loss/a", torch.tensor(value))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64, torch.int64])
def test_takes_any_type_of_number(dtype: torch.dtype) -> None:
    meter = Meter()
    meter.add("any", torch.tensor(2, dtype=dtype))
    assert meter.take() == {"any": 2.0}


def test_keeps_what_is_on_another_device_there_until_it_is_taken() -> None:
    """The meta device stands for one that must not be waited for: reading a value from it raises."""
    meter = Meter()
    assert meter.add("loss/a", torch.tensor(1.0, device="meta"))
    assert meter.add("loss/a", torch.tensor(1.0, device="meta"))
    with pytest.raises(RuntimeError):
        meter.take()
