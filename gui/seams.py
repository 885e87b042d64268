"""What panels share, made once for a window."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject

from gui.actions.actions import Actions
from gui.file_questions import Asking
from gui.files import Files
from gui.preferences.preferences import Settings
from gui.state.analysis_results import Facts
from gui.state.document import Document
from gui.state.notices import Notices
from gui.state.selection import Selection
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.runs.seams import RunSeams
    from gui.workers.analysis import AnalysisLink


class Seams(Struct, kw_only=True, dict=True):
    """The document and everything that several panels read or tell; a panel's constructor takes just what it needs.

    ``runs`` are made when they are first asked for: the window can be used before.
    """

    document: Document
    selection: Selection
    facts: Facts
    analysis: "AnalysisLink"
    actions: Actions
    settings: Settings
    notices: Notices
    files: Files
    theme: Theme
    make_runs: Callable[[], "RunSeams"]

    @cached_property
    def runs(self) -> "RunSeams":
        """What the panels that show runs share."""
        return self.make_runs()

    @property
    def has_runs(self) -> bool:
        """Whether anything has asked for ``runs``."""
        return "runs" in vars(self)


def made(theme: Theme, settings: Settings, asking: Asking, parent: QObject) -> Seams:
    """All of them, on an empty document."""
    from gui.workers.analysis import AnalysisLink

    document = Document(parent)
    selection = Selection(document, parent)  # before the facts: who hears of those reads the graph that is shown
    facts = Facts(document, parent)
    notices = Notices(parent)
    analysis = AnalysisLink(document, facts, parent)

    def make_runs() -> "RunSeams":
        from gui.runs.seams import made as runs_made

        return runs_made(document, selection, analysis, settings, parent)

    return Seams(
        document=document,
        selection=selection,
        facts=facts,
        analysis=analysis,
        make_runs=make_runs,
        actions=Actions(parent),
        settings=settings,
        notices=notices,
        files=Files(document, settings, notices, asking, parent),
        theme=theme,
    )
