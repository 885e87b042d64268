"""Arrays of a new NPZ file, treated as those that a network learned from."""

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from resources.snippets.image.pixels import has_channels_last
from resources.snippets.samples import DataError, Refused, Samples


def read_stored(path: Path, names: Sequence[str], plans: Mapping[str, Sequence[object]]) -> Samples:
    """The arrays of these names that the file has; rows with a value that is nan or infinite are refused.

    ``plans``: where the channels are, what is white, whether it is a number, and the type as stored.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            stored = {each: archive[each] for each in archive.files}
    except (AttributeError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as wrong:
        raise DataError(f"{path}: is no NPZ file of arrays, or damaged: {wrong}.") from wrong
    except (OSError, EOFError) as wrong:
        raise DataError(
            f"{path}: cannot be read: {getattr(wrong, 'strerror', 0) or wrong}."
        ) from wrong
    chosen = {name: stored[name] for name in names if name in stored}
    if not chosen or len({values.shape[:1] for values in chosen.values()} - {()}) > 1:
        listed = ", ".join(f"{name} {values.shape}" for name, values in stored.items())
        raise DataError(f"{path}: needs {' and '.join(names)} of equal length, and has {listed}.")
    fields, refused = {}, dict[int, Refused]()
    for name, values in chosen.items():
        if values.dtype.kind not in "biuf" or not values.ndim:
            raise DataError(f"{path}, array {name!r}: {values.dtype} is nothing to ask about.")
        is_bytes = values.dtype == np.uint8 and values.ndim > 1
        is_last = is_bytes and has_channels_last(values.shape, is_bytes)
        channels = "none" if is_bytes and values.ndim == 3 else "last" if is_last else ""
        white = float(np.float32(stored.get(f"{name}_peak", 255))) if is_bytes else 0.0
        plan = plans.get(name, (channels, white, is_bytes, values.dtype.kind))
        fields[name] = stored_field(f"{path}, array {name!r}", values, plan)
        for row in np.flatnonzero(~np.isfinite(fields[name]).reshape(len(values), -1).all(axis=1)):
            reason = f"array {name!r} holds a value that is nan, infinite or beyond 3.4e38."
            refused.setdefault(
                int(row), Refused(int(row), f"row {row} (from 0)", reason, "Fill it in.")
            )
    kept = [row for row in range(len(values)) if row not in refused]
    places = [f"row {row} (from 0)" for row in kept] if refused else []
    every = [refused[row] for row in sorted(refused)]
    return Samples(
        {name: held[kept] for name, held in fields.items()}, places=places, refused=every
    )


def stored_field(where: str, values: np.ndarray, plan: Sequence[object]) -> np.ndarray:
    """The field that an array becomes."""
    channels, white, is_number, kind = plan[0], float(str(plan[1])), bool(plan[2]), plan[3]
    if white and values.dtype.kind == "f" and kind != "f":  # may be divided already
        if (most := abs(values).max(initial=0, where=np.isfinite(values))) > 1:
            hint = "Store whole numbers as the training data does, or fractions from 0 to 1."
            told = f"holds fractions up to {most:g}, and the training data whole numbers"
            raise DataError(f"{where}: {told} up to {white:g}.", hint)
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
