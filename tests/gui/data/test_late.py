"""The data page: answers about former data, which arrive late, are not shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.edits import SetData
from engine.graph.model import Data, Split
from engine.protocol.answers import Answer, DataSummed, SamplesShown
from engine.protocol.requests import DataSummary, Samples
from gui.data.data_page import DataPage
from tests.gui.data.inputs import WAIT, cats, field, summary, touch

TABLE = "age,size,kind\n" + "".join(f"{at},{at * 3 % 7},{('cat', 'dog')[at % 2]}\n" for at in range(300))
NUMBERS = [
    {"row": 0, "place": "line 2", "fields": {"features": {"values": [1.0], "shape": [1]}, "label": {"class": "a"}}}
]


class Delayed:
    """Keeps the worker's next answer of a kind until it is let through."""

    def __init__(self, page: DataPage, kind: type[Answer]) -> None:
        self._link, self._kind, self.answer = page._analysis, kind, None
        self._link._worker.answered.disconnect(self._link._take)
        self._link._worker.answered.connect(self._take)

    def _take(self, answer: Answer) -> None:
        if self.answer is None and isinstance(answer, self._kind):
            self.answer = answer
        else:
            self._link._take(answer)

    def let_through(self) -> None:
        self._link._take(self.answer)


@pytest.fixture
def csv(tmp_path: Path) -> Data:
    (tmp_path / "t.csv").write_text(TABLE)
    return Data("Csv", {"path": (tmp_path / "t.csv").as_posix(), "target": "kind"})


@pytest.fixture
def wait_for_view(live, qtbot) -> Callable[[str], None]:
    """Waits until the samples of the real worker are shown in a view."""

    def wait(kind: str) -> None:
        view = live.samples._pages[kind]
        qtbot.waitUntil(lambda: live.samples.stack.currentWidget() is view, timeout=WAIT)

    return wait


def next_samples(page: DataPage) -> None:
    QTest.mouseClick(page.samples.forward, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("to_table", [True, False])
def test_late_samples_of_former_data_are_not_shown(live, document, csv, wait_for_view, qtbot, to_table: bool) -> None:
    digits, views = document.project.data, ["pictures", "points"]
    first, second = (digits, csv) if to_table else (csv, digits)
    if not to_table:
        views.reverse()
        document.do(SetData(csv))
    wait_for_view(views[0])
    document.do(SetData(first))
    wait_for_view(views[0])
    late = Delayed(live, SamplesShown)
    live.samples._request_samples()
    document.do(SetData(second))
    wait_for_view(views[1])
    qtbot.waitUntil(lambda: late.answer is not None, timeout=WAIT)
    before = live.samples._position.text()
    late.let_through()
    assert live.samples.stack.currentWidget() is live.samples._pages[views[1]]
    assert live.samples._position.text() == before


def test_a_late_summary_of_former_data_is_not_shown(live, document, csv, wait_for_view, qtbot) -> None:
    wait_for_view("pictures")
    late = Delayed(live, DataSummed)
    live._read_again()
    qtbot.waitUntil(lambda: late.answer is not None, timeout=WAIT)
    document.do(SetData(csv))
    late.let_through()
    assert "being read" in live.samples.note.text()
    wait_for_view("points")
    assert [name for name, _ in live.balance.classes] == ["cat", "dog"]


def test_a_change_that_is_undone_at_once_is_asked_about_again(page, document, link, settle, qtbot) -> None:
    settle()
    before = document.project.data
    document.do(SetData(Data("Iris")))
    document.do(SetData(before))
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])


def test_a_change_while_the_page_is_hidden_is_asked_about_when_it_is_shown(page, document, link, settle, qtbot) -> None:
    settle()
    page.hide()
    document.do(SetData(Data("Iris")))
    qtbot.waitUntil(lambda: not page._request_soon.isActive())
    assert link.questions == []
    page.show()
    assert link.kinds == [DataSummary]


def test_samples_are_not_requested_while_other_data_is_summarized(page, document, link, settle) -> None:
    link.answer(DataSummary, summary())
    link.answer(Samples, cats(60))
    settle()
    document.do(SetData(Data("Digits", split=Split(validation=0.5))))
    next_samples(page)
    assert link.questions == []


def test_samples_of_an_earlier_page_that_come_late_are_not_shown(page, link) -> None:
    link.answer(DataSummary, summary(parts={"training": 200, "validation": 20, "test": 0}))
    link.answer(Samples, cats(60))
    next_samples(page)
    late = next(each for each in reversed(link.questions) if isinstance(each[0], Samples))
    next_samples(page)
    link.answer(Samples, cats(60))
    assert page.samples._position.text() == "121\u2013180 of 200"
    late[1](cats(7))
    assert len(page.samples.pictures.pictures) == 60


def test_samples_that_do_not_fit_the_summary_are_read_again(page, link, qtbot) -> None:
    link.answer(DataSummary, summary())
    link.questions.clear()
    page.samples._request_samples()
    link.answer(Samples, SamplesShown(1, NUMBERS))
    qtbot.waitUntil(lambda: link.kinds[-1] is DataSummary)
    link.answer(DataSummary, summary())
    link.answer(Samples, SamplesShown(1, NUMBERS))
    assert "change while they are read" in page.samples.note.text()
    page._read_again()
    qtbot.waitUntil(lambda: link.kinds[-1] is DataSummary)
    link.answer(DataSummary, summary({"features": field([1]), "label": field([], "int64")}))
    link.answer(Samples, SamplesShown(1, NUMBERS))
    assert page.samples.table.rows.rowCount() == 1


def test_samples_that_were_read_before_the_file_changed_are_not_shown(page, table: Path, link, settle, qtbot) -> None:
    settle()
    page._read_again()
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])
    link.answer(DataSummary, summary({"features": field([1]), "label": field([], "int64")}))
    late = link.questions[-1]
    link.files.check()
    touch(table, "age,kind\n" + "7,cat\n8,dog\n" * 30)
    link.files.check()
    late[1](SamplesShown(1, NUMBERS))
    assert page.samples.table.rows.rowCount() == 0
