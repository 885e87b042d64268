"""Fuzzy search: how well a text matches a query, for every search of kinds or nodes."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from engine.catalog.index import layer
from gui.matching.typed_values import Values, parse_values

T = TypeVar("T")
Texts = Iterable[tuple[str, int]]
"""The texts of an item, each with its weight in percent; only those of full weight match loosely."""

FULL, NAMES, FAMILY, SUMMARY = 100, 70, 60, 35
WHOLE, PREFIX, SEPARATE, WORD, INSIDE, SCATTERED = 1000, 800, 660, 600, 450, 350
"""Scores by the kind of match; within each, earlier and tighter is better. ``SEPARATE``: a word between spaces."""


def score(query: str, text: str, *, loosely: bool = True) -> int:
    """How well ``text`` matches, 0 for not at all. Case is ignored; every letter of the query must occur, in order.

    ``loosely``: also inside words, and with other letters between if each part starts a word.
    """
    letters, lowered = query.lower().replace(" ", ""), text.lower()
    if not letters:
        return 1
    if letters == lowered:
        return WHOLE
    if lowered.startswith(letters):
        return PREFIX - min(len(lowered), 100)
    at = lowered.find(letters)
    if at >= 0 and _starts_word(text, at):
        return (SEPARATE if letters in lowered.split() else WORD) - min(at, 50)
    if not loosely:
        return 0
    return INSIDE - min(at, 100) if at >= 0 else _scattered(letters, text)


def _scattered(letters: str, text: str) -> int:
    """The score of letters with gaps; after a gap only the start of a word counts, so ``bn2`` finds BatchNorm2d."""
    lowered, at = text.lower(), -1
    for letter in letters:
        after = at + 1
        if not (0 < after < len(lowered) and lowered[after] == letter):
            after = next(
                (at for at in range(after, len(lowered)) if lowered[at] == letter and _starts_word(text, at)), -1
            )
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


def search_texts(title: str, kind: str, family: str, summary: str) -> Iterator[tuple[str, int]]:
    """The texts by which something that can be added to a graph is found."""
    yield title, FULL
    declared = layer(kind)
    for name in declared.other_names if declared else ():
        yield name, NAMES
        if " " in name:
            yield name.replace(" ", ""), NAMES
    yield family, FAMILY
    yield summary, SUMMARY


def matching(query: str, items: Iterable[tuple[T, str, Texts]]) -> list[tuple[T, Values]]:
    """The items that match, the best first, each with the values typed for its kind (`gui.matching.typed_values`).

    A word that matches no text of an item may be a value of one of the kind's parameters.
    """
    words = query.split()
    by_name: list[tuple[tuple[T, Values], str, Texts]] = []
    by_value: list[tuple[tuple[T, Values], str, Texts]] = []
    for item, kind, all_texts in items:
        texts = list(all_texts)
        unmatched = tuple(word for word in words if _may_be_value(word) and not _best(word, texts))
        if (values := parse_values(kind, unmatched)) is not None:
            rest = " ".join(word for word in words if word not in unmatched)
            (by_value if unmatched else by_name).append(((item, values), rest, texts))
    return [*_ranked_by(by_name), *_ranked_by(by_value)]


def _may_be_value(word: str) -> bool:
    return word[0].isdigit() or word[0] in "-." or "=" in word


def ranked(query: str, items: Iterable[tuple[T, Texts]]) -> list[T]:
    """The items that match every word, the best first; equal ones keep their order. An empty query matches all."""
    return _ranked_by((item, query, texts) for item, texts in items)


def _ranked_by(items: Iterable[tuple[T, str, Texts]]) -> list[T]:
    fits = []
    for index, (item, query, all_texts) in enumerate(items):
        words = query.split() or [""]
        is_short = len(query.strip()) < 3  # two letters are in nearly every sentence
        texts = [(text, weight) for text, weight in all_texts if not (is_short and weight == SUMMARY)]
        each_word = [_best(word, texts) for word in words]
        if all(each_word):
            fits.append((-max(_best(query, texts), sum(each_word) // len(words)), index, item))
    return [item for _, _, item in sorted(fits, key=lambda each: each[:2])]


def _best(word: str, texts: Texts) -> int:
    return max((score(word, text, loosely=weight == FULL) * weight // FULL for text, weight in texts), default=0)
