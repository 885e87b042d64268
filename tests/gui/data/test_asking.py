"""The data page: what the worker is asked, and when."""

import os
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import SetData
from engine.graph.model import Data, Split
from engine.protocol.answers import Failed
from engine.protocol.requests import DataSummary, Samples
from gui.data.data_page import DataPage
from tests.gui.data.inputs import GOOD, cats, summary, touch


def test_a_hidden_page_asks_nothing(document, results, theme, link, qtbot) -> None:
    page = DataPage(document, results, theme, link)
    qtbot.addWidget(page)
    document.do(SetData(Data("Iris")))
    qtbot.waitUntil(lambda: not page._request_soon.isActive())
    assert link.questions == []
    page.show()
    assert link.kinds == [DataSummary]


def test_a_change_of_the_data_is_asked_about_once(page, document, link, qtbot) -> None:
    link.questions.clear()
    document.do(SetData(Data("Iris")))
    document.do(SetData(Data("Iris", split=Split(validation=0.4))))
    qtbot.waitUntil(lambda: bool(link.questions))
    assert link.kinds == [DataSummary]
    assert "being read" in page.samples.note.text()


def test_samples_follow_the_summary_part_by_part_and_page_by_page(page, link) -> None:
    link.answer(DataSummary, summary(parts={"training": 100, "validation": 20, "test": 0}))
    assert link.answer(Samples, cats(60)) == {"part": "training", "start": 0, "count": 60}
    assert len(page.samples.pictures.pictures) == 60
    assert page.samples._position.text() == "1–60 of 100"
    QTest.mouseClick(page.samples.forward, Qt.MouseButton.LeftButton)
    assert link.answer(Samples, cats(40)) == {"part": "training", "start": 60, "count": 60}
    assert page.samples._position.text() == "61–100 of 100"
    assert not page.samples.forward.isEnabled()
    page.samples.tabs.setCurrentIndex(1)
    assert link.answer(Samples, cats(20)) == {"part": "validation", "start": 0, "count": 60}
    assert not page.samples.tabs.isTabVisible(2)


def test_unreadable_data_is_explained(page, link) -> None:
    link.answer(DataSummary, Failed(1, "a.csv cannot be read.", "Check the path."))
    assert page.samples.note.isVisible()
    assert not page.samples.choose.isVisible()
    assert page.samples.note.text() == "a.csv cannot be read.\nCheck the path."
    assert not page.statistics.isVisible()


def test_a_file_that_changed_is_read_again(page, table: Path, link, settle, qtbot) -> None:
    settle()
    link.files.check()
    settle()
    link.files.check()
    assert not page._request_soon.isActive()  # nothing has changed
    touch(table, GOOD.replace("1,cat", "one,cat", 1))
    link.files.check()
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])


def test_files_are_checked_when_the_window_is_activated(table: Path, link, qtbot, qapp) -> None:
    link.files.check()
    touch(table, GOOD + "3,cow\n")
    with qtbot.waitSignal(link.files.changed):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_page_that_is_shown_again_checks_its_files(page, table: Path, link, settle, qtbot) -> None:
    settle()
    link.files.check()
    page.hide()
    touch(table, GOOD + "3,cow\n")
    page.show()
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])


def test_read_again_is_offered_for_files_alone_and_reads_them(
    page, document, link, settle, qtbot, tmp_path: Path
) -> None:
    assert not page.settings.again.isVisible()  # Digits are shipped
    document.do(SetData(Data("Npz", {"path": (tmp_path / "a.npz").as_posix()})))
    qtbot.waitUntil(page.settings.again.isVisible)
    settle()
    QTest.mouseClick(page.settings.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])


def test_a_new_image_changes_the_folder_of_its_class(document, link, qtbot, tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    document.do(SetData(Data("ImageFolder", {"path": tmp_path.as_posix()})))
    link.files.check()
    os.utime(tmp_path / "cat", ns=(1, 1))
    with qtbot.waitSignal(link.files.changed):
        link.files.check()
