"""Generated text, and the node that each of its lines belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import dedent
from types import TracebackType

from engine.codegen.line_breaking import lay_out, pack

MAX_LINES = 30  # of a constant with a line for each entry
_ABSENT = "\0"


def when(condition: object, text: str) -> str:
    """A line of `Writer.code` that is written only under a condition."""
    return text if condition else _ABSENT


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file. ``lines``: the node that a line, counted from 1, is about, by its name in its graph."""

    text: str
    lines: dict[int, str]


@dataclass(slots=True)
class Writer:
    """Collects statements line by line, with the node that each belongs to."""

    lines: list[str] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)

    def write(self, text: str, indent: int = 0, *, owner: str = "", comment: str = "") -> None:
        """Add one statement, broken where it is too long."""
        for line in lay_out(text, indent, comment):
            self.lines.append(line)
            if owner:
                self.owners[len(self.lines)] = owner

    def constant(self, name: str, value: str, comment: str = "") -> None:
        """Add a constant; one of very many entries has many of them on each line."""
        text = f"{name} = {value}"
        if len(lay_out(text, 0, comment)) <= MAX_LINES:
            self.write(text, comment=comment)
        else:
            self.lines += ["# fmt: off", f"# {comment}", *pack(name, value), "# fmt: on"]

    def code(self, text: str, indent: int = 0) -> None:
        """Add statements, one on each line and indented as given; those that are too long are broken."""
        for line in dedent(text).strip().splitlines():
            statement = line.lstrip(" ")
            if _ABSENT not in line:
                self.lines += lay_out(statement, indent + len(line) - len(statement)) if statement else [""]

    def heading(self, text: str) -> None:
        """Add a comment that names the part of a file which follows."""
        follows_imports = self.lines[-1].startswith(("import ", "from ", ")"))
        self.lines += ["", *([] if follows_imports else [""]), f"# {text}", f"# {'-' * len(text)}"]

    def blank(self, count: int = 1) -> None:
        """Add empty lines."""
        self.lines += [""] * count

    def paste(self, text: str) -> None:
        """Add lines as they are."""
        self.lines += text.splitlines()

    def append(self, other: "Writer") -> None:
        """Add all lines of another."""
        self.owners.update((len(self.lines) + number, owner) for number, owner in other.owners.items())
        self.lines += other.lines

    def source(self) -> Source:
        """The text so far."""
        return Source("\n".join(self.lines) + "\n", self.owners)


def blame(source: Source, where: TracebackType | Iterable[int] | None, filename: str = "") -> str | None:
    """The path (``stem.conv1``) of the node that was being computed when an error was raised, or ``None``.

    ``where``: a traceback, or the line numbers of its frames in the generated file, outermost first.
    ``filename``: the path of that file, to tell its frames from others.
    """
    numbers = _line_numbers(where, filename) if isinstance(where, TracebackType) else where or ()
    owners = [source.lines[number] for number in numbers if number in source.lines]
    return ".".join(owners) or None


def _line_numbers(traceback: TracebackType, filename: str) -> Iterable[int]:
    step: TracebackType | None = traceback
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            yield step.tb_lineno
        step = step.tb_next
