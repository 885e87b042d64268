"""What panels share, made once for a window."""

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject

from gui.actions import Actions
from gui.document import Document
from gui.facts import Facts
from gui.file_questions import Asking
from gui.files import Files
from gui.notices import Notices
from gui.selection import Selection
from gui.settings import Settings
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.runs.seams import RunSeams
    from gui.workers.analysis import AnalysisLink


class Seams(Struct, kw_only=True):
    """The document and everything that several panels read or tell; a panel's constructor takes just what it needs."""

    document: Document
    selection: Selection
    facts: Facts
    analysis: "AnalysisLink"
    actions: Actions
    settings: Settings
    notices: Notices
    files: Files
    theme: Theme
    runs: "RunSeams"


def made(theme: Theme, settings: Settings, asking: Asking, parent: QObject) -> Seams:
    """All of them, on an empty document."""
    from gui.runs.seams import made as runs_made
    from gui.workers.analysis import AnalysisLink

    document = Document(parent)
    selection = Selection(document, parent)  # before the facts: who hears of those reads the graph that is shown
    facts = Facts(document, parent)
    notices = Notices(parent)
    analysis = AnalysisLink(document, facts, parent)
    return Seams(
        document=document,
        selection=selection,
        facts=facts,
        analysis=analysis,
        runs=runs_made(document, selection, analysis, settings, parent),
        actions=Actions(parent),
        settings=settings,
        notices=notices,
        files=Files(document, settings, notices, asking, parent),
        theme=theme,
    )
