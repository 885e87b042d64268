"""Shows an error of Torchloom itself, with a report to copy."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from gui.common_dialogs.dialog import Dialog, text_label


class FaultReport(Dialog):
    """Shows the traceback of a bug; the app goes on behind it."""

    def __init__(self, report: str, show_logs: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__("fault", "Something went wrong in Torchloom", parent)
        explanation = (
            "This is a fault of the program, not of your network. Your changes are kept and come back even if the "
            "window closes. You can go on; to be safe, save the project under another name."
        )
        self.body.addWidget(text_label(explanation, wrap=True))
        self.text = QPlainTextEdit(report)
        self.text.setObjectName("fault_report")
        self.text.setAccessibleName("Report")
        self.text.setReadOnly(True)
        self.text.setProperty("role", "code")
        self.text.setMinimumSize(640, 260)
        self.body.addWidget(self.text, 1)
        self.add_button("Copy report", first=True).clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        self.add_button("Show the log", first=True).clicked.connect(show_logs)
        self.add_close("Go on")
