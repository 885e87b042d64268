"""Lists projects that a crash left unsaved, to be opened or discarded."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.common_dialogs.dialog import Dialog, text_label
from gui.files.recovery import UnsavedProject, discard
from gui.formatting.formats import ago


class UnsavedProjectsDialog(Dialog):
    """One row for each project; opening one closes the dialog."""

    def __init__(
        self,
        projects: Sequence[UnsavedProject],
        open_project: Callable[[UnsavedProject], object],
        parent: QWidget | None = None,
    ) -> None:
        explanation = "Torchloom ended before these were saved. They can be opened as they were."
        super().__init__("lost", "Unsaved projects", parent, subtitle=explanation)
        self._open_project = open_project
        for project in projects:
            self.body.addWidget(self._row(project))
        self.body.addStretch(1)
        self.add_close()
        self.setMinimumWidth(540)

    def _row(self, project: UnsavedProject) -> QFrame:
        row = QFrame()
        row.setProperty("role", "card")
        columns = QHBoxLayout(row)
        columns.setContentsMargins(14, 10, 10, 10)
        details = QVBoxLayout()
        details.setSpacing(2)
        details.addWidget(text_label(project.name, "strong"))
        folder = str(project.path.parent) if project.path else "not in a file yet"
        details.addWidget(text_label(f"{ago(max(0.0, time.time() - project.changed_s))}, {folder}", "small"))
        columns.addLayout(details, 1)
        discard_button = QPushButton("Discard")
        discard_button.clicked.connect(lambda: self._discard(project, row))
        columns.addWidget(discard_button)
        open_button = QPushButton("Open")
        open_button.clicked.connect(lambda: self._open(project))
        columns.addWidget(open_button)
        return row

    def _open(self, project: UnsavedProject) -> None:
        self.accept()
        self._open_project(project)

    def _discard(self, project: UnsavedProject, row: QFrame) -> None:
        discard(project)
        row.hide()
