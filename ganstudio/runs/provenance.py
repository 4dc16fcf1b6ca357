"""Provenance: what a run was made with, gathered once at its start.

It loads nothing: a package that is not in use is not named. No user name and no name of a machine goes in.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import ganstudio
from ganstudio.api.events import plain

FULL_BYTES = 256 << 20
"""Up to this size a fingerprint is of every byte; beyond it, of this many, spread evenly."""
_BLOCK = 1 << 20


def gather(
    seed: int,
    device: str,
    plugins: Mapping[str, Any],
    data_fingerprint: str,
    parent_run: str | None = None,
    parent_step: int | None = None,
) -> dict[str, Any]:
    """Return what a run was made with, as plain values.

    ``plugins``: by name, a version or a table of facts. ``parent_run``, ``parent_step``: the name of the
    run and the step that this one was branched from.
    """
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "device": device,
        "device_name": _device_name(device),
        "data_fingerprint": data_fingerprint,
        "plugins": plain(plugins),
        "versions": _versions(),
        "machine": _machine(),
        "parent_run": parent_run,
        "parent_step": parent_step,
    }


def fingerprint(*arrays: Any) -> str:
    """Return one SHA-256, in hexadecimal digits, of the shapes, types and bytes of arrays or CPU tensors.

    ``None`` among them counts as nothing there. Of data beyond 256 MiB an even sample of bytes is taken.
    """
    total = hashlib.sha256()
    for array in arrays:
        if array is None:
            total.update(b"none")
            continue
        values = np.ascontiguousarray(array)
        total.update(f"{values.dtype.str}{values.shape}".encode())
        _add_bytes(total, values.reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def _add_bytes(total: Any, data: memoryview) -> None:
    blocks = -(-len(data) // _BLOCK)
    taken = min(blocks, FULL_BYTES // _BLOCK)
    for index in range(taken):
        start = (index * blocks // taken) * _BLOCK
        total.update(data[start : start + _BLOCK])


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "ganstudio": ganstudio.__version__}
    for name in ("numpy", "torch", "torchvision", "PySide6"):
        if name in sys.modules:
            versions[name] = str(getattr(sys.modules[name], "__version__", "unknown"))
    return versions


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "cpu": _cpu_name(),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count(),
        "threads": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
    }


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _device_name(device: str) -> str | None:
    torch = sys.modules.get("torch")
    if torch is None or not device.startswith("cuda") or not torch.cuda.is_available():
        return None
    return str(torch.cuda.get_device_name(device))
