"""The sizes of its inputs that a block reads by ``size(port, axis)``, and their names in the source."""

from collections.abc import Iterable

from engine.catalog.expressions import sizes
from engine.graph.model import Graph
from engine.graph.node_expressions import expressions_in


def size_reads(graph: Graph) -> tuple[tuple[str, int], ...]:
    """The port and axis of each size that the expressions of a block read, by its inputs, then by their axes."""
    every = {size for expression in expressions_in(graph) for size in sizes(expression)}
    places = {name: place for place, name in enumerate(graph.of_kind("Input"))}
    return tuple(sorted(every, key=lambda size: (places.get(size[0], len(places)), *size)))


def size_name(port: str, axis: int) -> str:
    """The argument of a block's class for the size of an input: ``x_size_1``, from the end ``x_size_last``."""
    if axis >= 0:
        return f"{port}_size_{axis}"
    return f"{port}_size_last" if axis == -1 else f"{port}_size_last_{-axis}"


def short_ports(inputs: Iterable[str]) -> dict[str, str]:
    """The port of a block's inputs that `size_name` takes in the source, by input: without underscores around it.

    So it is the same where the source gives an Input another name, as ``input_`` for ``input``.
    """
    names = list(inputs)
    short = {name: name.strip("_") for name in names}
    return {
        name: each if each and each not in names and list(short.values()).count(each) == 1 else name
        for name, each in short.items()
    }
