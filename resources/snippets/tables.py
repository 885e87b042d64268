"""A table as a data set: features and a label or a target."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from resources.snippets.load_result import Guess, LoadedSamples
from resources.snippets.samples import DataError
from resources.snippets.table.blocks import Ragged
from resources.snippets.table.column import LEFT_OUT, Column, Notation
from resources.snippets.table.columns import Recognition
from resources.snippets.table.dates import ORDER_NAMES
from resources.snippets.table.form import column_form, table_form, target_form
from resources.snippets.table.free_text import free_text
from resources.snippets.table.new_rows import has_units, nameless_rows, refused_rows, wrong_rows
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
from resources.snippets.table.target import (
    first_day,
    target_column,
    target_fields,
    target_name,
    target_origin,
    target_role,
)
from resources.snippets.table.text_table import ONE_COLUMN, Table
from resources.snippets.table.values import (
    Columns,
    categories_of,
    feature_array,
    read_values,
    rows_to_keep,
    stripped_cells,
)

WESTERN = ("cp1252", "latin-1")  # the encodings of files that are not UTF-8
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
) -> LoadedSamples:
    """``features`` float32 (rows, columns), and ``label`` int64 (rows,) or ``target`` float32 (rows, 1).

    ``features``: the columns to learn from, all others than ``target`` when empty.
    ``roles``: by column ``number``, ``category`` (one-hot, a column for each text), ``date`` (days since the
    first), ``ignore`` or ``target``; the kind of a column without a role is recognized from all its cells.
    ``task``: ``classification``, ``regression``, or ``auto``: text, or at most 20 different whole numbers, are classes.
    ``missing``: ``refuse``; ``drop`` the row; or ``mean``, which leaves nan in the features, to be filled with the
    mean of the training rows, or their most frequent category. A row whose target is missing is dropped unless refused.
    ``header``, ``skip``, ``encoding`` and ``sheet``: how the file is opened; ``decimal`` and ``dates``: how numbers and
    dates are written; by default these are recognized. ``marks``: texts that mean a missing value.
    """
    roles_by_name = dict(roles)
    target = target_name(str(path), target, roles_by_name)
    layout = Layout(header=header, skip=skip, encoding=encoding, sheet=sheet)
    table = read_table(path, {target, *features, *roles_by_name}, layout)
    target_at = table.column(target)
    roles_by_name, unknown = _known_roles(table, roles_by_name)
    features_at = _features_at(table, features, target_at, roles_by_name)
    role = target_role(table.names[target_at], roles_by_name, task)
    recognition = Recognition(
        table, roles_by_name, role, Notation(decimal=decimal, dates=dates, marks=marks)
    )
    columns = recognition.recognize([*features_at, target_at], target_at, strict=bool(features))
    columns[target_at] = target_column(columns[target_at], task)
    features_at = _readable(table, features_at, columns, recognition)
    scans = {at: scan if scan.plain is None else None for at, scan in recognition.scans.items()}
    values = {
        at: read_values(table, columns[at], recognition.scans.pop(at))
        for at in [*features_at, target_at]
    }
    rows, gaps = rows_to_keep(table, values, features_at, target_at, missing)
    used = [columns[at] for at in features_at]
    feature_columns = tuple((each.name, _categories(table, each, rows)) for each in used)
    origins = {
        each.at: first_day(values[each.at], rows) for each in used if each.order in ORDER_NAMES
    }
    encodings = feature_array(table, used, feature_columns, values, rows, origins, roles_by_name)
    first = target_origin(columns[target_at], values[target_at], rows)
    fields, classes = target_fields(table, columns[target_at], values[target_at], rows, task)
    texts = {
        each.name: role_text(each, categories, origins.get(each.at))
        for each, (_, categories) in zip(used, feature_columns, strict=True)
    }
    texts[columns[target_at].name] = role_text(columns[target_at], (), None, is_target=True)
    forms = [
        column_form(table, each, scans[each.at], categories, origins.get(each.at))
        for each, (_, categories) in zip(used, feature_columns, strict=True)
    ]
    target_entry = target_form(table, columns[target_at], scans[target_at], classes, first)
    return LoadedSamples(
        {"features": encodings, **fields},
        classes,
        [f"line {line}" for line in table.lines[rows].tolist()],
        columns=feature_columns,
        missing=gaps,
        dropped=len(table) - len(rows),
        roles={name: texts.get(name, LEFT_OUT) for name in table.names},
        left_out=[
            *table.left_out,
            *_left_out(table, columns, target_at, features_at, roles_by_name),
        ],
        guesses=[*table.guesses, *unknown, *recognition.guesses()],
        decisions={
            each.name: record for each in used if (record := record_of(each, origins.get(each.at)))
        }
        | table_record(table, used),
        measure=columns[target_at].measure if "target" in fields else "",
        form=table_form(table, forms, target_entry, missing),
    )


def load_csv_features(
    path: str | Path,
    columns: Columns,
    missing: str = "refuse",
    readings: Mapping[str, str] | None = None,
) -> LoadedSamples:
    """Only ``features``, read like the training data; other columns are ignored.

    ``columns``: those of the training data, with their categories. ``missing``: ``refuse`` rows that lack a value, or
    leave nan. ``readings``: the records of columns other than plain numbers and categories. Rows that cannot be used
    are in ``refusals``.
    """
    records = readings or {}
    table, ragged = _new_table(path, {name for name, _ in columns}, records)
    if not table.heading and not all(table.has(name) for name, _ in columns):
        raise nameless_rows(table, [name for name, _ in columns])
    used, origins = [], {}
    for name, categories in columns:
        column, origin = recorded_column(
            table.column(name), name, categories, records.get(name, "")
        )
        used.append(column)
        if column.marks:
            table.empty(column.at, column.marks)
        origins[column.at] = origin
    learned_units = records.get(UNITS, "")
    if has_units(table, used, columns, learned_units.split("\t") if learned_units else ()):
        table.drop_first()
    values = {each.at: read_values(table, each, None) for each in used}
    wrong = wrong_rows(table, used, columns, values, missing)
    rows = np.array([row for row in range(len(table)) if row not in wrong], dtype=np.int64)
    return LoadedSamples(
        {"features": feature_array(table, used, columns, values, rows, origins)},
        places=[f"line {line}" for line in table.lines[rows].tolist()],
        columns=columns,
        refusals=refused_rows(table, wrong, ragged),
    )


def _new_table(
    path: str | Path, names: Collection[str], records: Mapping[str, str]
) -> tuple[Table, list[Ragged]]:
    """A new file, with the recorded sheet, and the recorded encoding where its own is not clear; and its bad lines."""
    ragged: list[Ragged] = []
    layout = Layout(units=False, usual_sheet=records.get(SHEET, ""))
    table = read_table(path, names, layout, ragged)
    encoding = records.get(ENCODING, "")
    if encoding and any(guess.value in WESTERN for guess in table.guesses):
        ragged = []
        table = read_table(path, names, Layout(encoding=encoding, units=False), ragged)
    return table, ragged


def _known_roles(table: Table, roles: Mapping[str, str]) -> tuple[dict[str, str], list[Guess]]:
    """The roles of columns that the table has, and a guess about others."""
    usable = {name: role for name, role in roles.items() if table.has(name)}
    lost = [name for name in roles if name not in usable]
    if not lost:
        return usable, []
    names = ", ".join(map(repr, lost[:5])) + (
        f" and {len(lost) - 5:,} more" if len(lost) > 5 else ""
    )
    guess = Guess(
        f"{table.path}: the roles name {names}, which the table has no column for.",
        "Correct the name, or take the role away.",
        "roles",
        tuple(usable.items()),
        "Take it away" if len(lost) == 1 else "Take them away",
    )
    return usable, [guess]


def _features_at(
    table: Table, features: Sequence[str], target_at: int, roles: Mapping[str, str]
) -> list[int]:
    """The indices of the columns to learn from, before they are recognized."""
    name = table.names[target_at]
    named_at = [table.column(each) for each in features]
    if target_at in named_at:
        raise DataError(
            f"{table.path}: column {name!r} is the target and a feature.",
            "Take it out of the features.",
        )
    if len(set(named_at)) < len(named_at):
        repeated = next(at for place, at in enumerate(named_at) if at in named_at[:place])
        raise DataError(
            f"{table.path}: feature {table.names[repeated]!r} is listed twice.", "List it once."
        )
    every = [at for at in range(len(table.names)) if at != target_at]
    if not every:
        raise DataError(
            f"{table.path}: {name!r} is its only column.",
            f"Add a column to learn from. {ONE_COLUMN}",
        )
    features_at = [at for at in named_at or every if roles.get(table.names[at]) != "ignore"]
    if not features_at:
        raise DataError(
            f"{table.path}: every column but the target is ignored.",
            "Give one of them another role.",
        )
    return features_at


def _readable(
    table: Table, features_at: list[int], columns: dict[int, Column], recognition: Recognition
) -> list[int]:
    """Those of the columns that are not left out; there must be one."""
    readable = [at for at in features_at if columns[at].kind != "left out"]
    empty = [at for at in features_at if columns[at].why == "empty"]
    if not readable and empty:
        columns |= {at: Column(at, table.names[at], "number") for at in empty}
        return empty  # the error about missing values explains it
    if not readable:
        raise free_text(table, table.names[features_at[0]], recognition.scans[features_at[0]])
    return readable


def _categories(table: Table, column: Column, rows: np.ndarray) -> tuple[str, ...]:
    if column.kind != "category":
        return ()
    cells = [cell for cell in stripped_cells(table, column.at, rows) if not is_missing(cell)]
    if not cells:
        raise DataError(
            f"{table.path}: column {column.name!r} is empty.",
            "Leave it out: set its role to ignore.",
        )
    return categories_of(cells)


def _left_out(
    table: Table,
    columns: Mapping[int, Column],
    target_at: int,
    features_at: Sequence[int],
    roles: Mapping[str, str],
) -> list[str]:
    """The columns that are not features, each with the reason."""
    used = {*features_at, target_at}
    rest = [at for at in range(len(table.names)) if at not in used]
    texts = [f"{columns[at].name} ({columns[at].why})" for at in rest if at in columns]
    ignored = [
        table.names[at]
        for at in rest
        if at not in columns and roles.get(table.names[at]) == "ignore"
    ]
    texts += [f"{name} (ignored)" for name in ignored]
    others = [
        table.names[at]
        for at in rest
        if at not in columns and roles.get(table.names[at]) != "ignore"
    ]
    return texts + [f"{name} (not among the features)" for name in others]
