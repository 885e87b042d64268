"""Metrics of numbers, pictures and token ids against torchmetrics, scikit-learn and sacrebleu, on random data.

Boxes are missing: torchmetrics measures them by COCO's tools alone, which take the precision at 101 recalls.
"""

from types import ModuleType

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from resources.snippets.metrics import errors, pictures, sequences
from tests.runtime.catalog.metrics.samples import check


@pytest.mark.parametrize("shape", [(9,), (7, 3), (6, 2, 2)])
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([1e-2, 1.0, 1e3]))
def test_distances(tm: ModuleType, sk: ModuleType, shape: tuple[int, ...], seed: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    guess, target = (torch.randn(shape, dtype=torch.float64, generator=generator) * scale for _ in range(2))
    assume(target.abs().min() > 1e-5)  # torchmetrics divides by 1e-6 at least
    flat = tuple(values.reshape(len(values), -1) for values in (target, guess))

    for name in ("mean_absolute_error", "mean_squared_error", "mean_absolute_percentage_error"):
        check(getattr(errors, name)(guess, target), getattr(sk, name)(*flat), getattr(tm, name)(guess, target))
    check(errors.r2_score(guess, target), sk.r2_score(*flat))
    check(errors.root_mean_squared_error(guess, target), tm.mean_squared_error(guess, target, squared=False))
    check(
        errors.peak_signal_noise_ratio(guess, target, data_range=scale),
        tm.image.peak_signal_noise_ratio(guess, target, data_range=scale),
    )


@pytest.mark.parametrize("exact", [False, True])
def test_a_target_that_does_not_vary(sk: ModuleType, exact: bool) -> None:
    target = torch.tensor([[2.0, 1.0], [2.0, 3.0], [2.0, 4.0]])
    guess = target.clone()
    guess[0] += torch.tensor([0.0 if exact else 1.0, 0.5])
    check(errors.r2_score(guess, target), sk.r2_score(target, guess))


@pytest.mark.parametrize(("size", "sigma"), [(7, 0.8), (11, 1.5), (15, 2.0)])
@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), data_range=st.sampled_from([1.0, 255.0]), k=st.sampled_from([0.01, 0.05]))
def test_likeness_of_pictures(tm: ModuleType, size: int, sigma: float, seed: int, data_range: float, k: float) -> None:
    """torchmetrics derives the size from sigma, and mirrors pixels at the borders, where we have no windows."""
    guess, target = similar_pictures(seed, data_range)
    options = {"sigma": sigma, "data_range": data_range, "k1": k}
    _, full = tm.image.structural_similarity_index_measure(guess, target, return_full_image=True, **options)
    border = size // 2

    check(
        pictures.structural_similarity(guess, target, kernel_size=size, **options),
        full[..., border:-border, border:-border].mean(),
    )


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), border=st.integers(1, 6))
def test_likeness_in_windows_of_equal_weights(tm: ModuleType, seed: int, border: int) -> None:
    guess, target = similar_pictures(seed, 1.0)
    options = {"data_range": 1.0, "kernel_size": 2 * border + 1}
    _, full = tm.image.structural_similarity_index_measure(
        guess, target, gaussian_kernel=False, return_full_image=True, **options
    )

    check(
        pictures.structural_similarity(guess, target, sigma=1e6, **options),
        full[..., border:-border, border:-border].mean(),
    )


def similar_pictures(seed: int, data_range: float) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    picture, noise = (torch.rand(2, 3, 20, 24, dtype=torch.float64, generator=generator) for _ in range(2))
    return data_range * (picture + 0.3 * noise).clamp(max=1), data_range * picture


PAIRS = st.lists(
    st.tuples(st.lists(st.integers(1, 5), max_size=12), st.lists(st.integers(1, 5), min_size=1, max_size=12)),
    min_size=1,
    max_size=5,
)
"""Predicted and true tokens; 0 is padding."""


def ids(rows: list[list[int]]) -> Tensor:
    length = max(1, *map(len, rows)) if rows else 1
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def texts(rows: list[list[int]], between: str = " ", names: str = "?abcde") -> list[str]:
    return [between.join(names[token] for token in row) for row in rows]


@given(PAIRS)
def test_wrong_tokens_and_words(tm: ModuleType, pairs: list[tuple[list[int], list[int]]]) -> None:
    predicted, true = map(list, zip(*pairs, strict=True))
    check(
        sequences.char_error_rate(ids(predicted), ids(true), padding_idx=0),
        tm.text.char_error_rate(texts(predicted, ""), texts(true, "")),
    )
    check(
        sequences.word_error_rate(ids(predicted), ids(true), padding_idx=0),
        tm.text.word_error_rate(texts(predicted), texts(true)),
    )
    assume(any(token != 5 for row in true for token in row))
    check(
        sequences.word_error_rate(ids(predicted), ids(true), separator=5, padding_idx=0),
        tm.text.word_error_rate(texts(predicted, "", "?abcd "), texts(true, "", "?abcd ")),
    )


@given(PAIRS, st.integers(1, 5), st.sampled_from(["exp", "none"]))
def test_pieces_of_translations(
    tm: ModuleType, pairs: list[tuple[list[int], list[int]]], max_n: int, smoothing: str
) -> None:
    from sacrebleu import BLEU

    predicted, true = map(list, zip(*pairs, strict=True))
    ours = sequences.bleu_score(ids(predicted), ids(true), max_n=max_n, smoothing=smoothing, padding_idx=0)
    bleu = BLEU(tokenize="none", smooth_method=smoothing, max_ngram_order=max_n, force=True)

    check(ours, bleu.corpus_score(texts(predicted), [texts(true)]).score / 100)
    if smoothing == "none":
        check(ours, tm.text.bleu_score(texts(predicted), [[text] for text in texts(true)], n_gram=max_n))
