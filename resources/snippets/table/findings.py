"""Guesses about columns, grouped so that many of one kind are one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from resources.snippets.load_result import Guess

MAX_LISTED = 5


@dataclass(frozen=True)
class GuessKind:
    """One kind of guess. ``alike``: the message for several columns. ``role``: the role that the fix sets.

    ``hint``: what to do; {role}, {it}, {holds} and {mark} are replaced by words for one column or several.
    """

    alike: str
    hint: str
    role: str
    label: str

    def hint_for(self, columns: int) -> str:
        """The hint for this number of columns."""
        if columns == 1:
            return self.hint.format(
                role="its role", it="it", holds="it holds", mark="the mark is a value"
            )
        words = {
            "role": "their roles",
            "it": "them",
            "holds": "they hold",
            "mark": "the marks are values",
        }
        return self.hint.format(**words)


KINDS = {
    "marks": GuessKind(
        "hold marks such as '-' or None, which are read as missing values",
        "The setting missing decides what happens to such rows. If {mark} of its own, set {role} to category, "
        "else to number.",
        "number",
        "Read {} as numbers",
    ),
    "mixed": GuessKind(
        "hold more texts than numbers, and are read as categories",
        "If {holds} numbers, set {role} to number; the texts are then missing values.",
        "category",
        "Read {} as categories",
    ),
    "named": GuessKind(
        "have a different text in each row, so they name the rows and cannot help; they are left out",
        "To learn from {it}, set {role} to category.",
        "ignore",
        "Leave {} out",
    ),
    "free": GuessKind(
        "hold free text, which cannot be read as numbers; they are left out",
        "To take the most frequent texts as categories, set {role} to category.",
        "ignore",
        "Leave {} out",
    ),
    "counted": GuessKind(
        "number the rows, which gives the answer away where the file is sorted",
        "Leave {it} out: set {role} to ignore. If the order matters, set {role} to number.",
        "ignore",
        "Leave {} out",
    ),
    "keys": GuessKind(
        "have a different number in each row and are called as keys are: they cannot help",
        "Leave {it} out: set {role} to ignore. If {holds} measurements, set {role} to number.",
        "ignore",
        "Leave {} out",
    ),
    "many": GuessKind(
        "have many categories, each of which becomes a one-hot column",
        "To leave {it} out, set {role} to ignore.",
        "category",
        "Read {} as categories",
    ),
    "codes": GuessKind(
        "hold numbers written as codes are, with a 0 in front or many digits, and are read as numbers",
        "Set {role} to category if {holds} codes; to number if not.",
        "category",
        "Read {} as categories",
    ),
    "classes": GuessKind(
        "are targets and have a different text in each row",
        "Choose another column as target; or if {holds} numbers or dates, set {role} to number or date.",
        "category",
        "Keep {} as classes",
    ),
    "years": GuessKind(
        "have years of two digits, read as 1969 to 2068",
        "If another century is meant, write years of four digits; if not, set {role} to date.",
        "date",
        "Read {} as dates",
    ),
    "kept": GuessKind(
        "hold texts such as 'unknown', which are categories of their own",
        "If that is right, set {role} to category; if the value is missing there, name the texts in marks.",
        "category",
        "Keep the categories of {}",
    ),
    "alike": GuessKind(
        "hold texts that differ only in capital letters or spaces and are different categories",
        "Write them alike in the file if they mean the same; if not, set {role} to category.",
        "category",
        "Keep the categories of {}",
    ),
    "dated": GuessKind(
        "are targets and hold dates or times, each of which is a class",
        "To predict {it} as a number, set {role} to date; if each is a class, to category.",
        "category",
        "Keep {} as classes",
    ),
    "digits": GuessKind(
        "hold numbers that differ only beyond the seven digits that a network computes with",
        "Subtract a number near them in the file. If the difference does not matter, set {role} to number.",
        "number",
        "Read {} as numbers",
    ),
    "units": GuessKind(
        "hold numbers in several units, which are left off",
        "Write all numbers in one unit; or set {role} to ignore.",
        "number",
        "Read {} as numbers",
    ),
}


def quoted_columns(names: Sequence[str]) -> str:
    """The first names of columns, quoted, and the number of others."""
    more = f" and {len(names) - MAX_LISTED:,} more" if len(names) > MAX_LISTED else ""
    return f"{', '.join(map(repr, names[:MAX_LISTED]))}{more}"


@dataclass
class Findings:
    """The guesses of a table. ``roles``: those in the project, to which a fix adds."""

    path: str
    roles: Mapping[str, str]
    by_kind: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, kind: str, name: str, what: str) -> None:
        """Add a guess about a column."""
        self.by_kind.setdefault(kind, []).append((name, what))

    def guesses(self) -> list[Guess]:
        """A guess for each kind."""
        return [self._guess(KINDS[kind], columns) for kind, columns in self.by_kind.items()]

    def _guess(self, kind: GuessKind, columns: list[tuple[str, str]]) -> Guess:
        names = [name for name, _ in columns]
        if len(columns) == 1:
            message = f"{self.path}: column {names[0]!r} {columns[0][1]}."
        else:
            message = f"{self.path}: columns {quoted_columns(names)} {kind.alike}."
        label = kind.label.format(names[0] if len(names) == 1 else f"these {len(names):,} columns")
        roles = {**self.roles, **dict.fromkeys(names, kind.role)}
        return Guess(message, kind.hint_for(len(names)), "roles", tuple(roles.items()), label)
