"""Makes the context that the panels of a window share."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.actions.actions import Actions
from gui.files.file_questions import FileQuestions
from gui.files.open_file import Files
from gui.preferences.preferences import Preferences
from gui.state.analysis_results import AnalysisResults
from gui.state.block_libraries import BlockLibraries
from gui.state.document import Document
from gui.state.notices import Notices
from gui.state.selection import Selection
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.runs.context.run_context import RunContext
from gui.context.context import Context


def make_context(theme: Theme, preferences: Preferences, questions: FileQuestions, parent: QObject) -> Context:
    """The context, with an empty document."""
    from gui.workers.analysis_link import AnalysisLink

    document = Document(parent)
    selection = Selection(document, parent)  # before the results, as what follows them reads the shown graph
    results = AnalysisResults(document, parent)
    notices = Notices(parent)
    analysis = AnalysisLink(document, results, parent)

    def make_runs() -> "RunContext":
        from gui.runs.context.run_context import assemble_runs

        return assemble_runs(document, selection, analysis, preferences, parent)

    return Context(
        document=document,
        selection=selection,
        results=results,
        analysis=analysis,
        make_runs=make_runs,
        actions=Actions(parent),
        preferences=preferences,
        notices=notices,
        files=Files(document, preferences, notices, questions, parent),
        theme=theme,
        libraries=BlockLibraries(document, preferences, parent),
    )
