"""How many rows a data set has, of which classes, and how it was read: told before training.

Files that are small are read whole, so that what loading would refuse is told here; of large ones only the headers and
the labels are read.
"""

from collections.abc import Callable
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from engine.catalog.params import Value
from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.fields import Counts, Key, counts_of, field_specs, known_by, read_whole
from engine.runtime.data.images import refuse_broken
from engine.runtime.data.reading import Reading
from engine.runtime.data.rows import arguments, declared, load_rows, source_paths, told
from resources.snippets import arrays, folder, idx
from resources.snippets.memory import memory_left, size_text
from resources.snippets.rows import Rows
from resources.snippets.splits import part_sizes

SMALL_BYTES = 64 * 2**20
FEW_ROWS = 100_000  # of a computed set: more are so many that no part of a split is empty, however they are shared out


def survey(data: Data, base: Path) -> Counts:
    """The counts of the data, remembered until its files change. Raises: ``DataProblem``."""
    dataset = declared(data)
    paths = source_paths(dataset, data, base)
    if _room(dataset.loader) == "folder":  # adding or replacing an image changes the folder of its class
        paths += told(folder.list_classes, paths[0])
    return _surveyed(*known_by(data, base, paths))


def sizes(data: Data, counts: Counts) -> tuple[int, int, int]:
    """How many rows train, validate and test."""
    groups = counts.groups if data.split.stratify and counts.groups else (counts.rows,)
    return part_sizes(groups, validation=data.split.validation, test=data.split.test)


@lru_cache(maxsize=64)
def _surveyed(
    kind: str, params: tuple[tuple[str, Value], ...], base: Path, stamps: tuple[tuple[str, int, int], ...]
) -> Counts:
    data = Data(kind, dict(params))
    dataset = declared(data)
    _, values = arguments(dataset, data, base)
    look: Callable[..., Counts] | None = {"folder": _of_folder, "arrays": _of_npz, "idx": _of_idx}.get(
        _room(dataset.loader)
    )
    if look:
        found: Counts = told(look, values)
        return found
    if "rows" in values:
        return _of_computed(data, base, values["rows"])
    key: Key = (kind, params, base, stamps)
    return read_whole(*key)[1]


def _room(loader: str) -> str:
    return loader.partition(":")[0]


def _of_folder(values: dict[str, Any]) -> Counts:
    path, channels = values["path"], 3 if values["colours"] == "rgb" else 1
    classes = folder.list_classes(path)
    files = [folder.list_images(each) for each in classes]
    count = sum(map(len, files))
    folder.check_memory(path, count, channels, values["height"], values["width"])
    for file in (file for each in files for file in each):
        refuse_broken(file)
    label = np.repeat(np.arange(len(files), dtype=np.int64), list(map(len, files)))
    return counts_of(Rows({"label": label}, {"label": tuple(each.name for each in classes)}))


def _of_npz(values: dict[str, Any]) -> Counts:
    path, label = values["path"], values["label"]
    headers = arrays.choose_arrays(path, arrays.read_headers(path), values["arrays"])
    arrays.check_memory(path, headers)
    if sum(header.loaded for header in headers) <= SMALL_BYTES:
        return counts_of(arrays.load_npz(path, values["arrays"], label, values["class_names"]))
    answer = arrays.label_array(path, headers, label)
    if not answer:
        return Counts(Reading(headers[0].shape[0]))
    return counts_of(arrays.load_npz(path, (answer,), answer, values["class_names"]))


def _of_idx(values: dict[str, Any]) -> Counts:
    images, labels = values["images"], values["labels"]
    shape, answers = idx.read_shape(images, axes=3), idx.label_rows(labels, values["class_names"])
    idx.check_pair(images, shape[0], labels, len(answers))
    if prod(shape) <= SMALL_BYTES:
        idx.read_idx(images, axes=3)
    return counts_of(answers)


def _of_computed(data: Data, base: Path, rows: int) -> Counts:
    specs = field_specs(Data(data.kind, data.params), base)
    need = rows * sum(prod(spec.shape) * (8 if spec.dtype == "int64" else 4) for spec in specs.values())
    if need > memory_left():
        raise DataProblem(
            f"The data {data.kind} needs {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            hint="Make fewer rows.",
        )
    if rows > FEW_ROWS or need > SMALL_BYTES or not any(spec.dtype == "int64" for spec in specs.values()):
        return Counts(Reading(rows))
    return counts_of(load_rows(data, base))
