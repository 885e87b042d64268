"""Fuzzy search: how well a text fits what was typed, for every place where kinds or nodes are looked for."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from gui.synonyms import OTHER_NAMES

T = TypeVar("T")
Texts = Iterable[tuple[str, int]]
"""What a thing is found by, and what each text weighs, in percent; only those of full weight are met loosely."""

FULL, NAMES, FAMILY, SUMMARY = 100, 70, 60, 35
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


def said(title: str, kind: str, family: str, summary: str) -> Iterator[tuple[str, int]]:
    """What something that can be added to a graph is found by."""
    yield title, FULL
    for name in OTHER_NAMES.get(kind, ()):
        yield name, NAMES
        if " " in name:
            yield name.replace(" ", ""), NAMES
    yield family, FAMILY
    yield summary, SUMMARY


def ranked(query: str, items: Iterable[tuple[T, Texts]]) -> list[T]:
    """The items that fit, the best first; equals keep their order. Every word must be met; nothing typed fits all."""
    words = query.split() or [""]
    is_short = len(query.strip()) < 3  # two letters say nothing about a sentence
    found = []
    for place, (item, given) in enumerate(items):
        texts = [(text, weight) for text, weight in given if not (is_short and weight == SUMMARY)]
        each_word = [_best(word, texts) for word in words]
        if all(each_word):
            found.append((-max(_best(query, texts), sum(each_word) // len(words)), place, item))
    return [item for _, _, item in sorted(found, key=lambda each: each[:2])]


def _best(wanted: str, texts: Texts) -> int:
    return max((score(wanted, text, loosely=weight == FULL) * weight // FULL for text, weight in texts), default=0)
