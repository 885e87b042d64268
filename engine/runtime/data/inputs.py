"""New samples for a trained network, read and transformed as its training data was."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
import torch
from torch import Tensor

from engine.catalog.data.datasets import datasets, storage
from engine.catalog.data.transforms import transforms
from engine.errors import DataProblem
from engine.graph.model import Data
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.load import call_reader, snippet
from engine.runtime.data.prepared_samples import Fitted, LoadedData
from resources.snippets import arrays, idx, tables
from resources.snippets.image.files import ENDINGS
from resources.snippets.image.new import read_new_images
from resources.snippets.known_format.idx import BYTE_LEVELS
from resources.snippets.samples import Refusal, Samples, as_input, without_outside


@dataclass(frozen=True, slots=True)
class Preparation:
    """What prediction needs to know of the training data; a run's ``data.json`` has its JSON form."""

    fields: dict[str, FieldSpec]
    class_names: dict[str, tuple[str, ...]]
    columns: tuple[tuple[str, tuple[str, ...]], ...]  # of a table: the features, each with its categories
    fitted: tuple[Fitted, ...]
    decisions: dict[str, Any] = field(default_factory=dict)  # how the reader treated the files, in its own terms
    measure: str = ""  # what a table has beside the numbers of its target, such as %

    @classmethod
    def of(cls, loaded: LoadedData) -> Self:
        """The preparation of the loaded training data."""
        whole = loaded.whole
        decisions = dict(whole.decisions)
        return cls(loaded.specs, loaded.class_names, whole.columns, loaded.fitted, decisions, whole.measure)

    def as_json(self) -> dict[str, Any]:
        """Objects, lists, texts and numbers; the numbers survive exactly."""
        plain: dict[str, Any] = msgspec.to_builtins(self, enc_hook=lambda array: array.tolist())
        return plain

    @property
    def network_fields(self) -> dict[str, FieldSpec]:
        """The fields as the network gets them: whole numbers that were scaled are real numbers."""
        scaled = {one.field for one in self.fitted}
        return {name: spec.as_fractions if name in scaled else spec for name, spec in self.fields.items()}

    @property
    def image_treatment(self) -> dict[str, Any]:
        """The background of transparent images and the levels of deep ones, where the training data had images."""
        if "background" not in self.decisions:
            return {}
        levels = {depth: (low, high) for depth, (low, high) in self.decisions["levels"].items()}
        return {"background": self.decisions["background"], "levels": levels}

    @classmethod
    def from_json(cls, raw: object) -> Self:
        """Read back what `as_json` gave. Raises: ``DataProblem``."""
        try:
            preparation = msgspec.convert(raw, cls, dec_hook=lambda _type, values: np.array(values, dtype=np.float32))
        except (msgspec.ValidationError, ValueError) as wrong:
            raise DataProblem(f"What was recorded of the training data is damaged: {wrong}.", hint=_RECORD) from wrong
        for one in preparation.fitted:
            if one.kind not in transforms():
                raise DataProblem(f"There is no transform {one.kind!r}.", hint=_RECORD)
            if one.statistics.keys() != one.statistic_names():
                names = ", ".join(sorted(one.statistic_names()))
                raise DataProblem(f"{one.kind} of {one.field} needs the values {names}.", hint=_RECORD)
        return preparation


_RECORD = "Take data.json from a copy of the run, or train again."


@dataclass(frozen=True, slots=True)
class Inputs:
    """Samples to predict for: tensors by field, and where each came from; ``refusals``: those that cannot be used.

    ``left_out``: files of a folder that are not images, in words.
    """

    fields: dict[str, Tensor]
    places: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[str, ...] = ()


def read_inputs(
    path: Path,
    data: Data,
    preparation: Preparation,
    field_names: Collection[str] | None = None,
    most: Mapping[str, int] | None = None,
) -> Inputs:
    """Read a CSV file, an image, a folder of images, an NPZ or an IDX file, and transform it as the training data was.

    ``field_names``: the fields to read; left out, all that the training data had. ``most``: how many whole numbers
    the network has places for, by field; samples with others are refused.
    Raises: ``DataProblem``, also when a sample has another shape than the network learned from.
    """
    names = tuple(name for name in preparation.fields if field_names is None or name in field_names)
    rows: Samples = call_reader(read_samples, path, data, preparation, names)
    return prepared_inputs(rows, preparation, names, str(path), most)


def prepared_inputs(
    rows: Samples,
    preparation: Preparation,
    names: Collection[str],
    place: str,
    most: Mapping[str, int] | None = None,
) -> Inputs:
    """Samples as the network takes them, transformed as the training data was. ``place``: of them all, for messages.

    ``names``, ``most``: as `read_inputs` takes them. Raises: ``DataProblem``.
    """
    rows = without_outside(rows, {name: limit for name, limit in (most or {}).items() if name in rows.fields})
    fields = {}
    for name, values in rows.fields.items():
        spec = preparation.fields.get(name)
        if spec is None or name not in names:
            continue
        if values.shape[1:] != spec.shape:
            raise DataProblem(
                f"{place}: a sample of {name!r} has shape {values.shape[1:]}; the network learned from {spec.shape}.",
                hint="Give samples of the shape it learned from.",
            )
        typed_values = call_reader(as_input, values, spec.dtype == "int64", f"{place}, field {name!r}")
        fields[name] = torch.from_numpy(np.ascontiguousarray(_transform(name, typed_values, preparation)))
    if not fields:
        hint = f"The network learned from {', '.join(preparation.fields)}."
        raise DataProblem(f"{place} has no field that the network knows.", hint=hint)
    places = (rows.place(row) for row in range(len(rows)))
    refusals = (replace(each, place=_printable(each.place)) for each in rows.refusals)
    return Inputs(fields, tuple(map(_printable, places)), tuple(refusals), tuple(rows.left_out))


def _printable(place: str) -> str:
    """A place without surrogates, which names of files can have."""
    return place.encode(errors="replace").decode()


def _transform(field: str, values: np.ndarray, preparation: Preparation) -> np.ndarray:
    for one in preparation.fitted:
        if one.field == field:
            try:
                values = one.apply(values)
            except ValueError as wrong:
                message = f"The values of {one.kind} that were recorded do not fit {field!r}: {wrong}."
                raise DataProblem(message, hint=_RECORD) from wrong
    return values


def read_samples(path: Path, data: Data, preparation: Preparation, names: tuple[str, ...]) -> Samples:
    """The samples of a file, before the transforms. Raises: ``DataError``."""
    ending, kind = path.suffix.lower(), storage(data.kind)
    if ending == ".npz":
        return arrays.read_arrays(path, names, preparation.decisions if kind == "arrays" else {})
    new = datasets()[data.kind].new if data.kind in datasets() else ""
    if new:
        read: Samples = snippet(new)(path, preparation.decisions)
        return read
    if preparation.columns and ending not in ENDINGS and not path.is_dir():
        fills = any(one.fills for one in preparation.fitted)
        decisions = preparation.decisions if kind == "table" else {}
        return tables.load_csv_features(path, preparation.columns, "mean" if fills else "refuse", decisions)
    if ending in {".csv", ".tsv", ".txt", ".xlsx"}:
        raise DataProblem(f"{path}: the network did not learn from a table.", hint="Give it images or an NPZ file.")
    name, spec = _image_field(path, preparation)
    if ending == ".gz" or ending.startswith(".idx") or "ubyte" in path.name:
        decisions = preparation.decisions if kind == "idx" else {}
        images = idx.read_idx_images(path, bool(decisions.get("is_last")), decisions.get("levels", BYTE_LEVELS))
        return Samples({name: images})
    channels, height, width = spec.sizes
    how = preparation.image_treatment
    fit = str(data.params.get("fit", "crop"))
    return read_new_images(path, name, (channels, height, width), fit, **how)


def _image_field(path: Path, preparation: Preparation) -> tuple[str, FieldSpec]:
    for name, spec in preparation.fields.items():
        if spec.kind == "image" and spec.shape[0] in (1, 3):
            return name, spec
    hint = "Give a CSV file with its columns, or an NPZ file."
    raise DataProblem(f"{path}: the network did not learn from images.", hint=hint)
