"""The page of the project, shown while nothing is selected: its sizes, its data and its training."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.catalog.params import Value
from engine.catalog.text_params import Text
from engine.graph.edits import SetProject
from engine.graph.model import Unset
from gui.formatting.formats import bytes_text, count_text, short_text, size_values
from gui.forms.form import Form
from gui.forms.sections import Header, Line
from gui.forms.value_table import ValueTable
from gui.inspector.generation_form import GenerationForm
from gui.inspector.training.training_form import TrainingForm
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink

FLOAT32_BYTES = 4
NAME_PX = 44  # of the label, so that a project's name has room


class ProjectPage(QWidget):
    """Name, sizes and training settings. ``data_wanted``: show the data page."""

    help_changed = Signal(str)
    data_wanted = Signal()

    def __init__(
        self, document: Document, results: AnalysisResults, theme: Theme, analysis: AnalysisLink | None
    ) -> None:
        super().__init__()
        self._document, self._results = document, results
        self.header = Header(theme)
        self.name = Form(
            (Text("name", None, required=True, help="The project's name."),),
            theme,
            document.gesture,
            live=False,
            label_px=NAME_PX,
        )
        self.name.edited.connect(lambda _, value, __: self._rename(value))
        self.name.help_changed.connect(self.help_changed)
        self.table = ValueTable(theme, aligned=False)
        self.data = QPushButton()
        self.data.clicked.connect(self.data_wanted)
        self.training = TrainingForm(document, theme, analysis)
        self.training.help_changed.connect(self.help_changed)
        self.generation = GenerationForm(document, theme)
        self.generation.help_changed.connect(self.help_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.header, self.name, self.table, self.data, Line(), self.training, self.generation):
            column.addWidget(part)
        column.addStretch(1)

    def refresh(self) -> None:
        """Show the present project."""
        project = self._document.project
        self.header.set_text("Project", "Settings of the whole project, while nothing is selected.", "structure")
        self.name.show_values({"name": project.name})
        kind = project.data.kind or "none"
        self.data.setText(f"Data: {kind}")
        self.data.setAccessibleName(f"Show the data page, {kind}")
        values = size_values(project)
        if self._results.has_answer:
            results = self._results
            totals = {
                "parameters": count_text(results.parameters),
                "weights": bytes_text(results.parameters * FLOAT32_BYTES),
                "multiply-adds": f"{short_text(results.macs)} / sample",
            }
            values += [(name, _total(text, results)) for name, text in totals.items()]
            values += [
                (f"length {letter}", f"{axis['limits']}; counted for {axis['length']}")
                for letter, axis in results.lengths.items()
            ]
        self.table.show_values(values)

    def refresh_results(self) -> None:
        """Show the present analysis results."""
        self.refresh()

    def _rename(self, value: Value | Unset) -> None:
        if isinstance(value, str) and value.strip():
            self._document.do(SetProject("name", value.strip()))
        else:
            self.refresh()


def _total(text: str, results: AnalysisResults) -> str:
    """A total of the network, or of the part that could be analysed."""
    if not results.is_partial:
        return text
    return f"at least {text}" if results.parameters else "unknown"
