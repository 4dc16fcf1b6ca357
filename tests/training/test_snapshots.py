import pytest
import torch
from torch import Tensor

from ganstudio.api import PointSpec
from ganstudio.api.events import CheckpointReady, StepRecord
from ganstudio.training import keeping
from ganstudio.training.controls import CheckpointNow, Controls
from ganstudio.training.snapshots import Snapshots
from ganstudio.training.state import Copy, TrainingState, copied
from tests.training.support import gan, only, trainer_of


def take(snapshots: Snapshots, *tensors: Tensor, contiguous: bool = False) -> TrainingState:
    def state(copy: Copy) -> TrainingState:
        weights = {str(n): copy(tensor, contiguous) for n, tensor in enumerate(tensors)}
        return TrainingState(1, 1, 1.0, PointSpec(), weights, {}, {"nested": copied([tensors[0]], copy)})

    return snapshots.take(state)


def places(state: TrainingState) -> set[int]:
    return {t.data_ptr() for t in [*state.weights.values(), *state.rest["nested"]]}


def test_the_memory_of_a_state_that_is_gone_serves_the_next() -> None:
    snapshots, tensor = Snapshots(), torch.ones(5)
    first = take(snapshots, tensor)
    used = places(first)
    del first
    second = take(snapshots, tensor + 1)
    assert places(second) == used
    assert second.weights["0"].tolist() == [2.0] * 5


def test_a_state_that_is_held_is_never_touched() -> None:
    snapshots = Snapshots()
    held = [take(snapshots, torch.full((5,), float(n))) for n in range(4)]
    assert [state.weights["0"][0].item() for state in held] == [0.0, 1.0, 2.0, 3.0]
    assert len(set.union(*map(places, held))) == 8
    assert len(snapshots._memories) == 4


def test_a_copy_is_apart_from_what_was_copied() -> None:
    tensor = torch.nn.Parameter(torch.ones(3))
    state = take(Snapshots(), tensor)
    tensor.data.zero_()
    assert state.weights["0"].tolist() == [1.0] * 3
    assert not state.weights["0"].requires_grad


@pytest.mark.parametrize("contiguous", [False, True])
@pytest.mark.parametrize(
    "second",
    [
        torch.arange(24.0).reshape(1, 2, 3, 4).to(memory_format=torch.channels_last),
        torch.arange(6),
        torch.tensor(7, dtype=torch.float64),
        torch.arange(6.0).reshape(2, 3).T,
        torch.empty(0),
    ],
    ids=["channels last", "other type", "number", "turned", "empty"],
)
def test_memory_that_does_not_fit_is_not_used(second: Tensor, contiguous: bool) -> None:
    snapshots = Snapshots()
    take(snapshots, torch.arange(6.0), contiguous=contiguous)
    copy = take(snapshots, second, contiguous=contiguous).weights["0"]
    assert copy.dtype == second.dtype
    assert torch.equal(copy, second)
    assert copy.is_contiguous() if contiguous else copy.stride() == second.stride()


def test_states_that_a_training_hands_over_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEEP_GOOD_SECONDS", 0.0)
    monkeypatch.setattr(keeping, "KEEP_GOOD_SHARE", 1e9)
    controls = Controls()
    trainer = trainer_of(gan(), steps=12, report_every=1, controls=controls)
    told, then = [], []
    for event in trainer.run():
        told.append(event)
        if isinstance(event, StepRecord):
            controls.post(CheckpointNow())
        if isinstance(event, CheckpointReady):
            then.append({name: tensor.clone() for name, tensor in event.state.weights.items()})
    states = [event.state for event in only(told, CheckpointReady)]
    assert len(states) == 12
    for state, weights in zip(states, then, strict=True):
        assert all(torch.equal(state.weights[name], weights[name]) for name in weights)
    assert not torch.equal(*(state.weights["generator.0.weight"] for state in states[:2]))
