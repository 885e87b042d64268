"""A question with a few answers, or a message with one button."""

from PySide6.QtWidgets import QButtonGroup, QWidget

from gui.common_dialogs.dialog import Dialog, text_label

WIDTH_PX = 440
_MOST = 70  # letters of the title; a file name may be wider than the screen


class Question(Dialog):
    """Asks once. ``more`` explains the consequences of the answer."""

    def __init__(self, name: str, text: str, more: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text if len(text) <= _MOST else f"{text[:45]}…{text[-20:]}", parent)
        self.body.addWidget(text_label(more, wrap=True))
        self.body.addStretch(1)
        self.setMinimumWidth(WIDTH_PX)
        self._answers: list[str | None] = []
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self._take)
        self.answer: str | None = None

    def offer(self, answer: str | None, text: str, *, default: bool = False, apart: bool = False) -> None:
        """Add the button of an answer; ``None`` cancels. ``apart``: at the left, away from the others."""
        self._buttons.addButton(self.add_button(text, default=default, first=apart), len(self._answers))
        self._answers.append(answer)

    def ask(self) -> str | None:
        """Show the question; returns the answer, or ``None`` if it was closed without one."""
        self.exec()
        self.deleteLater()
        return self.answer

    def _take(self, index: int) -> None:
        self.answer = self._answers[index]
        self.accept()
