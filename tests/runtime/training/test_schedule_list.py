"""LR schedules one after another."""

from pathlib import Path

import pytest
import torch
from torch import nn, optim

from engine.check.rules import settings_problems
from engine.codegen.scripts.run_length import Leg
from engine.graph.model import OtherOptimizer, Part, Project, SchedulePart
from engine.runtime.analysis.analyse import check_project
from tests.training import template, training_of

WARM_UP = SchedulePart("LinearLR", {"start_factor": 0.1, "total_iters": 4}, epochs=4)
BESIDE = [
    SchedulePart("CosineAnnealingLR", {"T_max": 6}),
    SchedulePart("ExponentialLR", {"gamma": 0.5}),
    SchedulePart("StepLR", {"step_size": 2, "gamma": 0.5}),
    SchedulePart("PolynomialLR", {"total_iters": 5}),
    SchedulePart("CosineAnnealingWarmRestarts", {"T_0": 3}),
]
STEPS = 12


def rates(schedule: SchedulePart, **training: object) -> list[list[float]]:
    """The learning rates of each optimizer in each of the epochs."""
    network = nn.ModuleDict({"fc": nn.Linear(2, 2)})
    sgd = Part("SGD", {"lr": 0.4, "momentum": 0.5})
    example = template("iris-mlp", optimizer=sgd, schedule=schedule, epochs=STEPS, **training)
    stepped = training_of(example, network, [Leg(STEPS)])
    for weight in network.parameters():
        weight.grad = torch.zeros_like(weight)
    values = []
    for epoch in range(STEPS):
        if hasattr(stepped.schedule, "begin") and hasattr(stepped.schedule, "legs"):
            stepped.schedule.begin(epoch, 0)
        values.append([group["lr"] for group in stepped.optimizer.param_groups])
        stepped.optimizer.step()
        stepped.schedule.step()
    return values


@pytest.mark.parametrize("after", BESIDE, ids=lambda part: part.kind)
def test_a_list_gives_the_rates_of_torchs_sequence(after: SchedulePart) -> None:
    expected = []
    optimizer = optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.4)
    parts = [getattr(optim.lr_scheduler, part.kind)(optimizer, **part.params) for part in (WARM_UP, after)]
    schedule = optim.lr_scheduler.SequentialLR(optimizer, parts, [4])
    for _ in range(STEPS):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    ours = rates(SchedulePart.of_parts([WARM_UP, after]))
    assert [rate for (rate,) in ours] == pytest.approx(expected, rel=1e-12)


def test_a_length_that_is_left_out_is_that_of_the_part_and_all_optimizers_follow() -> None:
    first = SchedulePart("LinearLR", {"start_factor": 0.5, "total_iters": None}, epochs=4)
    both = rates(
        SchedulePart.of_parts([first, SchedulePart("CosineAnnealingLR")]),
        other_optimizers=(OtherOptimizer("Muon", {"lr": 0.2}),),
    )
    alone = rates(SchedulePart.of_parts([WARM_UP, SchedulePart("CosineAnnealingLR", {"T_max": STEPS - 4})]))
    assert [one for one, _ in both[4:]] == [one for (one,) in alone[4:]]
    assert [other for _, other in both] == pytest.approx([one / 2 for one, _ in both])
    assert [one for one, _ in both[:5]] == pytest.approx([0.2, 0.25, 0.3, 0.35, 0.4])


def test_a_rate_that_stays_is_approached_from_where_the_part_before_ended() -> None:
    fall = SchedulePart("ExponentialLR", {"gamma": 0.5}, epochs=3)
    found_rates = [
        one
        for (one,) in rates(SchedulePart.of_parts([fall, SchedulePart("SWALR", {"swa_lr": 0.3, "anneal_epochs": 2})]))
    ]
    assert found_rates[:4] == pytest.approx([0.4, 0.2, 0.1, 0.1])
    assert found_rates[5:] == pytest.approx([0.3] * 7)


def checked(*parts: SchedulePart, **training: object) -> Project:
    return template("iris-mlp", schedule=SchedulePart.of_parts(parts), **training)


STEP = SchedulePart("StepLR", {"step_size": 2})
WRONG = {
    "does not say when StepLR follows": (SchedulePart("LinearLR"), STEP),
    "says both": (SchedulePart("LinearLR", {}, steps=1, epochs=1), STEP),
    "must be from 1": (SchedulePart("LinearLR", {}, steps=0), STEP),
    "No schedule comes after StepLR": (SchedulePart("StepLR", {"step_size": 2}, steps=3),),
    "lasts 3 steps": (SchedulePart("LinearLR", {}, every="epoch", steps=3), STEP),
    "is to be updated every epoch": (
        SchedulePart("LinearLR", {}, every="step", epochs=1),
        SchedulePart("StepLR", {"step_size": 2}, every="epoch"),
    ),
    "cannot be updated every step": (SchedulePart("LinearLR", {}, steps=3), SchedulePart("ReduceLROnPlateau")),
    "is unknown": (SchedulePart("Linear", {}, steps=3), STEP),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_does_not_fit_together_is_refused(text: str) -> None:
    problems = settings_problems(checked(*WRONG[text]))
    assert any(text in problem.message and problem.severity == "error" for problem in problems)
    for fix in (problem.fix for problem in problems if problem.fix):
        example = checked(*WRONG[text])
        fix.edit.apply(example)
        assert not any(text in problem.message for problem in settings_problems(example))


def test_a_part_that_never_begins_is_warned_of_and_one_that_ends_early_is_refused(tmp_path: Path) -> None:
    never = checked(SchedulePart("LinearLR", {}, epochs=2), STEP, epochs=2)
    assert [each.code for each in check_project(never, tmp_path).problems] == ["T042"]
    one = SchedulePart("OneCycleLR", {"max_lr": 0.1, "cycle_momentum": False, "total_steps": 3}, epochs=1)
    short = checked(one, SchedulePart("ConstantLR"), epochs=2)
    (problem,) = check_project(short, tmp_path).problems
    assert (problem.code, "it lasts" in problem.message) == ("T014", True)
    assert problem.fix
    problem.fix.edit.apply(short)
    assert check_project(short, tmp_path).problems == ()
