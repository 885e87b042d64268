"""The files of data that a person chooses by mouse: named from the project's folder as soon as there is one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.project import file
from tests.app.window.person import Person
from tests.gui.canvas.hand import CTRL, SHIFT

KEY = Qt.Key
TABLE = "a,b,kind\n" + "".join(f"{at * 7 % 11},{at * 3 % 7},{('cat', 'dog')[at % 2]}\n" for at in range(60))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in a folder of its own, beside which the project will be."""
    path = tmp_path / "work" / "data" / "pets.csv"
    path.parent.mkdir(parents=True)
    path.write_text(TABLE)
    return path


def begin_new(person: Person) -> None:
    def choose(dialog: QWidget) -> None:
        person.click(dialog.cards["iris-mlp"])
        person.click(dialog.findChild(QWidget, "button_create"))

    person.press("welcome_close")
    person.during("new_project", choose, lambda: person.key(KEY.Key_N, CTRL))


def choose_table(person: Person, path: Path) -> None:
    """Have the data be a table, and choose it in the dialog behind the button beside its path."""
    person.turn_to("Data")
    part = person.window.panels["data"].settings.kind
    person.click(part.combo)
    person.wait(part.combo.view().isVisible)
    QTest.keyClicks(part.combo.view(), "Csv")
    QTest.keyClick(part.combo.view(), KEY.Key_Return)
    person.wait(lambda: "path" in part.form.rows and part.form.rows["path"].editor.browse.isVisible())
    browse = part.form.rows["path"].editor.browse
    person.during("QFileDialog", lambda dialog: person.name_file(dialog, path), lambda: person.click(browse))
    person.retype(part.form.rows["target"].editor.combo, "kind")


def columns(person: Person) -> list[str]:
    """The columns of the table that the page shows, once the worker has read it."""
    page = person.window.panels["data"]
    person.wait(lambda: not page._request_soon.isActive() and page._requested_data is not None)
    person.wait(lambda: page.samples.columns.model().rowCount() > 0)
    columns = page.samples.columns.model()
    return [columns.index(row, 0).data() for row in range(columns.rowCount())]


def test_data_chosen_before_the_first_save_is_named_from_the_project_and_found_again(
    start, asked_worker, table, tmp_path
) -> None:
    person = start(None)
    begin_new(person)
    choose_table(person, table)
    assert person.document.project.data.params == {"path": table.as_posix(), "target": "kind"}
    path = tmp_path / "work" / "pets.loom"

    person.save_as(path)

    assert file.read(path).data.params == {"path": "data/pets.csv", "target": "kind"}
    field = person.window.panels["data"].settings.kind.form.rows["path"].editor.field
    assert field.text() == "data/pets.csv"
    assert columns(person) == ["a", "b", "kind"]
    person.key(KEY.Key_Z, CTRL)  # the choice of the target, and not the name that the file has just been given
    assert person.document.project.data.params == {"path": "data/pets.csv"}
    assert person.document.project.name == "pets"
    person.key(KEY.Key_Y, CTRL)
    assert not person.document.modified
    person.key(KEY.Key_Q, CTRL)
    person.wait(lambda: not person.frame.isVisible())

    (tmp_path / "work").rename(tmp_path / "moved")  # both together, as a person moves them
    person = start(tmp_path / "moved" / "pets.loom")
    person.turn_to("Data")
    assert columns(person) == ["a", "b", "kind"]


def test_a_copy_elsewhere_and_each_step_back_from_it_find_the_data(start, asked_worker, table, tmp_path) -> None:
    person = start(None)
    begin_new(person)
    choose_table(person, table)
    person.save_as(tmp_path / "work" / "pets.loom")
    away = tmp_path / "away" / "pets.loom"
    away.parent.mkdir()

    person.save_as(away, CTRL | SHIFT)

    assert file.read(away).data.params == {"path": str(table), "target": "kind"}
    assert columns(person) == ["a", "b", "kind"]
    person.key(KEY.Key_Z, CTRL)
    assert person.document.project.data.params == {"path": str(table)}
    person.key(KEY.Key_Y, CTRL)
    assert columns(person) == ["a", "b", "kind"]
    assert not person.document.modified
