"""How many samples a data set has, of which classes, and how it was read: reported before training.

Small files are read whole, so that what loading would refuse is reported here; of large ones only the headers and the
labels are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from engine.catalog.data.datasets import datasets
from engine.catalog.data.spec import Storage
from engine.catalog.params import Value
from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.fields import (
    CacheKey,
    Counts,
    cache_key,
    counts_of,
    field_specs,
    read_whole,
    stamped_paths,
    untransformed_specs,
)
from engine.runtime.data.headers import npz_classes, npz_settings
from engine.runtime.data.images import image_headers
from engine.runtime.data.load import arguments, call_reader, dataset_of, load_samples
from engine.runtime.data.read_report import Reading
from resources.snippets import arrays, folder, idx
from resources.snippets.array_file import npz, plans
from resources.snippets.image import listing
from resources.snippets.labels import Classes
from resources.snippets.load_result import Guess, LoadedSamples
from resources.snippets.memory import memory_left, size_text
from resources.snippets.splits import part_sizes, split_in_time, split_samples

SMALL_BYTES = 64 * 2**20
FEW_SAMPLES = (
    100_000  # of a computed set: more are so many that no part of a split is empty, however they are shared out
)


def survey(data: Data, base: Path) -> Counts:
    """The counts of the data, cached until its files change. Raises: ``DataProblem``."""
    counts = _cached_survey(*cache_key(data, base, stamped_paths(data, base)))
    return replace(counts, reading=counts.reading.with_fields(untransformed_specs(data, base)))


def sizes(data: Data, counts: Counts) -> tuple[int, int, int]:
    """How many samples train, validate and test; by the shares alone where the groups of the split are not counted."""
    split = data.split
    shares = {"validation": split.validation, "test": split.test}
    if datasets()[data.kind].in_time:
        parts = split_in_time(counts.samples, counts.gap, **shares)
        return len(parts[0]), len(parts[1]), len(parts[2])
    if (group_sizes := counts.sizes.get(split.group)) is not None:
        groups_in_part = split_samples(
            len(group_sizes), None, validation=split.validation, test=split.test, seed=split.seed
        )
        train, validation, test = (sum(group_sizes[number] for number in part) for part in groups_in_part)
        return train, validation, test
    groups = counts.groups if split.stratify and counts.groups else (counts.samples,)
    return part_sizes(groups, **shares)


@lru_cache(maxsize=64)
def _cached_survey(
    kind: str, params: tuple[tuple[str, Value], ...], base: Path, stamps: tuple[tuple[str, int, int], ...]
) -> Counts:
    data = Data(kind, dict(params))
    dataset = dataset_of(data)
    _, values = arguments(dataset, data, base)
    look = _SURVEYS.get(dataset.storage)
    if look:
        counts: Counts = call_reader(look, values)
        return counts
    if "rows" in values:
        return _of_computed(data, base, values["rows"])
    key: CacheKey = (kind, params, base, stamps)
    return read_whole(*key)[1]


def _of_folder(values: dict[str, Any]) -> Counts:
    channels = 3 if values["colours"] == "rgb" else 1
    contents = listing.list_folder(values["path"])
    folder.check_folder_memory(values["path"], len(contents.files), channels, values["height"], values["width"])
    headers = image_headers([file for file, _ in contents.files])
    treatment = folder.plan_images(contents, headers, values["background"], values["levels"])
    reasons = [fact if isinstance(fact, str) else "" for fact in headers]
    whole, left_out = folder.without_broken(contents, reasons, values["broken"])
    rows = LoadedSamples(
        {"label": np.array([label for _, label in contents.files], dtype=np.int64)[whole]},
        {"label": contents.classes},
        left_out=(*contents.left_out, *left_out, *folder.films(headers)),
        scaled=treatment.scaled,
        guesses=(*contents.guesses, *treatment.guesses),
    )
    return counts_of(rows)


def _of_npz(values: dict[str, Any]) -> Counts:
    path, settings = values["path"], npz_settings(values)
    all_headers = npz.read_headers(path)
    headers = arrays.choose_arrays(path, all_headers, values["arrays"])
    arrays.check_memory(path, headers)
    if arrays.field_bytes(headers) <= SMALL_BYTES:
        return counts_of(arrays.load_npz(**values))
    answer = arrays.label_array(path, headers, settings)
    headers = arrays.with_flat(headers, answer)
    scaled: list[str] = []
    guesses: list[Guess] = []
    classes = None
    for header in headers:
        if header.name == answer:
            classes = npz_classes(path, header, settings)
            guesses += classes.guesses
            continue
        plan, array_guesses = plans.plan_array(path, header, all_headers, settings)
        guesses += array_guesses
        scaled += plans.plan_text(header.name, plan)
    is_flat = any(header.name == answer and len(header.shape) == 1 for header in headers)
    counts = _of_classes(headers[0].rows, answer if is_flat else "", classes, tuple(scaled), tuple(guesses))
    left_out = arrays.singles(all_headers, values["arrays"])
    return replace(counts, reading=replace(counts.reading, left_out=left_out))


def _of_idx(values: dict[str, Any]) -> Counts:
    images, labels = values["images"], values["labels"]
    header, answers = idx.image_header(images), idx.label_header(labels)
    idx.check_pair(images, header.shape[0], labels, answers.shape[0])
    if prod(header.shape) * 4 + answers.shape[0] * 8 <= SMALL_BYTES:
        return counts_of(idx.load_idx(**values))
    classes = idx.idx_classes(labels, answers, values["class_names"], values["numbering"])
    plan = idx.plan_idx(images, header, values["channels"], values["levels"])
    return _of_classes(header.shape[0], "label", classes, plan.scaled, (*plan.guesses, *classes.guesses))


def _of_classes(
    rows: int, answer: str, classes: Classes | None, scaled: tuple[str, ...], guesses: tuple[Guess, ...]
) -> Counts:
    """The counts of samples of which only the labels were read, one for each sample if ``answer`` names them."""
    if classes is None or not answer:
        return Counts(Reading(rows, scaled=scaled, guesses=guesses))
    counts = dict(zip(classes.names, classes.counts, strict=True))
    groups = tuple(count for count in classes.counts if count)
    numbers = [number for number, count in enumerate(classes.counts) if count]
    reading = Reading(rows, answer, counts, scaled=scaled, guesses=guesses)
    return Counts(reading, groups, {answer: (numbers[0], numbers[-1])})


def _of_computed(data: Data, base: Path, rows: int) -> Counts:
    specs = field_specs(Data(data.kind, data.params), base)
    need = rows * sum(prod(spec.sizes) * (8 if spec.dtype == "int64" else 4) for spec in specs.values())
    if need > memory_left():
        raise DataProblem(
            f"The data {data.kind} needs {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            hint="Make fewer samples.",
        )
    if rows > FEW_SAMPLES or need > SMALL_BYTES or not any(spec.dtype == "int64" for spec in specs.values()):
        return Counts(Reading(rows))
    return counts_of(load_samples(data, base))


_SURVEYS: Mapping[Storage, Callable[[dict[str, Any]], Counts]] = {
    "images": _of_folder,
    "arrays": _of_npz,
    "idx": _of_idx,
}
"""The readers that survey a large set without reading all of it, by its file format."""
