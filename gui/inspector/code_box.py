"""A few lines of generated source, beside the settings that they come from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from gui.code.highlighter import PythonHighlighter
from gui.theme import Theme

MAX_CODE_LINES = 14


class CodeBox(QPlainTextEdit):
    """A few lines of source; a double click goes to them in the code view."""

    code_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setProperty("role", "snippet")
        self.setAccessibleName("Generated code of this node")
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(7)
        self._colours = PythonHighlighter(self, theme)
        theme.changed.connect(self._fit)
        self._fit()

    def show_code(self, lines: Sequence[str]) -> None:
        """Show lines, without their common indent."""
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        text = "\n".join(line[indent:] for line in lines)
        if text != self.toPlainText():
            self.setPlainText(text)
        self.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        self.setFont(self._theme.font("mono"))
        line = QFontMetrics(self._theme.font("mono")).lineSpacing()
        rows = int(self.document().size().height())  # the number of lines, including wrapped ones
        self.setFixedHeight(min(max(rows, 1), MAX_CODE_LINES) * line + 2 * 7 + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.code_wanted.emit()
