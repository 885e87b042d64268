"""The page of a block, shown while nothing is selected inside it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.catalog.params import Value
from engine.graph.compose import rename_block
from engine.graph.edits import EditError
from engine.graph.model import Unset
from gui.formatting.formats import plural
from gui.forms.form import Form
from gui.forms.node_name import NodeName
from gui.forms.sections import Header, Line, Section
from gui.forms.value_table import ValueTable
from gui.inspector.block.block_params_form import BlockParamsForm
from gui.inspector.block.ports_form import PortsForm
from gui.inspector.node_values import result_values
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme


class BlockPage(QWidget):
    """Name, parameters, ports and costs of the block that the canvas shows. ``publish_wanted``: to a library."""

    help_changed = Signal(str)
    publish_wanted = Signal()

    def __init__(self, document: Document, selection: Selection, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._selection, self._results = document, selection, results
        self._block = ""
        self.header = Header(theme)
        name = NodeName(
            "name", None, required=True, help="The block's name, in the code too: that of its class.",
            other_names=self._other_names, what="block",
        )  # fmt: skip
        self.name = Form((name,), theme, document.gesture, live=False)
        self.name.edited.connect(lambda _, value, __: self._rename(value))
        self.table = ValueTable(theme)
        self.inputs, self.outputs = PortsForm("Input", document, theme), PortsForm("Output", document, theme)
        ports = QWidget()
        inside = QVBoxLayout(ports)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        inside.addWidget(self.inputs)
        inside.addWidget(self.outputs)
        self.ports_section = Section("Ports", theme, ports)
        self.params = BlockParamsForm(document, theme)
        self.params_section = Section("Parameters", theme, self.params)
        self.publish = QPushButton("Publish...")
        self.publish.setToolTip("Put a copy into a library: the palette shows it in every project")
        self.publish.clicked.connect(self.publish_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts = (self.params_section, self.params, self.ports_section, ports, Line(), self.table, self.publish)
        for part in (self.header, self.name, *parts):
            column.addWidget(part)
        column.addStretch(1)
        for form in (self.name, self.params, self.inputs, self.outputs):
            form.help_changed.connect(self.help_changed)

    def refresh(self) -> None:
        """Show the present block."""
        block = self._selection.graph
        others = len(list(self._document.project.uses(block))) - 1
        effect = f"Changes here change {plural(others, 'other use')}, too." if others > 0 else "It is used once."
        self.header.set_text(block, f"A block. {effect}", "structure")
        self._show_name(block)
        self.params.show_block(block)
        self.inputs.show_block(block)
        self.outputs.show_block(block)
        self.refresh_results()

    def refresh_results(self) -> None:
        """Show what the block costs, by the present analysis results of the use that was opened."""
        project, block = self._document.project, self._selection.graph
        uses = len(list(project.uses(block)))
        here = self._results.node(".".join(self._selection.path))
        costs = [pair for pair in result_values(here) if pair[0] in ("parameters", "multiply-adds")]
        self.table.show_values([("uses", f"{uses:,}"), ("nodes", f"{len(project.graphs[block].nodes):,}"), *costs])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.name.rows["name"].wrong:
            self.name.show_values({"name": self._block})
        else:
            super().keyPressEvent(event)

    def _show_name(self, block: str) -> None:
        """Show the name; an invalid one that was typed stays, with the reason, until it is corrected."""
        if block != self._block or not self.name.rows["name"].wrong:
            self._block = block
            self.name.show_values({"name": block})

    def _rename(self, value: Value | Unset) -> None:
        if not isinstance(value, str) or self.name.params[0].problem(value) or value == self._block:
            return
        try:
            edit = rename_block(self._document.project, self._block, value)
        except EditError as wrong:
            self._document.edit_refused.emit(f"Rename {self._block}: {wrong}.")
        else:
            self._document.do(edit)

    def _other_names(self) -> set[str]:
        return set(self._document.project.graphs) - {self._block}
