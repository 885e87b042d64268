"""The layout of known networks has no crossing that a person would not draw."""

from itertools import combinations

import pytest

from engine.graph.arrange import arrange
from engine.graph.model import End, Project
from engine.graph.ports import ports
from engine.project.file import parse
from engine.project.templates import template

WIDTH, HEIGHT, PORT = 190.0, 64.0, 20.0
Point = tuple[float, float]
NETWORKS = {
    "resnet50": ("Net", "Bottleneck", "ConvNorm"),
    "mobilenet-v2": ("Net", "InvertedResidual"),
    "unet": ("Net", "Down", "Up"),
    "googlenet": ("Inception", "ExtraHead"),
    "densenet121": ("Net", "DenseLayer"),
    "gpt2": ("Net", "GPTBlock"),
    "bert-base": ("Net", "EncoderBlock"),
    "transformer-translation": ("Net", "EncoderLayer"),
    "vit-b16": ("Net",),
}


def crossings(project: Project, name: str) -> list[tuple[str, str]]:
    """The pairs of wires that cross, drawn as straight lines between their ports."""
    graph = project.graphs[name]
    all_ports = {node: ports(project, value) for node, value in graph.nodes.items()}
    heights = {node: HEIGHT + PORT * max(map(len, each)) for node, each in all_ports.items()}
    blocks = {node: all_ports[node] for node, value in graph.nodes.items() if value.uses_block}
    places = arrange(graph, {node: (WIDTH, height) for node, height in heights.items()}, known_ports=blocks)

    def at(end: End, *, is_input: bool) -> Point:
        names = [port.name for port in (all_ports[end.node].inputs if is_input else all_ports[end.node].outputs)]
        x, y = places[end.node]
        part = (names.index(end.base) + 1) / (len(names) + 1)
        return x if is_input else x + WIDTH, y + heights[end.node] * part + end.index

    lines = {
        str(wire.target): (at(wire.source, is_input=False), at(wire.target, is_input=True)) for wire in graph.wires
    }
    return [(a, b) for (a, first), (b, second) in combinations(lines.items(), 2) if _cross(first, second)]


def _cross(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    if first[0] == second[0] or first[1] == second[1]:
        return False
    return all(_side(*a, b[0]) * _side(*a, b[1]) < 0 for a, b in ((first, second), (second, first)))


def _side(start: Point, end: Point, point: Point) -> float:
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


@pytest.mark.parametrize(("name", "graph"), [(name, graph) for name, graphs in NETWORKS.items() for graph in graphs])
def test_no_wires_cross(name: str, graph: str) -> None:
    project = parse(template(name).text(), name)
    assert crossings(project, graph) == []


def test_a_crossing_is_seen() -> None:
    assert _cross(((0, 0), (10, 10)), ((0, 10), (10, 0)))
    assert not _cross(((0, 0), (10, 0)), ((0, 10), (10, 10)))
