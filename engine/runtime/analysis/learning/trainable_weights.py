"""Whether training would change anything: some loss must pass a gradient on to a layer that learns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.recommended import dense
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.effective_settings import learns
from engine.graph.model import End, Node, Project
from engine.graph.phases import owners_of_weights
from engine.runtime.analysis.node_analysis import NodeAnalysis


def problems(project: Project, nodes: Mapping[str, NodeAnalysis]) -> Iterator[Diagnostic]:
    """The problem of a network in which nothing learns. ``nodes``: of a project without errors."""
    view = View(project, project.main, project.graphs[project.main])
    losses = [name for name in view.graph.nodes if view.role(name) == "loss"]
    gradients = _Gradients(project, nodes)
    if losses and not any(gradients.enters(_Place(view), loss, port) for loss in losses for port in view.into[loss]):
        yield view.problem(
            "T010",
            f"Nothing that leads to a loss of {project.main} learns, so there is nothing to train.",
            f"Put a layer that learns, such as {dense()}, on the way to it; what is frozen or follows does not, "
            "and whole numbers pass no gradient on.",
            node=losses[0],
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """One use of a graph. ``name``: of the block's use in the place ``parent``.

    ``path``: the dotted path before its nodes. ``home``: the one before those that have its weights.
    """

    view: View
    parent: "_Place | None" = None
    name: str = ""
    path: str = ""
    home: str = ""


@dataclass(slots=True)
class _Gradients:
    """Which values have a gradient that some weight of the network receives."""

    project: Project
    nodes: Mapping[str, NodeAnalysis]
    views: dict[str, View] = field(default_factory=dict)
    results: dict[tuple[str, End], bool] = field(default_factory=dict)

    def enters(self, place: _Place, node: str, port: str) -> bool:
        """Whether the value that a wire brings to a port has such a gradient."""
        wire = place.view.into.get(node, {}).get(port)
        return wire is not None and self._has(place, wire.source)

    def _has(self, place: _Place, value: End) -> bool:
        key = (place.path, value)
        if key not in self.results:
            self.results[key] = False  # what a repeated block gives itself adds nothing
            self.results[key] = self._search(place, value)
        return self.results[key]

    def _search(self, place: _Place, value: End) -> bool:
        name, node = value.node, place.view.graph.nodes[value.node]
        analysis, inputs = self.nodes.get(place.path + name), place.view.ports[name].inputs
        if node.kind == "Input":
            return self._into_block(place, name)
        declared = place.view.layers[name]
        is_stopped = declared is not None and declared.stops_gradient and not node.is_bypassed
        if analysis is None or is_stopped or analysis.elements.get(value.port) != "float":
            return False
        if node.is_bypassed:
            return self.enters(place, name, inputs[0].name)
        if node.uses_block:
            return self.enters(self._inside(place, name, node), value.port, "input")
        if any(self._learns(place.home + owner) for owner in owners_of_weights(place.view.graph, name)):
            return True
        ports = place.view.into.get(name, {})
        return any(self.enters(place, name, port) for port in ports if not _is_shape_only(place, name, port))

    def _learns(self, home: str) -> bool:
        """Whether an optimizer changes weights of the node at a path, or of the layers inside it."""
        analysis = self.nodes.get(home)
        return analysis is not None and analysis.parameters > 0 and learns(self.project, home.split("."))

    def _inside(self, place: _Place, name: str, node: Node) -> _Place:
        graph = node.graph or ""
        if graph not in self.views:
            self.views[graph] = View(self.project, graph, self.project.graphs[graph])
        home = f"{place.home}{node.shares or name}."
        return _Place(self.views[graph], place, name, f"{place.path}{name}.", home)

    def _into_block(self, place: _Place, port: str) -> bool:
        """Whether the value at an input of a block has such a gradient; repeated blocks and loops feed themselves."""
        if place.parent is None:
            return False
        if self.enters(place.parent, place.name, port):
            return True
        user = place.parent.view.graph.nodes[place.name]
        if user.repeat == 1 and not user.loop:
            return False
        return any(self.enters(place, output, "input") for output in place.view.graph.of_kind("Output"))


def _is_shape_only(place: _Place, name: str, port: str) -> bool:
    declaration = place.view.ports[name].input(port)
    return declaration is not None and declaration.shape_only
