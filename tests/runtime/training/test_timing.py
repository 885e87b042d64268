"""When the phases of a training step run, and what is measured of them."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn, optim

from resources.snippets.training.phase_metrics import MAX_UNREAD, PhaseMetrics
from resources.snippets.training.phase_schedule import PhaseSchedule
from resources.snippets.training.phases import (
    Phase,
    Timing,
    epochs_with_updates,
    finish_pass,
    has_updates,
    updates,
    weights_of,
)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    first = draw(st.integers(1, 4))
    return Timing(
        draw(st.integers(1, 6)),
        times=draw(st.integers(1, 4)),
        every=draw(st.integers(1, 7)),
        epochs=draw(st.sampled_from([(1, math.inf), (first, first + draw(st.integers(0, 3)))])),
        accumulate=draw(st.integers(1, 5)),
    )


@given(timings())
def test_updates_are_counted_as_they_are_made(timing: Timing) -> None:
    passes = update_count = step = epoch_count = 0
    for epoch in range(6):
        before = update_count
        assert epochs_with_updates(timing, epoch) == epoch_count
        for number in range(timing.steps_per_epoch):
            step += 1
            assert updates(timing, epoch, number) == update_count
            due = timing.epochs[0] <= epoch + 1 <= timing.epochs[1] and step % timing.every == 0
            assert timing.passes(epoch, number) == (timing.times if due else 0)
            for _ in range(timing.passes(epoch, number)):
                passes += 1
                update_count += passes % timing.accumulate == 0
        assert has_updates(timing, epoch) == (update_count > before)
        epoch_count += update_count > before


def test_a_phase_keeps_its_gradients_while_another_one_uses_the_same_weights() -> None:
    model = nn.Linear(2, 1)
    weights = weights_of(model, model)
    slow = Phase(model, weights, optim.SGD(weights, lr=0.1), Timing(1, accumulate=2))
    quick = Phase(model, [model.bias], optim.SGD([model.bias], lr=0.1), Timing(1))
    x = torch.ones(1, 2)
    slow.begin()
    model(x).sum().backward()
    assert not finish_pass(slow)
    quick.begin()
    assert not model.weight.requires_grad
    assert model.bias.grad is None
    (3 * model(x)).sum().backward()
    slow.begin()
    assert torch.equal(model.bias.grad, torch.tensor([1.0]))
    model(x).sum().backward()
    assert finish_pass(slow)
    assert torch.equal(model.weight.grad, torch.tensor([[2.0, 2.0]]))
    assert slow.gradients == [None, None]


def test_a_leg_without_updates_leaves_the_learning_rate() -> None:
    optimizer = optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1)
    schedule = PhaseSchedule(
        lambda moves: optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=moves, cycle_momentum=False),
        optimizer,
        {(0, 0): (0, 4), (4, 0): (4, 6)},
        Timing(3, epochs=(1, 2)),
    )
    assert schedule.length == 6
    schedule.begin(4, 0)
    assert schedule.length == 0
    rate = optimizer.param_groups[0]["lr"]
    schedule.step()
    assert optimizer.param_groups[0]["lr"] == rate


BATCHES = st.lists(
    st.tuples(
        st.integers(1, 9), st.dictionaries(st.sampled_from(["a", "b", "c", "total"]), st.floats(-9, 9, width=32))
    ),
    max_size=9,
)


@given(BATCHES)
def test_a_loss_is_the_mean_of_its_values_by_samples(batches: list[tuple[int, dict[str, float]]]) -> None:
    scores = PhaseMetrics({"a": 1.0, "b": 0.5, "c": 2.0})
    for size, losses in batches:
        tensors = {name: torch.tensor(value) for name, value in losses.items()}
        scores.add({"only": tensors}, {"x": torch.zeros(size)})
    result = scores.result()
    sums = {}
    for name in "abc":
        own = [(size, losses[name]) for size, losses in batches if name in losses]
        if own:
            sums[name] = sum(size * value for size, value in own) / sum(size for size, _ in own)
            assert result[name] == pytest.approx(sums[name])
        else:
            assert math.isnan(result[name])
    total = sum({"a": 1.0, "b": 0.5, "c": 2.0}[name] * value for name, value in sums.items())
    assert result["loss"] == pytest.approx(total) if sums else math.isnan(result["loss"])


def test_values_are_read_before_they_are_too_many() -> None:
    scores = PhaseMetrics({"a": 1.0})
    for _ in range(MAX_UNREAD + 3):
        scores.add({"only": {"a": torch.tensor(2.0)}}, {"x": torch.zeros(4)})
    assert len(scores.unread["a"]) == 3
    assert scores.result() == {"a": 2.0, "loss": 2.0}
