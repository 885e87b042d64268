"""Whether the files that weights start from are there, and fit the layers that start from them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from torch import Tensor, nn

from engine.check.diagnostics import Diagnostic
from engine.codegen.scripts.learning import start_paths
from engine.errors import EngineError
from engine.graph.model import Project
from engine.runtime.device import WITHOUT_NUMBERS
from engine.runtime.load import network_class
from engine.runtime.start_files import located, start_files
from resources.snippets.training.start import WeightsError, below, misfits, read_weights, started


def problems(project: Project, base: Path, source: str, kept: Path | None) -> Iterator[Diagnostic]:
    """What is wrong in a project that has this ``model.py``. ``kept``: the folder of a run that has copies."""
    if not start_paths(project):
        return
    missing = list(_missing(project, base)) if kept is None else []
    yield from missing
    if not missing:
        yield from _unfit(project, base, source, kept)


def _missing(project: Project, base: Path) -> Iterator[Diagnostic]:
    for path in start_paths(project):
        try:
            located(path, base)
        except EngineError as error:
            yield Diagnostic(error.code, "error", error.message, error.hint, node=_first(project, path))


def _unfit(project: Project, base: Path, source: str, kept: Path | None) -> Iterator[Diagnostic]:
    try:
        files = {file.path: file for file in start_files(project, base, kept)}
        network = _built(source, project)
        for place, layer, settings in started(network):
            file = files[settings["path"]]
            tensors = below(_tensors(file.place, file.sha256), settings.get("prefix", ""))
            wrong = "; ".join(misfits(layer.state_dict(), tensors))
            if wrong:
                hint = "Name the weights of the same layers, or set the prefix that their names have."
                message = f"{place} cannot start from {settings['path']}: {wrong}."
                node = ".".join(part for part in place.split(".") if not part.isdecimal())
                yield Diagnostic("W010", "error", message, hint, node=node)
                return
    except EngineError as error:
        yield Diagnostic(error.code, "error", error.message, error.hint)
    except WeightsError as error:
        yield Diagnostic("W009", "error", str(error), "Name a safetensors file, or the folder of a run.")


def _built(source: str, project: Project) -> nn.Module:
    """The network, without numbers where torch can build it so."""
    make = network_class(source, project, Path("model.py"))
    try:
        with WITHOUT_NUMBERS:
            return make()
    except Exception:  # noqa: BLE001 (some parametrizations look at numbers)
        return make()


@lru_cache(maxsize=8)
def _tensors(place: Path, digest: str) -> dict[str, Tensor]:
    """The tensors of a file, without their numbers."""
    return {name: value.to("meta") for name, value in read_weights(place, digest).items()}


def _first(project: Project, path: str) -> str | None:
    """The first node of the main graph that starts from a path; none where it is inside of a block."""
    nodes = project.graphs[project.main].nodes.items()
    return next((name for name, node in nodes if node.settings.weights and node.settings.weights.path == path), None)
