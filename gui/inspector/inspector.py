"""The panel at the right: the page of whatever is selected, and help for the field that has the keyboard."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.graph.edits import Edit
from gui.document import Document
from gui.facts import Facts, matters
from gui.inspector.many_page import ManyPage
from gui.inspector.node_page import Gradients, NodePage
from gui.inspector.project_page import ProjectPage
from gui.inspector.wire_page import WirePage
from gui.selection import Selection
from gui.theme import Theme
from gui.workers.analysis import AnalysisLink

Page = NodePage | ManyPage | WirePage | ProjectPage


class Inspector(QWidget):
    """Shows and edits the selection. ``code_wanted``: a graph and a node, whose lines to show."""

    code_wanted = Signal(str, str)
    data_wanted = Signal()

    def __init__(
        self,
        document: Document,
        selection: Selection,
        facts: Facts,
        theme: Theme,
        analysis: AnalysisLink | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self._document, self._selection = document, selection
        self.node = NodePage(document, selection, facts, theme)
        self.many = ManyPage(document, selection, facts, theme)
        self.wire = WirePage(document, selection, facts, theme)
        self.project = ProjectPage(document, facts, theme, analysis)
        self.node.code_wanted.connect(self.code_wanted)
        self.project.data_wanted.connect(self.data_wanted)
        self._pages: tuple[Page, ...] = (self.node, self.many, self.wire, self.project)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)  # many signals of one edit, one refresh
        self._soon.timeout.connect(self.refresh)
        selection.changed.connect(self.refresh)
        document.edited.connect(self._follow)
        document.replaced.connect(self._soon.start)
        document.path_changed.connect(self._soon.start)
        facts.changed.connect(self._refresh_facts)
        self.refresh()

    def _lay_out(self) -> None:
        self._inside = inside = QWidget()
        stack = QVBoxLayout(inside)
        stack.setContentsMargins(14, 12, 12, 14)
        for page in self._pages:
            page.hide()
            page.helped.connect(self._help)
            stack.addWidget(page)
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
        """Room for what is shown and the bar beside it: nothing can be scrolled sideways here."""
        needed = self._inside.minimumSizeHint().width() + self.area.verticalScrollBar().sizeHint().width()
        return QSize(min(needed, self.sizeHint().width()), super().minimumSizeHint().height())

    @property
    def page(self) -> Page:
        """The page that fits the selection."""
        if self._selection.wire is not None:
            return self.wire
        if not self._selection.nodes:
            return self.project
        return self.node if len(self._selection.nodes) == 1 else self.many

    def set_gradients(self, gradients: Gradients | None) -> None:
        """Where to read gradient norms by a node's path; `refresh_gradients` shows new ones."""
        self.node.gradients = gradients
        self.refresh_gradients()

    def refresh_gradients(self) -> None:
        """Show the latest gradient norms; cheap, and nothing while no node is shown."""
        if self.page is self.node and self.isVisible():
            self.node.refresh_gradients()

    def focus_first(self) -> None:
        """Put the keyboard into the first field of the shown page."""
        page = self.page
        if isinstance(page, NodePage):
            page.focus_first()
        else:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
            self.focusNextChild()

    def focus_name(self) -> None:
        """Put the keyboard into the name of the node that is selected."""
        self.refresh()
        if isinstance(page := self.page, NodePage):
            page.name.focus("name")

    def refresh(self) -> None:
        """Show the selection as it is now."""
        self._soon.stop()
        shown = self.page
        if isinstance(shown, NodePage):
            shown.show_node(self._selection.graph, self._selection.single or "")
        else:
            shown.refresh()
        if shown.isHidden():
            for page in self._pages:
                page.setVisible(page is shown)
            self.area.verticalScrollBar().setValue(0)
            self._help("")
        self.updateGeometry()

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self._soon.start()

    def _refresh_facts(self) -> None:
        self.page.refresh_facts()

    def _help(self, text: str) -> None:
        self.help.setText(text)
        self.help.setVisible(bool(text))
