"""Text files, and tables with a column of texts, as numbers of words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from resources.snippets.files.below import files_below, new_files
from resources.snippets.files.rows import Row, read_text, table_rows
from resources.snippets.samples import DataError, Refusal, Samples
from resources.snippets.text.words import text_numbers

TEXT_ENDINGS = (".txt", ".text", ".md")
EMPTY = "holds no text."


def filled_text(file: str | Path) -> str:
    """The text of a file, which must not be empty."""
    text = read_text(file)
    if not text.strip():
        raise DataError(f"{file} {EMPTY}", "Write something into it, or delete it.")
    return text


def read_known_texts(
    path: str, *, classes: Sequence[str], how: Mapping[str, Any], skip_broken: bool = False
) -> dict[str, np.ndarray]:
    """The texts of the folder of each class as ``tokens``, and ``label``. ``how``: see `text_numbers`."""
    texts, labels = [], []
    for number, name in enumerate(classes):
        for file in files_below(Path(path, name), TEXT_ENDINGS)[0]:
            try:
                texts.append(filled_text(file))
            except DataError:
                if not skip_broken:
                    raise
            else:
                labels.append(number)
    return {"tokens": text_numbers(texts, how), "label": np.array(labels, dtype=np.int64)}


def read_new_texts(path: str | Path, how: Mapping[str, Any]) -> Samples:
    """A text file, or all of a folder, as ``tokens``; empty ones are refused."""
    texts, places, refusals = [], [], []
    for row, file in enumerate(new_files(path, TEXT_ENDINGS)):
        try:
            texts.append(filled_text(file))
            places.append(str(file))
        except DataError as error:
            refusals.append(
                Refusal(row, str(file), error.message.removeprefix(f"{file} "), error.hint)
            )
    return Samples({"tokens": text_numbers(texts, how)}, places=places, refusals=refusals)


def read_known_text_table(
    path: str, *, classes: Sequence[str], how: Mapping[str, Any], skip_broken: bool = False
) -> dict[str, np.ndarray]:
    """The texts of a column as ``tokens``, and the classes of another as ``label``.

    ``how``: see `text_numbers`; also ``columns``, the names of both.
    """
    numbers = {name: number for number, name in enumerate(classes)}
    column, target = how["columns"]
    texts, labels = [], []
    for row in table_rows(path, (column, target)):
        label = row.cells[target].strip()
        if not row.cells[column].strip() or label not in numbers:
            if skip_broken:
                continue
            raise DataError(
                f"{path}, {row.place}: has no text, or another class than {', '.join(classes)}."
            )
        texts.append(row.cells[column])
        labels.append(numbers[label])
    return {"tokens": text_numbers(texts, how), "label": np.array(labels, dtype=np.int64)}


def read_new_text_table(path: str | Path, how: Mapping[str, Any]) -> Samples:
    """The texts of a column of a table, or the lines of a text file, as ``tokens``; empty ones are refused."""
    column = how["columns"][0]
    if Path(path).suffix.lower() in TEXT_ENDINGS:
        rows = [
            Row(f"line {at}", {column: line})
            for at, line in enumerate(read_text(path).splitlines(), 1)
        ]
    else:
        rows = list(table_rows(path, (column,)))
    usable = [row for row in rows if row.cells[column].strip()]
    refusals = [
        Refusal(at, row.place, EMPTY, "Write something into it.")
        for at, row in enumerate(rows)
        if not row.cells[column].strip()
    ]
    tokens = text_numbers((row.cells[column] for row in usable), how)
    return Samples({"tokens": tokens}, places=[row.place for row in usable], refusals=refusals)
