import getpass
import json
import platform
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from ganstudio.runs import provenance
from ganstudio.runs.provenance import fingerprint, gather


def test_it_says_what_a_run_was_made_with() -> None:
    facts = gather(7, "cpu", {"losses": "0.1.0"}, "abc")
    assert facts["seed"] == 7
    assert facts["device"] == "cpu"
    assert facts["plugins"] == {"losses": "0.1.0"}
    assert facts["data_fingerprint"] == "abc"
    assert facts["versions"]["torch"] == torch.__version__
    assert facts["versions"]["python"] == platform.python_version()
    assert facts["machine"]["memory_bytes"] > 2**20
    assert facts["machine"]["threads"] >= 1
    assert facts["parent"] is None
    json.dumps(facts, allow_nan=False)


def test_a_branch_names_its_parent() -> None:
    parent = {"run": "2026-11-21-1432-ring", "path": "2026-11-21-1432-ring", "step": 12_000}
    assert gather(7, "cpu", {}, "", parent=parent)["parent"] == parent


def test_nobody_and_no_machine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-by-name")
    text = json.dumps(gather(1, "cpu", {}, ""))
    assert getpass.getuser() == "somebody-by-name"
    assert "somebody-by-name" not in text
    assert not platform.node() or f'"{platform.node()}"' not in text


def test_it_loads_no_package_to_name_it() -> None:
    code = (
        "import sys; from ganstudio.runs import folder, recorder, provenance; "
        "facts = provenance.gather(1, 'cuda:0', {}, ''); "
        "assert 'torch' not in facts['versions'] and facts['device_name'] is None; "
        "loaded = {'torch', 'safetensors', 'PIL', 'PySide6'} & set(sys.modules); assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


IMAGES = np.arange(48, dtype=np.uint8).reshape(2, 2, 3, 4)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(IMAGES[::-1], id="another order"),
        pytest.param(IMAGES.reshape(4, 1, 3, 4), id="another shape"),
        pytest.param(IMAGES.view(np.int8), id="another type"),
        pytest.param(IMAGES[:1], id="fewer"),
    ],
)
def test_other_data_has_another_fingerprint(other: np.ndarray) -> None:
    assert fingerprint(other) != fingerprint(IMAGES)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(IMAGES.copy(), id="a copy"),
        pytest.param(np.asfortranarray(IMAGES), id="laid out otherwise"),
        pytest.param(torch.from_numpy(IMAGES.copy()), id="a tensor"),
    ],
)
def test_the_same_data_has_the_same_fingerprint(same: Any) -> None:
    assert fingerprint(same) == fingerprint(IMAGES)


def test_labels_count() -> None:
    labels = torch.tensor([0, 1])
    found = {fingerprint(IMAGES), fingerprint(IMAGES, None), fingerprint(IMAGES, labels)}
    found.add(fingerprint(IMAGES, labels.flip(0)))
    assert len(found) == 4


@pytest.mark.parametrize("shape", [(), (0,), (0, 3)], ids=["a number", "none", "no rows"])
def test_little_data_has_a_fingerprint_too(shape: tuple[int, ...]) -> None:
    assert len(fingerprint(np.zeros(shape))) == 64


def test_of_large_data_the_first_and_last_blocks_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "FULL_BYTES", 3 << 20)
    large = np.zeros(9 << 20, np.uint8)
    before = fingerprint(large)
    large[0] = 1
    assert fingerprint(large) != before
    large[0], large[6 << 20] = 0, 1
    assert fingerprint(large) != before
