"""The rule about gradients: a value has one only with respect to the values that it is computed from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.catalog.emit import Gradient
from engine.catalog.spec import Layer
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.model import End


def problems(view: View) -> Iterator[Diagnostic]:
    """Nodes that differentiate a value with respect to one that it does not depend on.

    Nothing while a wire is missing on the way, which is a problem of the node that needs it.
    """
    paths = _Paths({view.name: view})
    for name, declared in view.layers.items():
        wires = view.into.get(name, {})
        if declared is None or not isinstance(declared.emit, Gradient) or len(wires) < 2:
            continue
        outputs, inputs = (wires[port.name].source for port in declared.inputs)
        leads = paths.leads(view, _source_before_bypass(view, inputs), _source_before_bypass(view, outputs))
        if not leads and not paths.lacks_wires:
            yield view.problem(
                "G025",
                f"{name} ({declared.kind}) differentiates {outputs.node} with respect to {inputs.node}, "
                f"but {outputs.node} is not computed from it.",
                f"Compute {outputs.node} from {inputs.node}; whole numbers have no gradient.",
                node=name,
                port="inputs",
            )


@dataclass(slots=True)
class _Paths:
    """The paths of gradients between the values of graphs.

    ``views``: of graphs by name. ``lacks_wires``: whether an input on the paths so far needs a wire and has none.
    """

    views: dict[str, View]
    inputs_inside: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    lacks_wires: bool = False

    def leads(self, view: View, earlier: End, value: End) -> bool:
        """Whether ``value`` is computed from ``earlier``, and is another value."""
        return earlier != value and earlier in self._before(view, value)

    def _before(self, view: View, value: End) -> set[End]:
        """The values that one is computed from, itself included."""
        values: set[End] = set()
        todo = [value]
        while todo:
            end = _source_before_bypass(view, todo.pop())
            if end not in values and end.node in view.graph.nodes:
                values.add(end)
                todo += self._behind(view, end)
        return values

    def _behind(self, view: View, end: End) -> Iterator[End]:
        node, declared = view.graph.nodes[end.node], view.layers[end.node]
        wires = view.into.get(end.node, {})
        self.lacks_wires |= bool(view.missing_inputs(end.node))
        if declared is not None and declared.role == "block":
            passes = self._inside(view, node.graph or "", end.port, is_repeated=node.repeat > 1 or bool(node.loop))
        else:
            passes = {port for port in wires if declared is not None and _passes(declared, port, end.port)}
        yield from (wires[port].source for port in wires if port in passes)

    def _inside(self, view: View, graph: str, output: str, *, is_repeated: bool) -> set[str]:
        """The inputs of a block that an output is computed from; all of them in a repeated block or a loop."""
        if graph not in view.project.graphs:
            return set()
        if graph not in self.views:
            self.views[graph] = View(view.project, graph, view.project.graphs[graph])
        inner = self.views[graph]
        if is_repeated:
            return {*inner.graph.of_kind("Input")}
        if (graph, output) not in self.inputs_inside:
            self.inputs_inside[graph, output] = set()  # of a block within itself, which other rules refuse
            wire = inner.into.get(output, {}).get("input")
            self.lacks_wires |= wire is None
            before = self._before(inner, wire.source) if wire else set()
            self.inputs_inside[graph, output] = {end.node for end in before if inner.role(end.node) == "input"}
        return self.inputs_inside[graph, output]


def _passes(declared: Layer, input_port: str, output_port: str) -> bool:
    port, output = declared.input(input_port), declared.output(output_port)
    if port is None or output is None or port.shape_only or declared.stops_gradient:
        return False
    return port.element in ("float", "any") and output.element in ("float", "any")


def _source_before_bypass(view: View, end: End) -> End:
    """The source of a value before nodes that are bypassed."""
    visited: set[str] = set()
    while end.node in view.graph.nodes and view.graph.nodes[end.node].is_bypassed and end.node not in visited:
        visited.add(end.node)
        inputs = view.ports[end.node].inputs
        wires = view.into.get(end.node, {})
        wire = wires.get(inputs[0].name) or wires.get(f"{inputs[0].name}[0]") if inputs else None
        if wire is None:
            return end
        end = wire.source
    return end
