"""The columns of a table, each with its role and the counts of its values."""

import numpy as np
import torch
from torch import Tensor

from engine.protocol.data_answers import ColumnRead
from engine.runtime.data.prepared_samples import LoadedData
from engine.runtime.data.read_report import MAX_SENT

FEATURES = "features"  # the field that a table's columns become
MAX_CELLS = 20_000_000  # in which different values are counted


def columns(loaded: LoadedData) -> list[ColumnRead]:
    """For each column its ``name``, its ``role``, how many ``different`` values it has, and how many are ``missing``.

    Nothing for data that is not a table. ``None`` where the values are not loaded, as in a column that is left out.
    """
    counts = _different(loaded)
    missing = loaded.whole.missing
    return [
        {"name": name, "role": role, "different": counts.get(name), "missing": missing.get(name, _none(role))}
        for name, role in list(loaded.reading.columns.items())[:MAX_SENT]
    ]


def _none(role: str) -> int | None:
    """The count of missing values for a column that has none."""
    return None if role.startswith("left out") else 0


def _different(loaded: LoadedData) -> dict[str, int]:
    """How many different values each feature column and the target have."""
    counts, at = {}, 0
    left = MAX_CELLS
    parts = [part.fields[FEATURES] for _, part in loaded.parts] if FEATURES in loaded.specs else []
    for name, categories in loaded.whole.columns if parts and parts[0].dim() == 2 else ():
        if categories:
            counts[name] = len(categories)
        elif left >= loaded.sample_count:
            left -= loaded.sample_count
            counts[name] = _count([part[:, at] for part in parts])
        at += len(categories) or 1
    others = [name for name in loaded.reading.columns if name not in dict(loaded.whole.columns)]
    targets = [name for name, role in loaded.reading.columns.items() if name in others and role.startswith("target")]
    if len(targets) == 1 and (answer := next((name for name in ("label", "target") if name in loaded.specs), None)):
        counts[targets[0]] = _count([part.fields[answer] for _, part in loaded.parts])
    return counts


def _count(parts: list[Tensor]) -> int:
    return len(np.unique(torch.cat(parts).numpy()))
