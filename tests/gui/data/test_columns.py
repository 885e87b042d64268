"""The data page: the columns of a table, their roles, and how a click changes them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import SetData
from engine.graph.model import Data, Project
from engine.protocol.answers import DataSummed
from engine.protocol.requests import DataSummary
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import describe
from gui.data.data_settings import roles_by_column, target_of, with_role
from gui.data.samples_view import COLUMNS_TAB
from gui.data.summary_values import summary_values
from tests.gui.data.inputs import WAIT, field, summary

KEY = Qt.Key
ROLES = ("number", "category", "date", "ignore", "target")
TABLE = [
    {"name": "age", "role": "number", "different": 48, "missing": 3},
    {"name": "town", "role": "category of 5", "different": 5, "missing": 0},
    {"name": "kind", "role": "target, a class", "different": None, "missing": 0},
]
SUMMARY = summary({"features": field([6]), "label": field([], "int64")}, table=TABLE)


@pytest.fixture
def csv(document, tmp_path: Path) -> Data:
    """A table as the project's data; the answers are made up."""
    data = Data("Csv", {"path": (tmp_path / "t.csv").as_posix(), "target": "kind"})
    document.do(SetData(data))
    return data


@pytest.fixture
def columns(page, csv, link, qtbot, monkeypatch) -> Callable[[], None]:
    """Opens the columns with the mouse."""
    monkeypatch.setattr("gui.data.data_page.roles_of", lambda kind: ROLES if kind == "Csv" else ())
    qtbot.waitUntil(lambda: not page._request_soon.isActive())

    def open_columns(answer: DataSummed = SUMMARY) -> None:
        link.answer(DataSummary, answer)
        tabs = page.samples.tabs
        QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(COLUMNS_TAB).center())

    return open_columns


def cells(page) -> list[list[str]]:
    model = page.samples.columns.model()
    return [[model.index(row, at).data() for at in range(model.columnCount())] for row in range(model.rowCount())]


def click_role(page, row: int, role: str) -> None:
    """Choose a role by two clicks: on the cell, and in the menu."""
    view = page.samples.columns
    cell = view.visualRect(view.model().index(row, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert view.menu.isVisible()
    action = next(each for each in view.menu.actions() if each.text() == role)
    QTest.mouseClick(view.menu, Qt.MouseButton.LeftButton, pos=view.menu.actionGeometry(action).center())


def test_columns_show_role_values_and_gaps(page, columns) -> None:
    columns()
    assert page.samples.stack.currentWidget() is page.samples.columns
    assert [[text.split("  ")[0] for text in row] for row in cells(page)] == [
        ["age", "number", "48", "3"],
        ["town", "category of 5", "5", "none"],
        ["kind", "target, a class", "", "none"],
    ]


def test_data_without_columns_has_no_tab_for_them(page, link, document, qtbot, columns) -> None:
    columns()
    document.do(SetData(Data("Digits")))
    qtbot.waitUntil(lambda: not page._request_soon.isActive())
    assert cells(page) == []
    link.answer(DataSummary, summary())
    assert not page.samples.tabs.isTabVisible(COLUMNS_TAB)
    assert page.samples.tabs.currentIndex() == 0


def test_a_click_reads_a_column_as_something_else(page, document, columns) -> None:
    columns()
    click_role(page, 0, "category")
    assert document.project.data.params["roles"] == (("age", "category"),)
    assert document.history.undoText() == "Read age as category"
    document.history.undo()
    assert "roles" not in document.project.data.params


def test_the_keyboard_reads_a_column_as_something_else(page, document, columns) -> None:
    columns()
    view = page.samples.columns
    view.setFocus()
    QTest.keyClick(view, KEY.Key_Down)
    QTest.keyClick(view, KEY.Key_Return)
    assert view.menu.isVisible()
    for key in (KEY.Key_Down, KEY.Key_Return):
        QTest.keyClick(view.menu, key)
    assert document.project.data.params["roles"] == (("town", "number"),)


def test_another_target_is_chosen_by_its_column_and_cannot_be_removed(page, document, columns) -> None:
    columns()
    click_role(page, 0, "target")
    assert document.project.data.params["target"] == "age"
    view = page.samples.columns
    document.history.undo()
    page.samples.columns._open(2)
    assert [action.text() for action in view.menu.actions() if action.isEnabled()] == ["target"]
    view.menu.close()


def test_the_columns_stay_in_view_while_roles_are_changed(page, link, document, qtbot, columns) -> None:
    columns()
    click_role(page, 1, "ignore")
    qtbot.waitUntil(lambda: not page._request_soon.isActive())
    table = [TABLE[0], {**TABLE[1], "role": "left out", "different": None}, TABLE[2]]
    link.answer(DataSummary, summary({"features": field([1]), "label": field([], "int64")}, table=table))
    assert page.samples.stack.currentWidget() is page.samples.columns
    assert page.samples.columns.currentIndex().row() == 1
    click_role(page, 1, "automatic")
    assert "roles" not in document.project.data.params


def test_a_table_that_cannot_be_read_still_shows_its_columns(page, columns) -> None:
    columns(DataSummed(1, {"headings": ["age", "town"], "message": "town is free text.", "hint": ""}))
    assert [row[0] for row in cells(page)] == ["age", "town"]
    assert all("not read yet" in row[1] for row in cells(page))


def test_roles_can_be_set_and_removed() -> None:
    data = Data("Csv", {"path": "t.csv", "target": "kind"})
    assert with_role(data, "a", "") == data
    both = with_role(with_role(data, "a", "number"), "b", "ignore")
    assert roles_by_column(both) == {"a": "number", "b": "ignore"}
    assert roles_by_column(with_role(both, "a", "")) == {"b": "ignore"}
    changed = with_role(Data("Csv", {"path": "t.csv", "roles": (("y", "target"), ("a", "date"))}), "a", "target")
    assert target_of(Data("Csv", {"roles": (("y", "target"),)})) == "y"
    assert (target_of(changed), roles_by_column(changed)) == ("a", {})


def test_the_columns_are_counted_as_they_are_in_the_file(tmp_path: Path) -> None:
    rows = "".join(f"{at % 7},{'abc'[at % 3]},{'' if at % 10 == 0 else at % 4},{at}\n" for at in range(60))
    (tmp_path / "t.csv").write_text("n,town,gap,price\n" + rows)
    data = Data("Csv", {"path": "t.csv", "target": "price", "missing": "mean", "roles": (("n", "ignore"),)})
    ignored = next(each for each in describe(load_data(Project(data=data), tmp_path))["table"] if each["name"] == "n")
    assert (ignored["different"], ignored["missing"]) == (None, None)
    data = replace(data, params={**data.params, "roles": ()})
    table = {each["name"]: each for each in describe(load_data(Project(data=data), tmp_path))["table"]}
    assert (table["n"]["different"], table["n"]["missing"]) == (7, 0)
    assert table["town"]["different"] == 3
    assert table["gap"]["missing"] == 6


def test_left_out_and_changed_values_are_listed() -> None:
    read = {"left_out": [f"c{at} (ignored)" for at in range(20)], "scaled": ["image divided by 255"]}
    values = dict(summary_values(summary(read=read).summary))
    assert values["left out"].splitlines()[-1] == "and 12 more"
    assert values["changed"] == "image divided by 255"


def test_the_columns_of_the_real_worker_are_shown(live, document, qtbot, tmp_path: Path) -> None:
    rows = "".join(f"{at},{'abc'[at % 3]},{at * 1.5}\n" for at in range(60))
    (tmp_path / "t.csv").write_text("size,town,price\n" + rows)
    document.do(SetData(Data("Csv", {"path": (tmp_path / "t.csv").as_posix(), "target": "price"})))
    qtbot.waitUntil(lambda: len(cells(live)) >= 2, timeout=WAIT)
    assert [row[0] for row in cells(live)][:2] == ["size", "town"]
    assert live.samples.tabs.isTabVisible(COLUMNS_TAB)
