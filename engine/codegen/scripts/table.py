"""The calls by which a script reads a table whose form it holds."""

import re
from collections.abc import Iterator, Mapping

from engine.codegen.literals import nested, quote

NAME = "TABLE"
WIDTHS = f"widths_of({NAME})"
"""An expression: how many columns each column of the table becomes."""
READERS = {
    "sheet": ("plain.sheet", "read_sheet"),
    "spaces": ("plain.lines", "evened"),
    "units": ("plain.lines", "below_units"),
    "time": ("plain.dates", "time_in"),
    "format": ("plain.dates", "formatted_day"),
    "date": ("plain.dates", "day_in"),
    "decimal": ("plain.amounts", "amount_in"),
}
LAYOUT = ("sheet", "spaces", "units")
"""The entries that say how the cells are laid out, rather than how they are written."""
NUMBERED = re.compile(r"([A-Za-z_. ]+)(0|[1-9][0-9]{0,8})")
MOST_NUMBERED = 20  # columns in a row that are named one by one
Form = Mapping[str, object]
"""What `resources.snippets.plain.table` takes; empty where the data is no table."""


def plain_form(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> Form:
    """That of a table of which only the columns are known, each with its categories."""
    described = tuple({"name": name, "categories": texts} if texts else name for name, texts in columns)
    return {"encoding": "utf-8", "delimiter": ",", "header": 1, "columns": described}


def form_text(form: Form) -> str:
    """The expression of it; of many columns that are numbered, only the first and the last number."""
    columns = list(_columns(form["columns"]))
    entries = {name: nested(value) for name, value in form.items()} | {
        "columns": f"({', '.join(columns)}{',' if len(columns) == 1 else ''})"
    }
    return f"{{{', '.join(f'{quote(name)}: {text}' for name, text in entries.items())}}}"


def _columns(columns: object) -> Iterator[str]:
    numbers: list[int] = []
    prefix = ""
    for column in (*_entries(columns), None):
        found = NUMBERED.fullmatch(column) if isinstance(column, str) else None
        if found and numbers and found[1] == prefix and int(found[2]) == numbers[-1] + 1:
            numbers.append(int(found[2]))
            continue
        if len(numbers) < MOST_NUMBERED:
            yield from (quote(f"{prefix}{number}") for number in numbers)
        else:
            start = f"{numbers[0]}, " if numbers[0] else ""
            yield f'*(f"{prefix}{{at}}" for at in range({start}{numbers[-1] + 1}))'
        numbers, prefix = ([int(found[2])], found[1]) if found else ([], "")
        if not found and column is not None:
            yield nested(column)


def new_form(*, is_filled: bool) -> str:
    """The form for a table without answers. ``is_filled``: what is missing is filled in, rather than refused."""
    return f"{NAME} | {nested({'missing': 'mean' if is_filled else 'refuse'})}"


def shared(form: Form) -> Iterator[tuple[str, str]]:
    """The snippets that read known and new tables."""
    yield "samples", "Samples"
    yield from cells(form)
    yield from (reader for entry, reader in _readers(form).items() if entry in LAYOUT)
    yield "plain.table", "blocks"
    yield "plain.table", "columns_of"
    yield "plain.table", "named_body"
    yield "plain.table", "text_rows"


def cells(form: Form) -> Iterator[tuple[str, str]]:
    """The snippets that read cells which are no plain numbers."""
    yield "plain.column", "read_column"
    yield from (reader for entry, reader in _readers(form).items() if entry not in LAYOUT)


def call(form: Form, reader: str, path: str, form_text: str) -> str:
    """The call. ``reader``: of the snippet; ``path``, ``form_text``: expressions, of the file and of the form."""
    readers = ", ".join(f'"{entry}": {name}' for entry, (_, name) in _readers(form).items())
    return f"{reader}({path}, {form_text}, {{{readers}}})"


def _readers(form: Form) -> dict[str, tuple[str, str]]:
    """The snippets that read what is no plain number in a plain line, by the entry of the form that needs them."""
    columns = (*_entries(form.get("columns")), form.get("target"))
    found = [next((entry for entry in READERS if entry in each), "") for each in columns if isinstance(each, Mapping)]
    return {entry: reader for entry, reader in READERS.items() if entry in (*found, *form)}


def _entries(columns: object) -> tuple[object, ...]:
    return columns if isinstance(columns, tuple) else ()


def has_categories(form: Form) -> bool:
    """Whether a column of the table becomes several."""
    return any(isinstance(each, Mapping) and "categories" in each for each in _entries(form.get("columns")))
