"""Which devices this machine has, and what their errors mean."""

import re
from dataclasses import dataclass

import torch

from engine.errors import EngineError, MachineProblem
from resources.snippets.memory import size_text

META = torch.device("meta")
"""The device for tensors that have shapes and no numbers."""

_NO_MEMORY = re.compile("can't allocate memory|not enough memory|CUDA error: out of memory|ALLOC(ATION)?_FAILED")


@dataclass(frozen=True, slots=True)
class Device:
    """A device by the name that ``--device`` accepts, and as people know it."""

    name: str
    text: str


def has_gpu() -> bool:
    """Whether torch can use a graphics card here."""
    return torch.cuda.is_available()


def devices() -> tuple[Device, ...]:
    """What can train here, the processor first."""
    processor = Device("cpu", f"processor, {torch.backends.cpu.get_cpu_capability()}")
    count = torch.cuda.device_count() if has_gpu() else 0
    return (processor, *(Device(f"cuda:{number}", _name(number)) for number in range(count)))


def _name(number: int) -> str:
    try:
        return str(torch.cuda.get_device_name(number))
    except RuntimeError as error:
        return f"does not answer: {error}".partition("\n")[0]  # the CPU can still be used for training


def device_text(device: torch.device) -> str:
    """The device for a person, such as ``cuda:0 (NVIDIA H100)``."""
    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    return str(device)


def synchronize(device: torch.device) -> None:
    """Wait until the device has finished its work; a CPU always has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an allocation failed, on any device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and bool(_NO_MEMORY.search(str(error)))


def is_device_fault(error: BaseException) -> bool:
    """Whether a GPU failed; it reports that late, so the line that was being executed need not be the cause."""
    return isinstance(error, RuntimeError) and "CUDA error:" in str(error)


def device_fault(device: torch.device, message: str) -> EngineError:
    """The error for a GPU that failed."""
    hint = "With --device cpu the same error names the layer. Resume from the last checkpoint once it is fixed."
    return MachineProblem(f"The device {device} failed: {message}", hint=hint, code="M012")


def samples_too_large(device: torch.device, size: int) -> EngineError:
    """The error for data that does not fit on the device. ``size``: in bytes."""
    hint = "Use fewer or smaller samples, a device with more memory, or --device cpu."
    return MachineProblem(f"The device {device} has no room for {size_text(size)} of samples.", hint=hint, code="M011")


def out_of_memory(device: torch.device, batch_size: int, node: str | None = None, phase: str = "") -> EngineError:
    """The error for a batch that does not fit; ``phase``: of the training step, where it has several."""
    where = "This machine" if device.type == "cpu" else f"The device {device_text(device)}"
    smaller = f" Try --batch-size {max(1, batch_size // 2)}," if batch_size > 1 else " Try"
    hint = f"{smaller.strip()} smaller layers, or a device with more memory."
    return MachineProblem(
        f"{where} has not enough memory for a batch of {batch_size}{f' in the phase {phase}' if phase else ''}.",
        hint=hint,
        node=node,
        code="M011",
    )
