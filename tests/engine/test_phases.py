"""Phases of a training step: the settings that each takes from the training, and its source."""

from dataclasses import replace

import pytest

from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.errors import EngineError
from engine.graph.json_form.phases import phase_from_json, phase_to_json
from engine.graph.model import Clip, Node, Part, Phase, Project, SchedulePart, Training
from engine.graph.off import OFF
from engine.graph.phases import effective_phases
from tests.golden.networks import ADVERSARIES
from tests.small_projects import graph, node


def two_heads(*phases: Phase, **settings: object) -> Project:
    net = graph(
        {
            "image": "Input", "label": "Input", "age": "Input", "body": node("Linear", out_features=8),
            "drop": Node("Dropout", bypass=True), "kind": node("Linear", out_features=3),
            "years": node("Linear", out_features=1), "what": "CrossEntropyLoss", "how_old": "L1Loss",
        },
        "image > body", "body > drop", "drop > kind", "drop > years", "kind > what", "label > what.target",
        "years > how_old", "age > how_old.target",
    )  # fmt: skip
    return Project(graphs={"Net": net}, training=Training(phases=phases, **settings))


def test_a_training_that_lists_no_phases_has_one() -> None:
    (phase,) = effective_phases(two_heads(l1=0.5, clip=Clip()))
    assert (phase.name, phase.losses, phase.learns) == ("", ("what", "how_old"), ("body", "kind", "years"))
    assert (phase.optimizer, phase.schedule, phase.clip, phase.l1) == (Part("AdamW"), None, Clip(), 0.5)


def test_a_phase_takes_what_it_lacks_from_the_training() -> None:
    own = Phase("b", ("how_old",), optimizer=Part("SGD"), l1=0.0, clip=Clip(at=2.0), times=2)
    first, second = effective_phases(two_heads(Phase("a", ("what",)), own, l1=0.5, l2=0.25))
    assert (first.optimizer, first.l1, first.l2, first.clip, first.times) == (Part("AdamW"), 0.5, 0.25, None, 1)
    assert (second.optimizer, second.l1, second.l2, second.clip, second.times) == (Part("SGD"), 0.0, 0.25, own.clip, 2)


def test_a_phase_can_do_without_the_schedule_and_the_clipping_of_the_training() -> None:
    own = Phase("b", ("how_old",), schedule=OFF, clip=OFF)
    first, second = effective_phases(
        two_heads(Phase("a", ("what",)), own, schedule=SchedulePart("StepLR"), clip=Clip(at=2.0))
    )
    assert (first.schedule, first.clip) == (SchedulePart("StepLR"), Clip(at=2.0))
    assert (second.schedule, second.clip) == (None, None)


def test_null_in_a_file_is_what_a_phase_does_without() -> None:
    raw = {"name": "b", "losses": ["how_old"], "schedule": None, "clip": None}
    phase = phase_from_json(raw)
    assert (phase.schedule, phase.clip) == (OFF, OFF)
    assert phase_to_json(phase) == raw


def test_a_phase_learns_by_default_what_its_losses_reach_and_no_other_phase_names() -> None:
    first, second = effective_phases(two_heads(Phase("a", ("what",)), Phase("b", ("how_old",), ("years", "body"))))
    assert (first.learns, second.learns) == (("kind",), ("body", "years"))
    first, second = effective_phases(two_heads(Phase("a", ("what",)), Phase("b", ("how_old",))))
    assert (first.learns, second.learns) == (("body", "kind"), ("body", "years"))


def test_a_node_that_shares_weights_counts_as_their_owner() -> None:
    project, _ = ADVERSARIES
    training = replace(project.training, phases=(Phase("critic", ("fool_loss",), ("disc2", "image")),))
    (phase,) = effective_phases(replace(project, training=training))
    assert phase.learns == ("disc",)


def test_each_phase_computes_and_reads_only_what_it_needs() -> None:
    fields = reads(two_heads(Phase("b", ("how_old",)), Phase("a", ("what",), ("kind", "body", "drop"))))
    assert [(each.name, each.inputs, each.targets, each.losses, each.learns) for each in fields.phases] == [
        ("b", ("image",), ("age",), ("how_old",), ("years",)),
        ("a", ("image",), ("label",), ("what",), ("body", "kind")),
    ]
    assert fields.fields == ("image", "age", "label")


def test_without_listed_phases_there_is_one_phase() -> None:
    fields = reads(two_heads())
    (phase,) = fields.phases
    assert (phase.name, phase.inputs, phase.targets) == ("", fields.inputs, fields.targets)
    assert (phase.is_dict, phase.losses, phase.learns) == (True, ("what", "how_old"), ("body", "kind", "years"))


@pytest.mark.parametrize("field", ["phase", "self"])
def test_a_field_that_would_hide_the_phase_is_refused(field: str) -> None:
    project = two_heads(Phase("a", ("what",)))
    project.graphs["Net"].nodes["image"].params["field"] = field
    with pytest.raises(EngineError, match=f"cannot take a field called '{field}'"):
        generate(project, {("body",): {"in_features": 4}})


def test_a_phase_whose_losses_read_nothing_of_the_network_is_refused() -> None:
    with pytest.raises(EngineError, match="No loss of the phase a reads a value of the network"):
        generate(two_heads(Phase("a")), {})
