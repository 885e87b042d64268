"""Whether the files that weights start from are there, and fit the layers that start from them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from torch import Tensor, nn

from engine.check.diagnostics import Diagnostic
from engine.check.view import first_uses
from engine.codegen.scripts.learning import start_paths
from engine.errors import EngineError
from engine.graph.model import Project
from engine.runtime.device import META
from engine.runtime.initial_weight_files import CODE, REMEDY, StartFile, short, start_files, weights_path
from engine.runtime.load import network_class
from resources.snippets.training.shared_weights import complete_state
from resources.snippets.training.start import WeightsError, below, layers_to_fill, misfits, read_weights


def problems(project: Project, base: Path, source: str, run_folder: Path | None) -> Iterator[Diagnostic]:
    """Problems of the files that weights start from. ``source``: of ``model.py``. ``run_folder``: with copies."""
    if not start_paths(project):
        return
    missing = list(_missing(project, base)) if run_folder is None else []
    yield from missing
    if not missing:
        yield from _unfit(project, base, source, run_folder)


def _missing(project: Project, base: Path) -> Iterator[Diagnostic]:
    for path in start_paths(project):
        try:
            weights_path(path, base)
        except EngineError as error:
            yield Diagnostic(error.code, "error", error.message, error.hint, node=_first(project, path))


def _unfit(project: Project, base: Path, source: str, run_folder: Path | None) -> Iterator[Diagnostic]:
    try:
        files = {file.path: file for file in start_files(project, base, run_folder)}
        network = _network(source, project)
        for place, layer, settings in layers_to_fill(network):
            problem = _misfit(place, layer, settings, files[settings["path"]])
            if problem:
                yield problem
                return
    except EngineError as error:
        yield Diagnostic(error.code, "error", error.message, error.hint)


def _misfit(place: str, layer: nn.Module, settings: dict[str, str], file: StartFile) -> Diagnostic | None:
    """The problem of a layer that cannot start from a file. ``place``: of the layer in the network."""
    node = ".".join(part for part in place.split(".") if not part.isdecimal())
    try:
        tensors = below(_tensors(file.place, file.sha256), settings.get("prefix", ""))
    except EngineError as error:
        return Diagnostic(error.code, "error", error.message, error.hint, node=node)
    except WeightsError as error:
        return Diagnostic(CODE, "error", str(error), REMEDY, node=node)
    wrong = "; ".join(misfits(layer.state_dict(), complete_state(layer, tensors)))
    if not wrong:
        return None
    hint = "Name the weights of the same layers, or set the prefix that their names have."
    message = f"{place} cannot start from {short(settings['path'])}: {wrong}."
    return Diagnostic("W010", "error", message, hint, node=node)


def _network(source: str, project: Project) -> nn.Module:
    """The network, without numbers where torch can build it so."""
    make = network_class(source, project, Path("model.py"))
    try:
        with META:
            return make()
    except Exception:  # noqa: BLE001 (some parametrizations look at numbers)
        return make()


@lru_cache(maxsize=8)
def _tensors(place: Path, digest: str) -> dict[str, Tensor]:
    """The tensors of a file, without their numbers."""
    return {name: value.to("meta") for name, value in read_weights(place, digest).items()}


def _first(project: Project, path: str) -> str | None:
    """The first node that starts from a path, by its place in the main graph."""
    return next(
        (
            f"{prefix}{name}"
            for graph, prefix in first_uses(project).items()
            for name, node in project.graphs[graph].nodes.items()
            if node.settings.weights and node.settings.weights.path == path
        ),
        None,
    )
