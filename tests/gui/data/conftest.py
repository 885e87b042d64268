"""The data page, with a fake link to the worker that keeps the questions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.graph.edits import SetData
from engine.graph.model import Data
from gui.data.data_page import DataPage
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink
from gui.workers.data_files import DataFiles
from tests.gui.data.inputs import GOOD
from tests.windows import in_front


class FakeLink:
    """Stands in for the link to the analysis worker: keeps the questions until a test answers them."""

    def __init__(self, document: Document) -> None:
        self.questions: list = []
        self._document = document
        self.files = DataFiles(document, lambda: "", document)

    def ask(self, question, callback) -> None:
        self.questions.append((question.request(1, self._document.project, ""), callback))

    @property
    def kinds(self) -> list:
        """The kinds of the questions."""
        return [type(request) for request, _ in self.questions]

    def answer(self, kind, answer) -> dict:
        """Answer the newest question of a kind; returns the range that it asked for."""
        request, callback = next(each for each in reversed(self.questions) if isinstance(each[0], kind))
        callback(answer)
        return {name: getattr(request, name) for name in ("part", "start", "count") if hasattr(request, name)}


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def link(document: Document) -> FakeLink:
    return FakeLink(document)


@pytest.fixture
def page(document, results, theme: Theme, link, qtbot: QtBot) -> DataPage:
    return in_front(DataPage(document, results, theme, link), qtbot, 1200, 900)


@pytest.fixture
def settle(page, link, qtbot: QtBot) -> Callable[[], None]:
    """Waits until the page has asked its questions, and drops them."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not page._request_soon.isActive())
        link.questions.clear()

    return wait


@pytest.fixture
def live(document, results, theme: Theme, qtbot: QtBot, real_worker, monkeypatch) -> Iterator[DataPage]:
    """The page with the real worker, which hears of changed files."""
    real_worker.serve(monkeypatch)
    analysis = AnalysisLink(document, results, document)
    page = DataPage(document, results, theme, analysis)
    qtbot.addWidget(page)
    page.show()
    analysis.start()
    yield page
    analysis.close()


@pytest.fixture
def table(tmp_path: Path, document: Document) -> Path:
    """A good table, which is the project's data."""
    path = tmp_path / "t.csv"
    path.write_text(GOOD)
    document.do(SetData(Data("Csv", {"path": path.as_posix(), "target": "kind"})))
    return path
