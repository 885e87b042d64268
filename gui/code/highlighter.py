"""Syntax colours for Python; of a long source, visible lines first, and the rest in slices."""

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

MAX_AT_ONCE = 200  # lines
PLAIN, IN_DOCSTRING = 0, 1  # states at a line's end
_TOKEN = re.compile(
    r"""(?P<docstring>[rbf]?\"\"\"(?:.*?\"\"\"|.*$))
    |(?P<comment>\#.*$)
    |(?P<string>[rbf]?"(?:\\.|[^"\\])*"|[rbf]?'(?:\\.|[^'\\])*')
    |(?P<number>\b(?:0[xob][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?)\b)
    |(?P<definition>\b(?:class|def)\s+[A-Za-z_]\w*)
    |(?P<word>\b[A-Za-z_]\w*\b)""",
    re.VERBOSE,
)
_BUILTIN = frozenset({"self", "super", "True", "False", "None"})


class Span(NamedTuple):
    """A part of a line with one style: ``keyword``, ``title``, ``number``, ``string`` or ``comment``."""

    start: int
    length: int
    voice: str


@lru_cache(maxsize=1 << 14)  # another theme colours the same lines again
def spans(line: str, *, in_docstring: bool = False) -> tuple[list[Span], bool]:
    """The spans of a line, and whether a docstring continues after it; callers must not change the list."""
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
    if kind == "definition":
        word = text.split()[0]
        yield Span(at, len(word), "keyword")
        yield Span(at + len(word), len(text) - len(word), "title")
    elif kind == "word":
        if keyword.iskeyword(text) or text in _BUILTIN:
            yield Span(at, len(text), "keyword")
    elif kind is not None:
        yield Span(at, len(text), kind)


class PythonHighlighter(QSyntaxHighlighter):
    """Colours the source in an editor; after a change of theme, as soon as the editor is visible."""

    def __init__(self, editor: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(editor.document())
        self._editor, self._theme = editor, theme
        self._is_stale = False
        self._postpones = False  # lines that change now are coloured later
        self._slices = TimeSlices(self)
        editor.installEventFilter(self)
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._follow_theme)
        self._make()

    def highlightBlock(self, text: str) -> None:
        if self._postpones:
            self.setCurrentBlockState(PLAIN)  # true for most lines; colouring the line corrects it
            return
        line_spans, goes_on = spans(text, in_docstring=self.previousBlockState() == IN_DOCSTRING)
        for start, length, voice in line_spans:
            self.setFormat(start, length, self._formats[voice])
        self.setCurrentBlockState(IN_DOCSTRING if goes_on else PLAIN)

    @contextmanager
    def postpone(self, lines: int) -> Iterator[None]:
        """Wrap a change of this many lines: if they are many, they are coloured afterwards, visible ones first."""
        self._postpones = lines > MAX_AT_ONCE
        try:
            yield
        finally:
            if self._postpones or not self._slices.is_done:  # the remaining lines have moved
                self._slices.start(self._coloured())
            self._postpones = False

    def finish(self) -> None:
        """Colour all remaining lines now."""
        self._slices.finish()

    def _coloured(self) -> Iterator[None]:
        """Colour the visible lines, then all from the first on, which decides what is inside of a docstring."""
        document, top = self.document(), self._editor.firstVisibleBlock().blockNumber()
        for at in (*range(top, top + MAX_AT_ONCE), *range(document.blockCount())):
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
        if self.document().blockCount() > MAX_AT_ONCE:
            self._slices.start(self._coloured())
        else:
            self.rehighlight()
