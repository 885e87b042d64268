"""The entries of the layer search: kinds of the catalogue, fields of the data, blocks of the project and libraries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.catalog.axes import input_axes, misfit, output_axes
from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.graph.compose import new_node, usual_rounds
from engine.graph.fragment import Fragment
from engine.graph.loops import LoopSettings
from engine.graph.model import Data, Graph, Node, Project
from engine.graph.ports import Ports, ports
from engine.project.library import Library
from gui.matching.typed_values import Values, set_values
from gui.state.data_fields import NO_FIELDS, DataFields, available_fields


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that can be added. ``block``: the graph of a block use; ``values``: those typed into the search.

    ``rounds``: those of a loop. ``graphs``: those that a block from a library brings along, with its own.
    """

    kind: str
    title: str
    summary: str
    family: str
    block: str = ""
    params: tuple[tuple[str, Value], ...] = ()
    values: Values = ()
    rounds: LoopSettings | None = None
    graphs: Mapping[str, Graph] = field(default_factory=dict, compare=False)

    @property
    def field(self) -> str:
        """The field of the data that it reads, if it is an Input."""
        return str(dict(self.params).get("field", "")) if self.kind == "Input" else ""

    def with_values(self, values: Values) -> "Entry":
        """The same entry with these values."""
        return replace(self, values=values) if values != self.values else self

    def node(self, pos: tuple[float, float] = (0.0, 0.0)) -> Node:
        """The new node."""
        node = new_node(self.kind, pos)
        node.params.update(self.params)
        set_values(node, self.values)
        node.graph, node.loop = self.block or None, self.rounds
        return node

    def fragment(self) -> Fragment:
        """The new node with the graphs that it brings along."""
        return Fragment(Graph({self.block.lower(): self.node()}), blocks=dict(self.graphs))


def entries(
    project: Project, graph: str, fields: DataFields = NO_FIELDS, libraries: Iterable[Library] = ()
) -> Iterator[Entry]:
    """Everything that can be added to a graph, the most usual first; ``fields``: those found in the data."""
    if graph == project.main:
        yield from _inputs(project.data, fields)
    blocks = [name for name in project.graphs if name not in (project.main, graph)]
    for name in blocks:
        yield Entry("Block", name, "A block of this project.", "structure", block=name)
    for declared in sorted(layers().values(), key=lambda each: -each.prominence if each.prominence > 1 else 0):
        if declared.role in ("block", "custom"):
            continue
        yield Entry(declared.kind, declared.kind, declared.summary, declared.family)
    for name in blocks:
        summary = layers()["Loop"].summary
        yield Entry("Loop", f"Loop of {name}", summary, "structure", name, rounds=usual_rounds(project, name))
    for library in libraries:
        for block in library.blocks.values():
            summary = f"{block.summary} {library.name}, version {block.version}.".lstrip()
            yield Entry("Block", block.name, summary, "structure", block=block.name, graphs=block.graphs)


def _inputs(data: Data, fields: DataFields) -> Iterator[Entry]:
    for each in available_fields(data, fields):
        summary = f"The field {each.name} of {data.kind}. {each.help}"
        yield Entry("Input", f"Input {each.name}", summary, "data", params=(("field", each.name),))


def for_value(candidates: Iterable[Entry], axes: int | None) -> list[Entry]:
    """All, those first that are meant for a value with this many axes; ``None``: unknown."""
    return list(candidates) if axes is None else sorted(candidates, key=lambda entry: misfit(entry.kind, axes))


def for_port(candidates: Iterable[Entry], kind: str, port: str) -> list[Entry]:
    """All, those first whose output may fit an input port of another kind."""
    axis_counts, _ = input_axes(kind, port)
    return sorted(
        candidates,
        key=lambda entry: bool(
            axis_counts and (output_counts := output_axes(entry.kind)) and not axis_counts & output_counts
        ),
    )


def entry_ports(project: Project, entry: Entry) -> Ports:
    """The ports that the new node would have."""
    if entry.graphs:
        project = replace(project, graphs={**project.graphs, **entry.graphs})
    return ports(project, entry.node())


def fitting(project: Project, entry: Entry, element: str, *, from_output: bool) -> bool:
    """Whether a new node has a port for the loose end of a wire. ``element``: its element type, ``any`` if unknown."""
    node_ports = entry_ports(project, entry)
    side = node_ports.inputs if from_output else node_ports.outputs
    return any("any" in (port.element, element or "any") or port.element == element for port in side)
