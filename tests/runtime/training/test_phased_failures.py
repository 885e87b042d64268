"""Training in phases: errors name their phase, and checkpoints that do not fit are refused."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.errors import RunProblem
from engine.graph.model import Part, SchedulePart
from engine.runs.events import Problem
from engine.runtime.training.train import resume
from tests.gan import CRITIC, GENERATOR, adversarial
from tests.repeating import cut_to
from tests.training import EventLog, remove_metadata, set_metadata, train


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("critic", "The first such value is an output of critic.linear3 in the phase generator."),
        ("generator", "The step before made running sums of gen.batchnorm1d1 infinite or nan."),
    ],
)
def test_a_loss_that_is_not_finite_is_found_in_its_phase(name: str, message: str, tmp_path: Path) -> None:
    events = EventLog()
    far = Part("SGD", {"lr": 1e30})
    phases = tuple(replace(each, optimizer=far) if each.name == name else each for each in (CRITIC, GENERATOR))
    assert train(adversarial(phases), tmp_path / "run", events).reason == "failed"
    (problem,) = events.of(Problem)
    assert problem.message.endswith(message)


def test_an_error_names_the_phase_that_it_was_raised_in(tmp_path: Path, monkeypatch) -> None:
    def too_much(*_: object) -> None:
        raise torch.OutOfMemoryError("more than there is")

    events = EventLog()
    monkeypatch.setattr(torch.optim.AdamW, "step", too_much)
    critic = replace(CRITIC, optimizer=Part("SGD", {"lr": 0.1}))
    assert train(adversarial((critic, GENERATOR)), tmp_path / "run", events).reason == "failed"
    (problem,) = events.of(Problem)
    assert problem.message == "This machine has not enough memory for a batch of 12 in the phase generator."


INVALID_METADATA: dict[str, tuple[tuple[str, ...], object]] = {
    "another schedule": (("phases", "critic", "pace", "schedule", "last_epoch"), "later"),
    "no groups": (("phases", "critic", "optimizer", "groups"), []),
    "no phases": (("phases",), {}),
    "no samples": (("means", "samples"), {}),
}


@pytest.mark.parametrize(("path", "value"), INVALID_METADATA.values(), ids=list(INVALID_METADATA))
def test_an_odd_checkpoint_is_one_message(
    path: tuple[str, ...], value: object, tmp_path: Path, every_step: None
) -> None:
    cycle = replace(CRITIC, schedule=SchedulePart("OneCycleLR", {"max_lr": 0.02, "cycle_momentum": False}))
    run = cut_to(train(adversarial((cycle, GENERATOR)), tmp_path / "whole").folder, 3, tmp_path / "run")
    set_metadata(run, *path, to=value)
    with pytest.raises(RunProblem, match="The checkpoint of step 3 does not fit the network"):
        resume(run)


@pytest.mark.parametrize("name", ["means", "phases"])
def test_a_checkpoint_that_lacks_a_part_is_one_message(name: str, tmp_path: Path) -> None:
    run = train(adversarial((CRITIC, GENERATOR)), tmp_path / "run").folder
    remove_metadata(run, name)
    with pytest.raises(RunProblem, match="does not fit the network: there is no "):
        resume(run, epochs=3)


def test_a_changed_module_of_the_step_is_refused(tmp_path: Path) -> None:
    run = train(adversarial((CRITIC, GENERATOR)), tmp_path / "run").folder
    with (run / "phases.py").open("a") as file:
        file.write("print('hello')\n")
    with pytest.raises(RunProblem, match=r"phases.py was changed after the run began"):
        resume(run, epochs=3)
