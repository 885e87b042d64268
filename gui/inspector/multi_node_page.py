"""The page of several selected nodes: the parameters that they have in common."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.index import layer
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.spec import Layer
from engine.graph.edits import Batch, SetNode, SetParam
from engine.graph.model import Node, Unset
from gui.formatting.formats import count_text, plural, repeated_text, short_text
from gui.forms.editors import EditorContext
from gui.forms.form import Form
from gui.forms.param_row import MIXED, FormValue
from gui.forms.scope import Scope
from gui.forms.sections import Header, Line
from gui.forms.value_table import ValueTable
from gui.inspector.more_section import BYPASS
from gui.inspector.node_scope import node_scope
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from gui.widgets.removal import remove_widget


class ManyPage(QWidget):
    """Edits several nodes at once, each change one undo step."""

    help_changed = Signal(str)

    def __init__(self, document: Document, selection: Selection, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._selection, self._results, self._theme = document, selection, results, theme
        self._form_key: object = None
        self._shown_nodes: tuple[str, ...] = ()
        self._scope = Scope()
        self.header = Header(theme)
        self.form = Form((), theme, document.gesture, live=True)
        self.table = ValueTable(theme)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.header, self.form, Line(), self.table):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def _nodes(self) -> dict[str, Node]:
        selected = self._selection.nodes
        return {name: node for name, node in self._selection.shown_graph.nodes.items() if name in selected}

    def refresh(self) -> None:
        """Show the selected nodes."""
        nodes = self._nodes
        if (another := (self._selection.graph, *nodes)) != self._shown_nodes:
            self._shown_nodes = another
            self.form.drop_texts()
        self._scope = node_scope(self._document.project, self._results, self._selection.path, nodes.values())
        declarations = [declaration for node in nodes.values() if (declaration := layer(node.kind))]
        kinds = sorted({node.kind for node in nodes.values()})
        params = common_params(declarations) if len(declarations) == len(nodes) else ()
        passes = all(each.role in ("layer", "block") for each in declarations)
        key = (params, passes)
        if key != self._form_key:
            self._form_key = key
            self._rebuild((*params, *((BYPASS,) if passes else ())))
        title = f"{len(nodes)} \u00d7 {kinds[0]}" if len(kinds) == 1 else plural(len(nodes), "node")
        names_text = (
            ", ".join(nodes) if len(nodes) <= 12 else f"{', '.join(list(nodes)[:12])} and {len(nodes) - 12} more"
        )
        family = declarations[0].family if len({each.family for each in declarations}) == 1 else "structure"
        self.header.set_text(title, names_text, family)
        param_values = {param.name: _common_value(nodes, param) for param in self.form.params if param is not BYPASS}
        bypasses = {node.bypass for node in nodes.values()}
        self.form.show_values({**param_values, "bypass": bypasses.pop() if len(bypasses) == 1 else MIXED})
        self.refresh_results()

    def refresh_results(self) -> None:
        """Show the present analysis results."""
        results = [node for name in self._nodes if (node := self._results.node(self._selection.node_path(name)))]
        all_times = {each.times for each in results}
        times = all_times.pop() if len(all_times) == 1 else 1
        values = [("parameters", repeated_text(count_text, sum(each.parameters for each in results), times))]
        macs = repeated_text(short_text, sum(each.macs for each in results), times)
        values.append(("multiply-adds", f"{macs} / sample"))
        self.table.show_values(values if results else [])

    def _rebuild(self, params: Sequence[Param]) -> None:
        at = self._column.indexOf(self.form)
        remove_widget(self.form)
        context = EditorContext(scope=lambda: self._scope)
        self.form = Form(params, self._theme, self._document.gesture, live=True, context=context)
        self.form.edited.connect(self._set)
        self.form.help_changed.connect(self.help_changed)
        self._column.insertWidget(at, self.form)

    def _set(self, name: str, value: Value | Unset, gesture: int) -> None:
        graph, nodes = self._selection.graph, tuple(self._nodes)
        label = f"Set {name} of {plural(len(nodes), 'node')}"
        if name == BYPASS.name:
            bypass = value if isinstance(value, Expression) else value is True
            self._document.do(Batch(label, tuple(SetNode(graph, node, "bypass", bypass) for node in nodes)))
        else:
            self._document.do(Batch(label, tuple(SetParam(graph, node, name, value, gesture) for node in nodes)))


def common_params(declarations: Sequence[Layer]) -> tuple[Param, ...]:
    """The parameters that all declarations have in the same form, without the sizes that are read from wires."""
    if not declarations:
        return ()
    first, *others = declarations
    return tuple(
        param
        for param in first.params
        if not isinstance(param, FromInput)
        and all((other := each.param(param.name)) is not None and _is_same_param(param, other) for each in others)
    )


def _is_same_param(one: Param, other: Param) -> bool:
    return type(one) is type(other) and (one.range_text(), getattr(one, "n", 0)) == (
        other.range_text(),
        getattr(other, "n", 0),
    )


def _common_value(nodes: dict[str, Node], param: Param) -> FormValue:
    values = []
    for node in nodes.values():
        declarations = layer(node.kind)
        own_param = declarations.param(param.name) if declarations else None
        values.append(node.params.get(param.name, own_param.default if own_param else None))
    return values[0] if all(repr(each) == repr(values[0]) for each in values) else MIXED
