"""Every table that a test reads is read again by its form, as exported code does, with the same result."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.codegen.scripts import table
from resources.snippets import tables
from resources.snippets.known_format.table import read_known_table, read_new_table
from resources.snippets.load_result import LoadedSamples

READERS = {
    entry: getattr(import_module(f"resources.snippets.{module}"), name)
    for entry, (module, name) in table.READERS.items()
}


def answered_alike(path: str, rows: LoadedSamples) -> None:
    """The file itself, as a new one, gives the app and an exported script the same samples and refusals."""
    again = tables.load_csv_features(path, rows.columns, "refuse", rows.decisions)  # type: ignore[arg-type]
    alone = read_new_table(path, {**rows.form, "missing": "refuse"}, READERS)
    assert np.array_equal(alone.fields["features"], again.fields["features"])
    assert list(alone.places) == list(again.places)
    assert [each.place for each in alone.refusals] == [each.place for each in again.refusals]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table into a file."""

    def write(text: str | bytes, name: str = "data.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture(autouse=True)
def every_table_is_read_alike_by_its_form(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    module = request.module
    if getattr(module, "load_csv", None) is not tables.load_csv:
        return

    @wraps(tables.load_csv)
    def read_twice(path: Any, *values: Any, **kwargs: Any) -> LoadedSamples:
        rows = tables.load_csv(path, *values, **kwargs)
        again = read_known_table(str(path), rows.form, READERS)
        assert again.keys() == rows.fields.keys()
        for name, array in rows.fields.items():
            assert again[name].dtype == array.dtype
            assert again[name].shape == array.shape
            assert np.array_equal(again[name], array, equal_nan=array.dtype.kind == "f"), (name, rows.form)
        classes = rows.classes.get("label")
        assert rows.form["target"].get("classes") == classes  # type: ignore[attr-defined]
        answered_alike(str(path), rows)
        return rows

    monkeypatch.setattr(module, "load_csv", read_twice)
