"""The inspector and its analysis results."""

import pytest
from pytestqt.qtbot import QtBot

from gui.inspector.inspector import Inspector
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import in_front


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def inspector(document, selection, results, theme: Theme, qtbot: QtBot) -> Inspector:
    return in_front(Inspector(document, selection, results, theme), qtbot, 300, 900)
