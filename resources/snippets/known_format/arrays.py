"""Arrays of an NPZ file, read in the same way as the training data."""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from resources.snippets.image.pixels import are_channels_last
from resources.snippets.known_format.labels import class_numbers
from resources.snippets.samples import DataError, Samples, without

Plan = Sequence[object]
"""How an array is read: the axis of channels, the value of white, whether it is a number, and its stored type."""
NOT_FINITE = "holds a value that is nan, infinite or beyond 3.4e38."


def read_known_arrays(
    path: str, plans: Mapping[str, Plan], labels: Mapping[str, Sequence[int | str]]
) -> dict[str, np.ndarray]:
    """The arrays of ``plans``, and those of ``labels`` as class numbers; ``labels``: the label of each class."""
    arrays = load_arrays(path, (*plans, *labels))
    if lost := [name for name in (*plans, *labels) if name not in arrays]:
        raise DataError(f"{path} has no array {lost[0]!r}.", "Name the file by --data.")
    fields = {}
    for name, plan in plans.items():
        where = f"{path}, array {name!r}"
        fields[name] = field_from_array(where, arrays[name], plan)
        if not np.isfinite(fields[name]).all():
            raise DataError(f"{where}: {NOT_FINITE}", "Fill it in, or leave the row out.")
    for name, classes in labels.items():
        stored_labels = arrays[name]
        stored_labels = (
            stored_labels.reshape(-1) if stored_labels.shape[1:] == (1,) else stored_labels
        )
        fields[name] = class_numbers(f"{path}, array {name!r}", stored_labels, classes)
    return fields


def read_new_arrays(path: str | Path, names: Sequence[str], plans: Mapping[str, Plan]) -> Samples:
    """The arrays of these names that the file has; samples with a value that is nan or infinite are refused."""
    file_arrays = load_arrays(path)
    arrays = {name: file_arrays[name] for name in names if name in file_arrays}
    if not arrays or len({values.shape[:1] for values in arrays.values()} - {()}) > 1:
        shapes = ", ".join(f"{name} {values.shape}" for name, values in file_arrays.items())
        raise DataError(f"{path}: needs {' and '.join(names)} of equal length, and has {shapes}.")
    fields, wrong = {}, dict[int, tuple[str, str]]()
    for name, values in arrays.items():
        where = f"{path}, array {name!r}"
        if values.dtype.kind not in "biuf" or not values.ndim:
            raise DataError(f"{where} holds {values.dtype}, not numbers.", "Store numbers.")
        plan = plans.get(name) or default_plan(values, file_arrays.get(f"{name}_peak", 255))
        fields[name] = field_from_array(where, values, plan)
        not_finite = ~np.isfinite(fields[name]).reshape(len(values), -1).all(axis=1)
        for row in np.flatnonzero(not_finite).tolist():
            wrong.setdefault(row, (f"array {name!r} {NOT_FINITE}", "Fill it in."))
    return without(Samples(fields), wrong) if wrong else Samples(fields)


def load_arrays(path: str | Path, names: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """The arrays of a file, all or those of these names."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            found_names = [name for name in archive.files if names is None or name in names]
            return {name: archive[name] for name in found_names}
    except (AttributeError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        message = f"{path} is not an NPZ file of arrays, or damaged: {error}."
        raise DataError(message, "Write it with numpy.savez.") from error
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{path} cannot be read: {reason}.") from error


def default_plan(values: np.ndarray, peak: object) -> Plan:
    """The plan of an array by its type: bytes with two axes or more are pixels, whose white is ``peak``."""
    is_bytes = values.dtype == np.uint8 and values.ndim > 1
    if not is_bytes:
        return "", 0.0, False, values.dtype.kind
    channels = "none" if values.ndim == 3 else "last" if are_channels_last(values.shape) else ""
    return channels, float(str(peak)), True, values.dtype.kind


def field_from_array(where: str, values: np.ndarray, plan: Plan) -> np.ndarray:
    """The field that an array becomes."""
    channels, white, is_number, kind = plan[0], float(str(plan[1])), bool(plan[2]), plan[3]
    if white and values.dtype.kind == "f" and kind != "f":  # may already be divided
        if (most := abs(values).max(initial=0, where=np.isfinite(values))) > 1:
            what = f"holds fractions up to {most:g}, and the training data whole numbers"
            hint = "Store whole numbers as the training data does, or fractions from 0 to 1."
            raise DataError(f"{where}: {what} up to {white:g}.", hint)
        white = 0.0
    if channels == "last" and values.ndim == 4:
        values = np.moveaxis(values, 3, 1)
    elif channels == "none" and values.ndim == 3:
        values = values[:, None]
    if not is_number and values.dtype.kind in "iu":
        return values.astype(np.int64)
    with np.errstate(over="ignore"):
        field = np.ascontiguousarray(values, dtype=np.float32)
    field = field / np.float32(white) if white else field
    return field[:, None] if field.ndim == 1 else field
