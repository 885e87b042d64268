"""What a person wants to know of a data set before training: counts, ranges, and some rows to look at."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.catalog.datasets import datasets
from engine.catalog.params import find
from engine.catalog.spec import Dataset
from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.loaded import LoadedData, Part, PartName
from engine.runtime.data.rows import arguments, told
from resources.snippets.csv_file import read_table

LONGEST_SIDE = 64
MOST_VALUES = 256


def describe(loaded: LoadedData) -> dict[str, Any]:
    """Rows, parts, classes with their counts, missing values, and each field's shape and range, as JSON.

    Ranges are of the training rows, as the network gets them: for those of the files, load without transforms.
    """
    return {
        "rows": loaded.rows,
        "parts": {name: len(part) for name, part in loaded.parts},
        "classes": {field: _classes(loaded, field) for field in loaded.class_names},
        "fields": {name: _field(values) for name, values in loaded.training.fields.items()},
        "columns": [name for name, _ in loaded.whole.columns],
        "values": [value for name, texts in loaded.whole.columns for value in _values(name, texts)],
        "missing": dict(loaded.whole.missing),
        "dropped": loaded.whole.dropped,
        "sources": [{"path": file.path, "sha256": file.sha256, "size": file.size} for file in loaded.sources],
    }


def _values(column: str, texts: Sequence[str]) -> list[str]:
    """What the numbers that a column becomes are called."""
    return [f"{column}: {text}" for text in texts] or [column]


def headings(data: Data, base: Path) -> list[str]:
    """The columns of a table whose target is yet to be chosen; none of any other data. Raises: ``DataProblem``."""
    dataset = datasets().get(data.kind)
    if dataset is None or find(dataset.params, "target") is None:
        return []
    if data.params.get("target") or not data.params.get("path"):
        return []
    return _names(dataset, data, base)


def other_headings(data: Data, base: Path) -> list[str]:
    """The columns of a table that lacks the column that was chosen as its target; none of any other data."""
    dataset = datasets().get(data.kind)
    if dataset is None or find(dataset.params, "target") is None:
        return []
    try:
        names = _names(dataset, data, base)
    except DataProblem:
        return []
    return [] if data.params.get("target") in names else names


def _names(dataset: Dataset, data: Data, base: Path) -> list[str]:
    _, values = arguments(dataset, data, base)
    return list(told(read_table, values["path"]).names)


def _classes(loaded: LoadedData, field: str) -> list[dict[str, Any]]:
    names = loaded.class_names[field]
    counts = {name: _counts(part, field, len(names)) for name, part in loaded.parts}
    return [{"name": name, **{part: count[at] for part, count in counts.items()}} for at, name in enumerate(names)]


def _counts(part: Part, field: str, classes: int) -> list[int]:
    counts: list[int] = torch.bincount(part.fields[field].flatten(), minlength=classes).tolist()
    return counts


def _field(values: Tensor) -> dict[str, Any]:
    facts: dict[str, Any] = {"shape": list(values.shape[1:]), "dtype": str(values.dtype).removeprefix("torch.")}
    if values.numel():
        facts |= {
            "min": values.min().item(),
            "max": values.max().item(),
            "mean": values.mean(dtype=torch.float64).item(),
        }
    return facts


def samples(loaded: LoadedData, part: PartName = "training", start: int = 0, count: int = 16) -> list[dict[str, Any]]:
    """Some rows of a part as JSON: for each its number in the whole set, its place, and every field.

    A field is ``{"class": name}``, ``{"image": {height, width, channels, bytes}}`` (base64 of one byte a value,
    stretched to the row's own range, at most 64 pixels a side) or ``{"values": [...], "shape": [...]}`` with the first
    256 values.
    """
    chosen = loaded.part(part)
    rows = range(start, min(start + count, len(chosen)))
    return [
        {
            "row": int(chosen.index[row]),
            "place": loaded.whole.place(int(chosen.index[row])),
            "fields": {
                name: _shown(values[row], loaded.class_names.get(name)) for name, values in chosen.fields.items()
            },
        }
        for row in rows
    ]


def _shown(value: Tensor, names: tuple[str, ...] | None) -> dict[str, Any]:
    if names and value.ndim == 0:
        return {"class": names[int(value)]}
    if value.ndim == 3 and value.shape[0] in (1, 3) and value.is_floating_point():
        return {"image": _image(value)}
    return {"values": value.flatten()[:MOST_VALUES].tolist(), "shape": list(value.shape)}


def _image(value: Tensor) -> dict[str, Any]:
    step = -(-max(value.shape[1:]) // LONGEST_SIDE)
    small = value[:, ::step, ::step]
    low, span = small.min(), (small.max() - small.min()).clamp(min=1e-12)
    pixels = ((small - low) / span * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    height, width, channels = pixels.shape
    return {
        "height": height,
        "width": width,
        "channels": channels,
        "bytes": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }
