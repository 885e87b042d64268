"""Publishes a block to a library: with which summary, where, and what it replaces there."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from engine.errors import EngineError
from engine.project.library import OWN, Publication, Sample, project_folder, publication, publish
from gui.common_dialogs.dialog import Dialog, text_label
from gui.common_dialogs.file_dialog import FileDialog
from gui.context.context import Context
from gui.dialogs.output_paths import with_tilde
from gui.forms.combo import Combo

WIDTH_PX = 660
MOST_LETTERS = 160  # of a summary, which is one sentence


class PublishDialog(Dialog):
    """Asks how to publish a block, and writes it. ``samples``: as for `engine.project.library.publish`.

    ``publication``: what was written, ``None`` before.
    """

    def __init__(
        self, context: Context, block: str, samples: Mapping[str, Sample], parent: QWidget | None = None
    ) -> None:
        super().__init__("publish", f"Publish {block}", parent, subtitle="The palette shows it in every project.")
        self._context, self._block, self._samples = context, block, samples
        self.publication: Publication | None = None
        self.summary, self.where = QLineEdit(), Combo()
        self.consequence = text_label("", "small", wrap=True)
        self.problem = text_label("", "error", wrap=True)
        self._lay_out()
        self.add_button("Cancel").clicked.connect(self.reject)
        self.go = self.add_button("Publish", "publish_go", default=True)
        self.go.clicked.connect(self._start)
        self._fill_places()
        self.where.currentIndexChanged.connect(self._refresh)
        self.where.activated.connect(self._choose)
        self.summary.textChanged.connect(self._refresh)
        self.summary.setFocus()
        self._refresh()

    @property
    def folder(self) -> Path:
        """The folder of the chosen library."""
        return Path(self.where.currentData() or self._context.libraries.folders()[OWN])

    @property
    def place(self) -> str:
        """The name of the chosen library."""
        return self.where.currentText()

    def _lay_out(self) -> None:
        self.setMinimumWidth(WIDTH_PX)
        self.summary.setMaxLength(MOST_LETTERS)
        self.summary.setPlaceholderText("What it is for, in one sentence")
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (name, widget) in enumerate((("summary", self.summary), ("library", self.where))):
            widget.setObjectName(f"publish_{name}")
            widget.setAccessibleName(name)
            grid.addWidget(text_label(name.capitalize(), "dim"), row, 0)
            grid.addWidget(widget, row, 1)
        grid.addWidget(self.consequence, 2, 1)
        grid.addWidget(self.problem, 3, 1)
        self.body.addLayout(grid)
        self.body.addStretch(1)

    def _fill_places(self) -> None:
        folders, path = self._context.libraries.folders(), self._context.document.path
        beside = project_folder(path) if path else None
        if beside is not None and beside not in folders.values():
            folders[f"{beside.parent.name}/{beside.name}"] = beside
        for name, folder in folders.items():
            self.where.addItem(name, str(folder))
        self.where.addItem("Choose a folder...", "")
        summaries = [
            library.blocks[self._block].summary
            for library in self._context.libraries.libraries
            if self._block in library.blocks
        ]
        self.summary.setText(summaries[-1] if summaries else "")

    def _choose(self, row: int) -> None:
        """Ask for a folder if the last line was chosen."""
        if self.where.itemData(row):
            return
        context = self._context
        start = context.document.path.parent if context.document.path else Path.home()
        folder = FileDialog(self, context.theme, "Publish to").to_choose_folder(start)
        if folder is None:
            self.where.setCurrentIndex(0)
            return
        at = self.where.findData(str(folder))
        if at < 0:
            at = self.where.count() - 1
            self.where.insertItem(at, f"{folder.parent.name}/{folder.name}", str(folder))
        self.where.setCurrentIndex(at)

    def _refresh(self) -> None:
        """Show what publishing would do, or why it cannot be done."""
        if not self.where.currentData():
            return  # the choice of a folder is about to open
        summary = self.summary.text().strip()
        try:
            plan = publication(self._context.document.project, self._block, self.folder, summary)
        except EngineError as wrong:
            self._say(str(wrong))
            self.consequence.hide()
            self.go.setEnabled(False)
            return
        self._say("")
        self.consequence.setText(_consequence(plan))
        self.consequence.show()
        self.go.setEnabled(not plan.is_equal)

    def _start(self) -> None:
        document, libraries = self._context.document, self._context.libraries
        try:
            summary = self.summary.text().strip()
            self.publication = publish(document.project, self._block, self.folder, summary, self._samples)
        except EngineError as wrong:
            self._say(str(wrong))
            return
        libraries.add_folder(self.folder)
        libraries.finish()
        self.accept()

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def _consequence(plan: Publication) -> str:
    place = with_tilde(plan.path)
    if plan.is_equal:
        return f"{place} has the same block already, version {plan.version}."
    if plan.before is None:
        return f"It will be version 1, in {place}."
    summary = f" ({plan.before.summary.rstrip('.')})" if plan.before.summary else ""
    return f"It will be version {plan.version}, in place of version {plan.before.version}{summary} in {place}."
