"""Python's colours, by the theme; of a long source those in sight first, and the rest in slices."""

import keyword
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit

from gui.system.time_slices import TimeSlices
from gui.theme import Theme

MOST_AT_ONCE = 200  # lines
PLAIN, IN_DOCSTRING = 0, 1  # states at a line's end
_TOKEN = re.compile(
    r"""(?P<docstring>[rbf]?\"\"\"(?:.*?\"\"\"|.*$))
    |(?P<comment>\#.*$)
    |(?P<string>[rbf]?"(?:\\.|[^"\\])*"|[rbf]?'(?:\\.|[^'\\])*')
    |(?P<number>\b(?:0[xob][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?)\b)
    |(?P<named>\b(?:class|def)\s+[A-Za-z_]\w*)
    |(?P<word>\b[A-Za-z_]\w*\b)""",
    re.VERBOSE,
)
_BUILTIN = frozenset({"self", "super", "True", "False", "None"})


class Span(NamedTuple):
    """A stretch of a line in one voice: ``keyword``, ``name``, ``number``, ``string`` or ``comment``."""

    start: int
    length: int
    voice: str


@lru_cache(maxsize=1 << 14)  # another theme colours the same lines again
def spans(line: str, *, in_docstring: bool = False) -> tuple[list[Span], bool]:
    """The coloured stretches of a line, and whether a docstring goes on after it; the list is shared."""
    result: list[Span] = []
    start = 0
    if in_docstring:
        end = line.find('"""')
        if end < 0:
            return [Span(0, len(line), "string")], True
        start = end + 3
        result.append(Span(0, start, "string"))
    goes_on = False
    for token in _TOKEN.finditer(line, start):
        if token.lastgroup == "docstring":
            result.append(Span(token.start(), len(token[0]), "string"))
            goes_on = not (token[0].endswith('"""') and len(token[0].lstrip("rbf")) >= 6)
        else:
            result += _simple(token)
    return result, goes_on


def _simple(token: re.Match[str]) -> Iterator[Span]:
    kind, text, at = token.lastgroup, token[0], token.start()
    if kind == "named":
        word = text.split()[0]
        yield Span(at, len(word), "keyword")
        yield Span(at + len(word), len(text) - len(word), "title")
    elif kind == "word":
        if keyword.iskeyword(text) or text in _BUILTIN:
            yield Span(at, len(text), "keyword")
    elif kind is not None:
        yield Span(at, len(text), kind)


class PythonHighlighter(QSyntaxHighlighter):
    """Colours the source in an editor; in another theme's colours when that is seen."""

    def __init__(self, editor: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(editor.document())
        self._editor, self._theme = editor, theme
        self._is_stale = False
        self._puts_off = False  # the lines that change now are coloured later
        self._turns = TimeSlices(self)
        editor.installEventFilter(self)
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._follow_theme)
        self._make()

    def highlightBlock(self, text: str) -> None:
        if self._puts_off:
            self.setCurrentBlockState(PLAIN)  # as most lines are; where it is wrong, colouring the line corrects it
            return
        line_spans, goes_on = spans(text, in_docstring=self.previousBlockState() == IN_DOCSTRING)
        for start, length, voice in line_spans:
            self.setFormat(start, length, self._formats[voice])
        self.setCurrentBlockState(IN_DOCSTRING if goes_on else PLAIN)

    @contextmanager
    def put_off(self, lines: int) -> Iterator[None]:
        """For a change of so many lines: where they are many, they are coloured after it, those in sight first."""
        self._puts_off = lines > MOST_AT_ONCE
        try:
            yield
        finally:
            if self._puts_off or not self._turns.is_done:  # what is left has moved
                self._turns.start(self._coloured())
            self._puts_off = False

    def finish(self) -> None:
        """Colour now what was put off."""
        self._turns.finish()

    def _coloured(self) -> Iterator[None]:
        """Colour the lines in sight, then all from the first on: a line is in a docstring by those before it."""
        document, top = self.document(), self._editor.firstVisibleBlock().blockNumber()
        for at in (*range(top, top + MOST_AT_ONCE), *range(document.blockCount())):
            self.rehighlightBlock(document.findBlockByNumber(at))
            yield

    def _make(self) -> None:
        for voice in ("keyword", "number", "string", "comment"):
            text_format = QTextCharFormat()
            text_format.setForeground(self._theme.colour(f"syntax_{voice}"))
            self._formats[voice] = text_format
        title = QTextCharFormat()
        title.setForeground(self._theme.colour("syntax_name"))
        title.setFontWeight(700)
        self._formats["title"] = title

    def eventFilter(self, target: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and self._is_stale:
            self._recolour()
        return super().eventFilter(target, event)

    def _follow_theme(self) -> None:
        self._is_stale = True
        if self._editor.isVisible():
            self._recolour()

    def _recolour(self) -> None:
        self._is_stale = False
        self._make()
        if self.document().blockCount() > MOST_AT_ONCE:
            self._turns.start(self._coloured())
        else:
            self.rehighlight()
