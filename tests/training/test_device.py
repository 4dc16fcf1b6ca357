import threading
from collections.abc import Callable

import psutil
import pytest
import torch

from ganstudio.api import InputError
from ganstudio.training import device as module
from ganstudio.training.device import (
    choose,
    devices,
    flush_denormals,
    prepare_thread,
    spare_thread,
    thread_count,
)


def test_the_processor_is_there_by_name_and_with_its_memory() -> None:
    cpu = devices()[-1]
    assert cpu.key == "cpu"
    assert cpu.memory == psutil.virtual_memory().total
    assert cpu.describe().startswith("cpu — ")
    assert cpu.describe().endswith(" GiB")


def test_every_gpu_is_listed_before_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    class Properties:
        name, total_memory = "Big GPU", 8 * 2**30

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: Properties)
    assert [d.key for d in devices()] == ["cuda:0", "cuda:1", "cpu"]
    assert devices()[0].describe() == "cuda:0 — Big GPU, 8.0 GiB"
    assert choose("auto") == choose("cuda") == torch.device("cuda:0")
    assert choose("cuda:1") == torch.device("cuda:1")


@pytest.mark.parametrize("key", ["cuda:7", "quantum", "", "cpu:3", "CPU"])
def test_a_device_that_is_not_there_is_refused_with_those_that_are(key: str) -> None:
    with pytest.raises(InputError, match=rf"^There is no device '{key}' on this machine; there is .*cpu\.$"):
        choose(key)


def test_the_first_device_is_the_one_to_prefer() -> None:
    assert str(choose("auto")) == devices()[0].key
    assert choose("cpu") == torch.device("cpu")


@pytest.mark.parametrize(("named", "expected"), [("3", 3), ("0", None), ("", None)])
def test_threads_are_as_many_as_named_or_as_cores(
    named: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GANSTUDIO_THREADS", named)
    assert thread_count() == (expected or module._usable_cores())


@pytest.mark.parametrize("named", ["many", "-2", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_THREADS", named)
    with pytest.raises(InputError, match=f"GANSTUDIO_THREADS.*'{named}'"):
        thread_count()


def test_a_thread_is_prepared_for_training_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GANSTUDIO_THREADS", "2")
    spare_thread()
    seen: list[int] = []
    thread = threading.Thread(target=lambda: (prepare_thread(), seen.append(torch.get_num_threads())))
    thread.start()
    thread.join()
    assert seen == [2]
    assert torch.get_num_threads() == 1


def survivors(first: Callable[[], object], then: Callable[[], object]) -> int:
    """Return how many denormal numbers a parallel operation of a fresh thread of two lets live."""
    found: list[int] = []
    # As many as make an operation parallel; the last part is a pool thread's.
    denormals = torch.full((400_000,), 1e-39)

    def work() -> None:
        torch.set_num_threads(2)
        first()
        then()
        products = denormals * 1.0
        torch.set_flush_denormal(False)
        found.append(int(products.count_nonzero()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


def test_denormals_are_zero_in_every_thread_of_the_pool() -> None:
    assert survivors(flush_denormals, lambda: None) == 0


def test_a_pool_that_is_open_already_keeps_denormals() -> None:
    """Why it is called before anything else."""
    opened = survivors(lambda: torch.ones(400_000).mul(2), flush_denormals)
    assert opened > 0
