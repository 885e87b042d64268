"""The page of generated source: ``model.py`` and the other files of the exported program."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.check.view import first_uses
from engine.codegen.scripts import FILES, OPTIONAL
from engine.protocol.answers import Answer, ExportPreviewed, Failed
from gui.code.source_view import SourceView
from gui.formatting.formats import plural
from gui.state.analysis_results import AnalysisResults, Owner
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import export_preview


class CodePage(QWidget):
    """The files of the exported program.

    A click on a line of ``model.py`` selects its node; the lines of a selected node are marked.
    """

    message = Signal(str)  # a sentence for the status bar

    def __init__(
        self,
        document: Document,
        selection: Selection,
        results: AnalysisResults,
        theme: Theme,
        analysis: AnalysisLink | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("code")
        self.setAccessibleName("Code")
        self._document, self._selection, self._results, self._analysis = document, selection, results, analysis
        self._asked_for: object = None  # the revision of the document that the shown scripts belong to
        self.views = {name: SourceView(theme) for name in FILES}
        for name, view in self.views.items():
            view.setObjectName(name)
            view.setAccessibleName(f"Source of {name}")
        self.model = self.views["model.py"]
        self.tabs, self.stack, self.note = QTabBar(), QStackedWidget(), QLabel()
        self.copy = QPushButton("Copy")
        self._lay_out(theme)
        self.setFocusProxy(self.model)
        self.model.line_activated.connect(self._choose)
        self.tabs.currentChanged.connect(self._turn)
        results.changed.connect(self._refresh)
        selection.changed.connect(lambda: self._mark(reveal=not self.model.hasFocus()))
        document.replaced.connect(self._forget)

    def _restyle(self) -> None:
        self.copy.setIcon(self._theme.icon("copy", "text_dim"))

    def _lay_out(self, theme: Theme) -> None:
        self.tabs.setObjectName("code_files")
        self.tabs.setAccessibleName("Files")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for name in FILES:
            self.tabs.setTabVisible(self.tabs.addTab(name), name not in OPTIONAL)
            self.stack.addWidget(self.views[name])
        self.note.setProperty("voice", "dim")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(16, 7, 16, 8)
        self.note.setObjectName("code_note")
        self._theme = theme
        self._restyle()
        theme.changed.connect(self._restyle)
        self.copy.setToolTip("Copy the whole file")
        self.copy.clicked.connect(self.copy_all)
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 12, 6)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(self.stack, 1)

    @property
    def current_view(self) -> SourceView:
        """The view of the shown file."""
        return self.views[FILES[self.tabs.currentIndex()]]

    def show_node(self, graph: str, node: str) -> None:
        """Show ``model.py`` with a node's lines marked and visible."""
        self.tabs.setCurrentIndex(0)
        self.model.mark(self._lines_of(graph, {node}), reveal=True)

    def copy_all(self) -> None:
        """Put the whole file on the clipboard."""
        QGuiApplication.clipboard().setText(self.current_view.toPlainText())
        self.message.emit(f"{FILES[self.tabs.currentIndex()]} is on the clipboard.")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        self._mark(reveal=True)

    def _refresh(self) -> None:
        if not self.isVisible():  # updating a long source takes as long as everything else after an edit
            return
        source = self._results.source
        if source:
            self.model.set_source(source)
            self.model.set_stripes(self._stripes())
            self._mark()
        self._show_note()
        self._ask()

    def _show_note(self, failed: str = "") -> None:
        text = failed
        if self._results.failure and self.model.toPlainText() and not failed:
            text = "The last analysis failed. Below is the code from before."
        if not self._results.source and not failed:
            errors = len(self._results.errors)
            before = " Below is the code from before." if self.model.toPlainText() else ""
            if errors:
                text = f"{plural(errors, 'problem')} must be solved before the code can be written.{before}"
            elif self._results.stale:
                text = "" if before else "The code is being written \u2026"
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _stripes(self) -> dict[int, str]:
        graphs = self._document.project.graphs
        stripes: dict[int, str] = {}
        for line, (graph, name) in self._results.lines.items():
            node = graphs[graph].nodes.get(name) if graph in graphs else None
            declared = layer(node.kind) if node else None
            if declared is not None:
                stripes[line] = declared.family
        return stripes

    def _mark(self, *, reveal: bool = False) -> None:
        if self.isVisible():
            lines = self._lines_of(self._selection.graph, set(self._selection.nodes))
            self.model.mark(lines, reveal=reveal)

    def _lines_of(self, graph: str, nodes: set[str]) -> list[int]:
        return [line for line, owner in self._results.lines.items() if owner.graph == graph and owner.node in nodes]

    def _choose(self, line: int) -> None:
        owner: Owner | None = self._results.lines.get(line)
        if owner is None:
            return
        if owner.graph == self._selection.graph:
            self._selection.select((owner.node,))
        else:
            prefix = first_uses(self._document.project).get(owner.graph)
            if prefix is not None:
                self._selection.reveal(prefix + owner.node)

    def _turn(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        self._show_note()
        self._ask()

    def _forget(self) -> None:
        self._asked_for = None
        for view in self.views.values():
            view.set_source("")
        self._refresh()

    def _ask(self) -> None:
        """Ask for the scripts, if they are visible and may have changed."""
        if self._analysis is None or not self.isVisible() or self.current_view is self.model or self._results.stale:
            return
        revision = self._document.revision
        if revision == self._asked_for:
            return
        self._asked_for = revision
        self._analysis.ask(export_preview(), self._take)

    def _take(self, answer: Answer) -> None:
        if isinstance(answer, ExportPreviewed):
            for at, name in enumerate(FILES[1:], 1):
                self.views[name].set_source(answer.files.get(name, ""))
                self.tabs.setTabVisible(at, name in answer.files or name not in OPTIONAL)
            self._show_note()
        elif isinstance(answer, Failed):
            self._show_note(f"{answer.message} {answer.hint}".strip())
