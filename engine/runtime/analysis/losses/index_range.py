"""Whether whole numbers in the data, such as classes and lengths, stay within the sizes of what they are about."""

from collections.abc import Iterator, Mapping

from engine.catalog.index import layer
from engine.catalog.spec import Layer, Port, effective
from engine.check.diagnostics import Diagnostic
from engine.check.value_origin import fields_behind
from engine.check.view import View
from engine.graph.model import Project
from engine.runtime.analysis.losses.agreement import named_axes
from engine.runtime.analysis.node_analysis import NodeAnalysis
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import Counts

Shape = tuple[int | str, ...]


def problems(
    project: Project, counts: Counts, fields: Mapping[str, FieldSpec], nodes: Mapping[str, NodeAnalysis]
) -> Iterator[Diagnostic]:
    """Problems of losses and metrics of the main graph whose inputs are fields as they are, with a known range.

    ``nodes``: the analysis of the nodes, by name. Labels, whose classes are counted, are compared elsewhere.
    """
    view = View(project, project.main, project.graphs[project.main])
    for name, node in view.graph.nodes.items():
        declaration = layer(node.kind)
        limited = [port for port in declaration.inputs if port.numbers] if declaration else []
        if declaration is None or not limited:
            continue
        shapes = _shapes(view, name, nodes)
        for port in limited:
            for field in sorted(fields_behind(view, name, port.name)):
                if field in counts.ranges and fields[field].classes is None:
                    yield from _beyond(view, name, declaration, port, shapes, field, counts.ranges[field])


def _shapes(view: View, name: str, nodes: Mapping[str, NodeAnalysis]) -> dict[str, Shape]:
    """The shapes at the inputs of a node, where they are known."""
    wires = view.into.get(name, {})
    return {
        port: nodes[wire.source.node].outputs[wire.source.port]
        for port, wire in wires.items()
        if wire.source.node in nodes and wire.source.port in nodes[wire.source.node].outputs
    }


def _beyond(
    view: View,
    name: str,
    declaration: Layer,
    port: Port,
    shapes: Mapping[str, Shape],
    field: str,
    bounds: tuple[int, int],
) -> Iterator[Diagnostic]:
    limit, size = port.numbers, _size(declaration, port, shapes)
    if limit is None or size is None:
        return
    ignored = effective(declaration.params, view.graph.nodes[name].params).get("ignore_index")
    high = size if limit.is_length else size - 1
    wrong = [each for each in bounds if each != ignored and not limit.low <= each <= high]
    if not wrong:
        return
    what = "lengths" if limit.is_length else "numbers"
    hint = f"Number the entries from {limit.low}."
    if wrong[-1] > high and limit.is_length:
        hint = "Look at the layers that shorten the sequence, or at the data."
    elif wrong[-1] > high:
        hint = f"Give {wrong[-1] + 1} scores, or number the entries of {field} from {limit.low}."
    yield view.problem(
        "S015",
        f"{name} ({declaration.kind}) takes {what} from {limit.low} to {high} in {port.name}, and {field} in the data "
        f"holds {wrong[-1]}.",
        hint,
        node=name,
        port=port.name,
    )


def _size(declaration: Layer, port: Port, shapes: Mapping[str, Shape]) -> int | None:
    """The size of the axis that limits a port; ``None`` where it is unknown, or the port holds no indices of it."""
    for other, declared in zip(declaration.inputs, declaration.shape.inputs, strict=False):
        shape = shapes.get(other.name)
        if len(declared) > 1 or shape is None or port.numbers is None:
            continue
        sizes = dict(named_axes(declared[0], shape))
        size = sizes.get(port.numbers.axis, ())
        same = other.name != port.name and len(shape) == len(shapes.get(port.name, ()))
        takes_either = len(declaration.shape.inputs[declaration.inputs.index(port)]) > 1
        if len(size) == 1 and isinstance(size[0], int) and not (same and takes_either):
            return size[0]
    return None
