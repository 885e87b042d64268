"""Using the list of runs: names, tags, the menu, the filter, columns, and CSV."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.runs.label import Label, read_label, write_label
from gui.preferences.preferences import Preferences
from gui.preferences.preferences_file import Values
from gui.runs.known_runs.inventory import RunEntry, read
from gui.runs.pages.runs_page import RunsPage
from gui.runs.table.columns import COLUMNS, DEFAULT, NAME, Column, legal
from gui.runs.table.csv_copy import as_csv
from gui.runs.table.table_model import KEY, PATH

WAIT = 60_000
KEY_OF, LEFT, RIGHT = Qt.Key, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SETTINGS = {"net-a": ("AdamW", 0.002, 64), "net-b": ("SGD", 0.1, 16), "net-c": ("Adam", 0.0005, 128)}


@pytest.fixture
def runs(context, real_run) -> dict[str, Path]:
    """Three runs beside the project, with different settings."""
    folders = {}
    for name, (optimizer, lr, size) in SETTINGS.items():
        run = Path(shutil.copytree(real_run, context.document.path.parent / "runs" / name))
        project = json.loads((run / "project.loom").read_text())
        project["training"] |= {"optimizer": {"kind": optimizer, "params": {"lr": lr}}, "batch_size": size}
        (run / "project.loom").write_text(json.dumps(project))
        folders[name] = run
    context.runs.start(context.document)
    return folders


@pytest.fixture
def page(context, runs, answers, theme, qtbot: QtBot) -> RunsPage:
    runs_page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(runs_page)
    runs_page.resize(1100, 640)
    runs_page.show()
    runs_page.activateWindow()
    qtbot.waitUntil(lambda: runs_page.model.rowCount() == 3, timeout=WAIT)
    qtbot.waitUntil(runs_page.isActiveWindow, timeout=WAIT)
    return runs_page


def place_of(page: RunsPage, run: Path, key: str = NAME) -> QPoint:
    model = page.table.model()
    cells = (model.index(row, page.model.place(key)) for row in range(model.rowCount()))
    return page.table.visualRect(next(index for index in cells if index.data(PATH) == str(run))).center()


def click(
    page: RunsPage, run: Path, button: Qt.MouseButton = LEFT, modifier: Qt.KeyboardModifier | None = None
) -> None:
    modifier = modifier or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(page.table.viewport(), button, modifier, place_of(page, run))


def press(page: RunsPage, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """Send a key as the system does: to the window, which passes it to the focus widget."""
    QTest.keyClick(page.windowHandle(), key, modifier or Qt.KeyboardModifier.NoModifier)


def type_into(widget: QLineEdit, text: str) -> None:
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, KEY_OF.Key_Return)


def open_menu(qtbot: QtBot, name: str = "runs_menu") -> QMenu:
    def visible_menu() -> QMenu | None:
        popup = QApplication.activePopupWidget()
        return popup if isinstance(popup, QMenu) and popup.objectName() == name else None

    qtbot.waitUntil(lambda: visible_menu() is not None, timeout=WAIT)
    menu = visible_menu()
    assert menu is not None
    return menu


def pick(menu: QMenu, text: str) -> None:
    """Click an entry."""
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def names(page: RunsPage) -> list[str]:
    return [run.summary.name for run in page.table.runs]


def test_f2_names_a_run_and_leaves_its_folder(page, runs, qtbot) -> None:
    click(page, runs["net-b"])
    press(page, KEY_OF.Key_F2)
    editor = page.table.findChild(QLineEdit, "run_name")
    assert editor.selectedText() == "net-b"
    with qtbot.assertNotEmitted(page.table.open_wanted):  # Return ends the editor, and does not open the run
        type_into(editor, "fast learner")
    qtbot.waitUntil(lambda: "fast learner" in names(page), timeout=WAIT)
    assert read_label(runs["net-b"]) == Label("fast learner")
    assert runs["net-b"].is_dir()
    assert page.table.paths == [runs["net-b"]]


def test_escape_leaves_a_name_as_it_was_and_an_empty_one_is_the_folders(page, runs, qtbot) -> None:
    click(page, runs["net-b"])
    press(page, KEY_OF.Key_F2)
    editor = page.table.findChild(QLineEdit, "run_name")
    QTest.keyClicks(editor, "never mind")
    QTest.keyClick(editor, KEY_OF.Key_Escape)
    assert read_label(runs["net-b"]) == Label()
    write_label(runs["net-b"], Label("named"))
    page._inventory.refresh()
    qtbot.waitUntil(lambda: "named" in names(page), timeout=WAIT)
    press(page, KEY_OF.Key_F2)
    editor = next(each for each in page.table.findChildren(QLineEdit, "run_name") if each.isVisible())
    QTest.keyClick(editor, KEY_OF.Key_Delete)
    QTest.keyClick(editor, KEY_OF.Key_Return)
    qtbot.waitUntil(lambda: "net-b" in names(page), timeout=WAIT)
    assert read_label(runs["net-b"]) == Label()


def test_an_update_of_a_run_leaves_what_is_being_typed(page, runs, qtbot) -> None:
    click(page, runs["net-b"])
    press(page, KEY_OF.Key_F2)
    editor = page.table.findChild(QLineEdit, "run_name")
    QTest.keyClicks(editor, "half a na")
    write_label(runs["net-b"], Label(tags=("new",)))
    page._inventory.refresh()
    qtbot.waitUntil(lambda: page._inventory.find(runs["net-b"]).summary.label.tags == ("new",), timeout=WAIT)
    assert editor.text() == "half a na"
    type_into(editor, "me")
    qtbot.waitUntil(lambda: read_label(runs["net-b"]) == Label("half a name", ("new",)), timeout=WAIT)


def test_keys_that_end_the_typing_of_a_name_do_nothing_else(page, runs, qtbot) -> None:
    runs_shown: list[Path] = []
    page.show_wanted.connect(runs_shown.append)
    click(page, runs["net-b"])
    press(page, KEY_OF.Key_F2)
    editor = page.table.findChild(QLineEdit, "run_name")
    QTest.keyClick(editor, KEY_OF.Key_F2)  # Qt would warn that the editor is open
    type_into(editor, "other")
    qtbot.waitUntil(lambda: read_label(runs["net-b"]).name == "other", timeout=WAIT)
    assert runs_shown == []
    press(page, KEY_OF.Key_Return)
    assert runs_shown == [runs["net-b"]]


@pytest.mark.parametrize("way", ["right click", "menu key", "shift f10"])
def test_the_menu_opens_over_the_run_that_is_meant(page, runs, qtbot, way) -> None:
    click(page, runs["net-b"])
    if way == "right click":
        click(page, runs["net-c"], RIGHT)
        at = page.table.viewport().mapToGlobal(place_of(page, runs["net-c"]))
        QApplication.sendEvent(page.table.viewport(), context_menu(page, runs["net-c"], at))
    elif way == "menu key":
        press(page, KEY_OF.Key_Menu)
    else:
        press(page, KEY_OF.Key_F10, SHIFT)
    menu = open_menu(qtbot)
    assert page.table.paths == [runs["net-c" if way == "right click" else "net-b"]]
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Show in the training panel", "Open graph", "Open folder", "Rename", "Tags", "Train longer...", "Stop",
        "Export...",
        "Copy as CSV", "Delete...",
    ]  # fmt: skip
    assert not next(action for action in menu.actions() if action.text() == "Stop").isEnabled()
    with qtbot.waitSignal(page.graph_wanted) as wanted_graph:
        pick(menu, "Open graph")
    assert wanted_graph.args == page.table.paths


def context_menu(page: RunsPage, run: Path, at: QPoint) -> QContextMenuEvent:
    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place_of(page, run), at)


def test_the_menu_renames_too(page, runs, qtbot) -> None:
    click(page, runs["net-a"])
    press(page, KEY_OF.Key_Menu)
    pick(open_menu(qtbot), "Rename")
    type_into(page.table.findChild(QLineEdit, "run_name"), "first")
    qtbot.waitUntil(lambda: "first" in names(page), timeout=WAIT)


def test_tags_are_given_to_all_chosen_runs_and_taken_from_them(page, runs, answers, qtbot) -> None:
    click(page, runs["net-a"])
    click(page, runs["net-b"], modifier=CTRL)
    answers.tag = " paper, draft "
    press(page, KEY_OF.Key_Menu)
    menu = open_menu(qtbot)
    assert not page.commands.rename.isEnabled()  # only a single run can be renamed
    page.commands.tags.popup(menu.mapToGlobal(QPoint(4, 4)))
    pick(page.commands.tags, "New tag...")
    menu.close()
    for name in ("net-a", "net-b"):
        assert read_label(runs[name]).tags == ("paper", "draft")
    assert read_label(runs["net-c"]).tags == ()
    qtbot.waitUntil(lambda: page._inventory.find(runs["net-b"]).summary.label.tags != (), timeout=WAIT)
    click(page, runs["net-b"])
    page.commands.tags.popup(menu.mapToGlobal(QPoint(4, 4)))
    pick(page.commands.tags, "draft")
    assert read_label(runs["net-b"]).tags == ("paper",)
    assert read_label(runs["net-a"]).tags == ("paper", "draft")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("net-a", {"net-a"}),
        ("SGD", {"net-b"}),
        ("adam", {"net-a", "net-c"}),
        ("digits adamw", {"net-a"}),
        ("baseline", {"net-c"}),
        ("finished base", {"net-c"}),
        ("digits", {"net-a", "net-b", "net-c"}),
        ("nothing of it", set()),
    ],
)
def test_words_leave_the_runs_that_all_of_them_are_found_in(page, runs, qtbot, words, left) -> None:
    write_label(runs["net-c"], Label(tags=("Baseline",)))
    page._inventory.refresh()
    qtbot.waitUntil(lambda: page._inventory.find(runs["net-c"]).summary.label.tags != (), timeout=WAIT)
    click(page, runs["net-a"])
    press(page, KEY_OF.Key_F, CTRL)
    assert page.list.filter.hasFocus()
    QTest.keyClicks(page.list.filter, words)
    assert set(names(page)) == left
    assert page.table.isVisible() is bool(left)
    QTest.keyClick(page.list.filter, KEY_OF.Key_Escape)
    assert set(names(page)) == set(runs)


def test_a_run_that_the_filter_hides_is_chosen_no_more(page, runs) -> None:
    click(page, runs["net-b"])
    assert page.commands.delete.isEnabled()
    page.list.filter.setText("net-a")
    assert page.table.paths == []
    assert page._current.selected_run is None
    assert not page.commands.delete.isEnabled()
    page.list.filter.setText("")
    assert page.table.paths == []
    assert not page.commands.delete.isEnabled()


def test_what_is_chosen_stays_so_when_the_runs_change_places(page, runs) -> None:
    click(page, runs["net-b"])
    page.model.set_runs(page.model.runs[::-1])
    assert page.table.paths == [runs["net-b"]]
    assert page.commands.delete.isEnabled()


def test_the_filter_is_left_downwards_into_the_list(page, runs) -> None:
    page.table.clearSelection()
    page.list.filter.setFocus()
    QTest.keyClicks(page.list.filter, "sgd")
    QTest.keyClick(page.list.filter, KEY_OF.Key_Down)
    assert page.table.hasFocus()
    assert page.table.paths == [runs["net-b"]]


def test_columns_are_chosen_by_a_right_click_on_the_titles_and_kept(page, runs, context, qtbot) -> None:
    head = page.table.horizontalHeader()
    head.customContextMenuRequested.emit(QPoint(200, 10))  # the effect of a right click there
    pick(open_menu(qtbot, "columns_menu"), "Learning rate")
    assert page.table.columns == [*DEFAULT, "lr"]
    cell = {page.table.filter_model.run(row).path.name: row for row in range(3)}
    texts = {name: page.table.filter_model.index(row, page.model.place("lr")).data() for name, row in cell.items()}
    assert texts == {"net-a": "0.002", "net-b": "0.100", "net-c": "0.0005"}
    QTest.mouseClick(page.list.columns, LEFT)
    metrics = open_menu(qtbot, "columns_menu").findChild(QMenu, "metrics_menu")
    metrics.popup(QPoint(300, 300))
    pick(metrics, "Training accuracy")
    page.list.columns._menu.close()
    assert page.table.columns == [*DEFAULT, "lr", "train_accuracy"]
    QTest.mouseClick(page.list.columns, LEFT)
    pick(open_menu(qtbot, "columns_menu"), "Started")
    context.preferences.write()
    assert Preferences().values.run_columns == [*(key for key in DEFAULT if key != "started"), "lr", "train_accuracy"]
    QTest.mouseClick(page.list.columns, LEFT)
    pick(open_menu(qtbot, "columns_menu"), "Default columns")
    assert page.table.columns == list(DEFAULT)


def test_a_column_that_is_dragged_stays_where_it_was_put(page, context) -> None:
    head = page.table.horizontalHeader()
    head.moveSection(head.visualIndex(page.model.place("epochs")), 1)  # the effect of a drag
    assert page.table.columns == ["name", "epochs", "state", "started", "val_loss", "score", "seconds"]
    assert context.preferences.values.run_columns == page.table.columns


def test_a_click_on_a_title_sorts_and_runs_without_a_value_come_last(page, runs, qtbot) -> None:
    (runs["net-c"] / "project.loom").write_text("{")  # not readable
    page._settings = None
    page.table.show_columns([NAME, "lr"])
    (runs["net-c"] / "label.json").write_text('{"version": 1}')  # so that it is read again
    page._inventory.refresh()
    qtbot.waitUntil(lambda: page._inventory.find(runs["net-c"]).summary.setup.lr is None, timeout=WAIT)
    head = page.table.horizontalHeader()
    place = page.model.place("lr")
    at = QPoint(head.sectionViewportPosition(place) + 20, head.height() // 2)
    orders = set()
    for _ in range(2):
        QTest.mouseClick(head.viewport(), LEFT, pos=at)
        orders.add(tuple(names(page)))
    assert orders == {("net-a", "net-b", "net-c"), ("net-b", "net-a", "net-c")}


def test_ctrl_c_copies_the_chosen_runs_with_all_digits(page, runs) -> None:
    page.table.show_columns([NAME, "lr", "val_accuracy", "parameters"])
    click(page, runs["net-a"])
    click(page, runs["net-c"], modifier=CTRL)
    press(page, KEY_OF.Key_C, CTRL)
    rows = list(csv.reader(io.StringIO(QApplication.clipboard().text())))
    assert rows[0] == ["Run", "Learning rate", "Validation accuracy", "Parameters"]
    entries = {run.path: run for run in page.table.runs}
    assert {row[0]: row[1:] for row in rows[1:]} == {
        name: [str(lr), repr(entries[runs[name]].summary.best["val_accuracy"]), "33866"]
        for name, (_, lr, _) in SETTINGS.items()
        if name != "net-b"
    }
    assert QApplication.clipboard().mimeData().data("text/csv").data().decode() == QApplication.clipboard().text()


@given(st.lists(st.text()))
def test_whatever_the_settings_name_there_is_a_name_in_the_list(keys) -> None:
    columns = legal(keys)
    assert columns.count(NAME) == 1
    assert len(set(columns)) == len(columns)
    assert legal(columns) == columns


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_keeps_any_text(texts) -> None:
    columns = [Column(str(at), text, str, lambda _, text=text: text, 80) for at, text in enumerate(texts)]
    rows = list(csv.reader(io.StringIO(as_csv([None], columns), newline="")))
    assert rows[0] == texts
    assert rows[1:] == [texts] or texts == [""]  # a line of one empty cell is an empty line


def test_a_damaged_label_is_reported_with_the_run(page, runs, qtbot) -> None:
    (runs["net-a"] / "label.json").write_text('{"version": 1, "name": 3}')
    page._inventory.refresh()
    qtbot.waitUntil(lambda: bool(page._inventory.find(runs["net-a"]).summary.ignored), timeout=WAIT)
    click(page, runs["net-a"])
    assert "label.json is damaged" in page.details.warning
    assert "net-a" in names(page)


def test_every_column_has_a_text_for_a_finished_run(real_run) -> None:
    run: RunEntry | None = read(real_run)
    assert run is not None
    silent = {column.key for column in COLUMNS if not column.text(run)}
    assert silent <= {"tags", "schedule"}
    assert set(DEFAULT) <= {column.key for column in COLUMNS}
    assert Values().run_columns == []


def test_keys_name_the_columns(page) -> None:
    model = page.table.model()
    assert [model.index(0, at).data(KEY) for at in range(len(COLUMNS))] == [column.key for column in COLUMNS]
