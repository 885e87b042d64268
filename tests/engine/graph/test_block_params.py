"""Parameters of blocks: expressions and the values of uses follow every edit and gesture."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.expressions import Expression, parse
from engine.graph.block_params import BlockParam
from engine.graph.compose import (
    add_param,
    add_port,
    change_kind,
    duplicate,
    make_block,
    make_independent,
    paste,
    remove_param,
    rename,
    unpack,
)
from engine.graph.edits import AddBlockParam, Edit, EditError, RenameBlockParam
from engine.graph.fragment import fragment_of, to_text
from engine.graph.fragment import parse as parse_fragment
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.resolved import resolved, use_values
from tests.gestures import done


def connected(nodes: dict[str, Node], *pairs: tuple[str, str], **params: BlockParam) -> Graph:
    wires = [Wire(End(*source.split(".")), End(*target.split("."))) for source, target in pairs]
    return Graph(nodes, wires, params=params)


def network(repeat: int = 3) -> Project:
    """A block with parameters, in which another one is repeated, used twice in the main graph."""
    inner = connected(
        {"x": Node("Input"), "linear": Node("Linear", {"out_features": parse("width + 1")}), "y": Node("Output")},
        ("x.output", "linear.input"),
        ("linear.output", "y.input"),
        width=BlockParam("int", 4),
        unread=BlockParam("float", 0.5),
    )
    body = connected(
        {
            "x": Node("Input"),
            "conv": Node("Conv2d", {"out_channels": parse("channels * 2"), "kernel_size": parse("(k, 1)")}),
            "relu": Node("ReLU", bypass=parse("k == 3")),
            "inner": Node("Block", {"width": parse("channels if index == 0 else repeat")}, graph="Inner", repeat=3),
            "y": Node("Output"),
        },
        ("x.output", "conv.input"),
        ("conv.output", "relu.input"),
        ("relu.output", "inner.x"),
        ("inner.y", "y.input"),
        channels=BlockParam("int", 8),
        k=BlockParam("int", 3, help="Kernel size."),
    )
    net = connected(
        {
            "image": Node("Input"),
            "first": Node("Block", {"channels": parse("16 * (index + 1)")}, graph="Body", repeat=repeat),
            "second": Node("Block", {"k": 5}, graph="Body"),
            "out": Node("Output"),
        },
        ("image.output", "first.x"),
        ("first.y", "second.x"),
        ("second.y", "out.input"),
    )
    return Project(graphs={"Net": net, "Body": body, "Inner": inner})


def layers(project: Project) -> Counter[str]:
    """Every layer with its values, blocks and repetitions written out."""
    return Counter(_layers(project, project.graphs[project.main]))


def _layers(project: Project, graph: Graph) -> Iterator[str]:
    for node in graph.nodes.values():
        block = project.graphs.get(node.graph or "")
        if block is not None:
            for index in range(node.repeat):
                yield from _layers(project, resolved(block, use_values(block, node, index)))
        elif node.kind not in ("Input", "Output"):
            yield f"{node.kind} {node.params} {node.bypass}"


@given(st.data(), st.integers(1, 3))
def test_gestures_keep_the_values_of_every_layer(data, repeat) -> None:
    project = network(repeat)
    if repeat == 1:
        project.graphs["Net"].nodes["first"].params["channels"] = 16
    for _ in range(3):
        try:
            after = done(project, gesture(data, project))
        except EditError:
            continue
        assert layers(after) == layers(project)
        project = after


def gesture(data, project: Project) -> Edit:
    graph = data.draw(st.sampled_from(list(project.graphs)))
    inside = project.graphs[graph]
    nodes = st.sampled_from([name for name, node in inside.nodes.items() if node.kind not in ("Input", "Output")])
    params = st.sampled_from([*inside.params, "x"])
    match data.draw(st.sampled_from(("block", "unpack", "independent", "rename", "rename node", "add"))):
        case "block":
            return make_block(project, graph, data.draw(st.lists(nodes, min_size=1, unique=True)))
        case "unpack":
            return unpack(project, graph, data.draw(nodes))
        case "independent":
            return make_independent(project, graph, data.draw(nodes))
        case "rename":
            return RenameBlockParam(graph, data.draw(params), data.draw(st.sampled_from(("new", "x_2"))))
        case "rename node":
            return rename(project, graph, data.draw(st.sampled_from(list(inside.nodes))), "fresh")
    return add_param(project, graph, BlockParam("flag", True), "channels")


def test_renaming_a_parameter_mends_expressions_and_uses() -> None:
    after = done(network(), RenameBlockParam("Body", "channels", "width"))
    body, net = after.graphs["Body"], after.graphs["Net"]
    assert list(body.params) == ["width", "k"]
    assert body.nodes["conv"].params["out_channels"] == parse("width * 2")
    assert body.nodes["inner"].params == {"width": parse("width if index == 0 else repeat")}
    assert net.nodes["first"].params == {"width": parse("16 * (index + 1)")}
    for name in ("k", "index", "min", "size", "a b", "class"):
        with pytest.raises(EditError):
            RenameBlockParam("Body", "channels", name).apply(network())
    with pytest.raises(EditError, match="has another meaning"):
        AddBlockParam("Body", "repeat", BlockParam("int", 1)).apply(network())


def test_a_parameter_does_not_take_over_what_refers_to_its_new_name() -> None:
    project = network()
    project.graphs["Net"].nodes["second"].params["width"] = 3
    with pytest.raises(EditError, match="something else already refers to width"):
        RenameBlockParam("Body", "channels", "width").apply(project)
    project = network()
    project.graphs["Body"].nodes["conv"].params["groups"] = parse("wide // 2")
    with pytest.raises(EditError, match="something else already refers to wide"):
        RenameBlockParam("Body", "channels", "wide").apply(project)


def test_renaming_an_input_mends_the_sizes_that_are_read_of_it() -> None:
    project = network()
    conv = project.graphs["Body"].nodes["conv"]
    conv.params["groups"], conv.params["stride"] = parse("size(x, 1)"), parse("size(z, 1)")
    after = done(project, rename(project, "Body", "x", "image"))
    assert after.graphs["Body"].nodes["conv"].params["groups"] == parse("size(image, 1)")
    with pytest.raises(EditError, match="something else already refers to z"):
        rename(project, "Body", "x", "z")


def test_a_parameter_that_is_removed_leaves_its_default() -> None:
    project = network()
    after = done(project, remove_param(project, "Body", "channels"))
    body = after.graphs["Body"]
    assert list(body.params) == ["k"]
    assert body.nodes["conv"].params == {"out_channels": 16, "kernel_size": parse("(k, 1)")}
    assert body.nodes["inner"].params == {"width": parse("8 if index == 0 else repeat")}
    assert after.graphs["Net"].nodes["first"].params == {}


def test_a_block_of_nodes_of_a_block_gets_what_they_read() -> None:
    project = network()
    project.graphs["Body"].nodes["conv"].params["groups"] = parse("size(x, 1) // 2")
    project.graphs["Body"].nodes["relu"].bypass = parse("size(x, -1) == k")
    after = done(project, make_block(project, "Body", ["relu", "inner"]))
    block, use = after.graphs["Block"], after.graphs["Body"].nodes["block"]
    assert use.params == {"channels": parse("channels"), "k": parse("k"), "x_size_minus_1": parse("size(x, -1)")}
    assert list(block.params) == ["channels", "k", "x_size_minus_1"]
    assert block.params["k"] == project.graphs["Body"].params["k"]
    assert block.nodes["relu"].bypass == parse("x_size_minus_1 == k")

    after = done(project, make_block(project, "Body", ["conv"]))
    (port,) = after.graphs["Block"].of_kind("Input")
    assert after.graphs["Block"].nodes["conv"].params["groups"] == parse(f"size({port}, 1) // 2")
    assert after.graphs["Body"].nodes["block"].params == {"channels": parse("channels"), "k": parse("k")}


def test_unpacking_composes_expressions() -> None:
    project = network()
    after = done(project, unpack(project, "Body", "inner"))
    values = [node.params["out_features"] for node in after.graphs["Body"].of_kind("Linear").values()]
    assert values == [parse("channels + 1"), 4, 4]
    net = done(after, unpack(after, "Net", "second")).graphs["Net"]
    assert [node.params["out_features"] for node in net.of_kind("Linear").values()] == [9, 4, 4]


def test_unpacking_reads_sizes_of_the_outer_block_or_those_that_are_given() -> None:
    project = network(1)
    project.graphs["Net"].nodes["first"].params = {}
    project.graphs["Inner"].nodes["linear"].params["out_features"] = parse("size(x, 1)")
    with pytest.raises(EditError, match=r"inner reads size\(x, 1\), which is unknown"):
        unpack(project, "Body", "inner")
    project.graphs["Body"].nodes["inner"].repeat = 1
    project.graphs["Body"].nodes["inner"].params = {}
    after = done(project, unpack(project, "Body", "inner", {("x", 1): 7}))
    assert after.graphs["Body"].nodes["linear"].params == {"out_features": 7}

    project.graphs["Body"].wires = [Wire(End("x", "output"), End("inner", "x"))]
    after = done(project, unpack(project, "Body", "inner"))
    assert after.graphs["Body"].nodes["linear"].params == {"out_features": parse("size(x, 1)")}
    project.graphs["Net"].nodes["inner"] = Node("Block", graph="Inner")
    project.graphs["Net"].wires = [Wire(End("image", "output"), End("inner", "x"))]
    with pytest.raises(EditError, match="unknown"):
        unpack(project, "Net", "inner")


def test_pasting_takes_parameters_along() -> None:
    project = network()
    fragment = parse_fragment(to_text(fragment_of(project, "Body", ["x", "conv"])))
    assert fragment.graph.params == project.graphs["Body"].params
    fragment.graph.nodes["conv"].params["groups"] = parse("size(x, 1)")

    inner = done(project, paste(project, "Inner", fragment)).graphs["Inner"]
    assert list(inner.params) == ["width", "unread", "channels", "k"]
    assert inner.nodes["conv"].params["out_channels"] == parse("channels * 2")
    assert inner.nodes["conv"].params["groups"] == parse("size(x2, 1)")

    net = done(project, paste(project, "Net", fragment)).graphs["Net"]
    assert net.params == {}
    assert (net.nodes["conv"].params["out_channels"], net.nodes["conv"].params["kernel_size"]) == (16, (3, 1))

    body = done(project, duplicate(project, "Body", ["conv"])).graphs["Body"]
    assert body.nodes["conv2"].params == body.nodes["conv"].params
    assert body.params == project.graphs["Body"].params


def test_blocks_with_other_parameters_are_other_blocks() -> None:
    project, other = network(), network()
    other.graphs["Body"].params["k"] = BlockParam("int", 7)
    fragment = fragment_of(other, "Net", ["second"])
    assert list(done(project, paste(project, "Net", fragment)).graphs) == ["Net", "Body", "Inner", "Body2"]
    assert list(done(other, paste(other, "Net", fragment)).graphs) == ["Net", "Body", "Inner"]


def test_an_expression_stays_when_the_kind_changes() -> None:
    project = network()
    after = done(project, change_kind(project, "Body", "conv", "ConvTranspose2d"))
    assert after.graphs["Body"].nodes["conv"].params["out_channels"] == parse("channels * 2")


def test_a_composed_expression_that_is_too_long_is_refused() -> None:
    project = network(1)
    project.graphs["Body"].nodes["inner"].params["width"] = parse("+".join(["channels"] * 50))
    project.graphs["Inner"].nodes["linear"].params["out_features"] = parse("width * width")
    with pytest.raises(EditError, match=r"width \* width: The expression has"):
        unpack(project, "Body", "inner")


def test_a_text_that_is_no_expression_is_unpacked_as_it_is() -> None:
    project = network(1)
    project.graphs["Inner"].nodes["linear"].params["out_features"] = Expression("width +")
    after = done(project, unpack(project, "Body", "inner"))
    assert after.graphs["Body"].nodes["linear"].params["out_features"] == Expression("width +")


@pytest.mark.parametrize("side", ["Input", "Output"])
def test_a_port_never_gets_the_name_of_a_parameter(side) -> None:
    names = {name: BlockParam("int", 1) for name in ("x", "y", "free")}
    project = Project(graphs={"Net": Graph(), "Part": Graph({"port": Node(side), "fc": Node("ReLU")}, params=names)})
    with pytest.raises(EditError, match="has a parameter of the name free"):
        rename(project, "Part", "port", "free")
    assert "free" in done(project, rename(project, "Part", "fc", "free")).graphs["Part"].nodes  # its class has no clash
    fragment = fragment_of(Project(graphs={"Net": Graph({"free": Node(side)})}), "Net", ["free"])
    for edit in (add_port(project, "Part", side), paste(project, "Part", fragment)):
        after = done(project, edit).graphs["Part"]
        assert len(after.of_kind(side)) == 2
        assert not after.nodes.keys() & after.params.keys()
