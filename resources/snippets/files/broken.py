"""The policy for files that cannot be read: all are refused, or they are left out and listed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from resources.snippets.image.files import enumeration
from resources.snippets.load_result import FixableError, SettingFix
from resources.snippets.samples import DataError


def whole_files(
    path: str | Path, names: Sequence[str], reasons: Sequence[str], broken: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The indices of the files that can be read, and a text about the others.

    ``names``: those of the files. ``reasons``: what is wrong with each, or nothing. ``broken``: refuse or drop.
    """
    bad = [row for row, reason in enumerate(reasons) if reason]
    whole = np.array([row for row, reason in enumerate(reasons) if not reason], dtype=np.int64)
    if not bad:
        return whole, ()
    if broken != "drop":
        remedy = SettingFix("broken", "drop", "Leave out the broken files")
        hint = "Replace or delete {0}, or set broken to drop to leave {0} out."
        if len(bad) == 1:
            raise FixableError(reasons[bad[0]], hint.format("it"), remedy)
        which = enumeration([names[row] for row in bad])
        message = f"{path}: {len(bad):,} of {len(names):,} files cannot be used: {which}. The first: {reasons[bad[0]]}"
        raise FixableError(message, hint.format("them"), remedy)
    if not len(whole):
        message = f"{path}: none of its {len(names):,} files can be used. The first: {reasons[0]}"
        raise DataError(message, "Replace them.")
    which = enumeration([names[row] for row in bad])
    return whole, (f"{len(bad):,} broken {'file' if len(bad) == 1 else 'files'} ({which})",)


def refuse_empty_classes(path: str | Path, classes: Sequence[str], labels: np.ndarray) -> None:
    """Refuse a class of which no file can be read."""
    left = set(labels.tolist())
    for label, name in enumerate(classes):
        if label not in left:
            raise DataError(
                f"{path}: no file of {name} can be read.",
                "Replace the files, or delete the folder.",
            )
