"""Names for new nodes, renaming, other kinds, and copies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.graph.compose import (
    added_names,
    change_kind,
    duplicate,
    free_name,
    name_problem,
    other_blocks,
    paste,
    remove,
    rename,
    stem,
    unused_name,
)
from engine.graph.edits import EditError, RenameNode
from engine.graph.fragment import fragment_of, parse, to_text
from engine.graph.model import Best, EarlyStop, Graph, Node, Project, Training, is_name
from tests.gestures import chain, done, stem_project, wires
from tests.meaning import meaning
from tests.strategies import GraphBuilder, hostile_texts, projects


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Conv2d", "conv"),
        ("ConvTranspose2d", "conv_transpose"),
        ("MaxPool2d", "max_pool"),
        ("AdaptiveAvgPool2d", "adaptive_avg_pool"),
        ("ReLU", "relu"),
        ("LeakyReLU", "leaky_relu"),
        ("LSTM", "lstm"),
        ("RMSNorm", "rms_norm"),
        ("CrossEntropyLoss", "cross_entropy"),
        ("BCEWithLogitsLoss", "bce_with_logits"),
        ("KLDivLoss", "kl_div"),
        ("SmoothL1Loss", "smooth_l1"),
        ("L1Loss", "l1"),
        ("R2Score", "r2_score"),
        ("MultiheadAttention", "attention"),
        ("cat", "cat"),
    ],
)
def test_the_stem_of_a_kind_reads_well(kind, name) -> None:
    assert stem(kind) == name


@given(st.lists(st.from_regex(r"[ab](0|[1-9]|1[0-9])?", fullmatch=True), max_size=40), st.sets(st.sampled_from("ab")))
def test_names_in_a_row_are_the_same_as_one_by_one(names, occupied) -> None:
    one_by_one, in_a_row, skips = set(occupied), set(occupied), {}
    for name in names:
        expected, result = unused_name(one_by_one, name), unused_name(in_a_row, name, skips)
        assert result == expected
        assert result not in in_a_row
        one_by_one.add(expected)
        in_a_row.add(result)


def test_a_thousand_copies_are_named_without_a_million_lookups() -> None:
    class CountingSet(set):
        looks = 0

        def __contains__(self, name: object) -> bool:
            CountingSet.looks += 1
            return super().__contains__(name)

    occupied, skips = CountingSet(f"n{number}" for number in range(1000)), {}
    for number in range(1000):
        occupied.add(unused_name(occupied, f"n{number}", skips))
    assert len(occupied) == 2000
    assert CountingSet.looks < 10_000


@given(st.sampled_from(list(layers())) | hostile_texts)
def test_a_free_name_is_a_name_and_free(kind) -> None:
    graph = Graph()
    for _ in range(3):
        name = free_name(graph, kind)
        assert is_name(name)
        assert name not in graph.nodes
        graph.nodes[name] = Node(kind)


def test_unused_names_continue_the_count() -> None:
    assert unused_name({"conv1"}, "conv1") == "conv2"
    assert unused_name({"conv1", "conv2"}, "conv1") == "conv3"
    assert unused_name({"stem"}, "stem") == "stem2"
    assert unused_name({"conv"}, "relu") == "relu"
    assert free_name(Graph({"conv": Node("Conv2d")}), "Conv2d") == "conv2"
    assert free_name(Graph(), "Input") == "input1"  # `input` is Python's own


def test_renaming_keeps_the_field_and_what_training_watches() -> None:
    project = chain("Linear", "MSELoss")
    project.training = Training(early_stop=EarlyStop("val_mse"), best=Best("val_mse"))

    after = done(project, rename(project, "Net", "image", "picture"))
    after = done(after, rename(after, "Net", "mse", "error"))

    assert after.graphs["Net"].nodes["picture"].params == {"field": "image"}
    assert after.training.best.watch == "val_error"
    assert after.training.early_stop.watch == "val_error"
    assert meaning(after) == meaning(project)


def test_changing_the_kind_keeps_wires_and_legal_values() -> None:
    project = chain("Conv2d", "ReLU", "Flatten")
    project.graphs["Net"].nodes["conv"].params = {"out_channels": 8, "kernel_size": (3, 3), "bias": False}

    after = done(project, change_kind(project, "Net", "conv", "Conv1d"))
    assert wires(after) == wires(project)
    assert after.graphs["Net"].nodes["conv"].params == {"out_channels": 8, "bias": False}

    after = done(project, change_kind(project, "Net", "relu", "cat"))  # takes `tensors`, not `input`
    assert wires(after) == ["image.output conv.input", "relu.output flatten.input"]
    with pytest.raises(EditError, match="Zorp"):
        change_kind(project, "Net", "relu", "Zorp")


@given(st.data(), projects(6))
def test_a_pasted_copy_of_everything_means_the_same_again(data, project) -> None:
    project.graphs["Net"].nodes = {
        name: node for name, node in project.graphs["Net"].nodes.items() if node.kind != "Zorp"
    }
    sinks = {name for name, node in project.graphs["Net"].nodes.items() if node.kind == "Output"}
    names = [name for name in project.graphs["Net"].nodes if name not in sinks]  # an Output's meaning has its name
    empty = Project(graphs={"Net": Graph()})
    bare = done(project, remove(project, "Net", sinks)) if sinks else project

    text = to_text(fragment_of(project, "Net", names))
    fresh_copy = done(empty, paste(empty, "Net", parse(text)))
    assert meaning(fresh_copy) == meaning(bare)

    doubled = done(bare, duplicate(bare, "Net", names))
    assert meaning(doubled) == meaning(bare) + meaning(bare)
    assert doubled.graphs.keys() == bare.graphs.keys()  # equal blocks are used again


def test_of_two_blocks_with_one_name_the_pasted_nodes_can_use_either() -> None:
    project, target = stem_project(), stem_project()
    RenameNode("Stem", "y", "z").apply(target)
    target.graphs["Stem"].nodes["relu"].kind = "GELU"
    fragment = fragment_of(project, "Net", ["stem", "out"])
    assert other_blocks(target, "Net", fragment) == ["Stem"]
    assert other_blocks(project, "Net", fragment) == []

    after = done(target, paste(target, "Net", fragment, own_blocks=["Stem"]))
    assert list(after.graphs) == list(target.graphs)
    assert after.graphs["Net"].nodes["stem2"].graph == "Stem"
    assert "stem2.y out2.input" not in wires(after)  # its own has no such port
    theirs = done(target, paste(target, "Net", fragment))
    assert theirs.graphs["Net"].nodes["stem2"].graph == "Stem2"
    assert "stem2.y out2.input" in wires(theirs)


def test_a_different_block_of_the_same_name_is_pasted_under_an_unused_one() -> None:
    source, target = stem_project(), stem_project()
    source.graphs["Stem"].nodes["relu"].kind = "Tanh"
    fragment = fragment_of(source, "Net", ["stem"])

    after = done(target, paste(target, "Net", fragment))
    assert list(after.graphs) == ["Net", "Stem", "Stem2"]
    assert after.graphs["Net"].nodes["stem2"].graph == "Stem2"
    again = done(after, paste(after, "Net", fragment))
    assert again.graphs["Net"].nodes["stem3"].graph == "Stem2"


def test_pasting_a_block_into_itself_is_refused() -> None:
    project = stem_project()
    with pytest.raises(EditError, match="use itself"):
        paste(project, "Stem", fragment_of(project, "Net", ["stem"]))


def test_a_copy_shares_weights_only_where_their_owner_exists() -> None:
    project = chain("Linear")
    nodes = project.graphs["Net"].nodes
    nodes["linear"].params = {"out_features": 7}
    nodes["twin"] = Node("Linear", shares="linear")

    beside = done(project, duplicate(project, "Net", ["twin"])).graphs["Net"].nodes["twin2"]
    assert (beside.shares, beside.params) == ("linear", {})
    empty = Project(graphs={"Net": Graph()})
    alone = done(empty, paste(empty, "Net", fragment_of(project, "Net", ["twin"]))).graphs["Net"].nodes["twin"]
    assert (alone.shares, alone.params) == (None, {"out_features": 7})
    both = done(project, duplicate(project, "Net", ["linear", "twin"])).graphs["Net"].nodes
    assert both["twin2"].shares == "linear2"


def test_incoming_wires_come_along_when_asked_and_positions_move() -> None:
    project = chain("Conv2d", "ReLU")
    gesture = duplicate(project, "Net", ["relu"], by=(5.0, 7.0), keep_incoming=True)
    after = done(project, gesture)
    assert added_names(gesture) == ["relu2"]
    assert wires(after)[-1] == "conv.output relu2.input"
    assert after.graphs["Net"].nodes["relu2"].pos == (5.0, 7.0)
    assert len(wires(done(project, duplicate(project, "Net", ["relu"])))) == 2


def test_a_copied_join_counts_from_zero_when_some_of_its_inputs_stay_behind() -> None:
    project = Project()
    builder = GraphBuilder(project, "Net")
    image = builder.add("Input", name="image")
    relu = builder.add("ReLU", image, name="relu")
    builder.add("cat", image, relu, name="cat")
    after = done(project, duplicate(project, "Net", ["relu", "cat"]))
    assert wires(after)[-1] == "relu2.output cat2.tensors[0]"


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("bn", "bn2"), ("1st", "node_1st"), ("class", "class_"), ("my conv", "my_conv"), ("größe", "groe"),
        ("→", "node"), (" conv-1 ", "conv_1"), ("bn 2/3", "bn_2_3"),
    ],
)  # fmt: skip
def test_a_bad_name_is_reported_with_a_similar_one(name: str, proposed: str) -> None:
    assert (name_problem(name, {"bn"}) or "").endswith(f": try {proposed}")


@given(hostile_texts | st.text(), st.sets(st.sampled_from(("node", "node_", "x", "class_"))))
def test_what_is_proposed_is_always_a_name_that_is_free(text: str, occupied: set[str]) -> None:
    why = name_problem(text, occupied)
    assert (why is None) == (is_name(text) and text not in occupied)
    if why and text.strip():
        proposed = why.rpartition(" try ")[2]
        assert name_problem(proposed, occupied) is None
