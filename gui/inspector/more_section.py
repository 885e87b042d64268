"""The section of a node's page for bypassing it and for sharing the weights of another node; closed if unused."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.params import Choice, Flag, Param, Value
from engine.catalog.spec import Layer
from engine.graph.edits import Batch, SetNode, SetParam, SetWeights
from engine.graph.model import UNSET, Node, Unset
from gui.forms.choice_editors import ChoiceEditor
from gui.forms.editors import EditorContext
from gui.forms.form import Form
from gui.forms.scope import Scope
from gui.forms.sections import Section
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

BYPASS = Flag("bypass", False, help="Let the input pass through unchanged, in the code too.")
SHARES = Choice("shares", None, none="own weights", help="Use the weights of another node of the same kind.")


class MoreSection(QWidget):
    """Shows and changes both for one node of the document. ``scope``: returns what its expressions may read."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme, scope: Callable[[], Scope]) -> None:
        super().__init__()
        self._document, self._theme, self._scope = document, theme, scope
        self._graph = self._name = ""
        self._node = Node("")
        self.box = QWidget()
        self._inside = QVBoxLayout(self.box)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self.form = Form((), theme, document.gesture, live=False)
        self._inside.addWidget(self.form)
        self.section = Section("More", theme, self.box, is_open=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.section)
        column.addWidget(self.box)

    def show_node(self, graph: str, name: str, node: Node, declared: Layer | None, sharable: tuple[str, ...]) -> None:
        """Show a node; ``sharable``: the nodes whose weights it can use."""
        if (graph, name) != (self._graph, self._name):
            self.form.drop_texts()
        self._graph, self._name, self._node = graph, name, node
        params = _params(declared, can_share=bool(sharable))
        if params != self.form.params:
            self._replace_form(params)
        sharing = self.form.rows.get("shares")
        if sharing is not None and isinstance(sharing.editor, ChoiceEditor):
            sharing.editor.set_options({name: name for name in sharable})
        self.setVisible(bool(params))
        self.form.show_values({"bypass": node.bypass, "shares": node.shares})
        if (node.bypass or node.shares) and not self.section.isChecked():
            self.section.setChecked(True)

    def _replace_form(self, params: tuple[Param, ...]) -> None:
        remove_widget(self.form)
        context = EditorContext(scope=self._scope, literal=("shares",))
        self.form = Form(params, self._theme, self._document.gesture, live=False, context=context)
        self.form.edited.connect(self._set)
        self.form.help_changed.connect(self.help_changed)
        self._inside.addWidget(self.form)

    def _set(self, name: str, value: Value | Unset, _: int) -> None:
        if name == "bypass":
            bypass = value if isinstance(value, Expression) else value is True
            self._document.do(SetNode(self._graph, self._name, "bypass", bypass))
            return
        source = value if isinstance(value, str) else None
        drop = [SetParam(self._graph, self._name, each, UNSET) for each in self._node.params] if source else []
        share = SetNode(self._graph, self._name, "shares", source)
        label = f"Share the weights of {source}" if source else f"Give {self._name} its own weights"
        settings = replace(self._node.settings, shares={})
        own = [SetWeights(self._graph, self._name, settings)] if source and settings != self._node.settings else []
        self._document.do(Batch(label, (*drop, *own, share)))


def _params(declared: Layer | None, *, can_share: bool) -> tuple[Param, ...]:
    if declared is None or declared.role not in ("layer", "block"):
        return ()
    return (BYPASS, SHARES) if can_share else (BYPASS,)
