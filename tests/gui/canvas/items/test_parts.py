"""A node whose parameter says how many outputs it has shows so many."""

import pytest

from engine.catalog.params import Value
from engine.graph.model import Node, Project
from gui.canvas.items.node_layout import look
from tests.small_projects import project


def outputs(kind: str, wires: tuple[str, ...] = (), **params: Value) -> list[str]:
    example: Project = project({"x": "Input", "it": Node(kind, dict(params)), "y": "Output"}, "x > it", *wires)
    net = example.graphs["Net"]
    before = [wire for wire in net.wires if wire.target.node == "it"]
    after = [wire for wire in net.wires if wire.source.node == "it"]
    return [spot.port for spot in look(example, "Net", "it", lambda text, _: 6 * len(text), before, after).outputs]


@pytest.mark.parametrize(
    ("kind", "params", "names"),
    [
        ("chunk", {"chunks": 3}, ["part_0", "part_1", "part_2"]),
        ("chunk", {}, ["part_0", "part_1"]),
        ("chunk", {"chunks": 10**9}, ["part_0", "part_1"]),
        ("split", {"split_size_or_sections": (1, 2, 3)}, ["part_0", "part_1", "part_2"]),
        ("topk", {"k": 5}, ["values", "indices"]),
        ("MaxPool2d", {}, ["output"]),
        ("MaxPool2d", {"return_indices": True}, ["output", "indices"]),
        ("Input", {"shape": ("T", 4)}, ["output", "length"]),
        ("Input", {}, ["output"]),
    ],
)
def test_the_outputs_follow_the_parameter(kind: str, params: dict[str, Value], names: list[str]) -> None:
    assert outputs(kind, **params) == names


def test_a_wire_of_an_output_that_went_away_is_still_drawn() -> None:
    assert outputs("chunk", ("it.part_2 > y",), chunks=2) == ["part_0", "part_1", "part_2"]
