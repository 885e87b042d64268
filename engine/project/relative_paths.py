"""The paths in a project when its file moves: those relative to its folder stay valid."""

import os
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from engine.catalog.data.datasets import datasets, path_params
from engine.graph.edits import AddGraph, AddNode, Batch, Edit, SetData, SetProject, SetWeights
from engine.graph.model import Data, Graph, Project
from engine.graph.weights import SHIPPED, WeightSettings
from engine.places import from_home
from engine.project.existence import is_there


def moving(project: Project, before: Path | None, after: Path) -> tuple[Edit, ...]:
    """The edits for a project that moves from one file to another: of its name, and of the paths of its files.

    ``before``: ``None`` for a project that had no file yet.
    """
    edits: list[Edit] = []
    if project.name != after.stem:
        edits.append(SetProject("name", after.stem))
    data = moved_data(project.data, before.parent if before else None, after.parent)
    if data != project.data:
        edits.append(SetData(data))
    for name, graph in project.graphs.items():
        for node_name, node in graph.nodes.items():
            settings = moved_weights(node.settings, before.parent if before else None, after.parent)
            if settings != node.settings:
                edits.append(SetWeights(name, node_name, settings))
    return tuple(edits)


def moved_edit(edit: Edit, before: Path | None, after: Path) -> Edit:
    """The same edit for a project that moves from one folder to another: its paths start from the new one."""
    match edit:
        case SetData(data=data):
            return structs.replace(edit, data=moved_data(data, before, after))
        case SetWeights(settings=settings):
            return structs.replace(edit, settings=moved_weights(settings, before, after))
        case AddNode(node=node):
            moved = moved_weights(node.settings, before, after)
            return edit if moved == node.settings else structs.replace(edit, node=replace(node, settings=moved))
        case AddGraph(graph=graph):
            return structs.replace(edit, graph=_moved_graph(graph, before, after))
        case Batch(edits=edits):
            return structs.replace(edit, edits=tuple(moved_edit(each, before, after) for each in edits))
    return edit


def moved_data(data: Data, before: Path | None, after: Path) -> Data:
    """The data of a project that moves from one folder to another; ``before``: ``None`` for one without a folder.

    A file within the new folder gets a relative path, so that both can be moved together; a file elsewhere gets its
    absolute path. The paths of a project without a folder start from the working directory.
    """
    declared = datasets().get(data.kind)
    changed = {
        param.name: moved
        for param in (path_params(declared) if declared else ())
        if isinstance(value := data.params.get(param.name), str) and value
        if (moved := _moved(value, before, after)) != value
    }
    return replace(data, params={**data.params, **changed}) if changed else data


def moved_weights(settings: WeightSettings, before: Path | None, after: Path) -> WeightSettings:
    """The weight settings of a project that moves from one folder to another, as `moved_data`."""
    file = settings.weights
    if file is None or not file.path or file.path.startswith(SHIPPED):
        return settings
    path = _moved(file.path, before, after)
    return settings if path == file.path else replace(settings, weights=replace(file, path=path))


def _moved_graph(graph: Graph, before: Path | None, after: Path) -> Graph:
    moved = {name: moved_weights(node.settings, before, after) for name, node in graph.nodes.items()}
    nodes = {
        name: node if moved[name] == node.settings else replace(node, settings=moved[name])
        for name, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


def _moved(value: str, before: Path | None, after: Path) -> str:
    path = from_home(value)
    if not path.is_absolute():
        base = before or Path.cwd()
        path = base / path
        if _real(base) == _real(after) or (before is None and not is_there(path)):
            return value
    elif before is not None:
        return value  # the user entered an absolute path, which stays valid
    inside, folder = _real(path), _real(after)
    return inside.relative_to(folder).as_posix() if inside.is_relative_to(folder) else os.path.normpath(path)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
