"""Metrics of token ids, against definitions in plain Python over lists, and cases worked out by hand."""

import math
from collections import Counter
from functools import cache

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from resources.snippets.metrics import sequences

Ids = list[int]
SPACE, END, PADDING = 0, 1, 2
samples = st.lists(
    st.tuples(st.lists(st.integers(0, 4), max_size=7), st.lists(st.integers(0, 4), max_size=6)), min_size=1, max_size=4
)


def padded(lists: list[Ids]) -> tuple[Tensor, Tensor]:
    """The lists in one tensor, with any ids behind them, and their lengths."""
    width = max(1, *map(len, lists))
    return torch.tensor([each + [3] * (width - len(each)) for each in lists]), torch.tensor([*map(len, lists)])


def edits(predicted: list, true: list) -> int:
    @cache
    def least(left: int, right: int) -> int:
        if not left or not right:
            return left + right
        replaced = least(left - 1, right - 1) + (predicted[left - 1] != true[right - 1])
        return min(replaced, least(left - 1, right) + 1, least(left, right - 1) + 1)

    return least(len(predicted), len(true))


def words(ids: Ids) -> list[tuple[int, ...]]:
    text = "".join(" " if each == SPACE else str(each) for each in ids)
    return [tuple(map(int, word)) for word in text.split()]


def without_padding(ids: Ids) -> Ids:
    """What counts of a sequence with an end and padding."""
    return [each for each in (ids[: ids.index(END)] if END in ids else ids) if each != PADDING]


def rate(pairs: list[tuple[list, list]]) -> float:
    total = sum(len(true) for _, true in pairs)
    wrong = sum(edits(predicted, true) for predicted, true in pairs)
    return wrong / total if total else math.inf if wrong else math.nan


def bleu(pairs: list[tuple[Ids, Ids]], max_n: int, smoothing: str) -> float:
    logs, halves = 0.0, 1
    shares = []
    for size in range(1, max_n + 1):
        grams = [
            [Counter(tuple(ids[at : at + size]) for at in range(len(ids) - size + 1)) for ids in pair] for pair in pairs
        ]
        shares.append((sum((a & b).total() for a, b in grams), sum(a.total() for a, _ in grams)))
    if not any(hits for hits, _ in shares):
        return 0.0
    for hits, count in shares:
        if not hits:
            if not count or smoothing == "none":
                return 0.0
            halves *= 2
        logs += math.log(hits / count if hits else 1 / (halves * count))
    lengths = [sum(map(len, each)) for each in zip(*pairs, strict=True)]
    return math.exp(min(0.0, 1 - lengths[1] / lengths[0]) + logs / max_n)


def same(value: Tensor, expected: float) -> bool:
    return bool(value.isnan()) if math.isnan(expected) else value.item() == pytest.approx(expected, abs=1e-6)


@given(samples)
def test_edits_of_tokens_and_of_words(pairs: list[tuple[Ids, Ids]]) -> None:
    (predicted, length), (true, true_length) = map(padded, map(list, zip(*pairs, strict=True)))
    lengths = {"input_length": length, "target_length": true_length}
    by_word = [(words(a), words(b)) for a, b in pairs]

    assert same(sequences.char_error_rate(predicted, true, **lengths), rate(pairs))
    assert same(sequences.word_error_rate(predicted, true, **lengths), rate(pairs))
    assert same(sequences.word_error_rate(predicted, true, separator=SPACE, **lengths), rate(by_word))


@given(samples)
def test_end_and_padding_are_left_out(pairs: list[tuple[Ids, Ids]]) -> None:
    predicted, true = (padded([[*each, END] for each in lists])[0] for lists in zip(*pairs, strict=True))
    left = [(without_padding(a), without_padding(b)) for a, b in pairs]
    by_word = [(words(a), words(b)) for a, b in left]
    ends = {"end": END, "padding_idx": PADDING}

    assert same(sequences.char_error_rate(predicted, true, **ends), rate(left))
    assert same(sequences.word_error_rate(predicted, true, separator=SPACE, **ends), rate(by_word))
    assert same(sequences.bleu_score(predicted, true, **ends), bleu(left, 4, "exp"))


@given(samples, st.integers(1, 5), st.sampled_from(["exp", "none"]))
def test_bleu(pairs: list[tuple[Ids, Ids]], max_n: int, smoothing: str) -> None:
    (predicted, length), (true, true_length) = map(padded, map(list, zip(*pairs, strict=True)))

    value = sequences.bleu_score(predicted, true, length, true_length, max_n, smoothing)
    assert same(value, bleu(pairs, max_n, smoothing))


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8))
def test_the_classes_of_steps_are_read_as_ctc_means_them(steps: Ids) -> None:
    merged = [each for each, before in zip(steps, [None, *steps], strict=False) if each != before]
    labels, true = [each for each in merged if each], [1, 2, 2]

    value = sequences.char_error_rate(torch.tensor([steps]), torch.tensor([true]), blank=0)
    assert same(value, edits(labels, true) / 3)


def test_many_samples_are_compared_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = torch.Generator().manual_seed(0)
    predicted, true = (torch.randint(4, (9, width), generator=generator) for width in (6, 5))
    functions = (sequences.char_error_rate, sequences.word_error_rate, sequences.bleu_score)
    whole = [function(predicted, true) for function in functions]
    words_at_once = sequences.word_error_rate(predicted, true, separator=SPACE)
    monkeypatch.setattr(sequences, "STEP_PAIRS_AT_ONCE", 60)

    assert [function(predicted, true) for function in functions] == whole
    assert sequences.word_error_rate(predicted, true, separator=SPACE) == words_at_once


def test_cases_by_hand() -> None:
    the, cat, is_, on, mat, sat = range(3, 9)
    true = torch.tensor([[the, cat, is_, on, the, mat]])
    predicted = torch.tensor([[the, the, the, the, the, the]])

    assert sequences.bleu_score(predicted, true, max_n=1).item() == pytest.approx(2 / 6)
    shorter = torch.tensor([[the, cat, sat, END, the, the]])
    shares = math.sqrt(2 / 3 * 1 / 2)
    assert sequences.bleu_score(shorter, true, max_n=2, end=END).item() == pytest.approx(shares * math.exp(1 - 6 / 3))
    assert sequences.char_error_rate(shorter, true, end=END).item() == pytest.approx(4 / 6)
    assert sequences.bleu_score(true, true).item() == 1
    assert sequences.word_error_rate(true, true).item() == 0


def test_bleu_agrees_with_sacrebleu() -> None:
    """The value is sacrebleu's: ``corpus_bleu`` of the same ids as words, ``tokenize="none"``, version 2.6.0."""
    predicted = torch.tensor([[5, 3, 8, 9, 2, 2, 7, 4, 4, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]])
    true = torch.tensor([[5, 3, 8, 9, 2, 7, 7, 4, 6, 6], [1, 2, 3, 4, 5, 5, 7, 8, 8, 9]])

    assert sequences.bleu_score(predicted, true).item() * 100 == pytest.approx(49.88052483325128)


def test_sequences_without_any_token() -> None:
    nothing, ids = torch.zeros(2, 0, dtype=torch.long), torch.ones(2, 3, dtype=torch.long)

    for rate_of in (sequences.char_error_rate, sequences.word_error_rate):
        assert rate_of(nothing, ids).item() == 1
        assert rate_of(ids, nothing).item() == math.inf
    assert sequences.word_error_rate(nothing, ids, separator=SPACE).item() == 1
    assert sequences.bleu_score(nothing, ids).item() == sequences.bleu_score(ids, nothing).item() == 0
