"""Single weights that nodes share: in the file, and through every gesture."""

import pytest

from engine.errors import FileProblem
from engine.graph.compose import change_kind, duplicate, make_block, paste, remove, rename, unpack
from engine.graph.edits import EditError, RenameNode, SetNode, SetWeights
from engine.graph.fragment import fragment_of
from engine.graph.json_form import node_from_json, node_to_json
from engine.graph.model import Node, Project
from engine.graph.weights import WeightSettings
from tests.gestures import exactly
from tests.small_projects import graph, node


def sharing(**weights: str) -> Node:
    shares = {key.replace("__", "."): weight for key, weight in weights.items()}
    return Node("Linear", {"out_features": 50, "bias": False}, settings=WeightSettings(shares=shares))


def tied() -> Project:
    """A head with the weight of an embedding, another with that of one inside a block, and a second embedding."""
    encoder = graph(
        {"x": "Input", "wte": node("Embedding", num_embeddings=50, embedding_dim=8), "y": "Output"},
        "x > wte",
        "wte > y",
    )
    nodes = {
        "ids": "Input", "wte": node("Embedding", num_embeddings=50, embedding_dim=8),
        "encoder": Node("Block", graph="Encoder"), "again": Node("Embedding", shares="wte"),
        "head": sharing(weight="wte.weight"), "other": sharing(weight="encoder.wte.weight"),
        "y": "Output", "z": "Output",
    }  # fmt: skip
    wires = ("ids > wte", "wte > head", "head > y", "ids > encoder.x", "encoder.y > other", "other > z")
    return Project("tied", graphs={"Net": graph(nodes, *wires), "Encoder": encoder})


def shares_of(project: Project, name: str) -> dict[str, str]:
    return project.graphs["Net"].nodes[name].settings.shares


def test_a_node_names_a_whole_node_or_single_weights() -> None:
    shares = {"weight": "wte.weight", "conv1.bias": "encoder.layers.0.bias"}
    form = {"kind": "Linear", "shares": shares, "pos": [0, 0]}
    assert node_to_json(node_from_json(form)) == form
    assert node_from_json(form).shares is None
    assert node_from_json({"kind": "Linear", "shares": "fc"}).shares == "fc"
    for wrong, message in (
        ({"weight": "wte"}, "node.shares.weight: 'wte' is not a weight of a node"),
        ({"weight": 1}, "node.shares.weight must be text"),
        ({"a b": "wte.weight"}, "'a b' is not the name of a weight"),
        ({"weight": "wte..weight"}, "is not the name of a weight"),
        ({"weight": "0.weight"}, "is not the name of a weight"),
        (["wte.weight"], "not a name"),
    ):
        with pytest.raises(FileProblem, match=message):
            node_from_json({"kind": "Linear", "shares": wrong})


def test_a_rename_of_a_node_on_the_way_to_the_weight_mends_its_name() -> None:
    project = tied()
    before = exactly(project)
    undo = [
        rename(project, "Net", "wte", "tokens").apply(project),
        rename(project, "Net", "encoder", "first").apply(project),
        rename(project, "Encoder", "wte", "words").apply(project),
    ]
    assert shares_of(project, "head") == {"weight": "tokens.weight"}
    assert shares_of(project, "other") == {"weight": "first.words.weight"}
    for edit in reversed(undo):
        edit.apply(project)
    assert exactly(project) == before
    project.graphs["Net"].nodes["other"].settings = WeightSettings(shares={"weight": "encoder.ghost.weight"})
    with pytest.raises(EditError, match="already refers to ghost"):
        RenameNode("Encoder", "wte", "ghost").apply(project)


def test_a_removed_owner_leaves_its_weight_to_the_next_or_each_its_own() -> None:
    project = tied()
    before = exactly(project)
    undo = [remove(project, "Net", ["wte"]).apply(project)]
    assert shares_of(project, "head") == {"weight": "again.weight"}
    undo.append(remove(project, "Net", ["again", "encoder"]).apply(project))
    assert shares_of(project, "head") == shares_of(project, "other") == {}
    for edit in reversed(undo):
        edit.apply(project)
    assert exactly(project) == before


def test_copies_share_the_weight_of_the_copy_else_of_the_original() -> None:
    project = tied()
    duplicate(project, "Net", ["wte", "head"]).apply(project)
    duplicate(project, "Net", ["head"]).apply(project)
    assert shares_of(project, "head2") == {"weight": "wte2.weight"}
    assert shares_of(project, "head3") == {"weight": "wte.weight"}
    elsewhere = Project(graphs={"Net": graph({})})
    paste(elsewhere, "Net", fragment_of(project, "Net", ["head"])).apply(elsewhere)
    assert shares_of(elsewhere, "head") == {}


def test_a_new_block_takes_both_and_an_unpacked_one_gives_the_new_name() -> None:
    project = tied()
    with pytest.raises(EditError, match="head shares a weight of wte: take both or neither"):
        make_block(project, "Net", ["head"])
    make_block(project, "Net", ["wte", "again", "head"], "Tied").apply(project)
    assert project.graphs["Tied"].nodes["head"].settings.shares == {"weight": "wte.weight"}
    unpack(project, "Net", "encoder").apply(project)
    assert shares_of(project, "other") == {"weight": "wte.weight"}
    project = tied()
    project.graphs["Net"].nodes["encoder"].repeat = 2
    with pytest.raises(EditError, match="other shares a weight of encoder, which is repeated"):
        unpack(project, "Net", "encoder")


def test_a_use_that_shares_an_inner_weight_gives_it_to_the_unpacked_layer() -> None:
    project = tied()
    project.graphs["Net"].nodes["encoder"].settings = WeightSettings(shares={"wte.weight": "wte.weight"})
    unpack(project, "Net", "encoder").apply(project)
    assert shares_of(project, "wte2") == {"weight": "wte.weight"}
    assert shares_of(project, "other") == {"weight": "wte2.weight"}


def test_a_node_of_another_kind_has_weights_of_its_own() -> None:
    project = tied()
    change_kind(project, "Net", "head", "Conv1d").apply(project)
    assert shares_of(project, "head") == {}


def test_a_node_does_not_share_both_a_whole_node_and_single_weights() -> None:
    project = tied()
    with pytest.raises(EditError, match="head shares single weights"):
        SetNode("Net", "head", "shares", "other").apply(project)
    with pytest.raises(EditError, match="again shares all weights of wte"):
        SetWeights("Net", "again", WeightSettings(shares={"weight": "wte.weight"})).apply(project)
