"""Reads the data sets that come with the app, or with an export."""

from pathlib import Path

import numpy as np

from resources.snippets.rows import DataError, Rows


def load_shipped(path: str | Path) -> Rows:
    """A shipped set: images as float32 (rows, 1, height, width) in [0, 1], features as float32, labels as int64."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError) as wrong:
        raise DataError(
            f"{path}: cannot be read: {wrong}.",
            "The installation is damaged: install Torchloom again.",
        ) from wrong
    fields = {
        name: found[name] for name in ("image", "features", "label", "target") if name in found
    }
    if "image" in fields:
        fields["image"] = fields["image"][:, None].astype(np.float32) / np.float32(
            found["image_peak"]
        )
    classes = {"label": tuple(found["label_names"].tolist())} if "label" in fields else {}
    columns = (
        tuple((name, ()) for name in found["feature_names"].tolist())
        if "feature_names" in found
        else ()
    )
    return Rows(fields, classes, columns=columns)
