"""The fields of a data set from the headers of its files, of which as little as possible is read."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.catalog.data.spec import Dataset, Storage
from engine.runtime.data.field_spec import FieldSpec
from resources.snippets import arrays, idx
from resources.snippets.array_file import npz, plans
from resources.snippets.image import listing
from resources.snippets.labels import Classes


def stamp(path: Path) -> tuple[str, int, int]:
    """A path with the time of its last change and its size; -1 where it cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), status.st_mtime_ns, status.st_size


def of_shipped(dataset: Dataset, path: str) -> dict[str, FieldSpec]:
    """The fields of a set that ships with the app."""
    specs = {}
    for each in dataset.fields:
        sizes = tuple(size for size in each.shape or () if size is not None)
        classes = len(np.load(path)[f"{each.name}_names"]) if each.element == "int" else None
        specs[each.name] = FieldSpec(sizes, "int64" if each.element == "int" else "float32", classes)
    return specs


def _of_folder(values: dict[str, Any]) -> dict[str, FieldSpec]:
    classes = listing.list_classes(values["path"])
    channels = 3 if values["colours"] == "rgb" else 1
    image = FieldSpec((channels, values["height"], values["width"]), "float32")
    return {"image": image, "label": FieldSpec((), "int64", len(classes))}


def _of_idx(values: dict[str, Any]) -> dict[str, FieldSpec]:
    images, labels = values["images"], values["labels"]
    header = idx.image_header(images)
    plan = idx.IdxPlan(idx.is_channels_last(header, values["channels"]))
    classes = idx.idx_classes(labels, idx.label_header(labels), values["class_names"], values["numbering"])
    image = FieldSpec(idx.image_shape(header, plan), "float32")
    return {"image": image, "label": FieldSpec((), "int64", len(classes.names), classes.occurring)}


def _of_npz(values: dict[str, Any]) -> dict[str, FieldSpec]:
    path, settings = values["path"], npz_settings(values)
    all_headers = npz.read_headers(path)
    headers = arrays.choose_arrays(path, all_headers, values["arrays"])
    arrays.check_memory(path, headers)
    answer = arrays.label_array(path, headers, settings)
    arrays.check_named(path, headers, answer, settings)
    arrays.check_kinds(path, headers, values["kinds"])
    specs = {}
    for header in arrays.with_flat(headers, answer):
        if header.name == answer:
            classes = npz_classes(path, header, settings)
            specs[answer] = FieldSpec(header.shape[1:], "int64", len(classes.names), classes.occurring)
            continue
        plan, _ = plans.plan_array(path, header, all_headers, settings)
        shape, dtype = plans.field_layout(header, plan)
        specs[header.name] = FieldSpec(shape[1:], "int64" if dtype == "int64" else "float32")
    return specs


def npz_classes(path: str, header: npz.Header, settings: plans.ArraySettings) -> Classes:
    """The classes of a label, cached until its file changes: a large one takes a while."""
    return _npz_classes(stamp(Path(path)), header, settings)


@lru_cache(maxsize=8)
def _npz_classes(stamp: tuple[str, int, int], header: npz.Header, settings: plans.ArraySettings) -> Classes:
    return arrays.label_classes(stamp[0], header, settings)


def npz_settings(values: Mapping[str, Any]) -> plans.ArraySettings:
    """The settings of a project for the arrays of a file."""
    others = ("path", "arrays", "kinds")
    return plans.ArraySettings(**{name: value for name, value in values.items() if name not in others})


HEADERS: Mapping[Storage, Callable[[dict[str, Any]], dict[str, FieldSpec]]] = {
    "images": _of_folder,
    "arrays": _of_npz,
    "idx": _of_idx,
}
"""The functions that read the fields of large sets, by the format of their files."""
