"""What a project's file names, when the project moves: paths relative to its folder stay true."""

import os
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from engine.catalog.datasets import datasets, path_params
from engine.graph.edits import Batch, Edit, SetData, SetProject
from engine.graph.model import Data, Project
from engine.places import from_home
from engine.project.there import is_there


def moving(project: Project, before: Path | None, after: Path) -> tuple[Edit, ...]:
    """What changes in a project that goes from one file to another: its name, and how it names the files of its data.

    ``before``: ``None`` for a project that lay in no file yet.
    """
    edits: list[Edit] = []
    if project.name != after.stem:
        edits.append(SetProject("name", after.stem))
    data = moved_data(project.data, before.parent if before else None, after.parent)
    if data != project.data:
        edits.append(SetData(data))
    return tuple(edits)


def moved_edit(edit: Edit, before: Path | None, after: Path) -> Edit:
    """An edit of a project that goes from one folder to another: the data it sets is named from there."""
    match edit:
        case SetData(data=data):
            return structs.replace(edit, data=moved_data(data, before, after))
        case Batch(edits=edits):
            return structs.replace(edit, edits=tuple(moved_edit(each, before, after) for each in edits))
    return edit


def moved_data(data: Data, before: Path | None, after: Path) -> Data:
    """The data of a project that goes from one folder to another; ``before``: ``None`` for one that had none yet.

    A file within the new folder is named from there, so that both can be moved together; one elsewhere by its whole
    path. As long as a project has no folder, its data is read from the working directory.
    """
    declared = datasets().get(data.kind)
    changed = {
        param.name: moved
        for param in (path_params(declared) if declared else ())
        if isinstance(value := data.params.get(param.name), str) and value
        if (moved := _moved(value, before, after)) != value
    }
    return replace(data, params={**data.params, **changed}) if changed else data


def _moved(value: str, before: Path | None, after: Path) -> str:
    path = from_home(value)
    if not path.is_absolute():
        base = before or Path.cwd()
        path = base / path
        if _real(base) == _real(after) or (before is None and not is_there(path)):
            return value
    elif before is not None:
        return value  # a person named it so, and it stays true
    inside, folder = _real(path), _real(after)
    return inside.relative_to(folder).as_posix() if inside.is_relative_to(folder) else os.path.normpath(path)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
