"""Completion of the word before the cursor, in a line edit."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QCompleter, QLineEdit

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")


class Completion(QObject):
    """Proposes words while one is typed; Enter or a click takes the one that is marked, Escape closes the list."""

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._words = QStringListModel(self)
        self.completer = QCompleter(self._words, self)
        self.completer.setWidget(line)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self._take)
        line.textEdited.connect(self._propose)

    def claims(self, event: QKeyEvent) -> bool:
        """Whether a key is for the open list, which asks the line edit first: that should ignore it."""
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
        return self.is_open and event.key() in keys

    def set_words(self, words: Sequence[str]) -> None:
        """Set the words that can be proposed."""
        if tuple(self._words.stringList()) != tuple(words):
            self._words.setStringList(list(words))

    @property
    def is_open(self) -> bool:
        """Whether the list is open."""
        return self._popup.isVisible()

    def close(self) -> None:
        """Close the list."""
        self._popup.hide()

    @property
    def _popup(self) -> QAbstractItemView:
        popup = self.completer.popup()
        assert popup is not None  # noqa: S101 (it is made with the completer)
        return popup

    def _word(self) -> str:
        match = _WORD.search(self._line.text()[: self._line.cursorPosition()])
        return match[0] if match else ""

    def _propose(self) -> None:
        word = self._word()
        self.completer.setCompletionPrefix(word)
        if not word or word in self._words.stringList() or not self.completer.completionCount():
            self.close()
            return
        self._popup.setCurrentIndex(self.completer.completionModel().index(0, 0))
        self.completer.complete()

    def _take(self, word: str) -> None:
        """Put a word in place of the one before the cursor, and the cursor inside its parentheses if it has any."""
        text, at = self._line.text(), self._line.cursorPosition()
        start = at - len(self._word())
        self._line.setText(text[:start] + word + text[at:])
        self._line.setCursorPosition(start + len(word))
        self._line.setModified(True)
        self._line.textEdited.emit(self._line.text())
