"""The forms of the data page: kind, its parameters, the split, the transforms."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.catalog.data.datasets import column_params, datasets, path_params
from engine.catalog.data.roles import Roles
from engine.catalog.no_effect_reasons import NoEffect
from engine.catalog.params import Flag, Float, Int, Value
from engine.catalog.text_params import Text
from engine.graph.edits import SetData
from engine.graph.model import UNSET, Data, Part, Split, Unset
from gui.data.data_settings import choice_label, is_readable, kind_headings, with_kind, with_one_target
from gui.data.transforms_form import TransformsForm
from gui.forms.choice_editors import SuggestEditor
from gui.forms.editors import EditorContext
from gui.forms.form import Form
from gui.forms.part_form import PartForm, with_value
from gui.forms.roles_editor import RolesEditor
from gui.forms.text_editors import PathEditor
from gui.problems.cards import ProblemCards
from gui.problems.fixes import apply_fix
from gui.state.analysis_results import AnalysisResults
from gui.state.data_fields import available_fields
from gui.state.document import Document
from gui.theme import Theme

SPLIT = (
    Float("validation", 0.2, min=0.0, below=1.0, help="Share of the samples that are held out to judge the network."),
    Float("test", 0.0, min=0.0, below=1.0, help="Share of the samples that are kept for the very end."),
    Flag("stratify", True, help="Hold out the same share of every class."),
    Int("seed", 0, min=0, help="Another seed holds out other samples; it is not the seed of the training."),
    Text("group", "", help="A field such as the speaker: samples with one value of it are never in different parts."),
)


IN_TIME = NoEffect("the last samples are held out, as they are in order of time")
LABEL_PX = 83  # the names are short, and the fields contain paths
MISSING = "D108"  # a missing setting; its field and the page already ask for it


class DataForm(QWidget):
    """All settings of the data; each change is one undo step."""

    help_changed = Signal(str)

    def __init__(self, document: Document, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._results, self._theme = document, results, theme
        self._columns: tuple[Value, tuple[str, ...]] = (None, ())  # of the table at this path
        self.problems = ProblemCards(results, theme)
        self.problems.fix_wanted.connect(lambda problem: apply_fix(document, problem))
        self.kind = PartForm(
            "data", datasets(), theme, document.gesture, none="none", headings=kind_headings(), label_px=LABEL_PX
        )
        self.kind.kind_chosen.connect(self._choose)
        self.kind.edited.connect(self._set)
        self.kind.help_changed.connect(self.help_changed)
        self.origin = QLabel()
        self.origin.setProperty("voice", "small")
        self.origin.setWordWrap(True)
        self.again = QPushButton("Read again")
        self.again.setToolTip("Read the files again; this also happens by itself when they change")
        context = EditorContext({"group": ()})
        self.split = Form(SPLIT, theme, document.gesture, live=False, context=context, label_px=LABEL_PX)
        self.split.edited.connect(lambda name, value, _: self._set_split(name, value))
        self.split.help_changed.connect(self.help_changed)
        self.transforms = TransformsForm(document, results, theme)
        self.transforms.changed.connect(self._change_transforms)
        self.transforms.help_changed.connect(self.help_changed)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.problems)
        column.addWidget(_heading("Data set"))
        column.addWidget(self.kind)
        column.addWidget(self.origin)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(6)
        column.addWidget(_heading("Held-out samples"))
        column.addWidget(self.split)
        column.addSpacing(6)
        column.addWidget(_heading("Transforms"))
        column.addWidget(self.transforms)
        column.addStretch(1)

    @property
    def _data(self) -> Data:
        return self._document.project.data

    def set_columns(self, names: tuple[str, ...]) -> None:
        """Set the columns of the table, which the target and the roles can be chosen from."""
        self._columns = (self._data.params.get("path"), names)
        self._offer_columns()

    def _offer_columns(self) -> None:
        path, names = self._columns
        for row in self.kind.form.rows.values():
            if isinstance(row.editor, SuggestEditor | RolesEditor):  # the target, and the roles
                columns = names if path == self._data.params.get("path") else ()
                are_arrays = isinstance(row.param, Roles) and row.param.noun == "array"
                row.editor.set_options(tuple(self._results.fields) if are_arrays else columns)

    def _offer_groups(self) -> None:
        editor = self.split.rows["group"].editor
        if isinstance(editor, SuggestEditor):
            fields = available_fields(self._data, self._results.fields)
            editor.set_options(tuple(each.name for each in fields if each.element == "class"))

    def choose_path(self) -> None:
        """Open the dialog for the first path that is missing."""
        editors = [row.editor for row in self.kind.form.rows.values() if isinstance(row.editor, PathEditor)]
        if (editor := next((each for each in editors if not each.field.text()), None)) is not None:
            editor.browse.click()

    def refresh(self) -> None:
        """Show the present settings."""
        data = self._data
        base = self._document.path.parent if self._document.path else None
        declared = datasets().get(data.kind)
        context = EditorContext(dict.fromkeys(column_params(declared) if declared else (), ()), base)
        self.kind.show_part(data.kind, data.params, context)
        self._offer_columns()
        lines = [declared.source, f"Licence: {declared.licence}" if declared.licence else ""] if declared else []
        self.origin.setText("\n".join(each for each in lines if each))
        self.origin.setVisible(bool(self.origin.text()))
        self.again.setVisible(declared is not None and bool(path_params(declared)) and is_readable(data))
        split = data.split
        values = {name: getattr(split, name) for name in self.split.rows}
        in_time = declared is not None and declared.in_time
        self.split.show_values(values, effects={name: IN_TIME for name in ("stratify", "seed") if in_time})
        self.transforms.refresh()
        self.refresh_results()

    def refresh_results(self) -> None:
        """Show the present problems."""
        about = [each for each in self._results.problems if each.code.startswith("D") and each.node is None]
        about = [each for each in about if each.code != MISSING]
        self.problems.show_problems(about)
        self._offer_columns()
        self._offer_groups()
        self.transforms.refresh_results()

    def _do(self, label: str, data: Data) -> None:
        if data != self._data:
            self._document.do(SetData(data, label))

    def _choose(self, kind: str) -> None:
        self._do(choice_label(kind), with_kind(self._data, kind))

    def _set(self, name: str, value: Value | Unset) -> None:
        if value == "":
            value = UNSET  # an empty field has no value
        data = replace(self._data, params=with_value(self._data.params, name, value))
        self._do(f"Set {name} of {self._data.kind}", with_one_target(data))

    def _set_split(self, name: str, value: Value | Unset) -> None:
        changes: dict[str, object] = {name: getattr(Split(), name) if isinstance(value, Unset) else value}
        self._do(f"Set the {name} share" if name in ("validation", "test") else f"Set {name} of the split",
                 replace(self._data, split=replace(self._data.split, **changes)))  # type: ignore[arg-type] # fmt: skip

    def _change_transforms(self, label: str, parts: tuple[Part, ...]) -> None:
        self._do(label, replace(self._data, transforms=parts))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("voice", "brand")
    return label
