"""The fields of a data set, from reading as little of it as possible."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.catalog.data.datasets import implied_transforms, path_params
from engine.catalog.data.spec import Transform
from engine.catalog.data.transforms import SCALERS, moved_along, transforms
from engine.catalog.index import did_you_mean
from engine.catalog.params import Value
from engine.catalog.spec import effective
from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.headers import HEADERS, of_shipped, stamp
from engine.runtime.data.load import (
    arguments,
    call_reader,
    check_values,
    dataset_of,
    kinds_of,
    load_samples,
    source_paths,
)
from engine.runtime.data.read_report import Reading, reading_of
from resources.snippets.image import listing
from resources.snippets.load_result import LoadedSamples


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of samples, and of each class of the field that can stratify the split, if there is one.

    ``reading``: what was read, for people. ``ranges``: the smallest and the largest of each field of whole numbers that
    was read. ``bounds``: the same of each field of other numbers, of those that are finite. ``gap``: the samples
    between two parts. ``sizes``: the number of samples of each value of the fields of classes that were read.
    """

    reading: Reading
    groups: tuple[int, ...] = ()
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    gap: int = 0
    sizes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def samples(self) -> int:
        return self.reading.samples


@dataclass(frozen=True, slots=True)
class Step:
    """One transform to apply: its declaration, the field it changes, and its values without the names of fields.

    ``along``: the fields that it moves in the same way.
    """

    transform: Transform
    field: str
    values: dict[str, Value]
    along: tuple[str, ...] = ()

    def after(self, spec: FieldSpec) -> FieldSpec:
        """The field after the transform: whole numbers become real numbers."""
        return spec.as_fractions


def field_specs(data: Data, base: Path) -> dict[str, FieldSpec]:
    """Every field of the data set, cached until its files change.

    Raises: ``DataProblem``, also for a transform that does not fit its field.
    """
    specs = untransformed_specs(data, base)
    for step in steps(data, specs):
        specs[step.field] = step.after(specs[step.field])
    return specs


def untransformed_specs(data: Data, base: Path) -> dict[str, FieldSpec]:
    """Every field as the files have it, cached until they change. Raises: ``DataProblem``."""
    return dict(_specs(*cache_key(data, base, stamped_paths(data, base))))


def stamped_paths(data: Data, base: Path) -> list[Path]:
    """What an answer about the data depends on: its files, and of a folder of images each folder of a class."""
    dataset = dataset_of(data)
    paths = source_paths(dataset, data, base)
    folders = [path for path, param in zip(paths, path_params(dataset), strict=False) if param.folder]
    return paths + [below for folder in folders for below in call_reader(listing.subfolders, folder)]


CacheKey = tuple[str, tuple[tuple[str, Value], ...], Path, tuple[tuple[str, int, int], ...]]


def cache_key(data: Data, base: Path, paths: Sequence[Path]) -> CacheKey:
    """The cache key of an answer about the data: its kind, its values, and when its files changed."""
    return data.kind, tuple(sorted(data.params.items())), base, tuple(map(stamp, paths))


def steps(data: Data, specs: dict[str, FieldSpec]) -> list[Step]:
    """The transforms in the order of application, those of the data set first, each checked against its field."""
    parts = [*implied_transforms(data.kind, data.params), *((part.kind, part.params) for part in data.transforms)]
    current, result = dict(specs), []
    for kind, params in parts:
        step = _step(kind, params, current)
        current[step.field] = step.after(current[step.field])
        result.append(step)
    return result


def _step(kind: str, params: dict[str, Value], specs: dict[str, FieldSpec]) -> Step:
    transform = transforms().get(kind)
    if transform is None:
        hint = did_you_mean(kind, transforms()) or f"Known are {', '.join(transforms())}."
        raise DataProblem(f"There is no transform {kind!r}.", hint=hint, code="D003")
    check_values(f"Transform {kind}", transform.params, params)
    values = effective(transform.params, params)
    field = str(values.pop("field"))
    spec = specs.get(field)
    if spec is None:
        hint = did_you_mean(field, specs) or f"The data has {', '.join(specs)}."
        raise DataProblem(f"Transform {kind}: the data has no field {field!r}.", hint=hint, code="D003")
    if spec.classes is not None:
        hint = "Apply it to another field, or remove it."
        raise DataProblem(f"Transform {kind}: field {field!r} holds class numbers.", hint=hint, code="D003")
    if spec.dtype != "float32" and not transform.whole:
        hint = f"Put {' or '.join(SCALERS)} before it, apply it to a field of fractions, or remove it."
        raise DataProblem(f"Transform {kind}: field {field!r} holds whole numbers.", hint=hint, code="D003")
    if transform.kinds and spec.kind not in transform.kinds:
        raise DataProblem(
            f"Transform {kind}: field {field!r} is of kind {spec.kind}, with samples of shape {spec.shape}.",
            hint=f"Apply it to a field of kind {' or '.join(transform.kinds)}, or remove it.",
            code="D003",
        )
    if transform.by_channel and spec.channel_axis != 1:
        values["axis"] = spec.channel_axis
    return Step(transform, field, values, _along(transform, field, values.pop("also", ()), specs))


def _along(transform: Transform, field: str, also: Value, specs: Mapping[str, FieldSpec]) -> tuple[str, ...]:
    names = [str(name) for name in also] if isinstance(also, tuple) else []
    for name in names:
        spec = specs.get(name)
        if spec is None or spec.kind not in (*transform.kinds, *transform.moves):
            raise DataProblem(
                f"Transform {transform.kind}: also names {name!r}, which is "
                f"{'no field' if spec is None else f'of kind {spec.kind}'}.",
                hint=f"Name fields of kind {' or '.join((*transform.kinds, *transform.moves))}.",
                code="D003",
            )
        if spec.shape[-2:] != specs[field].shape[-2:]:
            raise DataProblem(
                f"Transform {transform.kind}: also names {name!r}, whose height and width {spec.shape[-2:]} are not "
                f"those of {field!r}, {specs[field].shape[-2:]}.",
                hint="Name fields of the same height and width.",
                code="D003",
            )
    return moved_along(transform, field, names, kinds_and_shapes(specs))


def kinds_and_shapes(specs: Mapping[str, FieldSpec]) -> dict[str, tuple[str, tuple[int | str, ...]]]:
    """The kind of each field, and the shape of a sample."""
    return {name: (spec.kind, spec.shape) for name, spec in specs.items()}


@lru_cache(maxsize=64)
def _specs(
    kind: str, params: tuple[tuple[str, Value], ...], base: Path, _stamps: tuple[tuple[str, int, int], ...]
) -> tuple[tuple[str, FieldSpec], ...]:
    data = Data(kind, dict(params))
    dataset = dataset_of(data)
    before, values = arguments(dataset, data, base)
    peek = HEADERS.get(dataset.storage)
    if peek:
        specs: dict[str, FieldSpec] = with_kinds(call_reader(peek, values), kinds_of(data))
    elif "rows" in values:  # computed sets: a few samples have the shape
        specs = specs_of(load_samples(Data(kind, {**data.params, "rows": 4}), base))
    elif dataset.file:
        specs = with_kinds(call_reader(of_shipped, dataset, before[0]), kinds_of(data))
    else:
        return read_whole(kind, params, base, _stamps)[0]
    return tuple(specs.items())


@lru_cache(maxsize=64)
def read_whole(
    kind: str, params: tuple[tuple[str, Value], ...], base: Path, _stamps: tuple[tuple[str, int, int], ...]
) -> tuple[tuple[tuple[str, FieldSpec], ...], Counts]:
    """The fields and counts of a data set that has to be read whole; the samples are freed."""
    rows = load_samples(Data(kind, dict(params)), base)
    return tuple(specs_of(rows).items()), counts_of(rows)


def counts_of(rows: LoadedSamples) -> Counts:
    """The counts of samples that are in memory."""
    whole = {name: values for name, values in rows.fields.items() if values.dtype == np.int64 and values.size}
    ranges = {name: (int(values.min()), int(values.max())) for name, values in whole.items()}
    other = {name: values for name, values in rows.fields.items() if name not in whole and values.size}
    bounds = {name: limits for name, values in other.items() if (limits := _bounds(values))}
    sizes = {
        name: tuple(np.unique(rows.fields[name], return_counts=True)[1].tolist())
        for name in rows.classes
        if rows.fields[name].ndim == 1
    }
    return Counts(reading_of(rows), next(iter(sizes.values()), ()), ranges, bounds, rows.gap, sizes)


def _bounds(values: np.ndarray[Any, Any]) -> tuple[float, float] | None:
    """The smallest and the largest of the finite ones; ``None`` where there are none."""
    finite = np.isfinite(values)
    low = float(np.min(values, initial=math.inf, where=finite))
    return (low, float(np.max(values, initial=-math.inf, where=finite))) if low < math.inf else None


def specs_of(rows: LoadedSamples) -> dict[str, FieldSpec]:
    """The fields of samples that are in memory."""
    counts = {name: len(names) for name, names in rows.classes.items()}
    specs = {
        name: FieldSpec(
            values.shape[1:],
            "int64" if values.dtype == np.int64 else "float32",
            counts.get(name),
            whole=_whole(rows, name) if rows.roles else None,
        )
        for name, values in rows.fields.items()
    }
    return with_kinds(specs, rows.kinds)


def with_kinds(specs: Mapping[str, FieldSpec], kinds: Mapping[str, str]) -> dict[str, FieldSpec]:
    """The fields with the kinds that the data or its settings give them; others are guessed."""
    return {name: spec.of_kind(kinds.get(name, "")) for name, spec in specs.items()}


def _whole(rows: LoadedSamples, name: str) -> int | None:
    """How many different whole numbers a table's target holds; ``None`` where it holds others."""
    if names := rows.classes.get(name):
        return len(names) if all(text.lstrip("-").isdecimal() for text in names) else None
    values = rows.fields[name]
    if name != "target" or not np.array_equal(values, np.floor(values)):
        return None
    return len(np.unique(values))
