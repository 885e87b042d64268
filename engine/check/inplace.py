"""The rules about layers that overwrite their input: nothing else may read it, and no gradient may need it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec import Struct

from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.graph.model import UNSET, Node, Project, Wire


class Use(NamedTuple):
    """A node that uses a block, in the graph that it belongs to."""

    view: View
    name: str


class MemoryRead(Struct, frozen=True):
    """A wire of a graph whose value is in the memory that a layer overwrites.

    ``uses``: the block uses that lead to it. ``in_training``: whether the memory is the same in
    training too, and not only in evaluation, where dropout passes its input on.
    """

    view: View
    wire: Wire
    uses: tuple[Use, ...] = ()
    in_training: bool = True

    @property
    def source(self) -> str:
        return self.wire.source.node

    @property
    def key(self) -> tuple[object, ...]:
        wire, uses = self.wire, tuple((use.view.name, use.name) for use in self.uses)
        return self.view.name, wire.source, wire.target, uses, self.in_training


def problems(view: View) -> Iterator[Diagnostic]:
    """Layers with ``inplace`` that overwrite a value which is still needed."""
    memory = _Memory(view.project, {view.name: view})
    for name in view.graph.nodes:
        wire = next(iter(view.into.get(name, {}).values()), None)
        if wire is None or not _overwrites(view, name) or name not in memory.live(view):
            continue
        conflict = memory.conflict(MemoryRead(view, wire))
        if conflict is not None:
            code, why = conflict
            node = view.graph.nodes[name]
            yield view.problem(
                code,
                f"{name} ({node.kind}) overwrites its input, {why}.",
                "Set inplace to false.",
                node=name,
                port="input",
                fix=("Set inplace to false", SetParam(view.name, node.shares or name, "inplace", UNSET)),
            )


def _owner(view: View, name: str) -> Node:
    """The node whose parameters a node uses: itself, or the one whose weights it shares."""
    node = view.graph.nodes[name]
    return view.graph.nodes.get(node.shares or name, node)


def _overwrites(view: View, name: str) -> bool:
    return _owner(view, name).params.get("inplace") is True and not view.graph.nodes[name].is_bypassed


@dataclass(slots=True)
class _Memory:
    """Follows the memory of a value back through layouts, bypasses and blocks to where it was computed."""

    project: Project
    views: dict[str, View]
    alive: dict[str, set[str]] = field(default_factory=dict)

    def conflict(self, first: MemoryRead) -> tuple[str, str] | None:
        """The code of the first problem and half a sentence, or ``None``."""
        todo, visited = [first], set()
        while todo:
            read = todo.pop()
            if read.key in visited or read.source not in read.view.graph.nodes:
                continue
            visited.add(read.key)
            conflict = self._read_elsewhere(read) or _needed_by_gradient(read) or _data(read)
            if conflict:
                return conflict
            todo += self._behind(read)
        return None

    def live(self, view: View) -> set[str]:
        """The nodes that reach an end of a graph, computed once."""
        if view.name not in self.alive:
            self.alive[view.name] = view.live()
        return self.alive[view.name]

    def _view(self, graph: str) -> View:
        if graph not in self.views:
            self.views[graph] = View(self.project, graph, self.project.graphs[graph])
        return self.views[graph]

    def _read_elsewhere(self, read: MemoryRead) -> tuple[str, str] | None:
        """Whether something else reads the memory."""
        live = self.live(read.view)
        others = (wire.target for wire in read.view.out_of.get(read.source, ()) if wire.source == read.wire.source)
        other = next((end for end in others if end != read.wire.target and end.node in live), None)
        if other is not None:
            return "G023", f"which {other.node} reads too"
        for use in self._callers(read):
            if _is_collected(use, read.source):
                return "G023", f"which {use.name} collects in every round"
            if carried := _carried_too(use, read.source):
                return "G023", f"which {use.name} carries to {carried} too"
            if _is_read_again(use, read.source):
                return "G023", f"which every repetition of {use.name} reads"
        return None

    def _behind(self, read: MemoryRead) -> Iterator[MemoryRead]:
        """The wires into the source of this one whose value is in the same memory."""
        view, node, declared = read.view, read.view.graph.nodes[read.source], read.view.layers[read.source]
        if declared is None:
            return
        if declared.role == "input":
            yield from self._around(read)
        elif declared.role == "block" and not node.is_bypassed:
            yield from self._inside(read, node)
        elif node.is_bypassed or _passes_on(view, read.source, declared):
            inputs = view.ports[read.source].inputs
            wire = view.into.get(read.source, {}).get(inputs[0].name) if inputs else None
            is_same = node.is_bypassed or declared.passes_on == "always" or _is_idle(view, read.source, declared)
            if wire:
                yield MemoryRead(view, wire, read.uses, read.in_training and is_same)

    def _inside(self, read: MemoryRead, node: Node) -> Iterator[MemoryRead]:
        if node.graph not in self.project.graphs or len(read.uses) > len(self.project.graphs):
            return
        inner = self._view(node.graph or "")
        wire = inner.into.get(read.wire.source.port, {}).get("input")
        if wire:
            yield MemoryRead(inner, wire, (*read.uses, Use(read.view, read.source)), read.in_training)

    def _around(self, read: MemoryRead) -> Iterator[MemoryRead]:
        """The wires into a block from its uses; of a repeated block also the wire that feeds its next repetition."""
        for use in self._callers(read):
            wire = use.view.into.get(use.name, {}).get(read.source)
            if wire:
                yield MemoryRead(use.view, wire, read.uses[:-1], read.in_training)
            output = _repeated_output(use, read.source)
            again = read.view.into.get(output, {}).get("input") if output else None
            if again:
                yield MemoryRead(read.view, again, read.uses, read.in_training)

    def _callers(self, read: MemoryRead) -> list[Use]:
        """The uses of the block whose input is read: the use that led here, else all; none for other values."""
        if read.view.is_main or read.view.role(read.source) != "input":
            return []
        uses = self.project.uses(read.view.name)
        return [*read.uses[-1:]] or [Use(self._view(owner), name) for owner, name in uses]


def _repeated_output(use: Use, port: str) -> str | None:
    """The output of a repeated block that the next repetition, or round, takes at this input, or ``None``."""
    if loop := use.view.graph.nodes[use.name].loop:
        return dict(loop.carry).get(port)
    if use.view.graph.nodes[use.name].repeat == 1:
        return None
    inputs, outputs = use.view.ports[use.name]
    place = [each.name for each in inputs].index(port)
    return outputs[place].name if place < len(outputs) else None


def _passes_on(view: View, name: str, declared: Layer) -> bool:
    return declared.passes_on != "never" and not (declared.passes_on == "idle" and _overwrites(view, name))


def _is_idle(view: View, name: str, declared: Layer) -> bool:
    return effective(declared.params, _owner(view, name).params).get("p") == 0


def _is_read_again(use: Use, port: str) -> bool:
    node = use.view.graph.nodes[use.name]
    if node.loop:
        return port not in dict((*node.loop.over, *node.loop.carry))
    return node.repeat != 1 and _repeated_output(use, port) is None


def _carried_too(use: Use, port: str) -> str | None:
    """Another input at which the next round of a loop takes the value that it takes at this one."""
    loop, output = use.view.graph.nodes[use.name].loop, _repeated_output(use, port)
    carry = loop.carry if loop and output else ()
    return next((other for other, each in carry if each == output and other != port), None)


def _is_collected(use: Use, port: str) -> bool:
    """Whether a loop keeps the value that the next round takes at this input."""
    loop = use.view.graph.nodes[use.name].loop
    return loop is not None and _repeated_output(use, port) in loop.collect


def _needed_by_gradient(read: MemoryRead) -> tuple[str, str] | None:
    """Whether the gradient of the layer that computed the value is computed from it."""
    node, declared = read.view.graph.nodes[read.source], read.view.layers[read.source]
    port = declared.output(read.wire.source.port) if declared else None
    if port is None or node.is_bypassed or not read.in_training:
        return None
    if port.read_only:
        return "G024", f"but torch does not let a value of {read.source} ({node.kind}) be overwritten"
    if port.backward_use == "always" or (port.backward_use == "inplace" and _overwrites(read.view, read.source)):
        return "G024", f"but the gradient of {read.source} ({node.kind}) is computed from that value"
    return None


def _data(read: MemoryRead) -> tuple[str, str] | None:
    """Whether the value is a field of the data, which later epochs read again."""
    if read.view.is_main and read.view.role(read.source) == "input":
        return "G023", "which is the data itself"
    return None
