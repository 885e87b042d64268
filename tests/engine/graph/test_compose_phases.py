"""Phases name nodes: every gesture keeps these names valid, and undo restores them."""

from copy import deepcopy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.graph.compose import change_kind, duplicate, make_block, remove, rename, unpack
from engine.graph.edits import EditError
from engine.graph.model import MATRICES, OtherOptimizer, Phase, Project
from engine.graph.phases import effective_phases, upstream_in_use
from engine.project import file
from tests.golden.networks import ADVERSARIES
from tests.strategies import projects


def adversaries() -> Project:
    return deepcopy(ADVERSARIES[0])


def phase_names(project: Project) -> list[tuple[str, tuple[str, ...], tuple[str, ...] | None]]:
    return [(phase.name, phase.losses, phase.learns) for phase in project.training.phases]


def unknown(project: Project) -> set[str]:
    """The names in phases and optimizers that no node has."""
    training = project.training
    names = {name for phase in training.phases for name in (*phase.losses, *(phase.learns or ()))}
    for each in (training, *training.phases):
        names |= {name for other in each.other_optimizers if other.of != MATRICES for name in other.of}
    return names - project.graphs["Net"].nodes.keys()


def test_an_optimizer_follows_its_nodes() -> None:
    project = adversaries()
    others = (OtherOptimizer("SGD", of=("disc",)), OtherOptimizer("Muon"), OtherOptimizer("Adam", of=("gen",)))
    project.training = replace(project.training, other_optimizers=others)
    rename(project, "Net", "disc", "critic").apply(project)
    assert project.training.other_optimizers[0].of == ("critic",)
    remove(project, "Net", ["gen"]).apply(project)
    assert [other.kind for other in project.training.other_optimizers] == ["SGD", "Muon"]


@given(st.data(), projects())
def test_no_gesture_leaves_a_name_without_a_node_and_undo_restores(data: st.DataObject, project: Project) -> None:
    names = list(project.graphs["Net"].nodes)
    selection = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    gestures = {
        "remove": lambda: remove(project, "Net", selection),
        "rename": lambda: rename(project, "Net", selection[0], "renamed"),
        "duplicate": lambda: duplicate(project, "Net", selection),
        "block": lambda: make_block(project, "Net", selection),
        "unpack": lambda: unpack(project, "Net", selection[0]),
        "kind": lambda: change_kind(project, "Net", selection[0], data.draw(st.sampled_from(("ReLU", "Linear")))),
    }
    before, lost = file.dump(project), unknown(project)
    try:
        batch = data.draw(st.sampled_from(list(gestures.values())))()
    except EditError:
        return
    back = batch.apply(project)
    assert unknown(project) <= lost
    back.apply(project)
    assert file.dump(project) == before


def test_a_new_name_is_used_by_the_phases_too() -> None:
    project = adversaries()
    rename(project, "Net", "disc", "critic").apply(project)
    rename(project, "Net", "fool_loss", "fool").apply(project)
    rename(project, "Gen", "fc", "gen").apply(project)  # another graph
    assert phase_names(project) == [
        ("discriminator", ("real_loss", "fake_loss"), ("critic",)),
        ("generator", ("fool",), ("gen",)),
    ]


def test_the_new_owner_of_a_removed_node_s_weights_learns_in_its_place() -> None:
    project = adversaries()
    remove(project, "Net", ["disc", "real_loss"]).apply(project)
    assert phase_names(project) == [
        ("discriminator", ("fake_loss",), ("disc2",)),
        ("generator", ("fool_loss",), ("gen",)),
    ]


def test_copies_belong_to_the_phases_of_their_originals() -> None:
    project = adversaries()
    duplicate(project, "Net", ["gen", "fake_loss"]).apply(project)
    assert phase_names(project) == [
        ("discriminator", ("real_loss", "fake_loss", "fake_loss2"), ("disc",)),
        ("generator", ("fool_loss",), ("gen", "gen2")),
    ]


def test_a_node_of_another_kind_leaves_what_it_cannot_be_in() -> None:
    project = adversaries()
    change_kind(project, "Net", "real_loss", "Accuracy").apply(project)
    change_kind(project, "Net", "gen", "add").apply(project)
    assert phase_names(project) == [("discriminator", ("fake_loss",), ("disc",)), ("generator", ("fool_loss",), ())]


def test_a_block_learns_in_the_place_of_its_nodes() -> None:
    project = adversaries()
    make_block(project, "Net", ["gen"], "Wrapped").apply(project)
    assert phase_names(project)[1] == ("generator", ("fool_loss",), ("wrapped",))


def test_the_nodes_of_a_block_learn_in_its_place() -> None:
    project = adversaries()
    unpack(project, "Net", "gen").apply(project)
    assert phase_names(project)[1] == ("generator", ("fool_loss",), ("fc", "act", "out"))


@given(projects())
def test_what_phases_without_learns_share_is_only_what_all_their_losses_reach(project: Project) -> None:
    graph = project.graphs["Net"]
    losses = [name for name, node in graph.nodes.items() if node.kind.endswith("Loss")]
    if not losses:
        return
    phases = (Phase("a", tuple(losses)), Phase("b", (losses[0],)))
    project.training = replace(project.training, phases=phases)
    first, second = effective_phases(project)
    assert set(second.learns) <= set(first.learns)
    assert set(first.learns) <= {graph.nodes[name].shares or name for name in upstream_in_use(project, graph, losses)}
