"""The calls with which a script reads a table whose form it contains."""

import re
from collections.abc import Iterator, Mapping

from engine.codegen.literals import nested_literal, quote

NAME = "TABLE"
WIDTHS = f"widths_of({NAME})"
"""The expression of how many columns each column of the table becomes."""
READERS = {
    "sheet": ("known_format.sheet", "read_sheet"),
    "spaces": ("known_format.lines", "tabs_to_spaces"),
    "units": ("known_format.lines", "skip_units"),
    "time": ("known_format.dates", "time_in"),
    "format": ("known_format.dates", "formatted_day"),
    "date": ("known_format.dates", "day_in"),
    "decimal": ("known_format.amounts", "amount_in"),
}
LAYOUT = ("sheet", "spaces", "units")
"""The entries about where cells are rather than how they are written."""
NUMBERED = re.compile(r"([A-Za-z_. ]+)(0|[1-9][0-9]{0,8})")
MOST_NUMBERED = 20  # columns in a row that are named one by one
Form = Mapping[str, object]
"""The form of a table for `resources.snippets.known_format.table`; empty where the data is no table."""


def plain_form(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> Form:
    """The form of a table of which only the columns are known, each with its categories."""
    entries = tuple({"name": name, "categories": texts} if texts else name for name, texts in columns)
    return {"encoding": "utf-8", "delimiter": ",", "header": 1, "columns": entries}


def form_text(form: Form) -> str:
    """The expression of a form; many columns with consecutive numbers are written as a range."""
    columns = list(_columns(form["columns"]))
    entries = {name: nested_literal(value) for name, value in form.items()} | {
        "columns": f"({', '.join(columns)}{',' if len(columns) == 1 else ''})"
    }
    return f"{{{', '.join(f'{quote(name)}: {text}' for name, text in entries.items())}}}"


def _columns(columns: object) -> Iterator[str]:
    numbers: list[int] = []
    prefix = ""
    for column in (*_entries(columns), None):
        match = NUMBERED.fullmatch(column) if isinstance(column, str) else None
        if match and numbers and match[1] == prefix and int(match[2]) == numbers[-1] + 1:
            numbers.append(int(match[2]))
            continue
        if len(numbers) < MOST_NUMBERED:
            yield from (quote(f"{prefix}{number}") for number in numbers)
        else:
            start = f"{numbers[0]}, " if numbers[0] else ""
            yield f'*(f"{prefix}{{at}}" for at in range({start}{numbers[-1] + 1}))'
        numbers, prefix = ([int(match[2])], match[1]) if match else ([], "")
        if not match and column is not None:
            yield nested_literal(column)


def new_form(*, is_filled: bool) -> str:
    """The form of a new table, without a target. ``is_filled``: missing values are filled in, not refused."""
    return f"{NAME} | {nested_literal({'missing': 'mean' if is_filled else 'refuse'})}"


def reading_snippets(form: Form) -> Iterator[tuple[str, str]]:
    """The snippets that read known and new tables."""
    yield "samples", "Samples"
    yield from cell_snippets(form)
    yield from (reader for entry, reader in _readers(form).items() if entry in LAYOUT)
    yield "known_format.table", "blocks"
    yield "known_format.table", "columns_of"
    yield "known_format.table", "table_body"
    yield "known_format.table", "text_rows"


def cell_snippets(form: Form) -> Iterator[tuple[str, str]]:
    """The snippets that read cells other than plain numbers."""
    yield "known_format.column", "read_column"
    yield from (reader for entry, reader in _readers(form).items() if entry not in LAYOUT)


def call(form: Form, reader: str, path: str, form_text: str) -> str:
    """The call of a reader. ``path``, ``form_text``: the expressions of the file and of the form."""
    readers = ", ".join(f'"{entry}": {name}' for entry, (_, name) in _readers(form).items())
    return f"{reader}({path}, {form_text}, {{{readers}}})"


def _readers(form: Form) -> dict[str, tuple[str, str]]:
    """The snippets for what is more than plain numbers in plain lines, by the entry of the form that needs them."""
    columns = (*_entries(form.get("columns")), form.get("target"))
    entries = [next((entry for entry in READERS if entry in each), "") for each in columns if isinstance(each, Mapping)]
    return {entry: reader for entry, reader in READERS.items() if entry in (*entries, *form)}


def _entries(columns: object) -> tuple[object, ...]:
    return columns if isinstance(columns, tuple) else ()


def has_categories(form: Form) -> bool:
    """Whether a column of the table becomes several."""
    return any(isinstance(each, Mapping) and "categories" in each for each in _entries(form.get("columns")))
