"""Layouts: nothing overlaps, wires point right, rows fit the canvas, and the same graph gets the same layout."""

from copy import deepcopy
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.famous import resnet, unet
from engine.graph.algorithms import cycle
from engine.graph.arrange import arrange, arrangement, dots_after_move
from engine.graph.edits import EditError
from engine.graph.model import USUAL_SIZE, End, Graph, Node, Project, Wire
from tests.route_pictures import Picture
from tests.strategies import GraphBuilder, graphs, projects

sizes_of_nodes = st.tuples(st.floats(20, 400), st.floats(20, 300))


def chain(*names: str) -> Graph:
    ends = [(End(a, "output"), End(b, "input")) for a, b in pairwise(names)]
    return Graph({name: Node("ReLU") for name in names}, [Wire(source, target) for source, target in ends])


def rectangles(corners: dict, sizes: dict) -> list[tuple[float, float, float, float]]:
    result = []
    for name, (x, y) in corners.items():
        width, height = sizes.get(name, USUAL_SIZE)
        result.append((x, y, x + width, y + height))
    return result


def overlaps(corners: dict, sizes: dict) -> bool:
    return any(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for a, b in combinations(rectangles(corners, sizes), 2)
    )


@given(st.data(), graphs(12), st.none() | st.floats(100, 2000))
def test_no_two_nodes_overlap_and_none_is_forgotten(data, graph, wrap_width) -> None:
    sizes = {name: data.draw(sizes_of_nodes) for name in graph.nodes if data.draw(st.booleans())}
    corners = arrange(graph, sizes, wrap_width=wrap_width)
    assert list(corners) == list(graph.nodes)
    assert not overlaps(corners, sizes)
    assert all(x >= 0 and y >= 0 and x == round(x) and y == round(y) for x, y in corners.values())


@given(st.data(), graphs(12))
def test_every_wire_points_right(data, graph) -> None:
    sizes = {name: data.draw(sizes_of_nodes) for name in graph.nodes}
    corners = arrange(graph, sizes)
    for wire in graph.wires:
        assert corners[wire.source.node][0] + sizes[wire.source.node][0] < corners[wire.target.node][0]


@given(graphs(12))
def test_the_same_graph_is_laid_out_the_same(graph) -> None:
    assert arrange(graph, {}) == arrange(deepcopy(graph), {})


@given(st.data(), projects(5, odd=True))
def test_a_layout_of_any_part_of_any_project_undoes_exactly_and_changes_only_that_part(data, project) -> None:
    name = data.draw(st.sampled_from(list(project.graphs)))
    graph = project.graphs[name]
    selection = data.draw(st.none() | st.lists(st.sampled_from([*graph.nodes, "gone"])))
    before, positions = repr(project), {node: graph.nodes[node].pos for node in graph.nodes}
    undo = arrangement(project, name, {}, names=selection, wrap_width=data.draw(st.none() | st.just(600.0))).apply(
        project
    )
    moved = set(graph.nodes) if selection is None else set(selection)
    assert all(graph.nodes[node].pos == pos for node, pos in positions.items() if node not in moved)
    undo.apply(project)
    assert repr(project) == before


@pytest.mark.parametrize("seed", range(12))
def test_a_dense_graph_keeps_its_distances_too(seed) -> None:
    dice = Random(seed)
    graph = Graph({f"n{number}": Node("cat") for number in range(50)})
    for number in range(1, 50):
        sources = dice.sample(range(max(0, number - 25), number), min(number, dice.randint(1, 3)))
        for place, source in enumerate(sources):
            graph.wires.append(Wire(End(f"n{source}", "output"), End(f"n{number}", f"tensors[{place}]")))
    sizes = {name: (dice.uniform(50, 250), dice.uniform(30, 200)) for name in graph.nodes}
    assert not overlaps(arrange(graph, sizes), sizes)


def test_a_cycle_is_laid_out_too() -> None:
    graph = chain("a", "b", "c", "d")
    graph.wires.append(Wire(End("d", "output"), End("b", "other")))
    assert cycle(graph)
    corners = arrange(graph, {})
    assert len(corners) == 4
    assert not overlaps(corners, {})


def test_a_chain_is_straight_through_its_ports() -> None:
    sizes = {"a": (100.0, 40.0), "b": (100.0, 90.0), "c": (150.0, 60.0)}
    corners = arrange(chain("a", "b", "c"), sizes)
    assert len({y + sizes[name][1] / 2 for name, (_, y) in corners.items()}) == 1


def test_a_skip_keeps_the_main_chain_straight() -> None:
    graph = chain("image", "conv", "norm", "relu", "add")
    graph.nodes["add"].kind = "add"
    graph.wires.append(Wire(End("image", "output"), End("add", "other")))
    corners = arrange(graph, {})
    assert len({corners[name][1] for name in ("image", "conv", "norm", "relu")}) == 1


def test_ports_of_known_heights_are_aligned() -> None:
    heights = {(End("a", "output"), False): 10.0, (End("b", "input"), True): 50.0}
    corners = arrange(chain("a", "b"), {}, heights=heights)
    assert corners["a"][1] + 10 == corners["b"][1] + 50


@pytest.mark.parametrize("names", ["abcd", "dcba", "bdac"])
def test_inputs_of_a_join_come_in_the_order_of_its_ports(names) -> None:
    builder = GraphBuilder(Project(), "Net")
    image = builder.add("Input", name="image")
    arms = {name: builder.add("ReLU", image, name=name) for name in sorted(names)}
    builder.add("cat", *(arms[name] for name in names), name="cat")
    corners = arrange(builder.graph, {})
    assert sorted(names, key=lambda name: corners[name][1]) == list(names)


def test_a_node_that_feeds_a_late_node_is_next_to_it() -> None:
    graph = chain("image", "conv", "relu", "loss")
    graph.nodes["label"] = Node("Input")
    graph.nodes["loss"].kind = "CrossEntropyLoss"
    graph.wires.append(Wire(End("label", "output"), End("loss", "target")))
    corners = arrange(graph, {})
    assert corners["label"][0] == corners["relu"][0]
    assert corners["label"][1] > corners["relu"][1]


def test_unconnected_parts_are_stacked() -> None:
    graph = chain("a", "b")
    graph.nodes |= {"lone": Node("ReLU")} | chain("c", "d").nodes
    graph.wires += chain("c", "d").wires
    corners = arrange(graph, {})
    assert corners["a"][1] == corners["b"][1] < corners["lone"][1] < corners["c"][1] == corners["d"][1]


@pytest.mark.parametrize("wrap_width", [100.0, 500.0, 1040.0, 3300.0])
def test_a_wide_chain_wraps_into_rows(wrap_width) -> None:
    names = [f"n{number}" for number in range(12)]
    corners = arrange(chain(*names), {}, wrap_width=wrap_width)
    assert max(x for x, _ in corners.values()) + USUAL_SIZE[0] <= max(wrap_width, USUAL_SIZE[0])
    rows = sorted({y for _, y in corners.values()})
    assert len(rows) == {100.0: 12, 500.0: 6, 1040.0: 3, 3300.0: 1}[wrap_width]
    reading_order = sorted(names, key=lambda name: (corners[name][1], corners[name][0]))
    assert reading_order == names


def area(corners: dict, sizes: dict) -> tuple[float, float]:
    boxes = rectangles(corners, sizes)
    return max(right for _, _, right, _ in boxes), max(bottom for _, _, _, bottom in boxes)


@pytest.mark.parametrize("room", [(1000.0, 600.0), (600.0, 800.0), (1600.0, 500.0)])
@pytest.mark.parametrize("blocks", [3, 14])
def test_a_deep_network_takes_the_shape_of_the_canvas(blocks, room) -> None:
    picture = Picture(resnet(blocks))
    across, down = area(arrange(picture.graph, picture.sizes, room=room), picture.sizes)
    zoom = min(1.0, room[0] / across, room[1] / down)
    assert across * zoom > 0.6 * room[0]
    assert down * zoom > 0.6 * room[1]


def test_what_fits_in_one_row_stays_in_one() -> None:
    corners = arrange(chain("a", "b", "c"), {}, room=(1000.0, 600.0))
    assert len({y for _, y in corners.values()}) == 1


def test_a_thousand_nodes_fit_the_least_zoom() -> None:
    picture = Picture(resnet(135))
    assert len(picture.graph.nodes) > 1000
    across, down = area(arrange(picture.graph, picture.sizes, room=(700.0, 420.0)), picture.sizes)
    assert min(700 / across, 420 / down) > 0.05


@pytest.mark.parametrize("room", [(1000.0, 600.0), (500.0, 700.0)])
def test_a_row_breaks_between_residual_blocks(room) -> None:
    picture = Picture(resnet(9))
    corners = arrange(picture.graph, picture.sizes, room=room)
    backwards = [wire for wire in picture.graph.wires if corners[wire.target.node][0] < corners[wire.source.node][0]]
    assert backwards
    values = {wire.source.node for wire in backwards}  # one from each row to the next: no shortcut is cut
    assert not {name for name in values if picture.graph.nodes[name].kind in ("add", "Conv2d")}
    rows = {name: sum(corners[value][1] < corners[name][1] - 120 for value in values) for name in corners}
    assert len(values) == max(rows.values())


def test_a_block_wider_than_a_row_is_broken_too() -> None:
    picture = Picture(unet(8))
    across, _ = area(arrange(picture.graph, picture.sizes, wrap_width=1400.0), picture.sizes)
    assert across <= 1400


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), max_size=4), st.data())
def test_dots_move_along_and_are_under_no_node(points, data) -> None:
    corner = st.tuples(st.integers(-900, 900), st.integers(-900, 900))
    before, after = data.draw(st.tuples(corner, corner)), data.draw(st.tuples(corner, corner))
    nodes = [(x, y, x + 180, y + 60) for x, y in data.draw(st.lists(corner, max_size=5))]
    result = dots_after_move(points, before, after, nodes)
    assert len(result) == len(points)
    assert not any(left < x < right and top < y < foot for x, y in result for left, top, right, foot in nodes)


def test_dots_of_a_wire_that_moves_as_a_whole_move_with_it() -> None:
    assert dots_after_move([(150.0, 80.0)], ((0, 0), (300, 0)), ((50, 500), (350, 500)), []) == ((200.0, 580.0),)


def test_blocks_are_laid_out_by_the_order_of_their_ports() -> None:
    project = Project(graphs={"Net": Graph()})
    project.graphs["Pair"] = Graph({"first": Node("Input"), "second": Node("Input"), "y": Node("Output")})
    net = project.graphs["Net"]
    net.nodes = {"a": Node("Input"), "b": Node("Input"), "pair": Node("Block", graph="Pair")}
    net.wires = [Wire(End("a", "output"), End("pair", "second")), Wire(End("b", "output"), End("pair", "first"))]
    positions = arrangement(project, "Net", {}).positions
    assert positions["b"][1] < positions["a"][1]


def test_a_selection_keeps_its_place() -> None:
    project = Project(graphs={"Net": chain("a", "b", "c")})
    nodes = project.graphs["Net"].nodes
    nodes["b"].pos, nodes["c"].pos = (500.0, 80.0), (400.0, 120.0)
    edit = arrangement(project, "Net", {}, names=["b", "c"])
    assert edit.positions["b"] == (400.0, 80.0)
    assert edit.positions["c"][0] > 500.0
    assert "a" not in edit.positions


def test_an_empty_or_missing_graph() -> None:
    assert arrange(Graph(), {}) == {}
    with pytest.raises(EditError, match="no graph named Lost"):
        arrangement(Project(), "Lost", {})
