"""The calls by which a script reads a table whose form it holds."""

from collections.abc import Iterator, Mapping

from engine.codegen.literals import nested

NAME = "TABLE"
Form = Mapping[str, object]
"""What `resources.snippets.plain_table` takes; empty where the data is no table."""


def plain_form(columns: tuple[tuple[str, tuple[str, ...]], ...]) -> Form:
    """That of a table of which only the columns are known, each with its categories."""
    described = tuple({"name": name, **({"categories": texts} if texts else {})} for name, texts in columns)
    return {"encoding": "utf-8", "delimiter": ",", "header": 1, "columns": described}


def new_form(form: Form, *, is_filled: bool) -> Form:
    """The form of a table without answers. ``is_filled``: what is missing is filled in, rather than refused."""
    kept = {name: value for name, value in form.items() if name not in ("target", "notes")}
    return {**kept, "missing": "mean" if is_filled else "refuse"}


def form_text(form: Form) -> str:
    """The statement that defines it."""
    return f"{NAME} = {nested(form)}"


def wanted(form: Form, reader: str) -> Iterator[tuple[str, str]]:
    """The snippets that the call needs."""
    yield "plain_table", reader
    if "sheet" in form:
        yield "plain_sheet", "read_sheet"
    if _has_dates(form):
        yield "table.dates", "days_in"


def call(form: Form, reader: str, path: str) -> str:
    """The call. ``reader``: of the snippet; ``path``: an expression."""
    days = ", days=days_in" if _has_dates(form) else ""
    sheet = ", sheet=read_sheet" if "sheet" in form else ""
    return f"{reader}({path}, {NAME}{days}{sheet})"


def _has_dates(form: Form) -> bool:
    columns = (*_entries(form.get("columns")), form.get("target"))
    return any(isinstance(each, Mapping) and "date" in each for each in columns)


def _entries(columns: object) -> tuple[object, ...]:
    return columns if isinstance(columns, tuple) else ()
