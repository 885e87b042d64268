"""Lists projects that a crash left unsaved, to be opened or discarded."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.common_dialogs.dialog import Dialog, labelled
from gui.files.recovery import UnsavedProject, discard
from gui.text.formats import ago


class UnsavedProjectsDialog(Dialog):
    """One line a project; opening one closes the dialog."""

    def __init__(
        self,
        projects: Sequence[UnsavedProject],
        open_project: Callable[[UnsavedProject], object],
        parent: QWidget | None = None,
    ) -> None:
        words = "Torchloom ended before these were saved. They can be opened as they were."
        super().__init__("lost", "Unsaved projects", parent, subtitle=words)
        self._open_project = open_project
        for each in projects:
            self.body.addWidget(self._row(each))
        self.body.addStretch(1)
        self.add_close()
        self.setMinimumWidth(540)

    def _row(self, each: UnsavedProject) -> QFrame:
        row = QFrame()
        row.setProperty("role", "card")
        line = QHBoxLayout(row)
        line.setContentsMargins(14, 10, 10, 10)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(labelled(each.name, "strong"))
        where = str(each.path.parent) if each.path else "not in a file yet"
        words.addWidget(labelled(f"{ago(max(0.0, time.time() - each.changed_s))}, {where}", "small"))
        line.addLayout(words, 1)
        drop = QPushButton("Discard")
        drop.clicked.connect(lambda: self._drop(each, row))
        line.addWidget(drop)
        take = QPushButton("Open")
        take.clicked.connect(lambda: self._take(each))
        line.addWidget(take)
        return row

    def _take(self, each: UnsavedProject) -> None:
        self.accept()
        self._open_project(each)

    def _drop(self, each: UnsavedProject, row: QFrame) -> None:
        discard(each)
        row.hide()
