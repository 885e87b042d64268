"""The section of a node's page for the settings of its weights; closed if nothing is set."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.catalog.spec import Layer
from engine.graph.edits import SetWeights
from engine.graph.model import Node
from engine.graph.weights import NO_SETTINGS
from gui.forms.scope import Scope
from gui.forms.sections import Section
from gui.inspector.weights_form import WeightsForm
from gui.state.analysis_results import NodeResults
from gui.state.document import Document
from gui.theme import Theme


class WeightsSection(QWidget):
    """Shows the settings of the weights of one node of the document, and changes them.

    ``scope``: returns what expressions of the node may read.
    """

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme, scope: Callable[[], Scope]) -> None:
        super().__init__()
        self._document = document
        self._graph = self._name = ""
        self.form = WeightsForm(theme, document.gesture, scope)
        self.form.help_changed.connect(self.help_changed)
        self.form.edited.connect(lambda settings: document.do(SetWeights(self._graph, self._name, settings)))
        self.section = Section("Weights", theme, self.form, is_open=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.section)
        column.addWidget(self.form)

    def show_node(
        self,
        graph: str,
        name: str,
        node: Node,
        results: NodeResults | None,
        others: Mapping[str, NodeResults],
        leaders: tuple[str, ...],
    ) -> None:
        """Show a node, or nothing if it has no weights of its own.

        ``others``: the results of the other nodes of the graph. ``leaders``: the nodes that it can follow.
        """
        is_another = (graph, name) != (self._graph, self._name)
        self._graph, self._name = graph, name
        sizes = results.weights if results else {}
        is_set = node.settings != NO_SETTINGS
        is_shown = (
            holds_weights(layer(node.kind)) and node.shares is None and (bool(sizes) or results is None or is_set)
        )
        base = self._document.path.parent if self._document.path else None
        graph_nodes = self._document.project.graphs[graph].nodes if is_shown else {}
        shareable = {
            f"{other}.{weight}": shape
            for other, each in others.items()
            for weight, shape in each.weights.items()
            if other != name and owns(graph_nodes.get(other), weight)
        }
        self.form.show_settings(name, node, sizes, shareable, leaders, base)
        if is_another and is_set != self.section.isChecked():
            self.section.setChecked(is_set)
        self.setVisible(is_shown)


def owns(node: Node | None, weight: str) -> bool:
    """Whether other nodes can share a weight of a node."""
    if node is None or node.shares is not None or node.bypass or node.repeat > 1 or node.settings.follows:
        return False
    return weight not in node.settings.shares and weight not in node.settings.parametrize


def holds_weights(declared: Layer | None) -> bool:
    """Whether a node of this kind is a module or the use of a block, which may have weights."""
    return declared is not None and (declared.stateful or declared.role == "block")
