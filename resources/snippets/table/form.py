"""The form of a recognized table, by which it can be read again, as texts, numbers, tuples and mappings."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from resources.snippets.known_format.dates import day_in, formatted_day
from resources.snippets.table.cells import SPACES
from resources.snippets.table.column import Column
from resources.snippets.table.dates import TIME, date_text
from resources.snippets.table.notation import Style, plain_float
from resources.snippets.table.scan import ColumnScan, are_codes
from resources.snippets.table.text_table import Table

FORMATS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y%m%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M",
)
"""Formats of dates for `datetime.strptime`."""
MAX_DATES = 20_000  # different ones for which a format is searched
BETWEEN = "'\u2019 \u00a0\u202f\u2009"  # thousands, in every language
Entry = dict[str, object]


def table_form(table: Table, columns: Sequence[Entry], target: Entry, missing: str) -> Entry:
    """The form of a table for `plain.table.read_known_table`.

    ``header``: the line that names the columns, 0 where none does; then ``begins`` is the line of the first row.
    ``before``: columns without a name at the left. ``notes``: lines of a single text follow the table.
    ``units``: the cells of a line of units below the names. ``comments``: there are comments among the rows.
    ``repeats``: the names are among the rows again.
    """
    form: Entry = {
        "encoding": table.encoding,
        "delimiter": table.separator,
        "header": table.heading,
    }
    if table.sheet:
        form = {"sheet": table.sheet, **form}
    if not table.heading:
        form["begins"] = int(table.lines[0])
    if table.before:
        form["before"] = table.before
    if table.notes:
        form["notes"] = True
    if table.repeats:
        form["repeats"] = True
    if table.comments:
        form["comments"] = True
    if table.separator == SPACES:
        form["spaces"] = True
    if table.units:
        form["units"] = table.units
    return {**form, "missing": missing, "columns": tuple(map(_short, columns)), "target": target}


def _short(column: Entry) -> Entry | str:
    """A column of plain numbers as its name alone."""
    return str(column["name"]) if column.keys() == {"name"} else column


def column_form(
    table: Table,
    column: Column,
    scan: ColumnScan | None,
    categories: Sequence[str],
    first_day: int | None,
) -> Entry:
    """The form of a column. ``scan``: the scan of its cells, where not all are plain numbers."""
    form: Entry = {"name": column.name}
    marks = set(
        map(str.lower, scan.marks if scan is not None and column.kind != "category" else ())
    )
    if all_marks := tuple(sorted({*marks, *column.marks})):
        form["marks"] = all_marks
    if column.kind == "category":
        return {**form, "categories": tuple(categories)}
    if column.order == TIME:
        form["time"] = True
    elif column.kind == "date":
        form |= {"date": column.order, "since": date_text(first_day or 1)}
        if format_text := scan and date_format(scan, form):
            form["format"] = format_text
    elif scan is not None and not _are_plain(scan.numbers[column.style], column.style):
        point, group = (",", ".") if column.style == "comma" else (".", ",")
        form["decimal"] = point
        text = table.text(column.at)
        if thousands := "".join(mark for mark in (group, *BETWEEN) if mark in text):
            form["thousands"] = thousands
        if beside := tuple(sorted(scan.units - {""})):
            form["beside"] = beside
    if column.lenient:
        form["lenient"] = True
    return form


def _are_plain(texts: Iterable[str], style: Style) -> bool:
    """Whether Python can read the numbers as they are."""
    try:
        return style == "point" and all(np.isfinite(plain_float(text)) for text in texts)
    except ValueError:
        return False


def date_format(scan: ColumnScan, form: Entry) -> str:
    """The format of all dates in a column, nothing where they have several."""
    texts = [text for text in scan.counts if text not in scan.marks]
    if len(texts) > MAX_DATES:
        return ""
    for day_format in FORMATS:
        column = {**form, "format": day_format}
        if all(day_in(text, column) == formatted_day(text, column) for text in texts):
            return day_format
    return ""


def target_form(
    table: Table,
    column: Column,
    scan: ColumnScan | None,
    classes: Mapping[str, tuple[str, ...]],
    first_day: int | None,
) -> Entry:
    """The form of the target: each different text is a class, or each different number, or it is a number."""
    if "label" not in classes:
        return column_form(table, column, scan, (), first_day)
    form = column_form(table, column, scan, (), None)
    form.pop("categories", None)
    if column.kind == "category" or are_codes(table, column.at):
        marks = {"marks": form["marks"]} if "marks" in form else {}
        return {"name": column.name, **marks, "classes": classes["label"]}
    return {**form, "classes": classes["label"], "numbered": True}
