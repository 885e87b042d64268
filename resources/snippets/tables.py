"""A table as a data set: features and a label or a target."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from resources.snippets.rows import Guess, Rows
from resources.snippets.samples import DataError
from resources.snippets.table.answer import (
    answer_column,
    answer_fields,
    answer_origin,
    answer_role,
    chosen_target,
    first_day,
)
from resources.snippets.table.asked import has_units, nameless_rows, refused_rows, wrong_rows
from resources.snippets.table.blocks import Ragged
from resources.snippets.table.column import LEFT_OUT, Column, Notation
from resources.snippets.table.columns import Recognition
from resources.snippets.table.dates import ORDER_NAMES
from resources.snippets.table.form import column_form, table_form, target_form
from resources.snippets.table.free_text import free_text
from resources.snippets.table.model import ONE_COLUMN, Table
from resources.snippets.table.notation import is_missing
from resources.snippets.table.reader import Layout, read_table
from resources.snippets.table.source.records import (
    ENCODING,
    SHEET,
    UNITS,
    record_of,
    recorded_column,
    role_text,
    table_record,
)
from resources.snippets.table.values import (
    Columns,
    categories_of,
    encoded,
    kept_rows,
    read_values,
    stripped,
)

WESTERN = ("cp1252", "latin-1")  # what letters that are no UTF-8 are taken for
Roles = Mapping[str, str] | Sequence[tuple[str, str]]


def load_csv(  # noqa: PLR0913 (one for each parameter that is declared)
    path: str | Path,
    target: str = "",
    features: Sequence[str] = (),
    task: str = "auto",
    missing: str = "refuse",
    *,
    marks: Sequence[str] = (),
    roles: Roles = (),
    header: str = "auto",
    skip: int | None = None,
    decimal: str = "auto",
    dates: str = "auto",
    encoding: str = "auto",
    sheet: str = "",
) -> Rows:
    """``features`` float32 (rows, columns), and ``label`` int64 (rows,) or ``target`` float32 (rows, 1).

    ``features``: the columns to learn from, all others than ``target`` when empty.
    ``roles``: by column ``number``, ``category`` (a column of zeros and ones for each text), ``date`` (days since the
    first), ``ignore`` or ``target``; a column without one is read by what all its cells are.
    ``task``: ``classification``, ``regression``, or ``auto``: text, or at most 20 different whole numbers, are classes.
    ``missing``: ``refuse``; ``drop`` the row; or ``mean``, which leaves nan in the features, to be filled with the
    mean of the training rows, or their most frequent category. A row whose target is missing is dropped unless refused.
    ``header``, ``skip``, ``encoding`` and ``sheet`` say how the file is opened, ``decimal`` and ``dates`` how numbers
    and dates are written, where that is not to be found out. ``marks``: texts that mean a missing value.
    """
    given = dict(roles)
    target = chosen_target(str(path), target, given)
    layout = Layout(header=header, skip=skip, encoding=encoding, sheet=sheet)
    table = read_table(path, {target, *features, *given}, layout)
    answer = table.column(target)
    given, unknown = _known_roles(table, given)
    chosen = _chosen(table, features, answer, given)
    forced = answer_role(table.names[answer], given, task)
    recognition = Recognition(
        table, given, forced, Notation(decimal=decimal, dates=dates, marks=marks)
    )
    columns = recognition.recognize([*chosen, answer], answer, strict=bool(features))
    columns[answer] = answer_column(columns[answer], task)
    chosen = _readable(table, chosen, columns, recognition)
    looks = {at: look if look.plain is None else None for at, look in recognition.looks.items()}
    values = {
        at: read_values(table, columns[at], recognition.looks.pop(at)) for at in [*chosen, answer]
    }
    rows, gaps = kept_rows(table, values, chosen, answer, missing)
    used = [columns[at] for at in chosen]
    described = tuple((each.name, _categories(table, each, rows)) for each in used)
    origins = {
        each.at: first_day(values[each.at], rows) for each in used if each.order in ORDER_NAMES
    }
    encodings = encoded(table, used, described, values, rows, origins, given)
    first = answer_origin(columns[answer], values[answer], rows)
    fields, classes = answer_fields(table, columns[answer], values[answer], rows, task)
    texts = {
        each.name: role_text(each, known, origins.get(each.at))
        for each, (_, known) in zip(used, described, strict=True)
    }
    texts[columns[answer].name] = role_text(columns[answer], (), None, is_answer=True)
    forms = [
        column_form(table, each, looks[each.at], known, origins.get(each.at))
        for each, (_, known) in zip(used, described, strict=True)
    ]
    written = target_form(table, columns[answer], looks[answer], classes, first)
    return Rows(
        {"features": encodings, **fields},
        classes,
        [f"line {line}" for line in table.lines[rows].tolist()],
        columns=described,
        missing=gaps,
        dropped=len(table) - len(rows),
        roles={name: texts.get(name, LEFT_OUT) for name in table.names},
        left_out=[*table.left_out, *_left_out(table, columns, answer, chosen, given)],
        guesses=[*table.guesses, *unknown, *recognition.guesses()],
        decisions={
            each.name: record for each in used if (record := record_of(each, origins.get(each.at)))
        }
        | table_record(table, used),
        measure=columns[answer].measure if "target" in fields else "",
        form=table_form(table, forms, written, missing),
    )


def load_csv_features(
    path: str | Path,
    columns: Columns,
    missing: str = "refuse",
    readings: Mapping[str, str] | None = None,
) -> Rows:
    """Only ``features``, read as those that a network was trained on; other columns are ignored.

    ``columns``: with the categories of each. ``missing``: ``refuse`` rows that lack a value, or leave nan.
    ``readings``: how those columns were read that are not plain numbers or categories. The rows that cannot be used are
    in ``refused``.
    """
    known = readings or {}
    table, ragged = _new_table(path, {name for name, _ in columns}, known)
    if not table.heading and not all(table.has(name) for name, _ in columns):
        raise nameless_rows(table, [name for name, _ in columns])
    used, origins = [], {}
    for name, categories in columns:
        column, origin = recorded_column(table.column(name), name, categories, known.get(name, ""))
        used.append(column)
        if column.marks:
            table.empty(column.at, column.marks)
        origins[column.at] = origin
    learned = known.get(UNITS, "")
    if has_units(table, used, columns, learned.split("\t") if learned else ()):
        table.drop_first()
    values = {each.at: read_values(table, each, None) for each in used}
    wrong = wrong_rows(table, used, columns, values, missing)
    rows = np.array([row for row in range(len(table)) if row not in wrong], dtype=np.int64)
    return Rows(
        {"features": encoded(table, used, columns, values, rows, origins)},
        places=[f"line {line}" for line in table.lines[rows].tolist()],
        columns=columns,
        refused=refused_rows(table, wrong, ragged),
    )


def _new_table(
    path: str | Path, wanted: Collection[str], known: Mapping[str, str]
) -> tuple[Table, list[Ragged]]:
    """A new file, read as the one that was learned from where it does not say itself how: its sheet, its letters."""
    ragged: list[Ragged] = []
    layout = Layout(units=False, usual_sheet=known.get(SHEET, ""))
    table = read_table(path, wanted, layout, ragged)
    encoding = known.get(ENCODING, "")
    if encoding and any(guess.value in WESTERN for guess in table.guesses):
        ragged = []
        table = read_table(path, wanted, Layout(encoding=encoding, units=False), ragged)
    return table, ragged


def _known_roles(table: Table, roles: Mapping[str, str]) -> tuple[dict[str, str], list[Guess]]:
    """The roles of columns that the table has; another table may lack some, which is said."""
    known = {name: role for name, role in roles.items() if table.has(name)}
    lost = [name for name in roles if name not in known]
    if not lost:
        return known, []
    named = ", ".join(map(repr, lost[:5])) + (
        f" and {len(lost) - 5:,} more" if len(lost) > 5 else ""
    )
    guess = Guess(
        f"{table.path}: the roles name {named}, which the table has no column for.",
        "Correct the name, or take the role away.",
        "roles",
        tuple(known.items()),
        "Take it away" if len(lost) == 1 else "Take them away",
    )
    return known, [guess]


def _chosen(
    table: Table, features: Sequence[str], answer: int, roles: Mapping[str, str]
) -> list[int]:
    """The columns to learn from, before they are looked at."""
    name = table.names[answer]
    named = [table.column(each) for each in features]
    if answer in named:
        raise DataError(
            f"{table.path}: column {name!r} is the target and a feature.",
            "Take it out of the features.",
        )
    if len(set(named)) < len(named):
        repeated = next(at for place, at in enumerate(named) if at in named[:place])
        raise DataError(
            f"{table.path}: feature {table.names[repeated]!r} is listed twice.", "List it once."
        )
    every = [at for at in range(len(table.names)) if at != answer]
    if not every:
        raise DataError(
            f"{table.path}: {name!r} is its only column.",
            f"Add a column to learn from. {ONE_COLUMN}",
        )
    chosen = [at for at in named or every if roles.get(table.names[at]) != "ignore"]
    if not chosen:
        raise DataError(
            f"{table.path}: every column but the target is ignored.",
            "Give one of them another role.",
        )
    return chosen


def _readable(
    table: Table, chosen: list[int], columns: dict[int, Column], recognition: Recognition
) -> list[int]:
    """The chosen columns without those that were left out; one must be left."""
    kept = [at for at in chosen if columns[at].kind != "left out"]
    empty = [at for at in chosen if columns[at].why == "empty"]
    if not kept and empty:
        columns |= {at: Column(at, table.names[at], "number") for at in empty}
        return empty  # which the rows that lack a value are refused for
    if not kept:
        raise free_text(table, table.names[chosen[0]], recognition.looks[chosen[0]])
    return kept


def _categories(table: Table, column: Column, rows: np.ndarray) -> tuple[str, ...]:
    if column.kind != "category":
        return ()
    found = [cell for cell in stripped(table, column.at, rows) if not is_missing(cell)]
    if not found:
        raise DataError(
            f"{table.path}: column {column.name!r} is empty.",
            "Leave it out: set its role to ignore.",
        )
    return categories_of(found)


def _left_out(
    table: Table,
    columns: Mapping[int, Column],
    answer: int,
    chosen: Sequence[int],
    roles: Mapping[str, str],
) -> list[str]:
    """The columns that are no features, each with the reason."""
    used = {*chosen, answer}
    rest = [at for at in range(len(table.names)) if at not in used]
    found = [f"{columns[at].name} ({columns[at].why})" for at in rest if at in columns]
    ignored = [
        table.names[at]
        for at in rest
        if at not in columns and roles.get(table.names[at]) == "ignore"
    ]
    found += [f"{name} (ignored)" for name in ignored]
    others = [
        table.names[at]
        for at in rest
        if at not in columns and roles.get(table.names[at]) != "ignore"
    ]
    return found + [f"{name} (not among the features)" for name in others]
