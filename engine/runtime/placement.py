"""Where a process computes; nothing else in `engine.runtime` chooses a device."""

from dataclasses import dataclass

import torch

from engine.errors import MachineProblem
from engine.runtime.device import devices


@dataclass(frozen=True, slots=True)
class Placement:
    """The device of this process, and its number among the ``world`` processes that train one network together."""

    device: torch.device
    rank: int = 0
    world: int = 1

    @classmethod
    def of(cls, name: str) -> "Placement":
        """The placement of a single process: ``cpu``, ``cuda:N``, ``cuda`` (the first) or ``auto`` (CUDA if any).

        Raises: ``MachineProblem`` that names the devices of this machine.
        """
        return cls(_device(name))

    def make_repeatable(self) -> None:
        """Make the device's kernels deterministic."""
        if self.device.type == "cuda":
            torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False


def _device(name: str) -> torch.device:
    names = [device.name for device in devices()]
    if name == "auto":
        return torch.device("cuda:0" if len(names) > 1 else "cpu")
    if name == "cuda" and len(names) > 1:
        return torch.device("cuda:0")
    if name in names:
        return torch.device(name)
    there = f"This machine has {', '.join(names)}."
    if name.startswith("cuda") and len(names) == 1:
        why = "this PyTorch is built without CUDA" if torch.version.cuda is None else "no CUDA device answers"
        raise MachineProblem(f"There is no device {name}: {why}.", hint=f"{there} Use --device cpu.", code="M010")
    raise MachineProblem(f"There is no device {name}.", hint=there, code="M010")
