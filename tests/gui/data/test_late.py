"""The data page: answers about former data, which come late, are not shown."""

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
from tests.gui.data.given import WAIT, cats, field, summary, touch

ACTION_SPECS = "age,size,kind\n" + "".join(f"{at},{at * 3 % 7},{('cat', 'dog')[at % 2]}\n" for at in range(300))
NUMBERS = [
    {"row": 0, "place": "line 2", "fields": {"features": {"values": [1.0], "shape": [1]}, "label": {"class": "a"}}}
]


class Delayed:
    """Keeps the worker's next answer of a kind until it is let through."""

    def __init__(self, page: DataPage, kind: type[Answer]) -> None:
        self._link, self._kind, self.kept = page._analysis, kind, None
        self._link._worker.answered.disconnect(self._link._take)
        self._link._worker.answered.connect(self._take)

    def _take(self, answer: Answer) -> None:
        if self.kept is None and isinstance(answer, self._kind):
            self.kept = answer
        else:
            self._link._take(answer)

    def let_through(self) -> None:
        self._link._take(self.kept)


@pytest.fixture
def csv(tmp_path: Path) -> Data:
    (tmp_path / "t.csv").write_text(ACTION_SPECS)
    return Data("Csv", {"path": (tmp_path / "t.csv").as_posix(), "target": "kind"})


@pytest.fixture
def shown(live, qtbot) -> Callable[[str], None]:
    """Waits until the real worker's rows are seen in a form."""

    def wait(form: str) -> None:
        view = live.samples._pages[form]
        qtbot.waitUntil(lambda: live.samples.stack.currentWidget() is view, timeout=WAIT)

    return wait


def later_rows(page: DataPage) -> None:
    QTest.mouseClick(page.samples.on, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("to_table", [True, False])
def test_late_rows_of_former_data_are_not_shown(live, document, csv, shown, qtbot, to_table: bool) -> None:
    digits, forms = document.project.data, ["pictures", "points"]
    first, second = (digits, csv) if to_table else (csv, digits)
    if not to_table:
        forms.reverse()
        document.do(SetData(csv))
    shown(forms[0])
    document.do(SetData(first))
    shown(forms[0])
    late = Delayed(live, SamplesShown)
    live.samples._ask()
    document.do(SetData(second))
    shown(forms[1])
    qtbot.waitUntil(lambda: late.kept is not None, timeout=WAIT)
    before = live.samples._where.text()
    late.let_through()
    assert live.samples.stack.currentWidget() is live.samples._pages[forms[1]]
    assert live.samples._where.text() == before


def test_a_late_summary_of_former_data_is_not_shown(live, document, csv, shown, qtbot) -> None:
    shown("pictures")
    late = Delayed(live, DataSummed)
    live._read_again()
    qtbot.waitUntil(lambda: late.kept is not None, timeout=WAIT)
    document.do(SetData(csv))
    late.let_through()
    assert "being read" in live.samples.note.text()
    shown("points")
    assert [name for name, _ in live.balance.classes] == ["cat", "dog"]


def test_a_change_that_is_undone_at_once_is_asked_about_again(page, document, asked, settled, qtbot) -> None:
    settled()
    before = document.project.data
    document.do(SetData(Data("Iris")))
    document.do(SetData(before))
    qtbot.waitUntil(lambda: asked.kinds == [DataSummary])


def test_a_change_while_the_page_is_hidden_is_asked_about_when_it_is_shown(
    page, document, asked, settled, qtbot
) -> None:
    settled()
    page.hide()
    document.do(SetData(Data("Iris")))
    qtbot.waitUntil(lambda: not page._soon.isActive())
    assert asked.questions == []
    page.show()
    assert asked.kinds == [DataSummary]


def test_rows_are_not_asked_for_while_other_data_is_on_its_way(page, document, asked, settled) -> None:
    asked.answer(DataSummary, summary())
    asked.answer(Samples, cats(60))
    settled()
    document.do(SetData(Data("Digits", split=Split(validation=0.5))))
    later_rows(page)
    assert asked.questions == []


def test_rows_of_an_earlier_page_that_come_late_are_not_shown(page, asked) -> None:
    asked.answer(DataSummary, summary(parts={"training": 200, "validation": 20, "test": 0}))
    asked.answer(Samples, cats(60))
    later_rows(page)
    late = next(each for each in reversed(asked.questions) if isinstance(each[0], Samples))
    later_rows(page)
    asked.answer(Samples, cats(60))
    assert page.samples._where.text() == "121\u2013180 of 200"
    late[1](cats(7))
    assert len(page.samples.pictures.pictures) == 60


def test_rows_that_are_not_those_summed_up_are_read_again(page, asked, qtbot) -> None:
    asked.answer(DataSummary, summary())
    asked.questions.clear()
    page.samples._ask()
    asked.answer(Samples, SamplesShown(1, NUMBERS))
    qtbot.waitUntil(lambda: asked.kinds[-1] is DataSummary)
    asked.answer(DataSummary, summary())
    asked.answer(Samples, SamplesShown(1, NUMBERS))
    assert "change while they are read" in page.samples.note.text()
    page._read_again()
    qtbot.waitUntil(lambda: asked.kinds[-1] is DataSummary)
    asked.answer(DataSummary, summary({"features": field([1]), "label": field([], "int64")}))
    asked.answer(Samples, SamplesShown(1, NUMBERS))
    assert page.samples.table.rows.rowCount() == 1


def test_rows_that_were_read_before_the_file_changed_are_not_shown(page, table: Path, asked, settled, qtbot) -> None:
    settled()
    page._read_again()
    qtbot.waitUntil(lambda: asked.kinds == [DataSummary])
    asked.answer(DataSummary, summary({"features": field([1]), "label": field([], "int64")}))
    late = asked.questions[-1]
    asked.files.look()
    touch(table, "age,kind\n" + "7,cat\n8,dog\n" * 30)
    asked.files.look()
    late[1](SamplesShown(1, NUMBERS))
    assert page.samples.table.rows.rowCount() == 0
