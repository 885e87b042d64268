"""The form of a table: the role of each column in a line, added, changed and removed; and one target."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.protocol.answers import DataSummed
from engine.protocol.requests import DataSummary
from gui.forms.roles_editor import MAX_LINES, RolesEditor
from tests.gui.data.inputs import choose

LEFT = Qt.MouseButton.LeftButton
COLUMNS = ["age", "town", "kind"]


@pytest.fixture
def csv(document, tmp_path: Path) -> Data:
    """A table as the project's data; the answers are made up."""
    data = Data("Csv", {"path": (tmp_path / "t.csv").as_posix(), "target": "kind"})
    document.do(SetData(data))
    return data


@pytest.fixture
def editor(page, csv, link, qtbot) -> RolesEditor:
    """The editor, once the columns are known."""
    qtbot.waitUntil(lambda: not page._request_soon.isActive())
    link.answer(DataSummary, DataSummed(0, {"headings": COLUMNS, "message": "no", "hint": ""}))
    roles_editor = page.settings.kind.form.rows["roles"].editor
    assert isinstance(roles_editor, RolesEditor)
    page._form.ensureWidgetVisible(roles_editor)
    return roles_editor


def roles(document) -> object:
    return document.project.data.params.get("roles", ())


def add(editor: RolesEditor, column: str) -> None:
    choose(editor.add, column)


def test_the_columns_of_the_table_are_offered(editor) -> None:
    assert [editor.add.itemText(at) for at in range(editor.add.count())] == COLUMNS


def test_a_role_is_added_changed_and_removed(editor, document) -> None:
    add(editor, "town")
    assert roles(document) == (("town", "ignore"),)
    assert [editor.add.itemText(at) for at in range(editor.add.count())] == ["age", "kind"]
    choose(editor.visible_lines[0].combo, "category")
    assert roles(document) == (("town", "category"),)
    QTest.mouseClick(editor.visible_lines[0].remove, LEFT)
    assert "roles" not in document.project.data.params or roles(document) == ()
    for expected in ((("town", "category"),), (("town", "ignore"),), ()):
        document.history.undo()
        assert roles(document) == expected


def test_a_column_can_be_typed(editor, document) -> None:
    QTest.keyClicks(editor.add.lineEdit(), "height")
    QTest.keyClick(editor.add.lineEdit(), Qt.Key.Key_Return)
    assert roles(document) == (("height", "ignore"),)


def test_the_role_target_is_the_target(editor, document, page) -> None:
    add(editor, "town")
    choose(editor.visible_lines[0].combo, "target")
    assert document.project.data.params["target"] == "town"
    assert roles(document) == ()
    assert page.settings.kind.form.rows["target"].editor.combo.currentText() == "town"


def test_each_control_has_a_name(editor) -> None:
    add(editor, "age")
    (line,) = editor.visible_lines
    assert line.combo.accessibleName() == "role of age"
    assert line.remove.accessibleName() == "Read age according to its cells"
    assert editor.add.accessibleName() == "column to add"


def test_very_many_roles_are_shown_as_a_count(editor, document) -> None:
    many = tuple((f"c{at}", "ignore") for at in range(MAX_LINES + 30))
    data = document.project.data
    document.do(SetData(Data("Csv", {**data.params, "roles": many})))
    assert len(editor.visible_lines) == MAX_LINES
    assert editor.more.text() == "and 30 more"
    assert roles(document) == many


def test_tab_goes_through_the_lines_of_roles_before_the_field_that_adds_one(editor, document) -> None:
    for column in ("town", "age"):
        add(editor, column)
    visited, each = [], editor.visible_lines[0].combo
    for _ in range(12):
        visited.append(each.accessibleName())
        if each is editor.add:
            break
        each = each.nextInFocusChain()
    names = [name for name in visited if name]
    assert names == [
        "role of town", "Read town according to its cells", "role of age", "Read age according to its cells",
        "column to add",
    ]  # fmt: skip


def test_a_line_keeps_the_focus_while_its_role_changes(editor, document) -> None:
    add(editor, "town")
    combo = editor.visible_lines[0].combo
    choose(combo, "category")
    assert roles(document) == (("town", "category"),)
    assert editor.visible_lines[0].combo is combo
    document.history.undo()
    assert combo.currentText() == "ignore"
