"""The same trainings on a GPU, where there is one."""

import itertools

import pytest
import torch

from ganstudio.api.events import Finished, StepRecord
from ganstudio.training import feed as feed_module
from ganstudio.training.device import choose
from ganstudio.training.feed import Feed
from ganstudio.training.trainer import Trainer
from ganstudio_plugins.conv_gan import ConvGAN
from ganstudio_plugins.regularizers import R1
from tests.training.support import gan, images, only, run, trainer_of

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device, none is there")


def on_cuda(**training) -> Trainer:
    architecture = gan(ConvGAN, width=8, normalisation="none", regularizers=[R1()])
    # Large enough that ten steps stay within an epoch, whose order is moved there at its beginning.
    trainer = trainer_of(architecture, images(2000, side=28), **{"report_every": 2, **training})
    trainer._device = choose("cuda")
    return trainer


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_trains_there(precision: str) -> None:
    trainer = on_cuda(precision=precision)
    events = run(trainer)
    assert only(events, Finished)[0].reason == "done"
    assert {p.device.type for p in trainer.architecture.parameters()} == {"cuda"}
    state = trainer.state()
    assert {tensor.device.type for tensor in state.weights.values()} == {"cpu"}
    assert "cuda" in state.rest["random"]


def test_small_data_moves_there_whole_and_large_data_comes_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    data, device = images(), choose("cuda")
    assert Feed(data, 8, 0, device)._values.device == device
    monkeypatch.setattr(feed_module, "RESIDENT_SHARE", 0.0)
    feed = Feed(data, 8, 0, device)
    assert feed._values.device.type == "cpu"
    batches = [batch.real.cpu() for batch in itertools.islice(feed, 4)]
    resident = [batch.real.cpu() for batch in itertools.islice(Feed(data, 8, 0, torch.device("cpu")), 4)]
    assert all(torch.equal(a, b) for a, b in zip(batches, resident, strict=True))


def test_a_step_without_a_report_never_waits_for_the_device() -> None:
    trainer = on_cuda(steps=40, report_every=40, preview_every=1000)
    events = trainer.run()
    for event in events:
        if event.step == 1 and not isinstance(event, StepRecord):
            break
    torch.cuda.set_sync_debug_mode("error")
    try:
        for _ in range(10):
            trainer._one_step()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    events.close()
