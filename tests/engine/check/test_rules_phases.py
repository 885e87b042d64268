"""The problems of training phases that follow from the graph and the settings."""

from copy import deepcopy
from dataclasses import replace

import pytest

from engine.check.rules import settings_problems
from engine.graph.json_form import training_from_json
from engine.graph.model import Clip, EarlyStop, Part, Phase, Project, SchedulePart
from tests.golden.networks import ADVERSARIES

REAL, FOOL = ("real_loss", "fake_loss"), ("fool_loss",)
FIRST, SECOND = ADVERSARIES[0].training.phases


def trained(*phases: Phase, **changes: object) -> Project:
    project = deepcopy(ADVERSARIES[0])
    project.training = replace(project.training, phases=phases or (FIRST, SECOND), **changes)
    return project


def messages(project: Project) -> list[tuple[str, str]]:
    return [(problem.code, problem.message) for problem in settings_problems(project) if problem.code[0] == "T"]


def test_sound_phases_have_no_problems() -> None:
    assert not messages(trained())


@pytest.mark.parametrize(
    ("phases", "code", "says"),
    [
        ((FIRST, replace(SECOND, losses=("fol_loss",))), "T016", "Phase generator: there is no loss fol_loss in Net."),
        ((replace(FIRST, losses=(*REAL, "gen")), SECOND), "T016", "to minimize gen, which (Block) is not a loss."),
        ((FIRST, replace(SECOND, losses=FOOL * 2)), "T016", "names the loss fool_loss more than once"),
        ((FIRST, replace(SECOND, learns=("gne",))), "T016", "is to learn gne, which Net does not have"),
        ((FIRST, replace(SECOND, learns=("gen", "gen"))), "T016", "names gen more than once"),
        ((FIRST,), "T017", "fool_loss is in no phase, so nothing minimizes it."),
        ((FIRST, replace(SECOND, name="discriminator")), "T018", "Two phases are called discriminator."),
        ((FIRST, replace(SECOND, name="a b")), "T018", "'a b' cannot name a phase."),
        ((FIRST, replace(SECOND, learns=("image",))), "T019", "is to learn image (Input), which has no weights"),
        ((FIRST, replace(SECOND, times=0)), "T023", "Phase generator: times must be from 1 to 1,000,000, got 0."),
        ((FIRST, replace(SECOND, every=-1)), "T023", "every must be"),
        ((FIRST, replace(SECOND, accumulate=0)), "T023", "accumulate must be"),
        ((FIRST, replace(SECOND, epochs=(0, 3))), "T023", "the first not above the last, got 0 and 3."),
        ((FIRST, replace(SECOND, epochs=(4, 3))), "T023", "got 4 and 3."),
        ((FIRST, SECOND, Phase("empty")), "T024", "Phase empty has no loss."),
        ((FIRST, replace(SECOND, optimizer=Part("Adom"))), "T003", "Phase generator: the optimizer 'Adom' is unknown."),
        ((FIRST, replace(SECOND, l1=-1.0)), "T002", "Phase generator: l1 must be at least 0, got -1.0."),
        ((FIRST, replace(SECOND, clip=Clip(at=0.0))), "T002", "Phase generator: clip.at must be larger than 0, got 0."),
        ((FIRST, replace(SECOND, schedule=SchedulePart("StepLR", {"gamma": "x"}))), "T002", "the schedule StepLR"),
    ],
)
def test_a_wrong_phase_is_reported(phases: tuple[Phase, ...], code: str, says: str) -> None:
    problems = messages(trained(*phases))
    assert [each for each in problems if each[0] == code and says in each[1]], problems


@pytest.mark.parametrize(
    "phases",
    [
        (FIRST, replace(SECOND, losses=(*FOOL, "fol_loss"))),
        (FIRST, replace(SECOND, losses=FOOL * 2)),
        (FIRST, replace(SECOND, learns=("gen", "image"))),
        (FIRST, replace(SECOND, learns=("gen", "gen"))),
        (replace(FIRST, losses=("real_loss",)), SECOND),
        (FIRST, SECOND, Phase("empty")),
        (FIRST, replace(SECOND, times=0)),
        (FIRST, replace(SECOND, epochs=(5, 2))),
        (FIRST, replace(SECOND, l2=-1.0)),
    ],
)
def test_the_fix_removes_the_problem_of_the_phase(phases: tuple[Phase, ...]) -> None:
    project = trained(*phases)
    (problem,) = [each for each in settings_problems(project) if each.code[0] == "T"]
    back = problem.fix.edit.apply(project)
    assert not messages(project)
    back.apply(project)
    assert project.training.phases == phases


def test_problems_of_the_training_are_not_repeated_for_each_phase() -> None:
    assert messages(trained(optimizer=Part("Adom"))) == [("T003", "The optimizer 'Adom' is unknown.")]


def test_early_stopping_of_several_phases_needs_a_metric_to_watch() -> None:
    raw = {"phases": [{"name": "a"}, {"name": "b"}], "early_stop": {"patience": 3}}
    assert training_from_json(raw).early_stop == EarlyStop("", 3)
    assert training_from_json(raw | {"phases": []}).early_stop == EarlyStop("val_loss", 3)
    ((code, message),) = messages(trained(early_stop=EarlyStop("")))
    assert (code, message) == ("T005", "Training: early stopping of several phases needs a metric to watch.")
