"""Metrics of sequences of token ids, (samples, steps); each is one number, as a tensor without axes.

A sequence ends after its length or before the id ``end``, whichever comes first; ``padding_idx`` is left out wherever
it is. Sequences of different lengths are thus compared in one tensor.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

STEP_PAIRS_AT_ONCE = 2**23  # pairs of steps that are compared at once


def char_error_rate(
    input: Tensor,
    target: Tensor,
    input_length: Tensor | None = None,
    target_length: Tensor | None = None,
    padding_idx: int | None = None,
    end: int | None = None,
    blank: int | None = None,
) -> Tensor:
    """Insertions, deletions and replacements that turn predicted into true tokens, over the number of true tokens.

    0 is perfect, and more than 1 possible. ``blank``: predictions are the best class of each step, as for `CTCLoss`:
    equal neighbours count once, and blanks are left out. No number where there is no true token.
    """
    predicted = _tokens(input, input_length, padding_idx, end, blank)
    true = _tokens(target, target_length, padding_idx, end)
    edits = [_edits(_equal(a, b), m, n) for a, m, b, n in _pieces(predicted, true)]
    return torch.cat(edits).sum() / true[1].sum()


def word_error_rate(  # noqa: PLR0913, PLR0917 - one for each port and parameter
    input: Tensor,
    target: Tensor,
    input_length: Tensor | None = None,
    target_length: Tensor | None = None,
    separator: int | None = None,
    padding_idx: int | None = None,
    end: int | None = None,
    blank: int | None = None,
) -> Tensor:
    """Insertions, deletions and replacements of whole words, over the number of true words; else `char_error_rate`.

    ``separator``: the token between words, any number of them; ``None``: each token is a word.
    """
    predicted = _tokens(input, input_length, padding_idx, end, blank)
    true = _tokens(target, target_length, padding_idx, end)
    if separator is None:
        edits = [_edits(_equal(a, b), m, n) for a, m, b, n in _pieces(predicted, true)]
        return torch.cat(edits).sum() / true[1].sum()
    edits, words = [], []
    for a, m, b, n in _pieces(predicted, true):
        firsts, starts = _words(a, m, separator), _words(b, n, separator)
        same = _equal_words(a, m, b, n, separator)
        edits.append(_edits(_compact(same, firsts, starts), firsts.sum(dim=1), starts.sum(dim=1)))
        words.append(starts.sum())
    return torch.cat(edits).sum() / torch.stack(words).sum()


def bleu_score(  # noqa: PLR0913, PLR0917 - likewise
    input: Tensor,
    target: Tensor,
    input_length: Tensor | None = None,
    target_length: Tensor | None = None,
    max_n: int = 4,
    smoothing: str = "exp",
    padding_idx: int | None = None,
    end: int | None = None,
) -> Tensor:
    """BLEU of all samples together, in [0, 1], with one true sequence each.

    The geometric mean of the shares of predicted 1-grams to ``max_n``-grams that are in the true sequence, each at
    most as often as there, times exp(1 - true / predicted length) where predictions are shorter. ``smoothing``: with
    ``exp``, the k-th share that is 0 counts as half of the one before it: 1 / 2 ** k of one n-gram. Where not even a
    1-gram is right, it is 0.
    """
    predicted = _tokens(input, input_length, padding_idx, end)
    true = _tokens(target, target_length, padding_idx, end)
    pieces = [_common_ngrams(a, m, b, n, max_n) for a, m, b, n in _pieces(predicted, true)]
    hits = torch.stack(pieces).sum(dim=0)
    lengths = predicted[1].unsqueeze(1) - torch.arange(max_n, device=input.device)
    counts = lengths.clamp(min=0).sum(dim=0).double()
    shares = torch.where(counts > 0, hits / counts.clamp(min=1), 0)
    if smoothing == "exp":
        none = (hits == 0) & (counts > 0)
        shares = torch.where(none, 0.5 ** none.cumsum(dim=0) / counts.clamp(min=1), shares)
    length, true_length = predicted[1].sum().double(), true[1].sum()
    brevity = (1 - true_length / length).clamp(max=0).exp()
    return torch.where(hits.any(), brevity * shares.log().mean().exp(), 0)


Tokens = tuple[Tensor, Tensor]
"""The ids that count, from the first step on (N, T), and how many they are (N)."""


def _tokens(
    ids: Tensor,
    length: Tensor | None,
    padding_idx: int | None,
    end: int | None,
    blank: int | None = None,
) -> Tokens:
    ids = ids.long()
    counts = torch.ones_like(ids, dtype=torch.bool)
    if length is not None:
        counts = torch.arange(ids.shape[1], device=ids.device) < length.reshape(-1, 1)
    if end is not None:
        counts = counts & ((ids == end).cumsum(dim=1) == 0)
    if blank is not None:
        before = F.pad(ids[:, :-1], (1, 0), value=blank)
        counts = counts & (ids != blank) & (ids != before)
    if padding_idx is not None:
        counts = counts & (ids != padding_idx)
    order = (~counts).long().argsort(dim=1, stable=True)
    return ids.gather(1, order), counts.sum(dim=1)


def _pieces(predicted: Tokens, true: Tokens) -> list[tuple[Tensor, Tensor, Tensor, Tensor]]:
    """Both, some samples at a time: the ids and lengths of the one, then of the other."""
    pairs = predicted[0].shape[1] * true[0].shape[1]
    size = max(1, STEP_PAIRS_AT_ONCE // max(1, pairs))
    parts = (torch.split(part, size) for part in (*predicted, *true))
    return list(zip(*parts, strict=True))


def _equal(first: Tensor, second: Tensor) -> Tensor:
    """Whether each step of the first sequence (N, T) equals each of the second (N, S): (N, T, S)."""
    return first.unsqueeze(2) == second.unsqueeze(1)


def _edits(same: Tensor, lengths: Tensor, true_lengths: Tensor) -> Tensor:
    """The least number of edits of each sample (N); ``same``: as `_equal` gives it."""
    places = torch.arange(same.shape[2] + 1, device=same.device)
    costs = places.expand(len(same), -1)
    for step in range(same.shape[1]):
        replaced = costs[:, :-1] + (~same[:, step]).long()
        one_step = torch.minimum(replaced, costs[:, 1:] + 1)
        best = torch.cat([costs[:, :1] + 1, one_step], dim=1) - places
        moved = best.cummin(dim=1).values + places  # an insertion costs 1 for each place
        costs = torch.where((step < lengths).unsqueeze(1), moved, costs)
    return costs.gather(1, true_lengths.unsqueeze(1)).squeeze(1)


def _words(ids: Tensor, lengths: Tensor, separator: int) -> Tensor:
    """Whether a word begins at each step."""
    inside = _inside(ids, lengths, separator)
    return inside & ~F.pad(inside[:, :-1], (1, 0))


def _inside(ids: Tensor, lengths: Tensor, separator: int) -> Tensor:
    """Whether each step is part of a word."""
    return (ids != separator) & (
        torch.arange(ids.shape[1], device=ids.device) < lengths.unsqueeze(1)
    )


def _equal_words(a: Tensor, m: Tensor, b: Tensor, n: Tensor, separator: int) -> Tensor:
    """Whether what is left of the word at each step equals that at each of the other's: (N, T, S)."""
    inside, other = (F.pad(_inside(*each, separator), (0, 1)) for each in ((a, m), (b, n)))
    equal = _equal(a, b) & _equal(inside[:, :-1], other[:, :-1])
    ends = ~inside.unsqueeze(2) & ~other.unsqueeze(1)
    rest, rows = ends[:, -1], []
    for step in reversed(range(a.shape[1])):
        rest = F.pad(equal[:, step] & (rest[:, 1:] | ends[:, step + 1, 1:]), (0, 1))
        rows.append(rest[:, :-1])
        rest = rest | ends[:, step]
    return torch.stack(rows[::-1], dim=1) if rows else equal


def _compact(same: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Those rows and columns first, in order."""
    order, across = ((~each).long().argsort(dim=1, stable=True) for each in (rows, columns))
    by_row = same.gather(1, order.unsqueeze(2).expand_as(same))
    return by_row.gather(2, across.unsqueeze(1).expand_as(same))


def _common_ngrams(a: Tensor, m: Tensor, b: Tensor, n: Tensor, max_n: int) -> Tensor:
    """How many n-grams of all predictions are in the true sequence too, each at most as often: (max_n)."""
    hits = []
    for size in range(1, max_n + 1):
        own, others = _equal_ngrams(a, a, size), _equal_ngrams(a, b, size)
        starts, true_starts = _starts(a, m, size), _starts(b, n, size)
        earlier = (own & starts.unsqueeze(1)).tril(-1).sum(dim=2)  # of the same n-gram
        possible = (others & true_starts.unsqueeze(1)).sum(dim=2)
        hits.append((starts & (earlier < possible)).sum())
    return torch.stack(hits)


def _equal_ngrams(first: Tensor, second: Tensor, size: int) -> Tensor:
    """Whether the n-gram of that size at each step equals that at each of the other's; beyond the end nothing does."""
    same = equal = _equal(first, second)
    for shift in range(1, size):
        later = F.pad(equal[:, shift:, shift:], (0, shift, 0, shift))
        same = same & later[:, : same.shape[1], : same.shape[2]]
    return same


def _starts(ids: Tensor, lengths: Tensor, size: int) -> Tensor:
    """Whether an n-gram of that size begins at each step."""
    return torch.arange(ids.shape[1], device=ids.device) + size <= lengths.unsqueeze(1)
