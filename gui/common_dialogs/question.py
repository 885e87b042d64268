"""A question with a few answers, or a message with none but its end."""

from PySide6.QtWidgets import QButtonGroup, QWidget

from gui.common_dialogs.dialog import Dialog, labelled

WIDTH_PX = 440
_MOST = 70  # letters; a name may have more than a screen has room for


class Question(Dialog):
    """Asks once, over a window; ``more`` says what follows from the answer."""

    def __init__(self, name: str, text: str, more: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text if len(text) <= _MOST else f"{text[:45]}…{text[-20:]}", parent)
        self.body.addWidget(labelled(more, wrap=True))
        self.body.addStretch(1)
        self.setMinimumWidth(WIDTH_PX)
        self._answers: list[str | None] = []
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self._take)
        self.answer: str | None = None

    def offer(self, answer: str | None, text: str, *, default: bool = False, apart: bool = False) -> None:
        """Give an answer its button; ``None`` goes back. ``apart``: at the left, away from the others."""
        self._buttons.addButton(self.add_button(text, default=default, first=apart), len(self._answers))
        self._answers.append(answer)

    def ask(self) -> str | None:
        """Wait for the answer; ``None`` when the question was put away without one."""
        self.exec()
        self.deleteLater()
        return self.answer

    def _take(self, place: int) -> None:
        self.answer = self._answers[place]
        self.accept()
