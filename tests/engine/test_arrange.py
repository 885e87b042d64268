"""Layouts: nothing overlaps, wires point right, lanes stay clear, and the same graph looks the same."""

from copy import deepcopy
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.algorithms import cycle
from engine.graph.arrange import USUAL_SIZE, arrange, arranged, layout, tidied
from engine.graph.edits import EditError
from engine.graph.model import End, Graph, Node, Project, Wire
from tests.strategies import Drawing, graphs, projects

sizes_of_nodes = st.tuples(st.floats(20, 400), st.floats(20, 300))


def chain(*names: str) -> Graph:
    ends = [(End(a, "output"), End(b, "input")) for a, b in pairwise(names)]
    return Graph({name: Node("ReLU") for name in names}, [Wire(source, target) for source, target in ends])


def rectangles(corners: dict, sizes: dict) -> list[tuple[float, float, float, float]]:
    found = []
    for name, (x, y) in corners.items():
        width, height = sizes.get(name, USUAL_SIZE)
        found.append((x, y, x + width, y + height))
    return found


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
    assert layout(graph, {}) == layout(deepcopy(graph), {})


@given(graphs(12), st.none() | st.floats(300, 2000))
def test_reroute_dots_lie_beside_nodes_not_in_them(graph, wrap_width) -> None:
    found = layout(graph, {}, wrap_width=wrap_width)
    boxes = rectangles(found.corners, {})
    for dots in found.dots.values():
        for x, y in dots:
            assert not any(left < x < right and top < y < bottom for left, top, right, bottom in boxes)


@given(st.data(), projects(5, odd=True))
def test_a_layout_of_any_part_of_any_project_undoes_exactly_and_changes_only_that_part(data, project) -> None:
    name = data.draw(st.sampled_from(list(project.graphs)))
    graph = project.graphs[name]
    chosen = data.draw(st.none() | st.lists(st.sampled_from([*graph.nodes, "gone"])))
    before, positions = repr(project), {node: graph.nodes[node].pos for node in graph.nodes}
    undo = tidied(project, name, {}, names=chosen, wrap_width=data.draw(st.none() | st.just(600.0))).apply(project)
    moved = set(graph.nodes) if chosen is None else set(chosen)
    assert all(graph.nodes[node].pos == pos for node, pos in positions.items() if node not in moved)
    undo.apply(project)
    assert repr(project) == before


@pytest.mark.parametrize("seed", range(12))
def test_a_dense_drawing_keeps_its_distances_too(seed) -> None:
    dice = Random(seed)
    graph = Graph({f"n{number}": Node("cat") for number in range(50)})
    for number in range(1, 50):
        sources = dice.sample(range(max(0, number - 25), number), min(number, dice.randint(1, 3)))
        for place, source in enumerate(sources):
            graph.wires.append(Wire(End(f"n{source}", "output"), End(f"n{number}", f"tensors[{place}]")))
    sizes = {name: (dice.uniform(50, 250), dice.uniform(30, 200)) for name in graph.nodes}
    found = layout(graph, sizes)
    assert not overlaps(found.corners, sizes)
    boxes = rectangles(found.corners, sizes)
    dots = [dot for each in found.dots.values() for dot in each]
    assert dots
    assert not any(left < x < right and top < y < bottom for x, y in dots for left, top, right, bottom in boxes)


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


def test_a_skip_keeps_the_main_chain_straight_and_runs_beside_it() -> None:
    graph = chain("image", "conv", "norm", "relu", "add")
    graph.nodes["add"].kind = "add"
    graph.wires.append(Wire(End("image", "output"), End("add", "other")))
    found = layout(graph, {})
    assert len({found.corners[name][1] for name in ("image", "conv", "norm", "relu")}) == 1
    (left, first), (right, last) = found.dots[End("add", "other")]
    assert first == last > found.corners["conv"][1] + USUAL_SIZE[1]
    assert (left, right) == (found.corners["conv"][0], found.corners["relu"][0] + USUAL_SIZE[0])
    assert End("add", "input") not in found.dots


@pytest.mark.parametrize("names", ["abcd", "dcba", "bdac"])
def test_inputs_of_a_join_come_in_the_order_of_its_ports(names) -> None:
    drawing = Drawing(Project(), "Net")
    image = drawing.add("Input", name="image")
    arms = {name: drawing.add("ReLU", image, name=name) for name in sorted(names)}
    drawing.add("cat", *(arms[name] for name in names), name="cat")
    corners = arrange(drawing.graph, {})
    assert sorted(names, key=lambda name: corners[name][1]) == list(names)


def test_what_feeds_a_late_node_stands_next_to_it() -> None:
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


@pytest.mark.parametrize("wrap_width", [100.0, 500.0, 1000.0, 3200.0])
def test_a_wide_chain_wraps_into_rows(wrap_width) -> None:
    names = [f"n{number}" for number in range(12)]
    found = layout(chain(*names), {}, wrap_width=wrap_width)
    assert max(x for x, _ in found.corners.values()) + USUAL_SIZE[0] <= max(wrap_width, USUAL_SIZE[0])
    rows = sorted({y for _, y in found.corners.values()})
    assert len(rows) == {100.0: 12, 500.0: 6, 1000.0: 3, 3200.0: 1}[wrap_width]
    reading_order = sorted(names, key=lambda name: (found.corners[name][1], found.corners[name][0]))
    assert reading_order == names
    assert len(found.dots) == len(rows) - 1  # the wires from row to row run in the gaps


def test_blocks_are_laid_out_by_the_order_of_their_ports() -> None:
    project = Project(graphs={"Net": Graph()})
    project.graphs["Pair"] = Graph({"first": Node("Input"), "second": Node("Input"), "y": Node("Output")})
    net = project.graphs["Net"]
    net.nodes = {"a": Node("Input"), "b": Node("Input"), "pair": Node("Block", graph="Pair")}
    net.wires = [Wire(End("a", "output"), End("pair", "second")), Wire(End("b", "output"), End("pair", "first"))]
    positions = arranged(project, "Net", {}).positions
    assert positions["b"][1] < positions["a"][1]


def test_a_selection_keeps_its_place() -> None:
    project = Project(graphs={"Net": chain("a", "b", "c")})
    nodes = project.graphs["Net"].nodes
    nodes["b"].pos, nodes["c"].pos = (500.0, 80.0), (400.0, 120.0)
    edit = arranged(project, "Net", {}, names=["b", "c"])
    assert edit.positions["b"] == (400.0, 80.0)
    assert edit.positions["c"][0] > 500.0
    assert "a" not in edit.positions


def test_a_new_layout_takes_old_dots_away() -> None:
    project = Project(graphs={"Net": chain("a", "b")})
    wires = project.graphs["Net"].wires
    wires[0] = replace(wires[0], points=((1.0, 2.0),))
    tidied(project, "Net", {}).apply(project)
    assert project.graphs["Net"].wires[0].points == ()


def test_an_empty_or_missing_graph() -> None:
    assert arrange(Graph(), {}) == {}
    with pytest.raises(EditError, match="no graph named Lost"):
        arranged(Project(), "Lost", {})
