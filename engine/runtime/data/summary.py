"""The statistics of a data set before training: counts, ranges, and some samples to view."""

import base64
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from engine.catalog.data.datasets import column_params, datasets
from engine.catalog.data.field_kinds import field_kinds
from engine.graph.model import Data
from engine.protocol.data_answers import (
    ClassCounts,
    DataRead,
    FieldShown,
    FieldSummary,
    ImageShown,
    SampleShown,
    Summary,
)
from engine.runtime.data.columns import FEATURES, columns
from engine.runtime.data.display_order import mixed_order
from engine.runtime.data.load import arguments, call_reader
from engine.runtime.data.prepared_samples import LoadedData, Part, PartName
from engine.runtime.data.read_report import MAX_SENT, Reading
from resources.snippets.table.reader import read_table

LONGEST_SIDE = 64
MAX_VALUES = 256
MAX_CHARACTERS = 2000


def describe(loaded: LoadedData) -> Summary:
    """Samples, parts, classes with their counts, missing values, and each field's shape and range, as JSON.

    Ranges are of the training samples, as the network gets them: for those of the files, load without transforms.
    ``values``: what each value of a field is, where the data names it. ``after``: the transforms that a field has been
    through. ``order``: the display order of `samples`. ``read``: what was read, and ``lines``, the same for people.
    ``table``: the columns of a table.
    """
    return {
        "rows": loaded.sample_count,
        "parts": {name: len(part) for name, part in loaded.parts},
        "classes": {field: _classes(loaded, field) for field in loaded.class_names},
        "fields": {name: _field(loaded.specs[name].kind, values) for name, values in loaded.training.fields.items()},
        "columns": [name for name, _ in loaded.whole.columns],
        "table": columns(loaded),
        "values": value_names(loaded),
        "after": {name: changes for name in loaded.specs if (changes := _changes(loaded, name))},
        "order": "mixed" if _is_mixed(loaded) else "file",
        "missing": dict(loaded.whole.missing),
        "dropped": loaded.whole.dropped,
        "read": read(loaded.reading),
        "sources": [{"path": file.path, "sha256": file.sha256, "size": file.size} for file in loaded.sources],
    }


def read(reading: Reading) -> DataRead:
    """What was read, as JSON for the window; long lists are cut."""
    return {**reading.as_json(MAX_SENT), "lines": reading.lines()}


def value_names(loaded: LoadedData) -> dict[str, list[str]]:
    """What each value of a field is, by field: the column of a table, with its text where that became a zero or one."""
    names = [
        f"{column}={category}" if category else column
        for column, categories in loaded.whole.columns
        for category in categories or ("",)
    ]
    return {FEATURES: names} if names else {}


def _changes(loaded: LoadedData, field: str) -> list[str]:
    """The transforms applied to all samples of a field; random ones are applied later, to training samples only."""
    return [one.kind for one in loaded.fitted if one.field == field and not one.fills]


def _is_mixed(loaded: LoadedData) -> bool:
    """Whether samples are shown in a mixed order: files often hold one class after the other."""
    return any(loaded.specs[name].shape == () for name in loaded.class_names)


def headings(data: Data, base: Path) -> list[str]:
    """The columns of a table; none of any other data. Raises: ``DataProblem``."""
    dataset = datasets().get(data.kind)
    if dataset is None or not column_params(dataset) or not data.params.get("path"):
        return []
    _, values = arguments(dataset, data, base)
    return list(call_reader(read_table, values["path"]).names)


def _classes(loaded: LoadedData, field: str) -> list[ClassCounts]:
    names = loaded.class_names[field]
    training, validation, test = (_counts(part, field, len(names)) for _, part in loaded.parts)
    return [
        {"name": name, "training": training[at], "validation": validation[at], "test": test[at]}
        for at, name in enumerate(names)
    ]


def _counts(part: Part, field: str, classes: int) -> list[int]:
    counts: list[int] = torch.bincount(part.fields[field].flatten(), minlength=classes).tolist()
    return counts


def _field(kind: str, values: Tensor) -> FieldSummary:
    dtype = str(values.dtype).removeprefix("torch.")
    summary: FieldSummary = {"kind": kind, "shape": list(values.shape[1:]), "dtype": dtype}
    if values.numel():
        summary["min"], summary["max"] = values.min().item(), values.max().item()
        summary["mean"] = values.mean(dtype=torch.float64).item()
    return summary


def samples(
    loaded: LoadedData, part: PartName = "training", start: int = 0, count: int = 16, rows: Sequence[int] = ()
) -> list[SampleShown]:
    """Some samples of a part as JSON: for each its number in the whole set, its place, and every field.

    Samples with a class come in a mixed order that is always the same, all others in that of the files. ``rows``: show
    these instead, by their numbers in the whole set, as far as they are in the part.

    A field is ``{"class": name}``, ``{"image": {height, width, channels, bytes}}`` (base64 of one byte per value,
    stretched to the sample's own range, at most 64 pixels a side), ``{"mask": ...}``, the same of class numbers, or
    ``{"values": [...], "shape": [...]}`` with the first 256 values.
    """
    subset = loaded.part(part)
    places = _places(subset, rows) if rows else _page(loaded, subset, start, count)
    return [
        {
            "row": int(subset.index[at]),
            "place": loaded.whole.place(int(subset.index[at])),
            "fields": {
                name: field_json(
                    values[at],
                    loaded.specs[name].kind,
                    loaded.class_names.get(name),
                    loaded.whole.texts.get(name, ()),
                )
                for name, values in subset.fields.items()
            },
        }
        for at in places
    ]


def _places(subset: Part, rows: Sequence[int]) -> list[int]:
    """The positions of samples in a part."""
    positions = {number: at for at, number in enumerate(subset.index.tolist())}
    return [positions[row] for row in rows if row in positions]


def _page(loaded: LoadedData, subset: Part, start: int, count: int) -> list[int]:
    page = range(start, min(start + count, len(subset)))
    if not _is_mixed(loaded):
        return list(page)
    order = mixed_order(len(subset))
    return [int(order[at]) for at in page]


def field_json(value: Tensor, kind: str, names: Sequence[str] | None, texts: Sequence[str] = ()) -> FieldShown:
    """A field of one sample as JSON, see `samples`.

    ``kind``: of the field. ``names``: of its classes. ``texts``: of the numbers of tokens.
    """
    if names and value.ndim == 0:
        return {"class": names[int(value)]}
    view = field_kinds()[kind].view
    if view == "picture":
        return {"image": _image(value.flip(1) if "band" in field_kinds()[kind].axes[0] else value)}  # low bands below
    if texts and value.ndim == 1 and value.dtype == torch.int64:
        return {"text": "".join(texts[number] for number in value.tolist()).strip()[:MAX_CHARACTERS]}
    if view == "overlay":
        return {"mask": _mask(value)}
    if view == "curve":
        value = _thinned(value, field_kinds()[kind].axes[0].index("time"))
    return {"values": value.flatten()[:MAX_VALUES].tolist(), "shape": list(value.shape)}


def _thinned(value: Tensor, time: int) -> Tensor:
    """A long curve with fewer points: of each stretch of time the value that is farthest from 0."""
    most = max(1, MAX_VALUES // max(1, value.numel() // value.shape[time]))
    step = -(-value.shape[time] // most)
    if step == 1:
        return value
    stretches = torch.split(value.movedim(time, -1), step, dim=-1)
    picks = [part.gather(-1, part.abs().argmax(-1, keepdim=True)) for part in stretches]
    return torch.cat(picks, dim=-1).movedim(-1, time)


def _mask(value: Tensor) -> ImageShown:
    step = -(-max(value.shape) // LONGEST_SIDE)
    return _bytes(value[::step, ::step, None].clamp(max=255).to(torch.uint8).contiguous())


def _image(value: Tensor) -> ImageShown:
    step = -(-max(value.shape[1:]) // LONGEST_SIDE)
    small = value[: 3 if len(value) >= 3 else 1, ::step, ::step]
    low, span = small.min(), (small.max() - small.min()).clamp(min=1e-12)
    pixels = ((small - low) / span * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return _bytes(pixels)


def _bytes(pixels: Tensor) -> ImageShown:
    height, width, channels = pixels.shape
    return {
        "height": height,
        "width": width,
        "channels": channels,
        "bytes": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }
