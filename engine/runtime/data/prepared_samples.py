"""The samples of a project, split, transformed and ready to train on."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import torch
from torch import Tensor

from engine.catalog.data.spec import Transform
from engine.catalog.data.transforms import transforms
from engine.catalog.index import did_you_mean
from engine.errors import DataProblem
from engine.graph.model import Data, Project, Split
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import Step, specs_of, steps
from engine.runtime.data.load import call_reader, dataset_of, load_samples, snippet, source_paths
from engine.runtime.data.read_report import Reading, reading_of
from resources.snippets.load_result import LoadedSamples
from resources.snippets.splits import split_groups, split_in_time, split_samples
from resources.snippets.training.order import epoch_generator

PartName = Literal["training", "validation", "test"]
MASK_AXES = 3  # samples, height and width; all other fields that move have channels
PARTS: tuple[PartName, ...] = ("training", "validation", "test")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file or folder that samples were read from; a folder's digest covers the names and bytes of all its files."""

    path: str  # absolute
    sha256: str
    size: int  # in bytes


class Fitted(msgspec.Struct, frozen=True, rename={"statistics": "figures"}):
    """A transform of a field, and the statistics that it computed on the training samples; runs store it as JSON."""

    kind: str
    field: str
    statistics: dict[str, np.ndarray]

    def apply(self, values: np.ndarray) -> np.ndarray:
        """The field's values, changed."""
        changed: np.ndarray = snippet(transforms()[self.kind].target)(values, **self.statistics)
        return changed

    def undo(self, values: np.ndarray) -> np.ndarray:
        """The values before the transform, from those after it."""
        module, _, name = transforms()[self.kind].target.partition(":")
        back: np.ndarray = snippet(f"{module}:undo_{name}")(values, **self.statistics)
        return back

    @property
    def fills(self) -> bool:
        """Whether it puts numbers where values are missing, which nothing undoes."""
        return transforms()[self.kind].fills

    def statistic_names(self) -> set[str]:
        """The names of the statistics that the transform computes."""
        return set(signature(snippet(transforms()[self.kind].target)).parameters) - {"values"}


@dataclass(frozen=True, slots=True)
class Augmentation:
    """A random transform of training samples. ``salt`` separates its random numbers from all others.

    ``along``: the fields that are changed in the same way.
    """

    transform: Transform
    field: str
    values: dict[str, Any]
    salt: int
    along: tuple[str, ...] = ()

    def draw(self, training: Tensor, seed: int, epoch: int) -> Tensor:
        """Random parameters of each training sample in this epoch (from 0); axis 0 is the sample. On the CPU."""
        module, _, name = self.transform.target.partition(":")
        generator = epoch_generator(seed, epoch, self.salt)
        table: Tensor = snippet(f"{module}:draw_{name}")(training, generator, **self.values)
        return table

    def apply(self, values: Tensor, table: Tensor) -> Tensor:
        """The values of some training samples, changed by their entries of the table; both on one device."""
        has_channels = values.dim() != MASK_AXES
        changed: Tensor = snippet(self.transform.target)(values if has_channels else values[:, None], table)
        return changed if has_channels else changed[:, 0]


@dataclass(frozen=True, slots=True)
class Part:
    """Some samples: float32 or int64 tensors whose first axis is the sample, and their numbers in the whole set."""

    fields: dict[str, Tensor]
    index: Tensor

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True)
class LoadedData:
    """A data set in memory. ``whole``: where each sample came from. ``reading``: what was read."""

    training: Part
    validation: Part
    test: Part
    specs: dict[str, FieldSpec]
    class_names: dict[str, tuple[str, ...]]
    fitted: tuple[Fitted, ...]
    augmentations: tuple[Augmentation, ...]
    sources: tuple[SourceFile, ...]
    whole: LoadedSamples
    reading: Reading
    sample_count: int

    def part(self, name: PartName) -> Part:
        """The part of that name."""
        part: Part = getattr(self, name)
        return part

    @property
    def parts(self) -> Iterator[tuple[PartName, Part]]:
        """Training, validation and test, with their names."""
        return ((name, self.part(name)) for name in PARTS)

    def outside(self, field: str, classes: int) -> str | None:
        """The place of the first label that is not a class number below ``classes``, or ``None``."""
        for _, part in self.parts:
            labels = part.fields[field].unsqueeze(-1).flatten(1)
            wrong = ((labels < 0) | (labels >= classes)).any(dim=1).nonzero()
            if len(wrong):
                return self.whole.place(int(part.index[wrong[0, 0]]))
        return None


def load_data(project: Project, base: Path) -> LoadedData:
    """Load, split and transform; relative paths start from ``base``.

    A pure function of the project's data section and the files.
    Raises: ``DataProblem``, which names file and line, row or image.
    """
    data = project.data
    rows = load_samples(data, base)
    specs = specs_of(rows)
    order = [_with_widths(step, rows) for step in steps(data, specs)]
    index = split(data, rows)
    if rows.fit:
        rows = replace(rows.fit(index[0]), kinds=rows.kinds, scaled=rows.scaled)
    fields, fitted = transformed_fields(rows.fields, index[0], order)
    random = [step for step in order if step.transform.random]
    return LoadedData(
        training=_part(fields, index[0]),
        validation=_part(fields, index[1]),
        test=_part(fields, index[2]),
        specs=specs,
        class_names=rows.classes,
        fitted=fitted,
        augmentations=tuple(
            Augmentation(step.transform, step.field, step.values, salt, step.along)
            for salt, step in enumerate(random, start=1)
        ),
        sources=source_files(data, base),
        whole=replace(rows, fields={}),
        reading=reading_of(rows).with_fields(specs),
        sample_count=len(rows),
    )


def _with_widths(step: Step, rows: LoadedSamples) -> Step:
    """The step; where it fills a table's features, with the number of columns that each category became."""
    widths = tuple(max(1, len(categories)) for _, categories in rows.columns)
    if not step.transform.fills or step.field != "features" or max(widths, default=1) == 1:
        return step
    return replace(step, values={**step.values, "widths": widths})


def _part(fields: dict[str, np.ndarray], index: np.ndarray) -> Part:
    return Part({name: torch.from_numpy(values[index]) for name, values in fields.items()}, torch.from_numpy(index))


def split(data: Data, rows: LoadedSamples) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The sample numbers of each part. A share without a single sample is refused."""
    share = data.split
    if share.validation < 0 or share.test < 0 or share.validation + share.test >= 1:
        raise DataProblem(
            f"The split holds out {share.validation:g} and {share.test:g} of the samples.",
            hint="Each must be at least 0, and together less than 1.",
            code="D004",
        )
    if dataset_of(data).in_time:
        return _refuse_empty(
            share, rows, split_in_time(len(rows), rows.gap, validation=share.validation, test=share.test)
        )
    flat = [name for name in rows.classes if rows.fields[name].ndim == 1]
    if share.group and share.group not in flat:
        raise no_group(share.group, flat)
    labels = rows.fields[flat[0]] if flat and share.stratify else None
    if share.group:
        index = split_groups(rows.fields[share.group], validation=share.validation, test=share.test, seed=share.seed)
    else:
        index = split_samples(len(rows), labels, validation=share.validation, test=share.test, seed=share.seed)
    return _refuse_empty(share, rows, index)


def _refuse_empty(
    share: Split, rows: LoadedSamples, index: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if name := empty_part(share, tuple(map(len, index))):
        hint = "Use more samples, a larger share, or 0." if name != "training" else "Hold out less."
        raise DataProblem(f"The {name} part would have none of the {len(rows)} samples.", hint=hint, code="D004")
    return index


def no_group(name: str, fields: Sequence[str]) -> DataProblem:
    """The problem of a split by a field that has no classes. ``fields``: those that have."""
    hint = did_you_mean(name, fields) or (f"Fields with classes are {', '.join(fields)}." if fields else "")
    message = f"The split keeps samples of one {name!r} together, and the data has no such field of classes."
    return DataProblem(message, hint=hint or "Remove group from the split.", code="D115")


def empty_part(split: Split, rows: Sequence[int]) -> PartName | None:
    """The first part that should have samples and gets none, by the size of each part."""
    shares = (1.0, split.validation, split.test)
    return next((name for name, share, count in zip(PARTS, shares, rows, strict=True) if share and not count), None)


def transformed_fields(
    fields: dict[str, np.ndarray], training: np.ndarray, order: list[Step]
) -> tuple[dict[str, np.ndarray], tuple[Fitted, ...]]:
    """All samples after the transforms that are not random, and the statistics of these from the training part."""
    changed, fitted = dict(fields), []
    for step in order:
        if not step.transform.random:
            module, _, name = step.transform.target.partition(":")
            statistics = call_reader(snippet(f"{module}:fit_{name}"), changed[step.field][training], **step.values)
            fitted.append(Fitted(step.transform.kind, step.field, statistics))
            changed[step.field] = call_reader(fitted[-1].apply, changed[step.field])
    return changed, tuple(fitted)


def source_files(data: Data, base: Path) -> tuple[SourceFile, ...]:
    """Everything the samples were read from, with its SHA-256."""
    return tuple(_source(path) for path in source_paths(dataset_of(data), data, base))


def _source(path: Path) -> SourceFile:
    try:
        if path.is_file():
            return SourceFile(str(path.resolve()), _digest(path), path.stat().st_size)
        files = sorted(file for file in path.rglob("*") if file.is_file())
        lines = [f"{_digest(file)}  {file.relative_to(path).as_posix()}\n" for file in files]
        total = sum(file.stat().st_size for file in files)
    except OSError as wrong:
        raise DataProblem(f"{path} cannot be read: {wrong.strerror or wrong}.", hint="Check the path.") from wrong
    text = "".join(lines).encode(errors="surrogateescape")  # names may be in another encoding
    return SourceFile(str(path.resolve()), hashlib.sha256(text).hexdigest(), total)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
