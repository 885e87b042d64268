"""Weights that a network starts from, by ``WEIGHTS`` of its classes."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

MOST_NAMES = 3  # that a message lists


class WeightsError(ValueError):
    """The weights to start from cannot be used."""


def start_from(model: nn.Module, files: Mapping[str, tuple[str, str]], folder: Path) -> None:
    """Fill the layers that start from a file.

    ``files``: by the path that the class gives, which file it is in a folder, and its SHA-256.
    Raises: `WeightsError` where one cannot be read, was changed, or holds other weights than those of the layer.
    """
    read: dict[str, dict[str, Tensor]] = {}
    for place, layer, settings in started(model):
        path = settings["path"]
        if path not in read:
            name, digest = files[path]
            read[path] = read_weights(folder / name, digest)
        given = below(read[path], settings.get("prefix", ""))
        wrong = "; ".join(misfits(layer.state_dict(), given))
        if wrong:
            raise WeightsError(f"{place} cannot start from {path}: {wrong}.")
        layer.load_state_dict(given)


def started(model: nn.Module) -> Iterator[tuple[str, nn.Module, dict[str, str]]]:
    """The layers that start from a file, those inside of others first, each with its path and its settings."""
    for place, module in reversed(list(model.named_modules())):
        for name, settings in getattr(module, "WEIGHTS", {}).items():
            yield f"{place}.{name}" if place else name, module.get_submodule(name), settings


def read_weights(path: Path, digest: str) -> dict[str, Tensor]:
    """The tensors of a file by name. Raises: `WeightsError`, also where its SHA-256 is another."""
    try:
        data = path.read_bytes()
        tensors = load(data)
    except (OSError, SafetensorError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else wrong
        raise WeightsError(f"No weights can be read from {path}: {reason}.") from wrong
    if sha256(data).hexdigest() != digest:
        raise WeightsError(f"{path} was changed: its SHA-256 is another.")
    return tensors


def below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin with a prefix, without it."""
    start = prefix + "." if prefix and not prefix.endswith(".") else prefix
    return {
        name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)
    }


def misfits(wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> Iterator[str]:
    """What is missing, surplus or of another shape or kind, each as half a sentence."""
    missing = [name for name in wanted if name not in given]
    surplus = [name for name in given if name not in wanted]
    if missing:
        yield f"it lacks {_first_names(missing)}"
    if surplus:
        yield f"it has {_first_names(surplus)}, which the layer has not"
    for name in wanted:
        if name in given and given[name].shape != wanted[name].shape:
            here, there = (tuple(tensors[name].shape) for tensors in (given, wanted))
            yield f"{name} is {here}, where the layer has {there}"
        elif name in given and given[name].is_floating_point() != wanted[name].is_floating_point():
            yield f"{name} holds {given[name].dtype}, where the layer has {wanted[name].dtype}"


def _first_names(names: list[str]) -> str:
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
