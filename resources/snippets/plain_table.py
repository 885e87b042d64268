"""A table read by its form: where it begins, how it is split, and how each of its columns is written."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice, product
from typing import Any

import numpy as np

from resources.snippets.plain_column import Days, Part, Wrong, missing_value, read_column
from resources.snippets.rows import DataError, Refused, Rows, regular
from resources.snippets.table.cells import Cells, split_lines

BLOCK_CELLS = 1_000_000  # that are held as single texts at a time

Form = Mapping[str, Any]
"""How a table is written."""
Sheet = Callable[[str, str], list[Cells]]
Body = tuple[list[str], str, Iterator[Cells]]
"""The names of the columns, which line has how many, and the rows."""
Block = tuple[list[int], list[Part]]
"""The lines of some rows, and their columns."""


def read_table(
    path: str, form: Form, days: Days | None = None, sheet: Sheet | None = None
) -> dict[str, np.ndarray]:
    """The features and the answer of every row; a cell that does not fit the form is refused.

    ``days`` reads dates, and ``sheet`` a workbook, where the form has such.
    """
    found = []
    for lines, parts in blocks(path, form, days, sheet):
        kept = np.ones(len(lines), dtype=bool)
        for part in parts if form["missing"] == "drop" else parts[-1:]:
            kept &= ~part.gap | (form["missing"] == "refuse")
        wrong = [(row, each) for part in parts for row, each in part.wrong.items() if kept[row]]
        if wrong:
            row, (reason, hint) = min(wrong)
            raise DataError(f"{path}, line {lines[row]}, {reason}", hint)
        found.append([part.values[kept] for part in parts])
    if not sum(len(each[-1]) for each in found):
        raise DataError(f"{path}: has no rows that can be used.", "Add rows below the names.")
    *features, answer = [np.concatenate(each) for each in zip(*found, strict=True)]
    fields = {"features": np.concatenate(features, axis=1)}
    if "classes" in form["target"]:
        return {**fields, "label": answer.ravel().astype(np.int64)}
    return {**fields, "target": answer}


def read_new_table(
    path: str, form: Form, days: Days | None = None, sheet: Sheet | None = None
) -> Rows:
    """The features of a new file; rows that do not fit the form are in ``refused``.

    Its encoding, its separator and the line of its names may differ from those of the form.
    """
    wrong: dict[int, Wrong] = {}
    every: list[int] = []
    widths = (len(column.get("categories", "1")) for column in form["columns"])
    found = [np.empty((0, sum(widths)), dtype=np.float32)]
    for lines, parts in blocks(path, form, days, sheet, ragged=wrong):
        for part in parts:
            for row, each in part.wrong.items():
                wrong.setdefault(lines[row], each)
        found.append(np.concatenate([part.values for part in parts], axis=1))
        every += lines
    number = {line: row for row, line in enumerate(sorted({*every, *wrong}))}
    if not number:
        raise DataError(f"{path}: has no rows.", "Add at least one row of values.")
    kept = [row for row, line in enumerate(every) if line not in wrong]
    return Rows(
        {"features": np.concatenate(found)[kept]},
        places=[f"line {every[row]}" for row in kept],
        refused=[Refused(number[line], f"line {line}", *wrong[line]) for line in sorted(wrong)],
    )


def blocks(
    path: str,
    form: Form,
    days: Days | None,
    sheet: Sheet | None,
    ragged: dict[int, Wrong] | None = None,
) -> Iterator[Block]:
    """The columns of the form, some rows at a time. ``ragged``: of a new file, takes lines of another width."""
    columns = [*form["columns"], *([form["target"]] if ragged is None else [])]
    body = find_body(path, form, [each["name"] for each in columns], sheet, ragged is not None)
    places = [body[0].index(each["name"]) for each in columns]
    rows = fitting_rows(path, body, form, ragged)
    while block := list(islice(rows, max(1, BLOCK_CELLS // len(body[0])))):
        parts = []
        for place, column in zip(places, columns, strict=True):
            part = read_column([cells[place] for _, cells in block], column, days)
            if form["missing"] == "refuse":
                gaps = np.flatnonzero(part.gap).tolist()
                part.wrong.update(dict.fromkeys(gaps, missing_value(column["name"])))
            parts.append(part)
        yield [line for line, _ in block], parts


def fitting_rows(
    path: str, body: Body, form: Form, ragged: dict[int, Wrong] | None
) -> Iterator[Cells]:
    """The rows with a cell for each column; empty ones are skipped, and so are notes below, where the form has such."""
    names, heading, rows = body
    width, below = len(names), 0
    for line, cells in rows:
        if ragged is None and form.get("notes") and len(cells) == 1 < width - 1:
            below = below or line
        elif below or len(cells) < width or any(map(str.strip, cells[width:])):
            count = 1 if below else len(cells)
            reason = f"{count} value{'' if count == 1 else 's'}, but {heading}."
            hint = "Every line needs one value for each column; quote a value that contains the separator."
            if ragged is None:
                raise DataError(f"{path}, line {below or line}: {reason}", hint)
            ragged[line] = reason, hint
        elif width == 1 or any(cells[:width]):
            yield line, cells


def find_body(path: str, form: Form, wanted: list[str], sheet: Sheet | None, is_new: bool) -> Body:
    """The table from where it has the names of all columns; a new file may be written in other ways."""
    problem = None
    for rows in beginnings(path, form, sheet, is_new):
        line, cells = next(rows, (0, [""]))
        count = f"{len(cells)} column{'' if len(cells) == 1 else 's'}"
        if form["header"]:
            names = [""] * form.get("before", 0) + [cell.strip() for cell in cells]
            if names[0] not in wanted:
                names[0] = names[0].lstrip("#%/ ")  # names in a comment
            names = [name or f"column_{at}" for at, name in enumerate(names, 1)]
            body = names, f"line {line} names {count}", rows
        else:
            names = [f"column_{at}" for at in range(1, len(cells) + 1)]
            body = names, f"line {line} has {len(cells)}", chain([(line, cells)], rows)
        lost = [name for name in wanted if name not in names]
        if not lost:
            return body
        listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        problem = problem or DataError(
            f"{path}, line {line}: there is no column {lost[0]!r}; the columns are {listed}.",
            "A line of the file must name the columns.",
        )
    raise problem or DataError(
        f"{path}: is no text of the encoding {form['encoding']}.",
        "Save it with the encoding UTF-8.",
    )


def beginnings(
    path: str, form: Form, sheet: Sheet | None, is_new: bool
) -> Iterator[Iterator[Cells]]:
    """The lines from that of the names on: as the form says; of a new file, then in other ways."""
    raw, start = file_bytes(path), form["header"] or form["begins"]
    starts = list(dict.fromkeys((start, 1))) if is_new else [start]
    if raw.startswith(b"PK"):
        if sheet is None:
            raise DataError(f"{path}: is a workbook or another archive.", "Save it as CSV.")
        rows = sheet(path, form.get("sheet", ""))
        yield from (iter([each for each in rows if each[0] >= first]) for first in starts)
        return
    marked = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for encoding in (marked, form["encoding"]) if is_new else (form["encoding"],):
        try:
            lines = io.StringIO(raw.decode(encoding), newline="").readlines()
        except UnicodeError:
            continue
        others = ",;\t|" if is_new else ""
        for first, separator in product(starts, (form["delimiter"], *others)):
            yield split_lines(path, lines[first - 1 :], separator, first)


def file_bytes(path: str) -> bytes:
    """What a file holds, unpacked where gzip packed it."""
    try:
        raw = regular(path).read_bytes()
        return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as wrong:
        raise DataError(f"{path}: is damaged: {wrong}.", "Download or save it again.") from wrong
    except OSError as wrong:
        raise DataError(
            f"{path}: cannot be read: {wrong.strerror or wrong}.", "Check it."
        ) from wrong
