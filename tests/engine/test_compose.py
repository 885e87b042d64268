"""Gestures: each is one batch that undoes exactly, and does what its name says."""

from copy import deepcopy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.check.rules import structural
from engine.graph.algorithms import cycle, order
from engine.graph.compose import (
    added,
    change_kind,
    connect,
    disconnect,
    duplicate,
    free_name,
    fresh,
    heal,
    insert,
    make_block,
    new_node,
    paste,
    remove,
    remove_block,
    rename,
    replug,
    set_repeat,
    stem,
    unpack,
)
from engine.graph.edits import AddGraph, Batch, EditError
from engine.graph.fragment import cut, parse, to_text
from engine.graph.model import Best, EarlyStop, End, Graph, Node, Project, Training, Wire, is_name
from tests.meaning import meaning
from tests.strategies import Drawing, hostile_texts, projects


def wires(project: Project, graph: str = "Net") -> list[str]:
    return [f"{wire.source} {wire.target}" for wire in project.graphs[graph].wires]


def done(project: Project, gesture: Batch) -> Project:
    """The project after a gesture, which must undo and redo exactly."""
    after, before = deepcopy(project), repr(project)
    undo = gesture.apply(after)
    result = repr(after)
    redo = undo.apply(after)
    assert repr(after) == before
    redo.apply(after)
    assert repr(after) == result
    return after


def chain(*kinds: str) -> Project:
    """Nodes in a row, each called by its kind's stem."""
    project = Project()
    drawing = Drawing(project, "Net")
    end = drawing.add("Input", name="image")
    for kind in kinds:
        end = drawing.add(kind, end, name=free_name(drawing.graph, kind)) or end
    return project


def some_nodes(data, project: Project, graph: str) -> list[str]:
    return data.draw(st.lists(st.sampled_from(list(project.graphs[graph].nodes)), min_size=1, unique=True))


# Any gesture on any project


@given(st.data(), projects(5), st.booleans())
def test_every_gesture_undoes_exactly_and_leaves_the_project_alone(data, project, spoil) -> None:
    if spoil:
        project = data.draw(projects(4, odd=True))
    graph = data.draw(st.sampled_from(list(project.graphs)))
    inside = project.graphs[graph]
    node = data.draw(st.sampled_from(list(inside.nodes)))
    ends = st.sampled_from(_ends(inside))
    gestures = {
        "remove": lambda: remove(project, graph, some_nodes(data, project, graph)),
        "heal": lambda: heal(project, graph, some_nodes(data, project, graph)),
        "duplicate": lambda: duplicate(project, graph, some_nodes(data, project, graph), keep_incoming=True),
        "block": lambda: make_block(project, graph, some_nodes(data, project, graph), "Part"),
        "unpack": lambda: unpack(project, graph, node),
        "kind": lambda: change_kind(project, graph, node, data.draw(st.sampled_from(list(layers())))),
        "rename": lambda: rename(project, graph, node, data.draw(st.sampled_from(("fresh_name", "x", "ghost")))),
        "connect": lambda: connect(project, graph, data.draw(ends), data.draw(ends)),
        "replug": lambda: replug(project, graph, data.draw(st.sampled_from(inside.wires)), target=data.draw(ends)),
        "cut": lambda: disconnect(project, graph, data.draw(st.sampled_from(inside.wires))),
        "insert": lambda: insert(project, graph, data.draw(st.sampled_from(inside.wires)), "new", new_node("ReLU")),
        "block away": lambda: remove_block(project, graph),
        "repeat": lambda: set_repeat(project, graph, node, data.draw(st.integers(0, 3))),
    }
    name = data.draw(st.sampled_from(list(gestures)))
    assume(inside.wires or name not in ("replug", "cut", "insert"))
    before = repr(project)
    try:
        gesture = gestures[name]()
    except EditError:
        return
    finally:
        assert repr(project) == before
    after = done(project, gesture)
    if not cycle(inside) and graph in after.graphs:
        assert not cycle(after.graphs[graph])


def _ends(graph: Graph) -> list[End]:
    return [End(name, port) for name in graph.nodes for port in ("output", "input", "tensors[0]", "other")]


@given(st.data(), projects(5))
def test_gestures_bring_no_structural_problem(data, project) -> None:
    """What may come is what only a person can settle: an input without a wire, a repeated block with a port too few."""
    graph = data.draw(st.sampled_from(list(project.graphs)))
    chosen = some_nodes(data, project, graph)
    gesture = data.draw(st.sampled_from((remove, heal, duplicate, make_block)))
    before = {problem.code for problem in structural(project)}
    try:
        after = done(project, gesture(project, graph, chosen))
    except EditError:
        return
    told = {problem.code for problem in structural(after)} - before
    assert not told & {"G001", "G002", "G003", "G004", "G006", "G007", "G009", "G010", "G013", "P004"}, told


# Removing


def test_removing_closes_the_gap_in_a_variadic_port() -> None:
    project = Project()
    drawing = Drawing(project, "Net")
    image = drawing.add("Input", name="image")
    arms = [drawing.add("ReLU", image, name=f"relu{n}") for n in range(3)]
    drawing.add("cat", *arms, name="cat")

    after = done(project, remove(project, "Net", ["relu1"]))

    assert wires(after)[-2:] == ["relu0.output cat.tensors[0]", "relu2.output cat.tensors[1]"]


def test_healing_reconnects_a_chain_and_removing_does_not() -> None:
    project = chain("Conv2d", "BatchNorm2d", "ReLU", "Flatten")
    assert wires(done(project, heal(project, "Net", ["batch_norm", "relu"]))) == [
        "image.output conv.input",
        "conv.output flatten.input",
    ]
    assert wires(done(project, remove(project, "Net", ["batch_norm", "relu"]))) == ["image.output conv.input"]


def test_healing_does_not_join_what_carries_other_elements() -> None:
    project = chain("Embedding", "Linear", "long", "Embedding")
    after = done(project, heal(project, "Net", ["long"]))  # Linear gives reals, Embedding takes whole numbers
    assert wires(after) == ["image.output embedding.input", "embedding.output linear.input"]


def test_when_the_lender_of_weights_goes_the_first_sharer_lends() -> None:
    project = chain("Linear", "ReLU")
    nodes = project.graphs["Net"].nodes
    nodes["linear"].params = {"out_features": 7, "bias": False}
    nodes["second"] = Node("Linear", shares="linear")
    nodes["third"] = Node("Linear", shares="linear")

    after = done(project, remove(project, "Net", ["linear"])).graphs["Net"].nodes

    assert after["second"] == Node("Linear", {"out_features": 7, "bias": False})
    assert after["third"].shares == "second"


def test_removing_a_block_port_cuts_the_wires_of_its_uses() -> None:
    project = stem_project()
    after = done(project, remove(project, "Stem", ["x"]))
    assert wires(after) == ["stem.y out.input"]


def test_a_block_in_use_is_not_removed() -> None:
    project = stem_project()
    with pytest.raises(EditError, match="stem in Net"):
        remove_block(project, "Stem")
    project = done(project, remove(project, "Net", ["stem"]))
    assert "Stem" not in done(project, remove_block(project, "Stem")).graphs


# Wiring


def stem_project(repeat: int = 1) -> Project:
    project = Project()
    inner = Drawing(project, "Stem")
    inner.add("Output", inner.add("ReLU", inner.add("Input", name="x"), name="relu"), name="y")
    net = Drawing(project, "Net")
    image = net.add("Input", name="image")
    stem = net.add("Block", image, node=Node("Block", graph="Stem", repeat=repeat, pos=(200.0, 10.0)), name="stem")
    net.add("Output", stem, name="out")
    return project


def test_connecting_replaces_the_wire_that_is_there_and_counts_variadic_ports_on() -> None:
    project = chain("ReLU", "Tanh", "cat")
    after = done(project, connect(project, "Net", End("image", "output"), End("tanh", "input")))
    assert wires(after)[1] == "image.output tanh.input"
    after = done(project, connect(project, "Net", End("image", "output"), End("cat", "tensors")))
    assert wires(after)[-1] == "image.output cat.tensors[1]"


def test_a_circle_and_unknown_ports_are_refused() -> None:
    project = chain("ReLU", "Tanh")
    with pytest.raises(EditError, match="circle"):
        connect(project, "Net", End("tanh", "output"), End("relu", "input"))
    with pytest.raises(EditError, match="circle"):
        connect(project, "Net", End("tanh", "output"), End("tanh", "input"))
    with pytest.raises(EditError, match="tanh has no input nose"):
        connect(project, "Net", End("relu", "output"), End("tanh", "nose"))
    with pytest.raises(EditError, match="relu has no output nose"):
        connect(project, "Net", End("relu", "nose"), End("tanh", "input"))


def test_a_wire_is_picked_up_at_either_end() -> None:
    project = chain("ReLU", "Tanh", "add")
    wire = project.graphs["Net"].wires[2]
    after = done(project, replug(project, "Net", wire, target=End("add", "other")))
    assert wires(after)[2] == "tanh.output add.other"
    after = done(project, replug(project, "Net", wire, source=End("relu", "output")))
    assert wires(after)[2] == "relu.output add.input"


def test_a_node_dropped_on_a_wire_is_inserted_at_its_place() -> None:
    project = chain("Conv2d", "Flatten")
    wire = Wire(End("conv", "output"), End("flatten", "input"), ((50.0, 0.0), (150.0, 0.0)))
    project.graphs["Net"].wires[1] = wire
    after = done(project, insert(project, "Net", wire, "relu", new_node("ReLU", (100.0, 0.0))))
    assert wires(after) == ["image.output conv.input", "conv.output relu.input", "relu.output flatten.input"]
    assert [each.points for each in after.graphs["Net"].wires[1:]] == [((50.0, 0.0),), ((150.0, 0.0),)]

    with pytest.raises(EditError, match="no free input"):
        insert(project, "Net", wire, "embedding", new_node("Embedding"))  # takes whole numbers only


# Names and kinds


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


@given(st.sampled_from(list(layers())) | hostile_texts)
def test_a_free_name_is_a_name_and_free(kind) -> None:
    graph = Graph()
    for _ in range(3):
        name = free_name(graph, kind)
        assert is_name(name)
        assert name not in graph.nodes
        graph.nodes[name] = Node(kind)


def test_fresh_names_count_on() -> None:
    assert fresh({"conv1"}, "conv1") == "conv2"
    assert fresh({"conv1", "conv2"}, "conv1") == "conv3"
    assert fresh({"stem"}, "stem") == "stem2"
    assert fresh({"conv"}, "relu") == "relu"
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


# Copies


@given(st.data(), projects(6))
def test_a_pasted_copy_of_everything_means_the_same_again(data, project) -> None:
    project.graphs["Net"].nodes = {
        name: node for name, node in project.graphs["Net"].nodes.items() if node.kind != "Zorp"
    }
    sinks = {name for name, node in project.graphs["Net"].nodes.items() if node.kind == "Output"}
    names = [name for name in project.graphs["Net"].nodes if name not in sinks]  # an Output's meaning has its name
    empty = Project(graphs={"Net": Graph()})
    bare = done(project, remove(project, "Net", sinks)) if sinks else project

    text = to_text(cut(project, "Net", names))
    fresh_copy = done(empty, paste(empty, "Net", parse(text)))
    assert meaning(fresh_copy) == meaning(bare)

    doubled = done(bare, duplicate(bare, "Net", names))
    assert meaning(doubled) == meaning(bare) + meaning(bare)
    assert doubled.graphs.keys() == bare.graphs.keys()  # equal blocks are used again


def test_a_different_block_of_the_same_name_is_pasted_under_a_fresh_one() -> None:
    source, target = stem_project(), stem_project()
    source.graphs["Stem"].nodes["relu"].kind = "Tanh"
    fragment = cut(source, "Net", ["stem"])

    after = done(target, paste(target, "Net", fragment))
    assert list(after.graphs) == ["Net", "Stem", "Stem2"]
    assert after.graphs["Net"].nodes["stem2"].graph == "Stem2"
    again = done(after, paste(after, "Net", fragment))
    assert again.graphs["Net"].nodes["stem3"].graph == "Stem2"


def test_pasting_a_block_into_itself_is_refused() -> None:
    project = stem_project()
    with pytest.raises(EditError, match="use itself"):
        paste(project, "Stem", cut(project, "Net", ["stem"]))


def test_a_copy_shares_weights_only_where_the_lender_is_at_hand() -> None:
    project = chain("Linear")
    nodes = project.graphs["Net"].nodes
    nodes["linear"].params = {"out_features": 7}
    nodes["twin"] = Node("Linear", shares="linear")

    beside = done(project, duplicate(project, "Net", ["twin"])).graphs["Net"].nodes["twin2"]
    assert (beside.shares, beside.params) == ("linear", {})
    empty = Project(graphs={"Net": Graph()})
    alone = done(empty, paste(empty, "Net", cut(project, "Net", ["twin"]))).graphs["Net"].nodes["twin"]
    assert (alone.shares, alone.params) == (None, {"out_features": 7})
    both = done(project, duplicate(project, "Net", ["linear", "twin"])).graphs["Net"].nodes
    assert both["twin2"].shares == "linear2"


def test_incoming_wires_come_along_when_asked_and_positions_move() -> None:
    project = chain("Conv2d", "ReLU")
    gesture = duplicate(project, "Net", ["relu"], by=(5.0, 7.0), keep_incoming=True)
    after = done(project, gesture)
    assert added(gesture) == ["relu2"]
    assert wires(after)[-1] == "conv.output relu2.input"
    assert after.graphs["Net"].nodes["relu2"].pos == (5.0, 7.0)
    assert len(wires(done(project, duplicate(project, "Net", ["relu"])))) == 2


# Blocks


@given(st.data(), projects(7))
def test_making_a_block_and_unpacking_it_keep_the_meaning(data, project) -> None:
    graph = data.draw(st.sampled_from(list(project.graphs)))
    names = [n for n, node in project.graphs[graph].nodes.items() if node.kind not in ("Input", "Output")]
    assume(names)
    topological = [name for name in order(project.graphs[graph]) if name in names]
    start = data.draw(st.integers(0, len(topological) - 1))
    chosen = topological[start : start + data.draw(st.integers(1, 5))]
    before = meaning(project)
    try:
        gesture = make_block(project, graph, chosen, "Part")
    except EditError:
        return
    packed = done(project, gesture)
    assert meaning(packed) == before

    use = added(gesture)[0]
    assert packed.graphs[graph].nodes[use].graph in packed.graphs
    unpacked = done(packed, unpack(packed, graph, use))
    assert meaning(unpacked) == before


@given(st.data(), projects(6))
def test_unpacking_any_use_keeps_the_meaning(data, project) -> None:
    uses = [(owner, name) for graph in project.graphs for owner, name in project.uses(graph)]
    assume(uses)
    owner, use = data.draw(st.sampled_from(uses))
    after = done(project, unpack(project, owner, use))
    assert meaning(after) == meaning(project)


def test_a_block_gets_its_ports_from_the_wires_that_cross_its_border() -> None:
    project = chain("Conv2d", "ReLU", "Flatten", "Linear")
    after = done(project, make_block(project, "Net", ["relu", "flatten"], "Head"))
    assert wires(after) == ["image.output conv.input", "conv.output head.x", "head.y linear.input"]
    assert list(after.graphs["Net"].nodes) == ["image", "conv", "head", "linear"]
    assert wires(after, "Head") == ["x.output relu.input", "relu.output flatten.input", "flatten.output y.input"]


def test_one_outer_source_is_one_input_and_one_inner_source_one_output() -> None:
    project = Project()
    drawing = Drawing(project, "Net")
    a, b = drawing.add("Input", name="a"), drawing.add("Input", name="b")
    total, product = drawing.add("add", a, b, name="add"), drawing.add("mul", a, b, name="mul")
    drawing.add("Output", total, name="first")
    drawing.add("Output", total, name="second")
    drawing.add("Output", product, name="third")

    after = done(project, make_block(project, "Net", ["add", "mul"]))
    block = after.graphs["Block"]
    assert list(block.nodes) == ["a", "b", "add", "mul", "add_out", "mul_out"]
    assert wires(after) == [
        "a.output block.a",
        "b.output block.b",
        "block.add_out first.input",
        "block.add_out second.input",
        "block.mul_out third.input",
    ]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (["conv", "flatten"], "relu lies between"),
        (["image", "conv"], r"image \(Input\) belongs"),
        (["mse"], r"mse \(MSELoss\) belongs"),
        (["nobody"], "no node named nobody"),
        ([], "no node is selected"),
        (["relu"], "is not a name"),
    ],
)
def test_a_selection_that_cannot_be_a_block_is_refused_with_the_reason(chosen, message) -> None:
    project = chain("Conv2d", "ReLU", "Flatten", "MSELoss")
    with pytest.raises(EditError, match=message):
        make_block(project, "Net", chosen, "not a name" if chosen == ["relu"] else "Part")


def test_shared_weights_do_not_cross_a_border() -> None:
    project = chain("Linear", "ReLU")
    project.graphs["Net"].nodes["twin"] = Node("Linear", shares="linear")
    with pytest.raises(EditError, match="take both or neither"):
        make_block(project, "Net", ["twin"])


def test_a_repeated_block_unpacks_to_its_repetitions_in_a_row() -> None:
    project = stem_project(repeat=3)
    after = done(project, unpack(project, "Net", "stem"))
    assert list(after.graphs["Net"].nodes) == ["image", "relu", "relu2", "relu3", "out"]
    assert sorted(wires(after)) == [
        "image.output relu.input",
        "relu.output relu2.input",
        "relu2.output relu3.input",
        "relu3.output out.input",
    ]
    assert meaning(after) == meaning(project)


def test_repeats_are_set_on_blocks_only() -> None:
    project = stem_project()
    assert done(project, set_repeat(project, "Net", "stem", 4)).graphs["Net"].nodes["stem"].repeat == 4
    with pytest.raises(EditError, match="not a block"):
        set_repeat(project, "Net", "image", 4)
    with pytest.raises(EditError, match="0 times"):
        set_repeat(project, "Net", "stem", 0)


def test_a_taken_block_name_gets_a_number() -> None:
    project = chain("ReLU")
    AddGraph("Part").apply(project)
    gesture = make_block(project, "Net", ["relu"], "Part")
    assert "Part2" in done(project, gesture).graphs


def test_a_copied_join_counts_from_zero_when_some_of_its_inputs_stay_behind() -> None:
    project = Project()
    drawing = Drawing(project, "Net")
    image = drawing.add("Input", name="image")
    relu = drawing.add("ReLU", image, name="relu")
    drawing.add("cat", image, relu, name="cat")
    after = done(project, duplicate(project, "Net", ["relu", "cat"]))
    assert wires(after)[-1] == "relu2.output cat2.tensors[0]"
