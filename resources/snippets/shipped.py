"""Reads the data sets that ship with the app or with an exported program."""

from pathlib import Path

import numpy as np

from resources.snippets.load_result import LoadedSamples
from resources.snippets.samples import DataError


def load_shipped(path: str | Path) -> LoadedSamples:
    """A shipped set with the names of its classes and columns; see `read_shipped`."""
    fields = read_shipped(path)
    with np.load(path, allow_pickle=False) as arrays:
        names = {key: tuple(arrays[key].tolist()) for key in arrays.files if key.endswith("_names")}
    classes = {
        name: names[f"{name}_names"] for name in ("label", "voice") if f"{name}_names" in names
    }
    return LoadedSamples(
        fields, classes, columns=tuple((name, ()) for name in names.get("feature_names", ()))
    )


def read_shipped(path: str | Path) -> dict[str, np.ndarray]:
    """The fields of a shipped set by name.

    Images are float32 (samples, 1, height, width) in [0, 1], sounds float32 (samples, 1, time) in [-1, 1], series
    float32 (samples, steps, channels), features float32 (samples, columns), classes int64 (samples).
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            values = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as error:
        raise DataError(
            f"{path} cannot be read: {error}.", "Copy the file from the export again."
        ) from error
    if "audio" in values:
        values["audio"] = values["audio"][:, None].astype(np.float32) / np.float32(
            values["audio_peak"]
        )
    if "image" in values:
        values["image"] = values["image"][:, None].astype(np.float32) / np.float32(
            values["image_peak"]
        )
    return {
        name: values[name]
        for name in ("image", "audio", "series", "features", "label", "voice", "target")
        if name in values
    }
