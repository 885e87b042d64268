"""The panel at the right: the page of the selection, and help for the focused field."""

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.graph.edits import Edit
from gui.inspector.project_page import ProjectPage
from gui.state.analysis_results import AnalysisResults, matters
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme

if TYPE_CHECKING:  # pages are loaded when they are made
    from gui.inspector.block_page import BlockPage
    from gui.inspector.multi_node_page import ManyPage
    from gui.inspector.node_page import Gradients, NodePage
    from gui.inspector.wire_page import WirePage
    from gui.workers.analysis_link import AnalysisLink

    Page = NodePage | ManyPage | WirePage | BlockPage | ProjectPage
    P = TypeVar("P", NodePage, ManyPage, WirePage, BlockPage, ProjectPage)


class Inspector(QWidget):
    """Shows and edits the selection. ``code_wanted``: a graph and a node, whose lines to show.

    A page is made when it is first shown, or when `fill` asks for it.
    """

    code_wanted = Signal(str, str)
    data_wanted = Signal()
    publish_wanted = Signal()

    def __init__(
        self,
        document: Document,
        selection: Selection,
        results: AnalysisResults,
        theme: Theme,
        analysis: "AnalysisLink | None" = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self._document, self._selection, self._results, self._theme = document, selection, results, theme
        self._analysis = analysis
        self._gradients: Gradients | None = None
        self._pages: list[Page] = []
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)  # many signals of one edit, one refresh
        self._soon.timeout.connect(self.refresh)
        selection.changed.connect(self.refresh)
        document.edited.connect(self._follow)
        document.replaced.connect(self._soon.start)
        document.path_changed.connect(self._soon.start)
        results.changed.connect(self._refresh_results)
        self.refresh()

    def _lay_out(self) -> None:
        self._inside = inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(14, 12, 12, 14)
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.help = QLabel()
        self.help.setObjectName("inspector_help")
        self.help.setProperty("voice", "small")
        self.help.setWordWrap(True)
        self.help.setContentsMargins(14, 8, 14, 9)
        self.help.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addWidget(self.help)

    def sizeHint(self) -> QSize:
        return QSize(300, 700)

    def minimumSizeHint(self) -> QSize:
        """Room for the page and its scroll bar, since it does not scroll horizontally."""
        width = self._inside.minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()
        return QSize(min(width, self.sizeHint().width()), super().minimumSizeHint().height())

    # Its pages

    @cached_property
    def node(self) -> "NodePage":
        """The page of one node."""
        from gui.inspector.node_page import NodePage

        page = self._add_page(NodePage(self._document, self._selection, self._results, self._theme))
        page.code_wanted.connect(self.code_wanted)
        page.gradients = lambda path: self._gradients(path) if self._gradients else ()
        return page

    @cached_property
    def many(self) -> "ManyPage":
        """The page of several nodes."""
        from gui.inspector.multi_node_page import ManyPage

        return self._add_page(ManyPage(self._document, self._selection, self._results, self._theme))

    @cached_property
    def wire(self) -> "WirePage":
        """The page of a wire."""
        from gui.inspector.wire_page import WirePage

        return self._add_page(WirePage(self._document, self._selection, self._results, self._theme))

    @cached_property
    def block(self) -> "BlockPage":
        """The page of the block that the canvas shows."""
        from gui.inspector.block_page import BlockPage

        page = self._add_page(BlockPage(self._document, self._selection, self._results, self._theme))
        page.publish_wanted.connect(self.publish_wanted)
        return page

    @cached_property
    def project(self) -> ProjectPage:
        """The page of the project."""
        page = self._add_page(ProjectPage(self._document, self._results, self._theme, self._analysis))
        page.data_wanted.connect(self.data_wanted)
        return page

    def _add_page(self, page: "P") -> "P":
        page.hide()
        page.help_changed.connect(self._help)
        self._stack.addWidget(page)
        self._pages.append(page)
        return page

    def fill(self) -> None:
        """Make the pages that have not been shown yet."""
        _ = self.node, self.many, self.wire, self.block, self.project

    @property
    def _shows_node(self) -> bool:
        return self._selection.wire is None and len(self._selection.nodes) == 1

    @property
    def page(self) -> "Page":
        """The page that fits the selection."""
        if self._selection.wire is not None:
            return self.wire
        if not self._selection.nodes:
            return self.block if self._selection.path else self.project
        return self.node if self._shows_node else self.many

    def set_gradients(self, gradients: "Gradients | None") -> None:
        """Set the function that returns gradient norms by the path of a node; `refresh_gradients` shows new ones."""
        self._gradients = gradients
        self.refresh_gradients()

    def refresh_gradients(self) -> None:
        """Show the latest gradient norms; cheap, and nothing while no node is shown."""
        if self._shows_node and self.isVisible():
            self.node.refresh_gradients()

    def focus_first(self) -> None:
        """Focus the first field of the page."""
        if self._shows_node:
            self.node.focus_first()
        else:
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)
            self.focusNextChild()

    def focus_name(self) -> None:
        """Focus the name of the selected node, or of the block around an empty selection."""
        self.refresh()
        if self._shows_node:
            self.node.name.focus("name")
        elif self.page is not self.project and not self._selection.nodes and self._selection.wire is None:
            self.block.name.focus("name")

    def refresh(self) -> None:
        """Show the present selection."""
        self._soon.stop()
        page = self.page
        if self._shows_node:
            self.node.show_node(self._selection.graph, self._selection.single or "")
        else:
            page.refresh()
        if page.isHidden():
            for other in self._pages:  # first, or two pages would share the room for a moment
                other.setVisible(False)
            page.setVisible(True)
            self.area.verticalScrollBar().setValue(0)
            self._help("")
        self.updateGeometry()

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self._soon.start()

    def _refresh_results(self) -> None:
        self.page.refresh_results()

    def _help(self, text: str) -> None:
        self.help.setText(text)
        self.help.setVisible(bool(text))
