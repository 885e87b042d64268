"""Weights that a network starts from, by ``WEIGHTS`` of its classes."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from resources.snippets.training.shared_weights import complete_state, contradictions

MOST_NAMES = 3  # that a message lists


class WeightsError(ValueError):
    """The weights to start from cannot be used."""


def start_from(model: nn.Module, files: Mapping[str, tuple[str, str]], folder: Path) -> None:
    """Fill the layers that start from a file.

    ``files``: by the path in the class, the name of the file in the folder, and its SHA-256.
    Raises: `WeightsError` where one cannot be read, was changed, or has other weights than the layer.
    """
    tensors_by_path: dict[str, dict[str, Tensor]] = {}
    for place, layer, settings in layers_to_fill(model):
        path = settings["path"]
        if path not in tensors_by_path:
            name, digest = files[path]
            tensors_by_path[path] = read_weights(folder / name, digest)
        tensors = below(tensors_by_path[path], settings.get("prefix", ""))
        layer_tensors = complete_state(layer, tensors)
        problems = "; ".join(
            [*misfits(layer.state_dict(), layer_tensors), *contradictions(layer, tensors)]
        )
        if problems:
            raise WeightsError(f"{place} cannot start from {path}: {problems}.")
        layer.load_state_dict(layer_tensors)


def layers_to_fill(model: nn.Module) -> Iterator[tuple[str, nn.Module, dict[str, str]]]:
    """The layers that start from a file, inner ones first, each with its path and its settings."""
    for place, module in reversed(list(model.named_modules())):
        for name, settings in getattr(module, "WEIGHTS", {}).items():
            if hasattr(module, name):  # else it is bypassed here
                yield f"{place}.{name}" if place else name, module.get_submodule(name), settings


def read_weights(path: Path, digest: str) -> dict[str, Tensor]:
    """The tensors of a file by name. Raises: `WeightsError`, also where its SHA-256 differs."""
    try:
        data = path.read_bytes()
        tensors = load(data)
    except (OSError, SafetensorError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise WeightsError(f"No weights can be read from {path}: {reason}.") from error
    if sha256(data).hexdigest() != digest:
        raise WeightsError(f"{path} was changed: its SHA-256 is another.")
    return tensors


def below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, without it."""
    start = prefix + "." if prefix and not prefix.endswith(".") else prefix
    return {
        name.removeprefix(start): value for name, value in tensors.items() if name.startswith(start)
    }


def misfits(expected: Mapping[str, Tensor], actual: Mapping[str, Tensor]) -> Iterator[str]:
    """The tensors that are missing, surplus or of another shape or kind, each as half a sentence."""
    missing = [name for name in expected if name not in actual]
    surplus = [name for name in actual if name not in expected]
    if missing:
        yield f"it lacks {_first_names(missing)}"
    if surplus:
        yield f"it has {_first_names(surplus)}, which the layer has not"
    for name in expected:
        if name in actual and actual[name].shape != expected[name].shape:
            here, there = (tuple(tensors[name].shape) for tensors in (actual, expected))
            yield f"{name} is {here}, where the layer has {there}"
        elif (
            name in actual
            and actual[name].is_floating_point() != expected[name].is_floating_point()
        ):
            yield f"{name} holds {actual[name].dtype}, where the layer has {expected[name].dtype}"


def _first_names(names: list[str]) -> str:
    rest = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
