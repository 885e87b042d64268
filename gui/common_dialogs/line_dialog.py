"""Asks for a line of text."""

from PySide6.QtWidgets import QLineEdit, QWidget

from gui.common_dialogs.dialog import Dialog, text_label

WIDTH_PX = 400


class LineDialog(Dialog):
    """``title`` names what is asked for, ``more`` explains what it is for; an empty line is not accepted."""

    def __init__(self, name: str, title: str, more: str, accept_text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self.setMinimumWidth(WIDTH_PX)
        self.field = QLineEdit()
        self.field.setObjectName(f"{name}_field")
        self.field.setAccessibleName(title)
        self.body.addWidget(text_label(more, wrap=True))
        self.body.addWidget(self.field)
        self.body.addStretch(1)
        self.add_button("Cancel").clicked.connect(self.reject)
        self.go = self.add_button(accept_text, f"{name}_go", default=True)
        self.go.setEnabled(False)
        self.go.clicked.connect(self.accept)
        self.field.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.field.setFocus()

    def ask(self) -> str | None:
        """Show the dialog; returns the line without spaces around it, or ``None`` if it was cancelled."""
        accepted = self.exec()
        self.deleteLater()
        return self.field.text().strip() if accepted else None
