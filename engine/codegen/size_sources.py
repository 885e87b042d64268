"""Sizes read off wires as expressions of a block: ``channels`` where the layer before has that many outputs."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.catalog.expressions import Expression, names, sizes
from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.place_values import Path
from engine.codegen.wiring import Step, Wiring

if TYPE_CHECKING:
    from engine.codegen.uses import GraphClass


def input_behind(wiring: Wiring, step: Step, port: str) -> str | None:
    """The Input that a port of a step is fed by, through the first inputs of the steps between."""
    return next((each for each in _before(wiring, step, port) if isinstance(each, str)), None)


def expression_of(
    graph: "GraphClass", step: Step, port: str, by_place: Mapping[Path, Value], index: int = 0
) -> Argument | None:
    """What gives the size that a step reads off a port at all places, if the block has parameters for it.

    ``index``: of the repetition, which reads what the one before gives.
    """
    parameters, wiring = graph.parameters, graph.plan.wiring
    if not parameters.arguments and not parameters.sizes:
        return None
    for before in (*([step] if index else []), *_before(wiring, step, port)):
        if isinstance(before, str):
            return _of_input(graph, before, by_place)
        for value in wiring.node(before.attribute or before.name).params.values():
            if isinstance(value, Expression) and _reads(value) and _is_equal(graph, value, by_place):
                return Argument(parameters.in_constructor(value))
    return None


def _reads(value: Expression) -> bool:
    """Whether an expression reads a parameter or a size; another one is a number, as the source has it."""
    return bool(names(value) or sizes(value))


def _before(wiring: Wiring, step: Step, port: str) -> Iterator[Step | str]:
    """The steps that a value comes through, the nearest first, each by its first input; last the name of an Input."""
    end, visited = step.inputs.get(port), set[str]()
    while end is not None and end.node not in visited:
        visited.add(end.node)
        if wiring.role(end.node) == "input":
            yield end.node
            return
        before = wiring.step(end.node)
        yield before
        end = next(iter(before.inputs.values()), None)


def _of_input(graph: "GraphClass", name: str, by_place: Mapping[Path, Value]) -> Argument | None:
    """An argument that is the size of an Input at all places, or else a parameter of that value where places differ."""
    parameters = graph.parameters
    for size, argument in parameters.sizes.items():
        if size[0] == name and all(graph.places[path].sizes.get(size) == value for path, value in by_place.items()):
            return Argument(argument)
    for argument, values in graph.arguments.items():
        if graph.origins.get(argument) == name and all(values.get(path) == by_place[path] for path in by_place):
            return Argument(argument)
    if len(set(by_place.values())) > 1:
        for param in parameters.arguments:
            if _is_equal(graph, Expression(param), by_place):
                return Argument(parameters.arguments[param])
    return None


def _is_equal(graph: "GraphClass", value: Expression, by_place: Mapping[Path, Value]) -> bool:
    return all(_same(graph.places[path].of(value), size) for path, size in by_place.items())


def _same(value: Value, size: Value) -> bool:
    return value == size and type(value) is type(size)
