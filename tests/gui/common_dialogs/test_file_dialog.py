"""Qt's file dialog with our theme: folders in the sidebar, our icons, and a suffix for names without one."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QLineEdit, QPushButton, QTreeView

from gui.common_dialogs.file_dialog import ALL, PROJECTS, FileDialog, sidebar_folders
from gui.common_dialogs.question import Question
from tests.windows import double_click


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """A folder with two projects, beside one with another, and a home."""
    for name in ("work/digits.loom", "work/iris.loom", "work/notes.txt", "other/net.loom", "home/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    (tmp_path / "work" / "runs").mkdir()
    locations = {QStandardPaths.StandardLocation.HomeLocation: str(tmp_path / "home")}
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda which: locations.get(which, ""))
    return tmp_path / "work"


@pytest.fixture
def ask(theme, qtbot, work):
    """Opens the dialog, calls ``act`` with it, and returns the answer."""

    def run_dialog(question, act):
        dialog = FileDialog(None, theme, "Choose", [work, work.parent / "other"])
        deletions, done = [], []
        dialog.destroyed.connect(lambda *_: deletions.append(1))

        def run_act():
            try:
                tree = dialog.findChild(QTreeView, "treeView")
                qtbot.waitUntil(lambda: dialog.isVisible() and bool(entry_names(tree)))
                act(dialog)
                done.append(1)
            finally:
                QTimer.singleShot(5000 if done else 0, dialog, dialog.reject)  # or the test would wait for ever

        QTimer.singleShot(0, run_act)
        answer = question(dialog)
        assert done
        qtbot.waitUntil(lambda: bool(deletions))
        return answer

    return run_dialog


def entry_names(view: QAbstractItemView) -> list[str]:
    root = view.rootIndex()
    return [view.model().index(row, 0, root).data() for row in range(view.model().rowCount(root))]


def click(view: QAbstractItemView, name: str, how=QTest.mouseClick) -> None:
    index = view.model().index(entry_names(view).index(name), 0, view.rootIndex())
    at = view.visualRect(index).center()
    if how is double_click:
        double_click(view.viewport(), at)
    else:
        how(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_the_sidebar_leads_to_the_folder_of_a_recent_file(ask, work, qtbot):
    def choose(dialog: QDialog):
        side, tree = dialog.findChild(QAbstractItemView, "sidebar"), dialog.findChild(QTreeView, "treeView")
        assert entry_names(side) == ["home", "work", "other", "/"]
        assert set(entry_names(tree)) == {"runs", "digits.loom", "iris.loom"}  # not the notes
        click(side, "other")
        qtbot.waitUntil(lambda: entry_names(tree) == ["net.loom"])
        click(tree, "net.loom")
        click(tree, "net.loom", double_click)

    path = ask(lambda dialog: dialog.to_open(work, f"{PROJECTS};;{ALL}"), choose)
    assert path == work.parent / "other" / "net.loom"


def test_a_name_without_a_suffix_gets_it(ask, work):
    def name_it(dialog: QDialog):
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field.text() == "net.loom"
        field.selectAll()
        QTest.keyClicks(field, "mine")
        QTest.keyClick(field, Qt.Key.Key_Return)

    assert ask(lambda dialog: dialog.to_save(work / "net.loom", PROJECTS), name_it) == work / "mine.loom"


@pytest.mark.parametrize("answer", ["Cancel", "Replace"])
def test_a_file_is_replaced_only_after_a_question(ask, work, qtbot, answer):
    def save(dialog: QDialog):
        def reply():
            box = QApplication.activeModalWidget()
            assert isinstance(box, Question)
            button = next(each for each in box.findChildren(QPushButton) if each.text() == answer)
            assert button.isDefault() == (answer == "Cancel")
            button.click()

        QTimer.singleShot(0, reply)
        dialog.accept()
        assert dialog.isVisible() == (answer == "Cancel")
        if dialog.isVisible():
            dialog.reject()

    path = ask(lambda dialog: dialog.to_save(work / "digits.loom", PROJECTS), save)
    assert path == (work / "digits.loom" if answer == "Replace" else None)


def test_a_folder_that_was_renamed_is_looked_for_in_its_parent(ask, work):
    work.rename(work.with_name("renamed"))

    def choose(dialog: QDialog):
        assert Path(dialog.directory().absolutePath()) == work.parent
        dialog.reject()

    assert ask(lambda dialog: dialog.to_save(work / "deeper" / "net.loom", PROJECTS), choose) is None


def test_cancelling_chooses_nothing(ask, work):
    assert ask(lambda dialog: dialog.to_open(work, PROJECTS), lambda dialog: dialog.reject()) is None


def test_a_folder_is_chosen(ask, work):
    def choose(dialog: QDialog):
        tree = dialog.findChild(QTreeView, "treeView")
        assert entry_names(tree) == ["runs"]
        click(tree, "runs")
        dialog.accept()

    assert ask(lambda dialog: dialog.to_choose_folder(work), choose) == work / "runs"


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_it_has_our_theme(ask, theme, work, choice):
    theme.set(choice)

    def look(dialog: QDialog):
        tree = dialog.findChild(QTreeView, "treeView")
        QApplication.processEvents()
        assert tree.isColumnHidden(2)
        row = tree.visualRect(tree.model().index(entry_names(tree).index("digits.loom"), 0, tree.rootIndex()))
        image = tree.viewport().grab(row).toImage()
        ratio = image.devicePixelRatio()
        colours = {image.pixelColor(x, y).name() for x in range(int(30 * ratio)) for y in range(image.height())}
        assert theme.tokens.window in colours
        assert theme.tokens.accent in colours  # the icon of a project
        dialog.reject()

    ask(lambda dialog: dialog.to_open(work, PROJECTS), look)
    theme.set("dark")


def test_missing_folders_are_left_out_and_none_is_listed_twice(work):
    folders = [work, work, work.parent / "gone", work.parent / "home"]
    assert sidebar_folders(folders) == [work.parent / "home", work, Path("/")]
