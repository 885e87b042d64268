"""Rules about wires: their ends, missing wires, and cycles."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.emit import Module, Pattern
from engine.catalog.index import did_you_mean
from engine.catalog.spec import Port
from engine.check.diagnostics import Diagnostic
from engine.check.target_fix import target_fix
from engine.check.view import View
from engine.graph.algorithms import upstream
from engine.graph.edits import AddWire, Batch, Edit, RemoveNode, RemoveWire, SetParam
from engine.graph.model import End, Wire
from engine.graph.ports import Ports


def _ends(view: View) -> Iterator[Diagnostic]:
    nodes = view.graph.nodes
    for wire in view.graph.wires:
        for end, way in ((wire.source, "starts at"), (wire.target, "ends at")):
            if end.node not in nodes:
                yield view.problem(
                    "G002",
                    f"The wire from {wire.source} to {wire.target} {way} {end.node}, which does not exist.",
                    did_you_mean(end.node, nodes) or "Remove the wire.",
                    node=_existing_end(view, wire),
                    port=end.port,
                    fix=_cut(view, wire),
                )
        yield from _ports(view, wire)


def _existing_end(view: View, wire: Wire) -> str | None:
    """The node at the end of a wire that exists, to show a message at."""
    return next((end.node for end in (wire.target, wire.source) if end.node in view.graph.nodes), None)


def _ports(view: View, wire: Wire) -> Iterator[Diagnostic]:
    source, target = _known_ports(view, wire.source.node), _known_ports(view, wire.target.node)
    if source and source.output(wire.source.port) is None:
        yield _no_port(view, wire, wire.source, "output", [port.name for port in source.outputs])
    if target and not _legal_input(view, wire.target):
        names = [f"{port.name}[0]" if port.variadic else port.name for port in target.inputs]
        yield _no_port(view, wire, wire.target, "input", names)


def _known_ports(view: View, name: str) -> Ports | None:
    """The ports of a node, ``None`` where they are not known: it is missing, or its kind or its block is."""
    declared = view.layers.get(name)
    if declared is None:
        return None
    is_missing = declared.role == "block" and view.graph.nodes[name].graph not in view.project.graphs
    return None if is_missing else view.ports[name]


def _legal_input(view: View, end: End) -> bool:
    port = view.ports[end.node].input(end.port)
    if port is None:
        return False
    return not port.variadic or end.port == f"{end.base}[{end.index}]"


def _no_port(view: View, wire: Wire, end: End, side: str, names: list[str]) -> Diagnostic:
    node, declared = view.graph.nodes[end.node], view.layers[end.node]
    kind = node.kind
    port = declared.output(end.port) if declared and side == "output" else None
    if port and port.flag:
        label = f"Turn {port.flag} on"
        fix = (label, SetParam(view.name, node.shares or end.node, port.flag, True))
        message = f"{end.node} ({kind}) has no output {end.port} while {port.flag} is off."
        return view.problem("G003", message, f"{label}.", node=end.node, port=end.port, fix=fix)
    if port and port.letter_in:
        message = f"{end.node} ({kind}) has no output {end.port} while no axis in its {port.letter_in} is a letter."
        hint = f"Give an axis of variable length in {port.letter_in}, such as T, or remove the wire."
        return view.problem("G003", message, hint, node=end.node, port=end.port, fix=_cut(view, wire))
    has = f"it has {', '.join(names)}" if names else "it has none"
    return view.problem(
        "G003",
        f"{end.node} ({kind}) has no {side} {end.port}; {has}.",
        did_you_mean(end.port, names) or "Remove the wire.",
        node=end.node,
        port=end.port,
        fix=_cut(view, wire),
    )


def _cut(view: View, wire: Wire) -> tuple[str, Edit]:
    times = view.graph.wires.count(wire)
    edits = (RemoveWire(view.name, wire),) * times  # a file may have the same wire twice
    return "Remove the wire", edits[0] if times == 1 else Batch("Remove the wire", edits)


def _double_wires(view: View) -> Iterator[Diagnostic]:
    for wire in view.graph.wires:
        first = view.into[wire.target.node][wire.target.port]
        if first is not wire:
            yield view.problem(
                "G004",
                f"{wire.target} takes one wire, but {first.source} and {wire.source} both end there.",
                "Remove one of them.",
                node=wire.target.node if wire.target.node in view.graph.nodes else None,
                port=wire.target.port,
                fix=None if wire == first else (f"Remove the wire from {wire.source}", RemoveWire(view.name, wire)),
            )


def _gaps(view: View) -> Iterator[Diagnostic]:
    for name in view.into:
        for port in view.ports[name].inputs if name in view.ports else ():
            if not port.variadic:
                continue
            wires = [wire for wire in view.into[name].values() if wire.target.port.startswith(f"{port.name}[")]
            places = sorted({wire.target.index for wire in wires})
            if places != list(range(len(places))):
                missing = next(place for place in range(len(places) + 1) if place not in places)
                yield view.problem(
                    "G007",
                    f"{name} has wires into {port.name} at {', '.join(map(str, places))}, but none at {missing}.",
                    "Close the gap: the places count from 0.",
                    node=name,
                    port=f"{port.name}[{missing}]",
                    fix=("Close the gap", _closing_edit(view, wires)),
                )


def _closing_edit(view: View, wires: list[Wire]) -> Edit:
    wires = sorted(wires, key=lambda wire: wire.target.index)
    without_gap = [
        replace(wire, target=End(wire.target.node, f"{wire.target.base}[{place}]")) for place, wire in enumerate(wires)
    ]
    cuts: list[Edit] = [RemoveWire(view.name, wire) for wire in wires]
    return Batch("Close the gap", (*cuts, *(AddWire(view.name, wire) for wire in without_gap)))


def _groups(view: View) -> Iterator[Diagnostic]:
    """Inputs that belong together, such as (h_0, c_0), and are wired only in part."""
    for name, declared in view.layers.items():
        if declared is None or not isinstance(declared.emit, Module) or name not in view.into:
            continue
        for group in _tuples(declared.emit.takes):
            ports_with_wire = [port for port in group if port in view.into[name]]
            if ports_with_wire and len(ports_with_wire) < len(group):
                missing = next(port for port in group if port not in ports_with_wire)
                yield view.problem(
                    "G018",
                    f"{name} takes {' and '.join(group)} together; {missing} has no wire.",
                    f"Wire {missing} too, or remove the wire into {ports_with_wire[0]}.",
                    node=name,
                    port=missing,
                )


def _tuples(pattern: Pattern) -> Iterator[list[str]]:
    for part in pattern:
        if not isinstance(part, str):
            yield [name for name in part if isinstance(name, str)]


def _cycle(view: View) -> Iterator[Diagnostic]:
    from engine.graph.algorithms import cycle

    names = cycle(view.graph)
    if names:
        along = set(zip(names, [*names[1:], names[0]], strict=True))
        last = next(w for w in reversed(view.graph.wires) if (w.source.node, w.target.node) in along)
        yield view.problem(
            "G006",
            f"The wires form a cycle: {' -> '.join([*names, names[0]])}.",
            "Values flow one way; remove one of these wires.",
            node=last.target.node,
            port=last.target.port,
            fix=(f"Remove the wire from {last.source} to {last.target}", RemoveWire(view.name, last)),
        )


def _missing_and_idle(view: View) -> Iterator[Diagnostic]:
    """Each input that lacks a wire, and each branch that reaches nothing, reported once at its end.

    While an input lacks a wire, a complete branch may be meant for it, and is not a problem of its own.
    """
    live = view.live()
    alive = live or set(view.graph.nodes)  # without an end the graph itself is the problem, not each node
    is_open = view.is_open(live)
    for name in view.graph.nodes:
        lacking = view.missing_inputs(name)
        if name in alive:
            yield from (_missing(view, name, port) for port in lacking)
        elif lacking or (not is_open and _is_end(view, name)):
            yield _idle(view, name, live)


def _missing(view: View, name: str, port: Port) -> Diagnostic:
    is_number = port.number and view.graph.nodes[name].params.get(port.number) is None
    return view.problem(
        "G005",
        f"{name} ({view.graph.nodes[name].kind}) has no wire into {port.name}.",
        f"Wire a value into {port.name}, or {f'set the number {port.number}' if is_number else f'remove {name}'}.",
        node=name,
        port=port.name,
        fix=target_fix(view, name, port),
    )


def _is_end(view: View, name: str) -> bool:
    """Whether no node comes after it; the nodes before it are reported with it."""
    return not any(wire.target.node in view.graph.nodes for wire in view.out_of.get(name, ()))


def _idle(view: View, name: str, live: set[str]) -> Diagnostic:
    branch = _branch(view, name, live)
    edits: tuple[Edit, ...] = (
        *(RemoveWire(view.name, wire) for wire in view.graph.wires if {wire.source.node, wire.target.node} & branch),
        *(RemoveNode(view.name, each) for each in view.graph.nodes if each in branch),
    )
    others = len(branch) - 1
    before = f" and the {f'{others} nodes' if others > 1 else 'node'} before it" if others else ""
    return view.problem(
        "G008",
        f"{name} reaches no output and no loss, so the network is built without it{before}.",
        "Wire it on, or remove it." if view.role(name) != "input" else "Wire it into a layer or a loss, or remove it.",
        node=name,
        severity="warning",
        fix=(f"Remove {name}{before}", Batch(f"Remove {name}{before}", edits)),
    )


def _branch(view: View, name: str, live: set[str]) -> set[str]:
    """A node that reaches nothing, with those before it that only it uses."""
    nodes = view.graph.nodes
    owners = {node.shares for node in nodes.values()}
    branch = upstream(view.graph, [name]) - live - (owners - {name})
    while shared := {
        each
        for each in branch - {name}
        if any(wire.target.node in nodes and wire.target.node not in branch for wire in view.out_of.get(each, ()))
    }:
        branch -= shared
    return branch


def _masks(view: View) -> Iterator[Diagnostic]:
    """Masks of attention that mean the opposite of what the port takes."""
    for wire in view.graph.wires:
        source = view.ports.get(wire.source.node)
        gives = source.output(wire.source.port) if source else None
        if gives is None or not gives.mask:
            continue
        target = view.ports.get(wire.target.node)
        takes = target.input(wire.target.port) if target else None
        if takes and takes.mask and gives.mask != takes.mask:
            meaning = {"hides": "true hides a key", "shows": "true shows a key"}
            yield view.problem(
                "S021",
                f"In the mask of {wire.source.node}, {meaning[gives.mask]}, but in {wire.target.port} of "
                f"{wire.target.node} {meaning[takes.mask]}.",
                "Add logical_not between them, or replace the mask by is_causal, if it is for that.",
                node=wire.target.node,
                port=wire.target.port,
            )


RULES = (_ends, _double_wires, _gaps, _groups, _cycle, _missing_and_idle, _masks)
"""The rules about the wires of one graph."""
