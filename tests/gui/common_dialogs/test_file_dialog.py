"""Qt's file dialog in our dress: places at the side, our icons, names that get their ending."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QLineEdit, QPushButton, QTreeView

from gui.common_dialogs.file_dialog import ALL, PROJECTS, FileDialog, places
from gui.common_dialogs.question import Question
from tests.windowed import double_click


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """A folder with two projects, beside one with another, and a home."""
    for name in ("work/digits.loom", "work/iris.loom", "work/notes.txt", "other/net.loom", "home/x.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    (tmp_path / "work" / "runs").mkdir()
    found = {QStandardPaths.StandardLocation.HomeLocation: str(tmp_path / "home")}
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda which: found.get(which, ""))
    return tmp_path / "work"


@pytest.fixture
def ask(theme, qtbot, work):
    """Opens the dialog, does something in it, and gives what was answered."""

    def asked(question, act):
        dialog = FileDialog(None, theme, "Choose", [work / "digits.loom", work.parent / "other" / "net.loom"])
        gone, done = [], []
        dialog.destroyed.connect(lambda *_: gone.append(1))

        def look():
            try:
                tree = dialog.findChild(QTreeView, "treeView")
                qtbot.waitUntil(lambda: dialog.isVisible() and bool(shown(tree)))
                act(dialog)
                done.append(1)
            finally:
                QTimer.singleShot(5000 if done else 0, dialog, dialog.reject)  # or the test would wait for ever

        QTimer.singleShot(0, look)
        answer = question(dialog)
        assert done
        qtbot.waitUntil(lambda: bool(gone))
        return answer

    return asked


def shown(view: QAbstractItemView) -> list[str]:
    root = view.rootIndex()
    return [view.model().index(row, 0, root).data() for row in range(view.model().rowCount(root))]


def click(view: QAbstractItemView, name: str, how=QTest.mouseClick) -> None:
    index = view.model().index(shown(view).index(name), 0, view.rootIndex())
    at = view.visualRect(index).center()
    if how is double_click:
        double_click(view.viewport(), at)
    else:
        how(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_file_is_chosen_where_a_recent_one_lay(ask, work, qtbot):
    def choose(dialog: QDialog):
        side, tree = dialog.findChild(QAbstractItemView, "sidebar"), dialog.findChild(QTreeView, "treeView")
        assert shown(side) == ["home", "work", "other", "/"]
        assert set(shown(tree)) == {"runs", "digits.loom", "iris.loom"}  # not the notes
        click(side, "other")
        qtbot.waitUntil(lambda: shown(tree) == ["net.loom"])
        click(tree, "net.loom")
        click(tree, "net.loom", double_click)

    chosen = ask(lambda dialog: dialog.to_open(work, f"{PROJECTS};;{ALL}"), choose)
    assert chosen == work.parent / "other" / "net.loom"


def test_a_name_without_an_ending_gets_it(ask, work):
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

    chosen = ask(lambda dialog: dialog.to_save(work / "digits.loom", PROJECTS), save)
    assert chosen == (work / "digits.loom" if answer == "Replace" else None)


def test_a_folder_that_was_renamed_is_looked_for_where_it_lay(ask, work):
    work.rename(work.with_name("renamed"))

    def choose(dialog: QDialog):
        assert Path(dialog.directory().absolutePath()) == work.parent
        dialog.reject()

    assert ask(lambda dialog: dialog.to_save(work / "deeper" / "net.loom", PROJECTS), choose) is None


def test_going_back_chooses_nothing(ask, work):
    assert ask(lambda dialog: dialog.to_open(work, PROJECTS), lambda dialog: dialog.reject()) is None


def test_a_folder_is_chosen(ask, work):
    def choose(dialog: QDialog):
        tree = dialog.findChild(QTreeView, "treeView")
        assert shown(tree) == ["runs"]
        click(tree, "runs")
        dialog.accept()

    assert ask(lambda dialog: dialog.to_choose_folder(work), choose) == work / "runs"


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_it_wears_our_theme(ask, theme, work, choice):
    theme.set(choice)

    def look(dialog: QDialog):
        tree = dialog.findChild(QTreeView, "treeView")
        QApplication.processEvents()
        assert tree.isColumnHidden(2)
        row = tree.visualRect(tree.model().index(shown(tree).index("digits.loom"), 0, tree.rootIndex()))
        drawn = tree.viewport().grab(row).toImage()
        ratio = drawn.devicePixelRatio()
        colours = {drawn.pixelColor(x, y).name() for x in range(int(30 * ratio)) for y in range(drawn.height())}
        assert theme.tokens.window in colours
        assert theme.tokens.accent in colours  # the icon of a project
        dialog.reject()

    ask(lambda dialog: dialog.to_open(work, PROJECTS), look)
    theme.set("dark")


def test_places_that_are_gone_are_left_out_and_none_stands_twice(work):
    recent = [work / "a.loom", work / "b.loom", work.parent / "gone" / "c.loom", work.parent / "home" / "d.loom"]
    assert places(recent) == [work.parent / "home", work, Path("/")]
