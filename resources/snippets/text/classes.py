"""Texts by class as a data set: their vocabulary is that of the training samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from resources.snippets.files.broken import refuse_empty_classes, whole_files
from resources.snippets.files.classes import class_files
from resources.snippets.files.rows import table_rows
from resources.snippets.load_result import LoadedSamples
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError
from resources.snippets.text.file import EMPTY, TEXT_ENDINGS, filled_text
from resources.snippets.text.words import FIRST, PADDING, UNKNOWN, padded, units_of

MAX_TEXT_CLASSES = 1000


def load_text_folder(
    path: str | Path,
    units: str = "words",
    length: int = 100,
    vocabulary: int = 10_000,
    lower: bool = True,
    keep: str = "start",
    broken: str = "refuse",
) -> LoadedSamples:
    """``tokens`` int64 (samples, length), and ``label`` int64, classes in order of name.

    ``units``: words, with signs as words of their own, or characters. ``length``: longer texts lose their end, or their
    start if ``keep`` is ``end``; shorter ones are filled up with 0. ``vocabulary``: how many numbers there are, with 0
    and 1, which is for units that the training samples do not have. ``broken``: ``refuse`` empty files, or ``drop``
    them.
    """
    listing = class_files(path, TEXT_ENDINGS)
    texts, reasons = [], []
    for file, _ in listing.files:
        text, reason = "", ""
        try:
            text = filled_text(file)
        except DataError as error:
            reason = error.message
        texts.append(text)
        reasons.append(reason)
    names = [file.relative_to(path).as_posix() for file, _ in listing.files]
    whole, left_out = whole_files(path, names, reasons, broken)
    labels = np.array([label for _, label in listing.files], dtype=np.int64)[whole]
    refuse_empty_classes(path, listing.classes, labels)
    how = {"units": units, "length": length, "lower": lower, "keep": keep}
    rows = LoadedSamples(
        {"tokens": np.empty(0), "label": labels},
        {"label": listing.classes},
        [names[row] for row in whole],
        left_out=(*listing.left_out, *left_out),
        form={"classes": listing.classes, "skip_broken": broken == "drop"},
    )
    return _with_tokens(rows, [texts[row] for row in whole], how, vocabulary)


def load_text_table(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    path: str | Path,
    column: str = "text",
    target: str = "",
    units: str = "words",
    length: int = 100,
    vocabulary: int = 10_000,
    lower: bool = True,
    keep: str = "start",
    broken: str = "refuse",
) -> LoadedSamples:
    """The texts of a column of a CSV file, and the column ``target``, whose values are classes in order of name.

    For the other parameters see `load_text_folder`. ``broken``: rows without a text or a class.
    """
    rows = list(table_rows(path, (column, target)))
    if not rows:
        raise DataError(f"{path} has no row below its first line.", "Choose a table with texts.")
    reasons = [
        f"{path}, {row.place}: {name} {EMPTY if name == column else 'holds no class.'}"
        if name
        else ""
        for row in rows
        for name in [next((name for name in (column, target) if not row.cells[name].strip()), "")]
    ]
    whole, left_out = whole_files(path, [row.place for row in rows], reasons, broken)
    usable = [rows[at] for at in whole.tolist()]
    answers = [row.cells[target].strip() for row in usable]
    classes = tuple(sorted(set(answers)))
    if len(classes) > MAX_TEXT_CLASSES:
        message = f"{path}: the column {target!r} holds {len(classes):,} different texts, and each would be a class."
        raise DataError(message, "Choose the column with the classes as target.")
    how = {
        "units": units,
        "length": length,
        "lower": lower,
        "keep": keep,
        "columns": (column, target),
    }
    samples = LoadedSamples(
        {"tokens": np.empty(0), "label": np.searchsorted(classes, answers).astype(np.int64)},
        {"label": classes},
        [row.place for row in usable],
        left_out=left_out,
        form={"classes": classes, "skip_broken": broken == "drop"},
    )
    return _with_tokens(samples, [row.cells[column] for row in usable], how, vocabulary)


def _with_tokens(
    samples: LoadedSamples, texts: Sequence[str], how: Mapping[str, Any], most: int
) -> LoadedSamples:
    """The samples with their texts as numbers, by the vocabulary of all until the training samples are known."""
    need = len(texts) * how["length"] * 16
    if need > memory_left():
        raise DataError(
            f"{len(texts):,} texts of {how['length']:,} numbers need {size_text(need)} of memory, and "
            f"{size_text(memory_left())} are left.",
            "Choose a smaller length.",
        )
    numbers: dict[str, int] = {}
    codes = padded(
        [
            [numbers.setdefault(unit, len(numbers) + 1) for unit in units_of(text, how)]
            for text in texts
        ],
        how["length"],
    )
    longer = {**how, "length": how["length"] + 1}
    cut = sum(len(units_of(text, longer)) > how["length"] for text in texts)
    changes = (
        [f"{cut:,} of {len(texts):,} texts cut at {how['length']:,} {how['units']}"] if cut else []
    )
    fit = _fit(samples, codes, tuple(numbers), how, most)
    return replace(fit(np.arange(len(texts))), fit=fit, scaled=changes)


def _fit(
    samples: LoadedSamples,
    codes: np.ndarray,
    units: Sequence[str],
    how: Mapping[str, Any],
    most: int,
) -> Callable[[np.ndarray], LoadedSamples]:
    """A function that numbers the texts by the vocabulary of some of them, the most frequent units first.

    ``codes``: the number of each unit of each text in ``units``, from 1; 0 where a text is shorter.
    """

    def fitted(training: np.ndarray) -> LoadedSamples:
        counts = np.bincount(codes[training].ravel(), minlength=len(units) + 1)[1:].tolist()
        by_count = sorted(
            (at for at, count in enumerate(counts) if count),
            key=lambda at: (-counts[at], units[at]),
        )
        frequent = by_count[: most - FIRST]
        places = np.full(len(units) + 1, UNKNOWN, dtype=np.int64)
        places[0] = PADDING
        places[np.array(frequent, dtype=np.int64) + 1] = np.arange(FIRST, FIRST + len(frequent))
        words = tuple(units[at] for at in frequent)
        reading = {**how, "vocabulary": words}
        gap = " " if how["units"] == "words" else ""
        return replace(
            samples,
            fields={"tokens": places[codes], "label": samples.fields["label"]},
            decisions=reading,
            form={**samples.form, "how": reading},
            texts={"tokens": ("", f"\ufffd{gap}", *(f"{word}{gap}" for word in words))},
        )

    return fitted
