"""Fuzzy search: how well a text fits what was typed."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

WHOLE, PREFIX, WORD, INSIDE, SCATTERED = 1000, 800, 600, 400, 200
"""Scores of how a text is met; within each, earlier and tighter is better."""


def score(query: str, text: str) -> int:
    """How well ``text`` fits, 0 for not at all. Case counts for nothing; every typed letter must be met, in order."""
    wanted, found = query.lower().replace(" ", ""), text.lower()
    if not wanted:
        return 1
    if wanted == found:
        return WHOLE
    if found.startswith(wanted):
        return PREFIX - min(len(found), 100)
    at = found.find(wanted)
    if at >= 0:
        return (WORD if _starts_word(text, at) else INSIDE) - min(at, 100)
    return _scattered(wanted, text)


def _scattered(wanted: str, text: str) -> int:
    """Letters with gaps between: starts of words weigh most (``mha`` in MultiheadAttention does not, ``tel`` does)."""
    found = text.lower()
    at, starts, gaps = -1, 0, 0
    for letter in wanted:
        after = found.find(letter, at + 1)
        if after < 0:
            return 0
        starts += _starts_word(text, after)
        gaps += after - at - 1 if at >= 0 else after
        at = after
    return max(1, SCATTERED + 20 * starts - 6 * gaps)


def _starts_word(text: str, at: int) -> bool:
    if at == 0:
        return True
    letter, before = text[at], text[at - 1]
    return (letter.isupper() and not before.isupper()) or (letter.isalnum() and not before.isalnum())


def ranked(query: str, items: Iterable[tuple[T, Sequence[tuple[str, int]]]]) -> list[T]:
    """The items that fit, the best first; equals keep their order.

    Each item comes with its texts and what each weighs, in percent.
    """
    words = query.split() or [""]
    found = []
    for place, (item, texts) in enumerate(items):
        each_word = [max((score(word, text) * weight // 100 for text, weight in texts), default=0) for word in words]
        if all(each_word):
            whole = max((score(query, text) * weight // 100 for text, weight in texts), default=0)
            found.append((-max(whole, sum(each_word) // len(words)), place, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]
