"""Names for new nodes and graphs."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Container

from engine.catalog.index import layer
from engine.graph.model import Graph, Node, is_name

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z0-9])|(?<=[A-Z]{2})(?=[A-Z][a-z])")


def stem(kind: str) -> str:
    """The usual name of nodes of a kind: ``Conv2d`` conv, ``MaxPool2d`` max_pool, ``CrossEntropyLoss`` cross_entropy.

    Dimensions and ``Loss`` are dropped, words are joined by underscores.
    """
    declared = layer(kind)
    if declared is not None and declared.stem:
        return declared.stem
    plain = re.sub(r"[^A-Za-z0-9_]", "", kind)
    short = re.sub(r"(?<=[A-Za-z])[123]d$", "", plain).removesuffix("Loss")
    snake = _WORD_STARTS.sub("_", short).lower()
    return snake if is_name(snake) else "node"


def unused_name(names: Container[str], name: str, skips: dict[str, int] | None = None) -> str:
    """``name`` if it is free, else with the next free number: conv1 -> conv2, stem -> stem2.

    ``skips``: kept between calls while no name becomes free, so that a thousand names take no million lookups.
    """
    if name not in names:
        return name
    base = name.rstrip("0123456789") or "node"
    digits = name[len(base) :] if name.startswith(base) else ""
    number = int(digits) + 1 if digits and len(digits) < 10 else 2
    skips = {} if skips is None else skips
    occupied = []
    while (candidate := f"{base}{number}") in names:
        occupied.append(candidate)
        number = skips.get(candidate, number + 1)
    skips.update(dict.fromkeys(occupied, number))
    return candidate


def name_problem(text: str, names: Container[str], what: str = "node") -> str | None:
    """Why a node cannot have this name, with one that it can have; ``None`` where it can. ``what``: is named."""
    if not text.strip():
        return f"is empty: a {what} needs a name"
    if is_name(text):
        return f"{text} is taken by another {what}: try {unused_name(names, text)}" if text in names else None
    if keyword.iskeyword(text):
        why = f"{text} is a Python keyword"
    elif re.fullmatch(r"[0-9][A-Za-z0-9_]*", text):
        why = "cannot start with a digit"
    else:
        why = "takes only letters from a to z, digits and _"
    return f"{why}: try {unused_name(names, likely_name(text))}"


def likely_name(text: str) -> str:
    """The legal name that is most similar to a text: ``my conv`` my_conv, ``1st`` node_1st, ``class`` class_."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"\W+", "_", plain).strip("_")
    if words[:1].isdigit():
        words = f"node_{words}"
    name = f"{words}_" if keyword.iskeyword(words) else words
    return name if is_name(name) else "node"


def taken_names(graph: Graph) -> set[str]:
    """The names of nodes and parameters, and those that wires and shared or followed weights refer to."""
    ends = {end.node for wire in graph.wires for end in (wire.source, wire.target)}
    return {*graph.nodes, *graph.params, *ends, *(name for node in graph.nodes.values() for name in node.mentions)}


def free_name(graph: Graph, kind: str, like: str = "") -> str:
    """A free name for a new node of a kind, or for a use of a block; ``like``: a name to be similar to."""
    name = likely_name(like) if like else stem(kind)
    return unused_name(taken_names(graph), f"{name}1" if hasattr(builtins, name) else name)


def new_node(kind: str, pos: tuple[float, float] = (0.0, 0.0)) -> Node:
    """A new node, with the values that its declaration presets."""
    declared = layer(kind)
    return Node(kind, dict(declared.preset) if declared else {}, pos)
