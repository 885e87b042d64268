"""The generated source: live, coloured, and tied to the nodes by its lines."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.codegen.scripts import FILES, OPTIONAL
from engine.graph.compose import make_block
from engine.graph.edits import SetParam
from engine.protocol.answers import Analysed, ExportPreviewed, Failed
from gui.code.code_page import CodePage
from gui.code.source_view import SourceView
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front

SOURCE = '''"""A net."""

from torch import nn


class Net(nn.Module):
    def __init__(self) -> None:
        self.conv1 = nn.Conv2d(1, 32, 3)  # wide
        self.bn1 = nn.BatchNorm2d(32)

    def forward(self, image):
        x = self.conv1(image)
        x = self.bn1(x)
        return x
'''

LINES = {8: "conv1", 9: "bn1", 12: "conv1", 13: "bn1"}


class FakeLink:
    """Replaces the link to the worker, and records the questions."""

    def __init__(self) -> None:
        self.questions: list = []

    def ask(self, question, callback) -> None:
        self.questions.append((question, callback))


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def page(document, selection, results, theme: Theme, link, qtbot: QtBot) -> CodePage:
    return in_front(CodePage(document, selection, results, theme, link), qtbot, 700, 420)


def take_results(results: AnalysisResults, document: Document, source: str = SOURCE, lines=LINES, problems=()) -> None:
    results.take(Analysed(1, problems, {}, 0, 0, source, lines), document.revision)


def click(view: SourceView, line: int) -> None:
    block = view.document().findBlockByNumber(line - 1)
    rect = view.cursorRect(QTextCursor(block))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() + QPoint(4, 0))


def marked_lines(view: SourceView) -> list[int]:
    """The lines with a band behind them."""
    picture = view.viewport().grab().toImage()
    band, right = view._theme.colour("selection"), view.viewport().width() - 2
    lines = []
    block = view.firstVisibleBlock()
    while block.isValid():
        y = int(view.cursorRect(QTextCursor(block)).center().y())
        if y < picture.height() and picture.pixelColor(right, y) == band:
            lines.append(block.blockNumber() + 1)
        block = block.next()
    return lines


def test_the_source_is_shown_when_it_arrives(page, document, results) -> None:
    assert page.note.isVisible()
    take_results(results, document)
    assert page.model.toPlainText() == SOURCE
    assert not page.note.isVisible()
    assert page.model.isReadOnly()


def test_a_click_on_a_line_selects_its_node(page, document, results, selection) -> None:
    take_results(results, document)
    click(page.model, 9)
    assert selection.nodes == {"bn1"}
    assert marked_lines(page.model) == [9, 13]
    click(page.model, 1)
    assert selection.nodes == {"bn1"}  # a line of no node


def test_selecting_nodes_marks_their_lines(page, document, results, selection) -> None:
    take_results(results, document)
    selection.select(("conv1",))
    assert marked_lines(page.model) == [8, 12]
    selection.select(("conv1", "bn1"))
    assert marked_lines(page.model) == [8, 9, 12, 13]
    selection.clear()
    assert marked_lines(page.model) == []


def test_enter_on_a_line_selects_its_node(page, document, results, selection) -> None:
    take_results(results, document)
    page.model.setFocus()
    page.model.moveCursor(QTextCursor.MoveOperation.Start)
    for _ in range(7):
        page.model.moveCursor(QTextCursor.MoveOperation.Down)
    QTest.keyClick(page.model, Qt.Key.Key_Return)
    assert selection.nodes == {"conv1"}


def test_a_line_of_a_block_s_class_opens_the_block(page, document, results, selection) -> None:
    document.do(make_block(document.project, "Net", ["conv1", "bn1"], "Stem"))
    take_results(results, document, SOURCE.replace("class Net", "class Stem"))
    click(page.model, 8)
    assert (selection.path, selection.nodes) == (("stem",), {"conv1"})


def test_without_new_code_a_message_is_shown_and_the_last_code_stays(page, document, results, qtbot) -> None:
    take_results(results, document)
    document.do(SetParam("Net", "conv1", "out_channels", 0))
    qtbot.waitUntil(lambda: bool(results.errors))
    take_results(results, document, "", {}, results.problems)
    assert page.model.toPlainText() == SOURCE
    assert "1 problem must be solved" in page.note.text()


def test_another_project_starts_from_nothing(page, document, results) -> None:
    take_results(results, document)
    document.load(document.project)
    assert page.model.toPlainText() == ""


def test_an_edit_changes_only_the_lines_that_differ(page, document, results) -> None:
    take_results(results, document)
    changes: list[tuple[int, int, int]] = []
    page.model.document().contentsChange.connect(lambda *args: changes.append(args))
    take_results(results, document, SOURCE.replace("Conv2d(1, 32, 3)", "Conv2d(1, 64, 3)"))
    assert "Conv2d(1, 64, 3)" in page.model.toPlainText()
    assert len(changes) == 1
    assert changes[0][1] < 80  # one line, not the whole file


def test_copy_takes_the_whole_file(page, document, results, qtbot) -> None:
    take_results(results, document)
    with qtbot.waitSignal(page.message):
        QTest.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == SOURCE


def test_files_that_a_program_does_not_have_have_no_tab(page, document, results, link) -> None:
    take_results(results, document)
    page.tabs.setCurrentIndex(FILES.index("data.py"))
    _, take = link.questions[0]
    for names in (set(FILES) - set(OPTIONAL), set(FILES), set(FILES) - {"cells.py"}):
        take(ExportPreviewed(1, {name: f"# {name}\n" for name in names}))
        assert {name for at, name in enumerate(FILES) if page.tabs.isTabVisible(at)} == names
        assert page.current_view.toPlainText() == "# data.py\n"


def test_scripts_are_requested_when_they_are_shown(page, document, results, link) -> None:
    take_results(results, document)
    assert link.questions == []
    page.tabs.setCurrentIndex(1)
    assert [question.kind for question, _ in link.questions] == [ExportPreviewed]
    link.questions[0][1](ExportPreviewed(1, {name: f"# {name}\n" for name in FILES}))
    for at, name in enumerate(FILES[1:], 1):
        page.tabs.setCurrentIndex(at)
        assert page.current_view.toPlainText() == f"# {name}\n"
    assert len(link.questions) == 1
    document.do(SetParam("Net", "conv1", "out_channels", 8))
    take_results(results, document)
    assert len(link.questions) == 2
    link.questions[1][1](Failed(1, "There is no loss.", "Add one."))
    assert page.note.text() == "There is no loss. Add one."


def test_a_selected_node_comes_into_view(page, document, results, selection) -> None:
    take_results(results, document, SOURCE + "\n" * 300 + "last\n", {**LINES, SOURCE.count("\n") + 301: "head"})
    selection.select(("head",))
    assert page.model.firstVisibleBlock().blockNumber() > 200
    page.show_node("Net", "conv1")
    assert page.model.firstVisibleBlock().blockNumber() < 10


def test_the_margin_has_its_nodes_colours(page, document, results) -> None:
    take_results(results, document)
    assert page._stripes() == {8: "convolution", 9: "normalization", 12: "convolution", 13: "normalization"}
    assert page.model.margin_px > 0


def colours(view: SourceView) -> set[str]:
    block, names = view.document().begin(), set()
    while block.isValid():
        names |= {each.format.foreground().color().name() for each in block.layout().formats()}
        block = block.next()
    return names


def test_a_hidden_page_is_filled_and_coloured_when_it_is_shown(page, document, results, theme) -> None:
    take_results(results, document)
    dark = theme.tokens.syntax_keyword
    assert dark in colours(page.model)
    page.hide()

    theme.set("light")
    take_results(results, document, SOURCE.replace("32", "65"))
    assert "65" not in page.model.toPlainText()

    page.show()
    assert page.model.toPlainText() == SOURCE.replace("32", "65")
    assert theme.tokens.syntax_keyword in colours(page.model)
    assert dark not in colours(page.model)
