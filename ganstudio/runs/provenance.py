"""Provenance: what a run was made with, gathered once at its start.

It loads nothing: a package that is not in use is not named. No user name and no name of a machine goes in.
"""

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
    parent: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a run was made with, as plain values.

    ``plugins``: by name, a version or a table of facts. ``parent``: of a branch, the ``run`` it comes from,
    the ``path`` of its folder and the ``step``.
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
        "parent": plain(parent),
    }


@dataclass(frozen=True)
class Parent:
    """Where a branch comes from: the name of the run, the path of its folder, the step."""

    run: str
    path: str
    step: int


def parent_of(provenance: Mapping[str, Any]) -> Parent | None:
    """Return what a run branched off, or ``None`` when it is no branch.

    ``path`` is from the folder that the branch's own folder lies in, unless it is absolute.
    """
    match provenance.get("parent"):
        case {"run": str(run), "path": str(path), "step": int(step)}:
            return Parent(run, path, step)
    return None


def placed(run: Path, beside: Path) -> dict[str, str]:
    """Return the name of a run and where its folder is: seen from the folder ``beside`` where it is within.

    Runs that lie beside each other may so be moved together.
    """
    place, here = run.resolve(), beside.resolve()
    path = place.relative_to(here).as_posix() if place.is_relative_to(here) else str(place)
    return {"run": place.name, "path": path}


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
