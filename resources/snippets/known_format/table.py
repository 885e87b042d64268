"""A table, read by its form: where it begins, its separator, and the notation of each column."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain, islice, product
from pathlib import Path

import numpy as np

from resources.snippets.known_format.column import Form, Part, Problem, Readers, read_column
from resources.snippets.samples import DataError, Refusal, Samples
from resources.snippets.table.cells import COMMENTS, LONGEST_CELL

Line = tuple[int, list[str]]  # the number of a line, and its cells
TableBody = tuple[list[str], str, Iterator[Line]]  # names, a text about their line, rows below


def read_known_table(path: str, form: Form, readers: Readers) -> dict[str, np.ndarray]:
    """The features and the target of every row; a cell that does not fit the form is refused.

    ``readers``: for cells other than plain numbers, by the entry of the form that needs them.
    """
    columns, start = [*columns_of(form), form["target"]], form["header"] or form["begins"]
    if "sheet" in form:
        rows = readers["sheet"](path, form["sheet"], start)
    else:
        rows = text_rows(path, form["encoding"], form["delimiter"], start, readers)
    blocks_of_columns = []
    for lines, parts in blocks(
        path, form, columns, table_body(path, form, columns, rows, readers), readers
    ):
        is_used = np.ones(len(lines), dtype=bool)
        for part in parts if form["missing"] == "drop" else parts[-1:]:
            is_used &= ~part.gap | (form["missing"] == "refuse")
        wrong = [(row, each) for part in parts for row, each in part.wrong.items() if is_used[row]]
        if wrong:
            row, (reason, hint) = min(wrong)
            raise DataError(f"{path}, line {lines[row]}, {reason}", hint)
        blocks_of_columns.append([part.values[is_used] for part in parts])
    if not sum(len(each[-1]) for each in blocks_of_columns):
        raise DataError(f"{path} has no rows that can be used.", "Add rows below the names.")
    *features, target = [np.concatenate(each) for each in zip(*blocks_of_columns, strict=True)]
    fields = {"features": np.concatenate(features, axis=1)}
    if "classes" in form["target"]:
        return {**fields, "label": target.ravel().astype(np.int64)}
    return {**fields, "target": target}


def read_new_table(path: str, form: Form, readers: Readers) -> Samples:
    """The features of a new file; rows that do not fit the form are in ``refusals``.

    Its encoding, its separator and the line of its names may differ from those of the form.
    """
    wrong: dict[int, Problem] = {}
    every: list[int] = []
    arrays = [np.empty((0, sum(widths_of(form))), dtype=np.float32)]
    body = find_table(path, form, readers)
    for lines, parts in blocks(path, form, columns_of(form), body, readers, wrong):
        for part in parts:
            for row, each in part.wrong.items():
                wrong.setdefault(lines[row], each)
        arrays.append(np.concatenate([part.values for part in parts], axis=1))
        every += lines
    number = {line: row for row, line in enumerate(sorted({*every, *wrong}))}
    if not number:
        raise DataError(f"{path} has no rows.", "Add at least one row of values.")
    usable = [row for row, line in enumerate(every) if line not in wrong]
    return Samples(
        {"features": np.concatenate(arrays)[usable]},
        places=[f"line {every[row]}" for row in usable],
        refusals=[Refusal(number[line], f"line {line}", *wrong[line]) for line in sorted(wrong)],
    )


def find_table(path: str, form: Form, readers: Readers) -> TableBody:
    """The body of a new table, read in the first way in which it has all columns."""
    starts = dict.fromkeys((form["header"] or form["begins"], 1, 2))
    encodings = dict.fromkeys(("utf-8-sig", form["encoding"], "utf-16"))
    is_sheet, problem = "sheet" in readers and zipfile.is_zipfile(path), None
    for encoding, start, separator in product(encodings, starts, (form["delimiter"], *",;\t|")):
        rows = text_rows(path, encoding, separator, start, readers)
        if is_sheet:
            rows = readers["sheet"](path, form.get("sheet", ""), start)
        try:
            return table_body(path, form, columns_of(form), rows, readers)
        except DataError as error:
            problem = problem or error
    raise problem or DataError(f"{path} is not a table.")


def columns_of(form: Form) -> list[Form]:
    """The form of each column; a name alone is a column of plain numbers."""
    return [{"name": each} if isinstance(each, str) else each for each in form["columns"]]


def widths_of(form: Form) -> list[int]:
    """The number of feature columns that each column becomes: one, or one for each category."""
    return [len(column.get("categories", "1")) for column in columns_of(form)]


def table_body(
    path: str, form: Form, columns: list[Form], rows: Iterator[Line], readers: Readers
) -> TableBody:
    """The body of a table: the rows below the line of names, which must name all columns."""
    line, cells = next(rows, (0, [""]))
    heading = f"line {line} names {len(cells)} column{'' if len(cells) == 1 else 's'}"
    names, expected = [cell.strip() for cell in cells], [column["name"] for column in columns]
    if not form["header"]:
        heading, rows = f"line {line} has {len(cells)}", chain([(line, cells)], rows)
        names = [""] * len(cells)
    elif names[0] not in expected:
        names[0] = names[0].lstrip("#%/ ")  # of names in a comment
    if "units" in form:
        rows = readers["units"](rows, form["units"])
    names = [""] * form.get("before", 0) + names
    names = [name or f"column_{at}" for at, name in enumerate(names, 1)]
    names_in_file = set(names)
    if lost := [name for name in expected if name not in names_in_file]:
        what = f"there is no column {lost[0]!r}; the columns are {', '.join(names[:12])}."
        raise DataError(f"{path}, line {line}: {what}", "A line must name the columns.")
    return names, heading, rows


def blocks(
    path: str,
    form: Form,
    columns: list[Form],
    body: TableBody,
    readers: Readers,
    ragged: dict[int, Problem] | None = None,
) -> Iterator[tuple[list[int], list[Part]]]:
    """The rows in blocks: their line numbers and their columns. ``ragged`` collects lines of another width."""
    names = body[0]
    places = {name: at for at, name in reversed([*enumerate(names)])}
    rows = valid_rows(path, form, body, ragged)
    while block := list(islice(rows, max(1, 1_000_000 // len(names)))):
        parts = []
        for column in columns:
            place = places[column["name"]]
            parts.append(read_column([cells[place] for _, cells in block], column, readers))
            if form["missing"] == "refuse":
                what = f"column {column['name']!r}: the value is missing."
                hint = "Fill it in: the network learned from rows without gaps."
                gaps = np.flatnonzero(parts[-1].gap).tolist()
                parts[-1].wrong.update(dict.fromkeys(gaps, (what, hint)))
        yield [line for line, _ in block], parts


def valid_rows(
    path: str, form: Form, body: TableBody, ragged: dict[int, Problem] | None
) -> Iterator[Line]:
    """The rows that are not empty; lines of a single text may follow where the form has ``notes``."""
    names, heading, rows = body
    width, below = len(names), 0
    for line, cells in rows:
        is_comment = len(cells) != width and cells[0].strip().startswith(COMMENTS)
        if (is_comment and form.get("comments")) or not (width == 1 or any(map(str.strip, cells))):
            continue
        if form.get("repeats") and [cell.strip() for cell in cells] == names:
            continue
        if ragged is None and form.get("notes") and len(cells) == 1 < width - 1:
            below = below or line
        elif below or len(cells) < width or any(map(str.strip, cells[width:])):
            count = 1 if below else len(cells)
            reason = f"{count} value{'' if count == 1 else 's'}, but {heading}."
            hint = "Every line needs one value for each column; quote a value that contains the separator."
            if ragged is None:
                raise DataError(f"{path}, line {below or line}: {reason}", hint)
            ragged[line] = reason, hint
        else:
            yield line, cells


def text_rows(
    path: str, encoding: str, separator: str, first: int, readers: Readers
) -> Iterator[Line]:
    """The cells of a text file, plain or packed with gzip, with the line in which each row begins."""
    line, is_spaced = first, separator != "\t"
    try:
        raw = Path(path).read_bytes()
        raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        lines = io.StringIO(raw.decode(encoding), newline="").readlines()[first - 1 :]
        lines = readers["spaces"](lines) if separator == " " else lines
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=is_spaced)
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + first  # a quoted cell may span lines
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{path} cannot be read: {reason}.", "Check the path.") from error
    except (UnicodeError, csv.Error) as error:
        raise DataError(f"{path}, line {line} does not fit such a table: {error}.") from error
