"""Which ports accept a wire that is being drawn, and why others do not."""

from engine.catalog.index import layer
from engine.graph.algorithms import downstream, upstream
from engine.graph.model import End, Graph, Project
from engine.graph.ports import ports

OPEN_ELEMENTS = ("any", "")


class PortMatcher:
    """Checks ports against the fixed end of a wire. ``element``: its element type, if the analysis has found it."""

    def __init__(self, project: Project, graph: str, fixed: End, *, from_output: bool, element: str = "") -> None:
        self._project, self._graph = project, project.graphs[graph]
        self.fixed, self.from_output = fixed, from_output
        self._element = element or self.element(fixed, is_input=not from_output)
        reach = upstream if from_output else downstream
        self._loop_nodes = reach(self._graph, (fixed.node,)) - {fixed.node}

    def reason(self, end: End, *, is_input: bool, element: str = "") -> str:
        """Why the wire cannot end at a port, or an empty text. ``element``: the port's element type, if known."""
        if is_input != self.from_output:
            side = "output" if self.from_output else "input"
            return f"a wire joins an output and an input; this is another {side}"
        if end.node == self.fixed.node:
            return "a layer cannot feed itself"
        if end.node in self._loop_nodes:
            return f"{end.node} leads to {self.fixed.node} already: this would close a cycle"
        other = element or self.element(end, is_input=is_input)
        gives, takes = (self._element, other) if self.from_output else (other, self._element)
        if gives not in OPEN_ELEMENTS and takes not in OPEN_ELEMENTS and gives != takes:
            wants = end if self.from_output else self.fixed
            return f"{wants} takes {_ELEMENT_NAMES[takes]}, not {_ELEMENT_NAMES[gives]}"
        return ""

    def element(self, end: End, *, is_input: bool) -> str:
        """The declared element type of a port."""
        return declared_element(self._project, self._graph, end, is_input=is_input)


_ELEMENT_NAMES = {"float": "real numbers", "int": "whole numbers", "bool": "yes or no"}


def declared_element(project: Project, graph: Graph, end: End, *, is_input: bool) -> str:
    """The declared element type of a port; empty for an unknown port."""
    node = graph.nodes.get(end.node)
    if node is None or (layer(node.kind) is None):
        return ""
    node_ports = ports(project, node)
    port = node_ports.input(end.port) if is_input else node_ports.output(end.port)
    return port.element if port else ""
