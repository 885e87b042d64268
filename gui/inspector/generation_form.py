"""How the trained network generates samples: the generator and its settings."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.params import Value
from engine.graph.edits import Edit, SetGeneration
from engine.graph.model import Part, Unset
from gui.forms.part_form import PartForm, with_value
from gui.forms.sections import Section
from gui.state.document import Document
from gui.theme import Theme


class GenerationForm(QWidget):
    """The choice of a generator and its form; each change is one undo step."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("generation_form")
        self._document = document
        self._part: Part | None = None
        self.part = PartForm("generation", GENERATORS, theme, document.gesture, none="none")
        self.section = Section("Generation", theme, self.part, is_open=document.project.generation is not None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(8)
        column.addWidget(self.section)
        column.addWidget(self.part)
        self.part.help_changed.connect(self.help_changed)
        self.part.kind_chosen.connect(self._choose)
        self.part.edited.connect(self._set)
        document.edited.connect(self._follow)
        document.replaced.connect(self._open)
        self.refresh()

    def refresh(self) -> None:
        """Show the present choice."""
        self._part = self._document.project.generation
        part = self._part or Part("")
        self.part.show_part(part.kind, part.params)

    def _open(self) -> None:
        """Open the section for a project that generates, close it for others."""
        self.section.setChecked(self._document.project.generation is not None)
        self.refresh()

    def _follow(self, edit: Edit) -> None:
        del edit
        if self._document.project.generation != self._part:
            self.refresh()

    def _choose(self, kind: str) -> None:
        label = f"Generate by {kind}" if kind else "Generate nothing"
        self._document.do(SetGeneration(Part(kind) if kind else None, label))

    def _set(self, name: str, value: Value | Unset) -> None:
        part = self._document.project.generation
        if part is not None:
            changed = replace(part, params=with_value(part.params, name, value))
            self._document.do(SetGeneration(changed, f"Set {name} of {part.kind}"))
