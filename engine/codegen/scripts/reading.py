"""The ``reading.py`` of a project: what both ``data.py`` and ``predict.py`` need to read files."""

from collections.abc import Iterable

from engine.codegen.scripts.known import Wanted
from engine.codegen.snippets import Copied, copied, import_lines
from engine.codegen.source import Writer


class ReadingCode:
    """Writes the file. ``copy``: what it has from snippets."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self.copy: Copied = copied((("samples", "DataError"), *wanted))

    def text(self) -> str:
        """The file."""
        out = Writer()
        out.write('"""How files of samples are read."""')
        out.blank()
        out.paste("\n".join(import_lines(self.copy.imports)))
        out.blank(2)
        out.paste(self.copy.text)
        return out.source().text
