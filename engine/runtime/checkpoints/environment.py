"""What decides a run's bits beside the project: versions, machine, device, threads; and how two such differ."""

import platform

import numpy as np
import torch

from engine import __version__
from engine.runtime.checkpoints.manifest import Environment
from engine.runtime.device import device_text


def versions() -> dict[str, str]:
    """Of everything that computes."""
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "torchloom": __version__,
    }


def environment(device: torch.device, threads: int) -> Environment:
    """What is stored with every checkpoint."""
    return {
        "versions": versions(),
        "device": device_text(device),
        "machine": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        "threads": threads,
    }


def differences(before: Environment, now: Environment) -> tuple[str, ...]:
    """Sentences; with none, what follows is the same to the bit as it would have been there (on a CPU)."""
    changes = []
    for name, version in now["versions"].items():
        old = before["versions"].get(name)
        if old != version and name != "torchloom":
            changes.append(f"{name} was {old}, and is {version} now.")
    pairs = (
        ("device", before["device"], now["device"]),
        ("machine", before["machine"], now["machine"]),
        ("threads", before["threads"], now["threads"]),
    )
    changes += [f"The {name} was {old}, and is {new} now." for name, old, new in pairs if old != new]
    return tuple(changes)
