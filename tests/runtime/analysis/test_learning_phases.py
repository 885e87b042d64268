"""The weights that phases learn: none without effect, none twice, none omitted."""

from copy import deepcopy
from dataclasses import replace

import pytest

from engine.graph.model import Phase, Project
from engine.graph.weights import WeightSettings
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.analysis.learning import phases as rules
from engine.runtime.data.field_spec import FieldSpec
from tests.golden.networks import ADVERSARIES

FIELDS = {
    "image": FieldSpec((1, 8, 8), "float32"),
    "noise": FieldSpec((16,), "float32"),
    "one": FieldSpec((1,), "float32"),
    "zero": FieldSpec((1,), "float32"),
}
FIRST, SECOND = ADVERSARIES[0].training.phases


def trained(*phases: Phase) -> tuple[Project, Analysis]:
    project = deepcopy(ADVERSARIES[0])
    project.training = replace(project.training, phases=phases)
    return project, analyse(project, FIELDS)


def codes_and_nodes(project: Project, report: Analysis) -> list[tuple[str, str, str | None]]:
    assert report.ok, report.errors
    return [(each.code, each.severity, each.node) for each in rules.problems(project, report.nodes)]


def test_every_node_of_every_phase_is_measured() -> None:
    project, report = trained(FIRST, SECOND)
    assert report.nodes["disc2"].outputs == {"y": ("N", 1)}
    assert report.nodes["gen.fc"].parameters == 16 * 64 + 64
    assert not codes_and_nodes(project, report)


@pytest.mark.parametrize(
    ("phases", "problem"),
    [
        ((FIRST, replace(SECOND, learns=("gen", "flat"))), ("T019", "warning", "flat")),
        ((FIRST, replace(SECOND, learns=("gen", "disc2"))), ("T020", "warning", "disc")),
        ((FIRST, replace(SECOND, learns=None), replace(SECOND, learns=None, name="c")), ("T020", "warning", "gen")),
        ((FIRST, replace(SECOND, learns=())), ("T021", "error", "fool_loss")),
        ((replace(FIRST, losses=("real_loss",), learns=("gen",)), SECOND), ("T021", "error", "real_loss")),
        ((replace(FIRST, learns=("gen",)), SECOND), ("T022", "warning", "disc")),
    ],
)
def test_weights_that_no_phase_or_several_learn_are_reported(phases, problem) -> None:
    assert problem in codes_and_nodes(*trained(*phases))


def test_frozen_weights_are_neither_missing_nor_learned() -> None:
    project, report = trained(replace(FIRST, learns=("gen",)), SECOND)
    project.graphs["Net"].nodes["disc"].settings = WeightSettings(frozen=True)
    assert ("T022", "warning", "disc") not in codes_and_nodes(project, report)
    project, report = trained(FIRST, SECOND)
    project.graphs["Net"].nodes["disc"].settings = WeightSettings(frozen=True)
    assert codes_and_nodes(project, report) == [("T021", "error", "real_loss")]


def test_a_block_whose_layers_are_all_frozen_has_nothing_to_learn() -> None:
    project, report = trained(FIRST, SECOND)
    inside = project.graphs[str(project.graphs["Net"].nodes["disc"].graph)].nodes
    for node in inside.values():
        node.settings = WeightSettings(frozen=True)
    assert codes_and_nodes(project, report) == [("T021", "error", "real_loss")]
