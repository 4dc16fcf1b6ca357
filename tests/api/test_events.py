import dataclasses
import json

import numpy as np
import pytest

from ganstudio.api import events
from ganstudio.api.events import Event, Finished, plain


def test_every_event_is_frozen_and_has_a_step() -> None:
    kinds = [cls for cls in vars(events).values() if isinstance(cls, type) and issubclass(cls, Event)]
    assert len(kinds) > 10
    for kind in kinds:
        assert dataclasses.is_dataclass(kind)
        assert kind.__dataclass_params__.frozen, kind
        assert dataclasses.fields(kind)[0].name == "step"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.zeros((2, 3)), "array[2, 3]"),
        (np.float32(1.5), 1.5),
        ({"a": (1, np.int64(2))}, {"a": [1, 2]}),
        ({3: None}, {"3": None}),
        ("text", "text"),
    ],
    ids=["array", "number", "nested", "keys", "text"],
)
def test_plain_values_are_those_of_json(value, expected) -> None:
    assert plain(value) == expected
    json.dumps(plain(value))


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Finished(1, "done", 1.0).step = 2
