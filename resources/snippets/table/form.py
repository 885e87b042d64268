"""The form of a table that was recognized: what it takes to read it again, as texts, numbers, tuples and mappings."""

from collections.abc import Mapping, Sequence

from resources.snippets.table.columns import Column
from resources.snippets.table.dates import date_text
from resources.snippets.table.look import are_codes
from resources.snippets.table.model import Table

BETWEEN = "'\u2019 \u00a0\u202f\u2009"  # thousands, in every language
Entry = dict[str, object]


def table_form(table: Table, columns: Sequence[Entry], target: Entry, missing: str) -> Entry:
    """The form that `plain_table.read_table` takes.

    ``header``: the line that names the columns, 0 where none does; then ``begins`` is the line of the first row.
    ``before``: columns that the line of names leaves out at the left. ``notes``: lines of one text follow the table.
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
    return {**form, "missing": missing, "columns": tuple(columns), "target": target}


def column_form(
    table: Table,
    column: Column,
    units: frozenset[str] | None,
    categories: Sequence[str],
    first_day: int | None,
) -> Entry:
    """How a column is written. ``units``: what stands beside its numbers, ``None`` where Python reads all of them."""
    form: Entry = {"name": column.name}
    if column.kind == "category":
        return {**form, "categories": tuple(categories)}
    if column.kind == "date":
        form |= {"date": column.order, "since": date_text(first_day or 1)}
    elif units is not None:
        point, group = (",", ".") if column.style == "comma" else (".", ",")
        form["decimal"] = point
        text = table.text(column.at)
        if thousands := "".join(mark for mark in (group, *BETWEEN) if mark in text):
            form["thousands"] = thousands
        if beside := tuple(sorted(units - {""})):
            form["beside"] = beside
    if column.lenient:
        form["lenient"] = True
    return form


def target_form(
    table: Table,
    column: Column,
    units: frozenset[str] | None,
    classes: Mapping[str, tuple[str, ...]],
) -> Entry:
    """How the target is written: each different text is a class, or each different number, or it is a number."""
    if "label" not in classes:
        return column_form(table, column, units, (), None)
    if column.kind == "category" or are_codes(table, column.at):
        return {"name": column.name, "classes": classes["label"]}
    form = column_form(table, column, units, (), None)
    return {**form, "classes": classes["label"], "numbered": True}
