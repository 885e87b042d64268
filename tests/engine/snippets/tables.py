"""Tables as text, for the tests of reading them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from resources.snippets.load_result import Guess, LoadedSamples

ROWS = 60

Write = Callable[..., Path]


def table(head: str, *columns: Sequence[object], separator: str = ",") -> str:
    rows = [separator.join(map(str, row)) for row in zip(*columns, strict=True)]
    return "\n".join([*([head] if head else []), *rows]) + "\n"


def shuffled(count: int = ROWS, step: int = 37) -> list[int]:
    """Whole numbers in no order, some of them twice."""
    return [at * step % 41 for at in range(count)]


OK = ["ab"[at * 7 % 3 == 0] for at in range(ROWS)]


def only_guess(rows: LoadedSamples) -> Guess:
    assert len(rows.guesses) == 1, [each.message for each in rows.guesses]
    return rows.guesses[0]
