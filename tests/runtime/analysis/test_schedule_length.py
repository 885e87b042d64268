"""A schedule is checked against the length of the run before training."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES, covers_run
from engine.graph.model import Part, Phase, Project, SchedulePart
from engine.runtime.analysis.analyse import check_project
from engine.runtime.analysis.schedule_length import schedule_moves
from tests.strategies.values import params_of
from tests.training import template, training_of

HERE = Path()
STEPS = 8  # of iris in an epoch: 120 rows in batches of 16


def iris(schedule: SchedulePart, epochs: int, optimizer: Part | None = None) -> Project:
    more = {} if optimizer is None else {"optimizer": optimizer}
    return template("iris-mlp", schedule=schedule, epochs=epochs, batch_size=16, **more)


def codes(project: Project) -> list[str]:
    return [problem.code for problem in check_project(project, HERE).errors]


def test_a_cycle_that_ends_before_the_run_is_reported_and_fixed():
    project = iris(SchedulePart("OneCycleLR", {"total_steps": 3 * STEPS - 1}), 3)
    (problem,) = check_project(project, HERE).errors
    assert problem.code == "T014"
    assert "total_steps = 23" in problem.message
    assert "24 steps" in problem.message
    problem.fix.edit.apply(project)
    assert codes(project) == []


@pytest.mark.parametrize("steps", [3 * STEPS, 500])
def test_a_cycle_as_long_as_the_run_is_legal(steps: int):
    assert codes(iris(SchedulePart("OneCycleLR", {"total_steps": steps}), 3)) == []


def test_moves_are_counted_in_epochs_where_the_schedule_moves_every_epoch():
    assert codes(iris(SchedulePart("OneCycleLR", {"total_steps": 3}, every="epoch"), 3)) == []
    (problem,) = check_project(iris(SchedulePart("OneCycleLR", {"total_steps": 2}, every="epoch"), 3), HERE).errors
    assert "3 epochs" in problem.message


@pytest.mark.parametrize(
    "params",
    [
        {"pct_start": 1 / (2 * STEPS)},  # the rise is one move
        {"pct_start": 0.53125, "three_phase": True},  # the second phase takes all that is left
    ],
)
def test_a_phase_without_length_is_a_problem(params: dict[str, float]):
    assert codes(iris(SchedulePart("OneCycleLR", params), 2)) == ["T015"]


@pytest.mark.parametrize(("most", "least"), [(0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5)])
@pytest.mark.parametrize("kind", ["SGD", "RMSprop"])
def test_momentum_that_the_check_lets_a_cycle_move_is_moved(kind: str, most: float, least: float) -> None:
    part = SchedulePart("OneCycleLR", {"max_momentum": most, "base_momentum": least}, every="step")
    project = iris(part, 1, Part(kind))
    is_refused = kind == "RMSprop" and most == 0 < least
    assert codes(project) == ["T008"] * is_refused
    if is_refused:
        return
    training = training_of(project, moved := nn.ParameterList([torch.ones(2)]), steps_per_epoch=STEPS)
    for _ in range(STEPS):
        moved[0].grad = torch.ones(2)
        training.optimizer.step()
        training.schedule.step()


@given(st.sampled_from(sorted(SCHEDULES)), st.data(), st.integers(1, 3), st.sampled_from(("step", "epoch", None)))
def test_a_schedule_that_the_check_accepts_moves_to_the_end_of_the_run(kind, data, epochs, every):
    part = SchedulePart(kind, data.draw(params_of(SCHEDULES[kind].params)), every=every)
    optimizer = data.draw(st.sampled_from(list(OPTIMIZERS.values())))
    project = iris(part, epochs, Part(optimizer.kind, data.draw(params_of(optimizer.params))))
    if codes(project):
        return
    moved = nn.ParameterList([torch.ones(2, 2)])
    moved[0].grad = torch.ones(2, 2)
    training = training_of(project, moved, steps_per_epoch=STEPS)
    moves = schedule_moves(part, epochs, STEPS)
    for _ in range(moves):
        training.optimizer.step(*[moved[0].sum] * optimizer.evaluates)
        training.schedule.step(*[1.0] * SCHEDULES[kind].watches)
    last = training.schedule.scheduler if covers_run(kind, part.params) else training.schedule
    assert last.last_epoch == moves


def in_phases(*phases: Phase, schedule: SchedulePart | None = None) -> Project:
    project = template("iris-mlp", schedule=schedule, epochs=3, batch_size=16)
    project.training = replace(project.training, phases=phases)
    return project


@pytest.mark.parametrize("is_own", [True, False])
def test_the_schedule_of_a_phase_is_as_long_as_its_updates(*, is_own: bool):
    schedule = SchedulePart("OneCycleLR", {"total_steps": STEPS - 1})
    phase = Phase("slow", ("loss",), schedule=schedule if is_own else None, every=3)
    project = in_phases(phase, schedule=None if is_own else schedule)
    (problem,) = check_project(project, HERE).errors
    assert problem.message == "OneCycleLR of the phase slow ends after total_steps = 7, but the run takes 8 steps."
    problem.fix.edit.apply(project)
    assert codes(project) == []


def test_a_phase_that_makes_no_update_is_warned_of():
    rare = Phase("rare", ("loss",), ("fc1",), every=5, accumulate=5, schedule=SchedulePart("OneCycleLR", {}))
    problems = check_project(in_phases(Phase("often", ("loss",)), rare), HERE).problems
    (problem,) = (each for each in problems if each.code == "T040")
    assert problem.severity == "warning"
    assert problem.message == "The phase rare updates no weight in 3 epochs of 8 steps."
