"""Routes: around nodes, each wire in a lane of its own, the same for the same graph, changed only where needed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.famous import FAMOUS, resnet, scattered
from engine.graph.arrange import arrange
from engine.graph.model import Wire
from engine.graph.routes import Box, Chips, Router
from tests.route_pictures import CHIP_PX, Picture, covered_chips, near_nodes, on_one_line, through_nodes

OFF_PX = 4.0  # a wire closer to a node of others seems to end there
HANDS = ("arranged", "for a canvas", "wrapped", "in a row")


def placed(graph, how) -> Picture:
    picture = Picture(graph)
    if how == "in a row":
        return picture.in_a_row()
    heights = {port: height for port, (_, height) in picture.spots.items()}
    width, room = (1400.0 if how == "wrapped" else None), ((1000.0, 600.0) if how == "for a canvas" else None)
    picture.corners = arrange(graph, picture.sizes, heights=heights, wrap_width=width, room=room)
    return picture


def assert_clean(picture) -> None:
    routes = picture.routes()
    assert all(routes.values()), "a wire found no way"
    assert through_nodes(picture, routes) == []
    assert near_nodes(picture, routes, OFF_PX) == []
    assert on_one_line(routes) == []
    assert covered_chips(picture, picture.chips()) == []


@pytest.mark.parametrize("how", HANDS)
@pytest.mark.parametrize("name", FAMOUS)
def test_wires_of_known_networks_keep_clear_of_nodes_and_of_each_other(name, how) -> None:
    assert_clean(placed(FAMOUS[name](), how))


@settings(max_examples=10)
@given(st.integers(0, 10**6), st.integers(2, 60), st.sampled_from(HANDS))
def test_wires_of_any_graph_keep_clear_of_nodes_and_of_each_other(seed, count, how) -> None:
    assert_clean(placed(scattered(seed, count), how))


@pytest.mark.parametrize("name", FAMOUS)
def test_most_chips_find_room(name) -> None:
    chips = placed(FAMOUS[name](), "arranged").chips()
    assert list(chips.values()).count(None) <= len(chips) / 4


def test_a_wire_ends_at_its_ports_and_leaves_and_enters_to_the_right() -> None:
    picture = placed(scattered(3, 40), "in a row")
    for wire, corners in picture.routes().items():
        assert (corners[0], corners[-1]) == picture.ends(wire)
        assert corners[1][0] > corners[0][0]
        assert corners[-2][0] < corners[-1][0]


def test_nothing_between_two_level_ports_is_a_straight_line() -> None:
    picture = placed(FAMOUS["U-Net"](), "in a row")
    first = picture.graph.wires[0]
    assert picture.routes()[first] == picture.ends(first)


def test_dots_are_passed_through_in_their_order() -> None:
    picture = placed(resnet(2), "in a row")
    graph = picture.graph
    skip = next(place for place, wire in enumerate(graph.wires) if wire.target.port == "other")
    dots = ((1200.0, 400.0), (1500.0, 300.0), (1500.0, 350.0))
    graph.wires[skip] = replace(graph.wires[skip], points=dots)
    corners = picture.routes()[graph.wires[skip]]
    assert [corner for corner in corners if corner in dots] == list(dots)
    assert through_nodes(picture, picture.routes()) == []


@settings(max_examples=8)
@given(st.data())
def test_routes_depend_on_the_picture_and_not_on_how_it_came_about(data) -> None:
    picture = placed(scattered(data.draw(st.integers(0, 50)), 14), data.draw(st.sampled_from(HANDS)))
    router = Router()
    chips = Chips(router)
    for _ in range(data.draw(st.integers(1, 4))):
        picture.tell(router)
        for wire in data.draw(st.lists(st.sampled_from(picture.graph.wires))):
            router.route(wire)
        name = data.draw(st.sampled_from(list(picture.graph.nodes)))
        x, y = picture.corners[name]
        picture.corners[name] = x + data.draw(st.integers(-300, 300)), y + data.draw(st.integers(-300, 300))
        removed = data.draw(st.sampled_from(picture.graph.wires))
        router.drop_wire(removed)
        chips.drop(removed)
    picture.tell(router)
    assert {wire: router.route(wire) for wire in picture.graph.wires} == picture.routes()
    for wire in picture.graph.wires:
        if corners := router.route(wire):
            chips.put(wire, corners, CHIP_PX)
    again, fresh = Router(), {}
    picture.tell(again)
    other = Chips(again)
    for wire in picture.graph.wires:
        if corners := again.route(wire):
            other.put(wire, corners, CHIP_PX)
    fresh = {wire: other.middle(wire) for wire in picture.graph.wires}
    assert {wire: chips.middle(wire) for wire in picture.graph.wires} == fresh


def test_a_moved_node_affects_only_the_wires_around_it() -> None:
    picture = placed(resnet(8), "in a row")
    router = Router()
    picture.tell(router)
    for wire in picture.graph.wires:
        router.route(wire)
    before = {wire: router.route(wire) for wire in picture.graph.wires}
    x, y = picture.corners["conv2d9"]
    picture.corners["conv2d9"] = x, y + 200
    picture.tell(router)
    assert 0 < len(router.stale) < len(before) / 2
    after = {wire: router.route(wire) for wire in picture.graph.wires}
    changed = {wire for wire in before if before[wire] != after[wire]}
    assert {wire for wire in before if "conv2d9" in (wire.source.node, wire.target.node)} <= changed
    assert len(changed) <= 5


def test_where_no_path_is_free_there_is_no_route() -> None:
    router = Router()
    wire: Wire = resnet(1).wires[0]
    router.put_node(wire.source.node, Box(0, 0, 100, 60))
    router.put_node(wire.target.node, Box(50, 0, 150, 60))  # on the other
    router.put_wire(wire, (100, 30), (50, 30))
    assert router.route(wire) == ()


def test_a_very_distant_node_costs_no_more_than_another() -> None:
    router = Router()
    wire = resnet(1).wires[0]
    router.put_node(wire.source.node, Box(0, 0, 100, 60))
    router.put_node(wire.target.node, Box(1e12, 1e12, 1e12 + 100, 1e12 + 60))
    router.put_wire(wire, (100, 30), (1e12, 1e12 + 30))
    assert len(router.route(wire)) == 4
