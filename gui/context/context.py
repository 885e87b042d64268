"""The objects that panels share, made once per window."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from gui.actions.actions import Actions
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
    from gui.workers.analysis_link import AnalysisLink


class Context(Struct, kw_only=True, dict=True):
    """The document and everything that several panels use; a panel's constructor takes only what it needs.

    ``runs`` is created on first access: the window can be used before.
    """

    document: Document
    selection: Selection
    results: AnalysisResults
    analysis: "AnalysisLink"
    actions: Actions
    preferences: Preferences
    notices: Notices
    files: Files
    theme: Theme
    libraries: BlockLibraries
    make_runs: Callable[[], "RunContext"]

    @cached_property
    def runs(self) -> "RunContext":
        """The objects that panels about runs share."""
        return self.make_runs()

    @property
    def has_runs(self) -> bool:
        """Whether ``runs`` has been created."""
        return "runs" in vars(self)
