"""The page of a selected wire: its value and its two ends."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.graph.model import End, Wire
from engine.graph.ports import ports
from gui.formatting.formats import shape_text
from gui.forms.sections import Header, Line
from gui.forms.value_table import ValueTable
from gui.problems.cards import ProblemCards
from gui.problems.fixes import apply_fix
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme


class WirePage(QWidget):
    """Shows a wire, with buttons that select the nodes at its ends."""

    help_changed = Signal(str)

    def __init__(self, document: Document, selection: Selection, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._selection, self._results = document, selection, results
        self.header = Header(theme)
        self.problems = ProblemCards(results, theme)
        self.problems.fix_wanted.connect(lambda problem: apply_fix(document, problem))
        self.table = ValueTable(theme, aligned=False)
        self.source, self.target = QPushButton(), QPushButton()
        self.source.clicked.connect(lambda: self._go("source"))
        self.target.clicked.connect(lambda: self._go("target"))
        ends = QHBoxLayout()
        ends.setSpacing(8)
        ends.addWidget(self.source)
        ends.addWidget(self.target)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addWidget(self.problems)
        column.addLayout(ends)
        column.addWidget(Line())
        column.addWidget(self.table)
        column.addStretch(1)

    def refresh(self) -> None:
        """Show the selected wire."""
        wire = self._selection.wire
        if wire is None:
            return
        self.header.set_text("Wire", f"{wire.source} \u2192 {wire.target}", self._family())
        self.source.setText(f"\u2190 {wire.source.node}")
        self.target.setText(f"{wire.target.node} \u2192")
        self.source.setAccessibleName(f"Select {wire.source.node}, where the wire starts")
        self.target.setAccessibleName(f"Select {wire.target.node}, where the wire ends")
        self.refresh_results()

    def refresh_results(self) -> None:
        """Show the present analysis results."""
        wire = self._selection.wire
        if wire is None:
            return
        about = self._results.problems_of(self._selection.graph, wire.target.node)
        self.problems.show_problems([each for each in about if each.port in (None, wire.target.port)])
        value = self._results.value(wire, self._selection.node_path(""))
        flows = shape_text(*value) if value else "not known yet" if self._results.stale else "unknown: see the problems"
        values = [("carries", flows), ("from", f"{wire.source.port}"), ("into", self._port_text(wire.target))]
        self.table.show_values([*values, *self._outputs_of_target(wire)])

    def _outputs_of_target(self, wire: Wire) -> list[tuple[str, str]]:
        """The names and shapes of the outputs of the node at the end."""
        results = self._results.node(self._selection.node_path(wire.target.node))
        if results is None:
            return []
        shapes = results.outputs.items()
        name = wire.target.node
        return [
            (
                f"{name} gives" if len(shapes) == 1 else f"{name}.{port}",
                shape_text(shape, results.elements.get(port, "float")),
            )
            for port, shape in shapes
        ]

    def _port_text(self, end: End) -> str:
        node = self._selection.shown_graph.nodes.get(end.node)
        port = ports(self._document.project, node).input(end.port) if node else None
        if port is None:
            return f"{end.port}: there is no such port"
        element = {"any": "", "float": "real numbers", "int": "whole numbers", "bool": "yes or no"}[port.element]
        return ", ".join(part for part in (end.port, element, "optional" if port.optional else "") if part)

    def _family(self) -> str:
        wire = self._selection.wire
        node = self._selection.shown_graph.nodes.get(wire.source.node) if wire else None
        declared = layer(node.kind) if node else None
        return declared.family if declared else "structure"

    def _go(self, end: str) -> None:
        if self._selection.wire is not None:
            self._selection.select((getattr(self._selection.wire, end).node,))
