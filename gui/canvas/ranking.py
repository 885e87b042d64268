"""Fuzzy search: how well a text fits what was typed."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

FULL = 100
WHOLE, PREFIX, WORD, INSIDE, SCATTERED = 1000, 800, 600, 450, 350
"""Scores of how a text is met; within each, earlier and tighter is better."""


def score(query: str, text: str, *, loosely: bool = True) -> int:
    """How well ``text`` fits, 0 for not at all. Case counts for nothing; every typed letter must be met, in order.

    ``loosely``: also inside words, and with other letters between as long as each stretch starts a word.
    """
    wanted, found = query.lower().replace(" ", ""), text.lower()
    if not wanted:
        return 1
    if wanted == found:
        return WHOLE
    if found.startswith(wanted):
        return PREFIX - min(len(found), 100)
    at = found.find(wanted)
    if at >= 0 and _starts_word(text, at):
        return WORD - min(at, 100)
    if not loosely:
        return 0
    return INSIDE - min(at, 100) if at >= 0 else _scattered(wanted, text)


def _scattered(wanted: str, text: str) -> int:
    """The letters with gaps between; after a gap only the start of a word counts, so ``bn2`` finds BatchNorm2d."""
    found, at = text.lower(), -1
    for letter in wanted:
        after = at + 1
        if not (0 < after < len(found) and found[after] == letter):
            after = next((at for at in range(after, len(found)) if found[at] == letter and _starts_word(text, at)), -1)
        if after < 0:
            return 0
        at = after
    return max(1, SCATTERED - at)


def _starts_word(text: str, at: int) -> bool:
    if at == 0:
        return True
    letter, before = text[at], text[at - 1]
    return (
        (letter.isupper() and not before.isupper())
        or (letter.isalnum() and not before.isalnum())
        or (letter.isdigit() and not before.isdigit())
    )


def ranked(query: str, items: Iterable[tuple[T, Sequence[tuple[str, int]]]]) -> list[T]:
    """The items that fit, the best first; equals keep their order.

    Each item comes with its texts and what each weighs, in percent; only those of full weight are met loosely.
    """
    words = query.split() or [""]
    found = []
    for place, (item, texts) in enumerate(items):
        each_word = [
            max((score(word, text, loosely=weight == FULL) * weight // FULL for text, weight in texts), default=0)
            for word in words
        ]
        if all(each_word):
            whole = max(
                (score(query, text, loosely=weight == FULL) * weight // FULL for text, weight in texts), default=0
            )
            found.append((-max(whole, sum(each_word) // len(words)), place, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]
