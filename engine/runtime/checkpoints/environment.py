"""What the bits of a run depend on beside the project: versions, machine, device and threads."""

import platform

import numpy as np
import torch

from engine import __version__
from engine.runtime.checkpoints.manifest import Environment
from engine.runtime.device import device_text


def versions() -> dict[str, str]:
    """The versions of everything that computes."""
    return {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "torchloom": __version__,
    }


def environment(device: torch.device, threads: int) -> Environment:
    """The environment that every checkpoint stores."""
    return {
        "versions": versions(),
        "device": device_text(device),
        "machine": f"{platform.machine()} {torch.backends.cpu.get_cpu_capability()}",
        "threads": threads,
    }


def differences(before: Environment, now: Environment) -> tuple[str, ...]:
    """The differences as sentences; without any, a run continues exactly, to the bit (on a CPU)."""
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
