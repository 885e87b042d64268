"""Names for new nodes and graphs."""

import builtins
import re
from collections.abc import Container

from engine.catalog.index import layer
from engine.graph.model import Graph, Node, is_name

STEMS = {
    "LearnedPositionEncoding": "positions",
    "MultiheadAttention": "attention",
    "PReLU": "prelu",
    "SinusoidalPositionEncoding": "positions",
    "TopKAccuracy": "top_k",
    "TransformerEncoderLayer": "encoder",
}
"""Where the rule of `stem` would read badly."""

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z0-9])|(?<=[A-Z]{2})(?=[A-Z][a-z])")


def stem(kind: str) -> str:
    """What nodes of a kind are called: ``Conv2d`` conv, ``MaxPool2d`` max_pool, ``CrossEntropyLoss`` cross_entropy.

    Dimensions and ``Loss`` are dropped, words are joined by underscores.
    """
    if kind in STEMS:
        return STEMS[kind]
    plain = re.sub(r"[^A-Za-z0-9_]", "", kind)
    short = re.sub(r"(?<=[A-Za-z])[123]d$", "", plain).removesuffix("Loss")
    snake = _WORD_STARTS.sub("_", short).lower()
    return snake if is_name(snake) else "node"


def fresh(taken: Container[str], name: str) -> str:
    """``name`` if it is free, else with the next free number: conv1 -> conv2, stem -> stem2."""
    if name not in taken:
        return name
    base = name.rstrip("0123456789") or "node"
    digits = name[len(base) :] if name.startswith(base) else ""
    number = int(digits) + 1 if digits and len(digits) < 10 else 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


def taken_names(graph: Graph) -> set[str]:
    """The names of nodes, and those that wires or shared weights wait for."""
    ends = {end.node for wire in graph.wires for end in (wire.source, wire.target)}
    return {*graph.nodes, *ends, *(node.shares for node in graph.nodes.values() if node.shares)}


def free_name(graph: Graph, kind: str) -> str:
    """A free name for a new node of a kind, or for a use of a block of that name."""
    name = stem(kind)
    return fresh(taken_names(graph), f"{name}1" if hasattr(builtins, name) else name)


def new_node(kind: str, pos: tuple[float, float] = (0.0, 0.0)) -> Node:
    """A node as it is newly placed, with the values that its declaration presets."""
    declared = layer(kind)
    return Node(kind, dict(declared.preset) if declared else {}, pos)
