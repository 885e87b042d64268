"""Random data for metrics, and the comparison of their values with those of other libraries."""

from typing import Any, NamedTuple

import pytest
import torch
from hypothesis import assume
from hypothesis import strategies as st
from torch import Tensor

IGNORED = -1


class Samples(NamedTuple):
    """Scores (N, C, ...), or (N) of one answer, and the true classes or answers, some of them ignored."""

    scores: Tensor
    target: Tensor

    @property
    def columns(self) -> int:
        return self.scores.shape[1] if self.scores.ndim > 1 else 1

    def valid(self, values: Tensor) -> Any:
        """Values (N, ...) or (N, ..., C) as numbers (M) or (M, C) for scikit-learn; of ignored places none."""
        return values[self.target != IGNORED].numpy()


@st.composite
def choices(draw: st.DrawFn, *, every: bool = False) -> Samples:
    """Logits of classes, of which not ``every`` one need occur."""
    seed, size, classes = draw(st.integers(0, 10_000)), draw(st.integers(2, 12)), draw(st.integers(3, 6))
    generator = torch.Generator().manual_seed(seed)
    shape = (size + classes, *draw(st.sampled_from([(), (3,), (2, 2)])))
    logits = torch.randn(shape[0], classes, *shape[1:], dtype=torch.float64, generator=generator)
    target = torch.randint(draw(st.integers(2, classes)), shape, generator=generator)
    target[torch.rand(shape, generator=generator) < 0.1] = IGNORED
    if every:
        target.view(-1)[:classes] = torch.arange(classes)
    assume(len(set(target.unique().tolist()) - {IGNORED}) > 1)
    return Samples(logits, target)


@st.composite
def answers(draw: st.DrawFn, *, columns: bool, ignored: bool, places: tuple[int, ...] = ()) -> Samples:
    """Probabilities with many equal ones, and yes-or-no answers."""
    generator = torch.Generator().manual_seed(draw(st.integers(0, 10_000)))
    shape = (draw(st.integers(4, 30)), *((draw(st.integers(2, 4)),) if columns else ()), *places)
    target = (torch.rand(shape, generator=generator) < draw(st.sampled_from([0.15, 0.5]))).long()
    if ignored:
        target[torch.rand(shape, generator=generator) < 0.1] = IGNORED
    valid = target[target != IGNORED]
    assume(0 < valid.sum() < len(valid))
    return Samples(torch.rand(shape, dtype=torch.float64, generator=generator).round(decimals=1), target)


def check(ours: Tensor, *oracles: Any) -> None:
    for oracle in oracles:
        assert ours.item() == pytest.approx(float(oracle), abs=1e-6, rel=1e-5)
