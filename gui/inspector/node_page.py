"""The page of one selected node."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.catalog.index import layer
from engine.catalog.params import Int, Param, Value
from engine.catalog.spec import Layer
from engine.graph.block_params import block_params
from engine.graph.compose import promote, rename
from engine.graph.edits import EditError, SetNode, SetParam
from engine.graph.model import Node, Unset
from engine.graph.phases import phases_of_loss
from gui.formatting.formats import compact_text
from gui.forms.editors import EditorContext
from gui.forms.form import Form
from gui.forms.node_name import NodeName
from gui.forms.scope import Scope
from gui.forms.sections import Header, Line, Section
from gui.forms.value_table import ValueTable
from gui.inspector.code_box import CodeBox
from gui.inspector.more_section import MoreSection
from gui.inspector.node_scope import node_scope
from gui.inspector.node_values import about_text, length_values, result_values
from gui.inspector.rounds_section import RoundsSection
from gui.inspector.weights_section import WeightsSection, holds_weights
from gui.problems.cards import ProblemCards
from gui.problems.fixes import apply_fix
from gui.state.analysis_results import AnalysisResults, NodeResults
from gui.state.data_fields import available_fields
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from gui.widgets.removal import remove_widget

Gradients = Callable[[str], Sequence[float]]
"""The latest gradient norms of the node at a path, the newest last."""

REPEAT = Int("repeat", 1, min=1, max=10_000, help="How often the block runs in a row, each time with its own weights.")


class NodePage(QWidget):
    """Everything about one node. ``code_wanted``: show its lines in the code view."""

    help_changed = Signal(str)
    code_wanted = Signal(str, str)  # graph, node

    def __init__(self, document: Document, selection: Selection, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._selection, self._results, self._theme = document, selection, results, theme
        self._graph = self._name = ""
        self._named_node: tuple[str, str] | None = None  # the graph and node whose name is in the field
        self._form_key: object = None
        self._scope = Scope()  # of the node's expressions
        self.gradients: Gradients | None = None
        self.header = Header(theme)
        self.problems = ProblemCards(results, theme)
        self.problems.fix_wanted.connect(lambda problem: apply_fix(document, problem))
        name = NodeName(
            "name", None, required=True, help="The node's name, in the code too.", other_names=self._other_names
        )
        self.name = Form((name,), theme, document.gesture, live=False)
        self.name.edited.connect(lambda _, value, __: self._rename(value))
        self.name.help_changed.connect(self.help_changed)
        self.form = Form((), theme, document.gesture, live=True)
        self._open_block = QPushButton()
        self._open_block.clicked.connect(lambda: selection.dive(self._name))
        self._shares_label = QLabel()
        self._shares_label.setProperty("voice", "dim")
        self._shares_label.setWordWrap(True)
        self.sharing = MoreSection(document, theme, lambda: self._scope)
        self.sharing.help_changed.connect(self.help_changed)
        self.rounds = RoundsSection(document, theme, lambda: self._scope)
        self.rounds.help_changed.connect(self.help_changed)
        self.weights = WeightsSection(document, theme, lambda: self._scope)
        self.weights.help_changed.connect(self.help_changed)
        self.table = ValueTable(theme)
        self.code = CodeBox(theme)
        self.code.code_wanted.connect(lambda: self.code_wanted.emit(self._graph, self._name))
        self._about = QLabel()
        self._about.setProperty("voice", "small")
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts = (self.header, self.problems, self.name, self._open_block, self._shares_label, self.form)
        below = (self.rounds, self.weights, self.sharing, Line(), self.table, self.code, self._about)
        for part in (*parts, *below):
            column.addWidget(part)
        self._form_at = column.indexOf(self.form)
        column.addStretch(1)

    @property
    def more_section(self) -> Section:
        """The heading of what few nodes need."""
        return self.sharing.section

    @property
    def more(self) -> Form:
        """The form below it."""
        return self.sharing.form

    @property
    def _node(self) -> Node | None:
        graph = self._document.project.graphs.get(self._graph)
        return graph.nodes.get(self._name) if graph else None

    def show_node(self, graph: str, name: str) -> None:
        """Show a node of a graph."""
        if (graph, name) != (self._graph, self._name):
            self.form.drop_texts()
        self._graph, self._name = graph, name
        self.refresh()

    def refresh(self) -> None:
        """Show the present node."""
        node = self._node
        if node is None:
            return
        declared = layer(node.kind)
        self._update_scope(node)
        self._build(node, declared)
        title = node.graph or node.kind
        summary = declared.summary if declared else "This kind is unknown to this version; its values are kept."
        self.header.set_text(title, summary, declared.family if declared else "structure")
        self._show_name()
        self._show_values(node)
        self.rounds.show_node(self._graph, self._name, node)
        self._about.setText(about_text(declared))
        self._about.setVisible(bool(self._about.text()))
        self.refresh_results()

    def refresh_results(self) -> None:
        """Show the present analysis results."""
        node = self._node
        if node is None:
            return
        results = self._results.node(self._selection.node_path(self._name))
        self._update_scope(node)
        if node.kind == "Input":  # the analysis may have found the fields of the data
            self._build(node, layer(node.kind))
        repeat: dict[str, Value] = {REPEAT.name: node.repeat} if node.kind == "Block" else {}
        self.form.show_values(node.params | repeat, self._derived(node, results))
        results_by_name = {name: self._results.node(self._selection.node_path(name)) for name in self._other_names()}
        others = {name: each for name, each in results_by_name.items() if each}
        self.weights.show_node(self._graph, self._name, node, results, others, self._similar_nodes(node))
        shown_problems = {text for row in self.form.rows.values() if (text := row.wrong)}
        about = self._results.problems_of(self._graph, self._name)
        self.problems.show_problems(
            [each for each in about if not any(text in each.message for text in shown_problems)]
        )
        self.refresh_gradients()
        self.code.show_code(self._code_lines())

    def refresh_gradients(self) -> None:
        """Show the latest gradient norms."""
        results = self._results.node(self._selection.node_path(self._name))
        series = list(self.gradients(self._selection.node_path(self._name))) if self.gradients else []
        values = [*self._phases(), *result_values(results), *length_values(results, self._results.lengths)]
        if series:
            values.append(("|grad|", compact_text(series[-1])))
        self.table.show_values(values, series)

    def _phases(self) -> list[tuple[str, str]]:
        """The phases that minimize the node, for a loss of a training that lists phases."""
        project, node = self._document.project, self._node
        declared = layer(node.kind) if node else None
        if self._graph != project.main or not project.training.phases or not declared or declared.role != "loss":
            return []
        names = [project.training.phases[place].name for place in phases_of_loss(project.training, self._name)]
        return [("phases" if len(names) > 1 else "phase", ", ".join(names) or "none")]

    def focus_first(self) -> None:
        """Focus the first parameter, or else the name."""
        names = [name for name, row in self.form.rows.items() if name not in self._derived_names()]
        if names:
            self.form.focus(names[0])
        else:
            self.name.focus("name")

    def _build(self, node: Node, declared: Layer | None) -> None:
        self.sharing.show_node(self._graph, self._name, node, declared, self._sharable_nodes(node, declared))
        fields, params = self._fields(node), self._params(node, declared)
        key = (node.kind, params, fields, self._document.path)
        if key == self._form_key:
            return
        self._form_key = key
        base = self._document.path.parent if self._document.path else None
        suggestions = {"field": fields} if fields else {}
        context = EditorContext(suggestions, base, lambda: self._scope, literal=(REPEAT.name,))
        self._replace_form(Form(params, self._theme, self._document.gesture, live=not node.uses_block, context=context))

    def _params(self, node: Node, declared: Layer | None) -> tuple[Param, ...]:
        """The parameters of a layer, or those of a block and how often it is repeated."""
        if node.uses_block:
            block = self._document.project.graphs.get(node.graph or "")
            own = block_params(block) if block and node.shares is None else ()
            repeat = (REPEAT,) if node.kind == "Block" else ()
            return (*(param for param in own if param.name != REPEAT.name), *repeat)
        return declared.params if declared and node.shares is None else ()

    def _update_scope(self, node: Node) -> None:
        """Find what the expressions of the node may read, and its values."""
        self._scope = node_scope(self._document.project, self._results, self._selection.path, [node])

    def _replace_form(self, form: Form) -> None:
        remove_widget(self.form)
        self.form = form
        form.edited.connect(self._set)
        form.promotion_wanted.connect(self._promote)
        form.help_changed.connect(self.help_changed)
        self._column.insertWidget(self._form_at, form)

    def _show_values(self, node: Node) -> None:
        self._open_block.setVisible(node.graph in self._document.project.graphs)
        self._open_block.setText(f"Open {node.graph}")
        self._shares_label.setText(f"Uses the weights and settings of {node.shares}.")
        self._shares_label.setVisible(node.shares is not None)

    def _set(self, name: str, value: Value | Unset, gesture: int) -> None:
        if name == REPEAT.name and isinstance(value, int | Unset):
            self._document.do(SetNode(self._graph, self._name, "repeat", 1 if isinstance(value, Unset) else value))
        else:
            self._document.do(SetParam(self._graph, self._name, name, value, gesture))

    def _promote(self, name: str) -> None:
        """Make a value of the node a parameter of the block around it."""
        try:
            edit = promote(self._document.project, self._graph, self._name, name)
        except EditError as wrong:
            self._document.edit_refused.emit(f"{self._name}: {wrong}.")
        else:
            self._document.do(edit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.name.rows["name"].wrong:
            self.name.show_values({"name": self._name})
        else:
            super().keyPressEvent(event)

    def _show_name(self) -> None:
        """Show the name of the node; an invalid one that was typed stays, with the reason, until it is corrected."""
        shown_node = self._graph, self._name
        if shown_node != self._named_node or not self.name.rows["name"].wrong:
            self._named_node = shown_node
            self.name.show_values({"name": self._name})

    def _rename(self, value: Value) -> None:
        if not isinstance(value, str) or self.name.params[0].problem(value):
            return
        try:
            edit = rename(self._document.project, self._graph, self._name, value)
        except EditError as wrong:
            self._document.edit_refused.emit(f"Rename {self._name}: {wrong}.")
        else:
            self._document.do(edit)

    def _other_names(self) -> set[str]:
        graph = self._document.project.graphs.get(self._graph)
        return set(graph.nodes) - {self._name} if graph else set()

    def _sharable_nodes(self, node: Node, declared: Layer | None) -> tuple[str, ...]:
        return self._similar_nodes(node) if holds_weights(declared) else ()

    def _similar_nodes(self, node: Node) -> tuple[str, ...]:
        """The nodes of the same kind, whose weights it could use or follow."""
        nodes = self._document.project.graphs[self._graph].nodes
        same = ((name, other) for name, other in nodes.items() if (other.kind, other.graph) == (node.kind, node.graph))
        return tuple(name for name, other in same if name != self._name and other.shares is None)

    def _fields(self, node: Node) -> tuple[str, ...]:
        """The fields of the data that an input of the main graph can read."""
        if node.kind != "Input" or self._graph != self._document.project.main:
            return ()
        return tuple(field.name for field in available_fields(self._document.project.data, self._results.fields))

    def _derived(self, node: Node, results: NodeResults | None) -> Mapping[str, Value]:
        if node.shares is not None:
            results = self._results.node(self._selection.node_path(node.shares))
        return results.derived if results else {}

    def _derived_names(self) -> set[str]:
        declared = layer(self._node.kind) if self._node else None
        return {param.name for param in declared.derived} if declared else set()

    def _code_lines(self) -> list[str]:
        source = self._results.source.splitlines()
        node = (self._graph, self._name)
        return [source[number - 1] for number, owner in self._results.lines.items() if owner == node]
