"""The data page: what the worker is asked about, and when."""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import SetData
from engine.graph.model import Data, Split
from engine.protocol.answers import Failed
from engine.protocol.requests import DataSummary, Samples
from gui.data.data_page import DataPage
from tests.gui.data.given import GOOD, cats, summary, touch


def test_nothing_is_asked_while_the_page_is_hidden(document, results, theme, asked, qtbot) -> None:
    page = DataPage(document, results, theme, asked)
    qtbot.addWidget(page)
    document.do(SetData(Data("Iris")))
    qtbot.waitUntil(lambda: not page._soon.isActive())
    assert asked.questions == []
    page.show()
    assert asked.kinds == [DataSummary]


def test_a_change_of_the_data_is_asked_about_once(page, document, asked, qtbot) -> None:
    asked.questions.clear()
    document.do(SetData(Data("Iris")))
    document.do(SetData(Data("Iris", split=Split(validation=0.4))))
    qtbot.waitUntil(lambda: bool(asked.questions))
    assert asked.kinds == [DataSummary]
    assert "being read" in page.samples.note.text()


def test_rows_follow_the_summary_part_by_part_and_page_by_page(page, asked) -> None:
    asked.answer(DataSummary, summary(parts={"training": 100, "validation": 20, "test": 0}))
    assert asked.answer(Samples, cats(60)) == {"part": "training", "start": 0, "count": 60}
    assert len(page.samples.pictures.pictures) == 60
    assert page.samples._where.text() == "1–60 of 100"
    QTest.mouseClick(page.samples.on, Qt.MouseButton.LeftButton)
    assert asked.answer(Samples, cats(40)) == {"part": "training", "start": 60, "count": 60}
    assert page.samples._where.text() == "61–100 of 100"
    assert not page.samples.on.isEnabled()
    page.samples.tabs.setCurrentIndex(1)
    assert asked.answer(Samples, cats(20)) == {"part": "validation", "start": 0, "count": 60}
    assert not page.samples.tabs.isTabVisible(2)


def test_data_that_cannot_be_read_is_said(page, asked) -> None:
    asked.answer(DataSummary, Failed(1, "a.csv cannot be read.", "Check the path."))
    assert page.samples.note.isVisible()
    assert not page.samples.choose.isVisible()
    assert page.samples.note.text() == "a.csv cannot be read.\nCheck the path."
    assert not page.figures.isVisible()


def test_a_file_that_changed_is_read_again(page, table: Path, asked, settled, qtbot) -> None:
    settled()
    asked.files.look()
    settled()
    asked.files.look()
    assert not page._soon.isActive()  # nothing has changed
    touch(table, GOOD.replace("1,cat", "one,cat", 1))
    asked.files.look()
    qtbot.waitUntil(lambda: asked.kinds == [DataSummary])


def test_files_are_looked_at_when_a_person_comes_back(table: Path, asked, qtbot, qapp) -> None:
    asked.files.look()
    touch(table, GOOD + "3,cow\n")
    with qtbot.waitSignal(asked.files.changed):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_page_that_is_shown_again_looks_at_its_files(page, table: Path, asked, settled, qtbot) -> None:
    settled()
    asked.files.look()
    page.hide()
    touch(table, GOOD + "3,cow\n")
    page.show()
    qtbot.waitUntil(lambda: asked.kinds == [DataSummary])


def test_read_again_is_offered_for_files_alone_and_reads_them(
    page, document, asked, settled, qtbot, tmp_path: Path
) -> None:
    assert not page.settings.again.isVisible()  # Digits are shipped
    document.do(SetData(Data("Npz", {"path": (tmp_path / "a.npz").as_posix()})))
    qtbot.waitUntil(page.settings.again.isVisible)
    settled()
    QTest.mouseClick(page.settings.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: asked.kinds == [DataSummary])


def test_an_image_that_comes_changes_the_folder_of_its_class(document, asked, qtbot, tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    document.do(SetData(Data("ImageFolder", {"path": tmp_path.as_posix()})))
    asked.files.look()
    os.utime(tmp_path / "cat", ns=(1, 1))
    with qtbot.waitSignal(asked.files.changed):
        asked.files.look()
