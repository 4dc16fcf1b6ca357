"""Devices: what there is, which one to use, and how the training thread is set up for it."""

import os
import platform
import random
from dataclasses import dataclass

import numpy as np
import psutil
import torch
from torch import nn

from ganstudio.api import InputError


@dataclass(frozen=True)
class DeviceInfo:
    """One device: its key for torch and the command line, its name for people, its memory in bytes."""

    key: str
    name: str
    memory: int

    def describe(self) -> str:
        """Return one line for a list of devices."""
        return f"{self.key} — {self.name}, {self.memory / 2**30:.1f} GiB"


def devices() -> list[DeviceInfo]:
    """Return every device torch reports, the CPU last, so that the first is the one to prefer."""
    found = []
    if torch.cuda.is_available():
        for index in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(index)
            found.append(DeviceInfo(f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        found.append(DeviceInfo("mps", "Apple GPU", psutil.virtual_memory().total))
    found.append(
        DeviceInfo("cpu", f"{_processor()}, {thread_count()} threads", psutil.virtual_memory().total)
    )
    return found


def choose(key: str) -> torch.device:
    """Return the device called ``key`` (``auto``: the first); raises ``InputError`` naming what there is."""
    available = devices()
    wanted = {"auto": available[0].key, "cuda": "cuda:0"}.get(key, key)
    if wanted not in [device.key for device in available]:
        raise InputError(
            f"There is no device {key!r} on this machine; there is "
            f"{', '.join(device.key for device in available)}."
        )
    return torch.device(wanted)


def thread_count() -> int:
    """Return how many CPU threads training uses: ``GANSTUDIO_THREADS``, or all cores (0, or not set).

    Raises ``InputError`` when the variable holds no whole number.
    """
    named = os.environ.get("GANSTUDIO_THREADS", "").strip() or "0"
    if not named.isdecimal():
        raise InputError(f"GANSTUDIO_THREADS must be a whole number of threads, not {named!r}.")
    return int(named) or _usable_cores()


def prepare_thread(threads: int = 0) -> None:
    """Set up the calling thread for training with so many CPU threads (0: every core).

    Both settings belong to the thread, not the process.
    """
    flush_denormals()
    torch.set_num_threads(threads or thread_count())


def flush_denormals() -> None:
    """Let the calling thread, and the pool of threads it opens later, take denormal numbers for zero.

    They would slow fused Adam many times over. To be called before the thread's first parallel operation:
    that opens its pool, whose threads keep what held then.
    """
    torch.set_flush_denormal(True)


def to_device(network: nn.Module, device: torch.device) -> None:
    """Move a network; convolutions run faster with their channels last."""
    network.to(device)
    if any(isinstance(m, nn.Conv2d | nn.ConvTranspose2d) for m in network.modules()):
        network.to(memory_format=torch.channels_last)


def seed_everything(seed: int) -> None:
    """Seed every source of randomness a training draws from."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _usable_cores() -> int:
    """Return the cores this process may run on, where the platform tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1


def warm_up() -> None:
    """Make torch load what it loads with its first optimizer: seconds that no training then waits for."""
    torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], fused=True).zero_grad()


def spare_thread() -> None:
    """Keep the calling thread from ever opening a pool of its own.

    One parallel operation on the window's thread before the worker's first would slow the worker to about
    0.6 of its rate for the rest of the process.
    """
    torch.set_num_threads(1)
    # A thread that was never asked takes the number that any thread set last.
    torch.get_num_threads()
