"""Rules about nodes: kinds, blocks, repeats, shared weights, bypass."""

from collections.abc import Iterator

from engine.catalog.index import did_you_mean, layers, nearest
from engine.check import loops
from engine.check.diagnostics import Diagnostic
from engine.check.view import View, first_uses
from engine.graph.edits import RemoveGraph, SetNode
from engine.graph.model import Node, Project
from engine.graph.ports import LENGTH

MAX_NODES = 100_000
MAX_REPEAT = 1000  # a repeat is written out as that many modules


def project_problems(project: Project) -> Iterator[Diagnostic]:
    """Problems of the project as a whole: a missing main graph, and a block that contains itself."""
    from engine.graph.algorithms import recursion

    if project.main not in project.graphs:
        names = ", ".join(project.graphs) or "none"
        yield Diagnostic(
            "G019",
            "error",
            f"The main graph is {project.main}, but the graphs are: {names}.",
            did_you_mean(project.main, project.graphs) or "Name one of them as main.",
        )
    yield from _published(project)
    circle = recursion(project)
    if circle:
        yield _recursive(project, circle)
        return
    size = _node_count(project, project.main, {})
    if size > MAX_NODES:
        yield Diagnostic(
            "G022",
            "error",
            f"With every block written out, {project.main} has {size:,} nodes; the limit is {MAX_NODES:,}.",
            "Repeat blocks less, or use fewer of them inside each other.",
        )


def _published(project: Project) -> Iterator[Diagnostic]:
    """The problem of a file of a library that lacks the block that it offers."""
    blocks = [name for name in project.graphs if name != project.main]
    if project.published and project.published.block not in blocks:
        block = project.published.block
        is_main = "is the main graph, the example of its use" if block == project.main else "does not exist"
        yield Diagnostic(
            "G029",
            "warning",
            f"The file offers the block {block}, which {is_main}.",
            did_you_mean(block, blocks) or _choose(blocks),
        )


def _node_count(project: Project, graph: str, counts: dict[str, int]) -> int:
    """The nodes of a graph with every repetition of its blocks written out; no block may contain itself."""
    if graph not in counts:
        inside = project.graphs.get(graph)
        counts[graph] = sum(
            _times(node) * _node_count(project, node.graph or "", counts) if node.uses_block else 1
            for node in (inside.nodes.values() if inside else ())
        )
    return counts[graph]


def _times(node: Node) -> int:
    """How often a block is written out; once where its repeat is a problem of its own."""
    return node.repeat if node.kind == "Block" and _is_count(node.repeat) else 1


def _recursive(project: Project, circle: list[str]) -> Diagnostic:
    owner, used_graph = circle[-1], circle[0]
    name = next(use for around, use in project.uses(used_graph) if around == owner)
    prefix = first_uses(project).get(owner, "")
    return Diagnostic(
        "G010",
        "error",
        f"A block contains itself: {' -> '.join([*circle, used_graph])}.",
        f"Remove {name} from {owner}, or let it use another block.",
        node=prefix + name,
        graph=owner,
    )


def problems(view: View) -> Iterator[Diagnostic]:
    """The problems of single nodes, except those of their parameters and wires."""
    yield from _whole(view)
    for name, node in view.graph.nodes.items():
        yield from _kind(view, name, node)
        if view.layers[name] is None:
            continue
        if node.kind == "Input" and not view.is_main and any(wire.source.port == LENGTH for wire in view.out_of[name]):
            message = f"{name} is an input of the block {view.name}, and only inputs of the network have a length."
            yield view.problem("G003", message, "Add an Input to the block, and wire the lengths into it.", node=name)
        if node.uses_block:
            yield from _block(view, name, node)
        if node.kind == "Loop" and node.graph in view.project.graphs:
            yield from loops.problems(view, name, node)
        if node.shares is not None:
            yield from _shares(view, name, node)
        if node.is_bypassed:
            yield from _bypass(view, name)


def _whole(view: View) -> Iterator[Diagnostic]:
    if not view.is_main and not any(view.project.uses(view.name)) and view.name not in _candidates(view.project):
        yield view.problem(
            "G021",
            f"The block {view.name} is used nowhere, so it is left out of the source.",
            "Use it, or remove it.",
            severity="warning",
            fix=(f"Remove {view.name}", RemoveGraph(view.name)),
        )
    roles = {view.role(name) for name in view.graph.nodes}
    if view.is_main and not roles & {"output", "loss"}:
        yield view.problem("G020", f"{view.name} has no output and no loss.", "Add an Output or a loss, and wire it.")
    elif not view.is_main and "output" not in roles:
        yield view.problem("G020", f"The block {view.name} has no Output.", "Add an Output and wire it.")


def _candidates(project: Project) -> set[str]:
    """The blocks that a use may mean that names none, or a missing one whose name is near."""
    nodes = [node for graph in project.graphs.values() for node in graph.nodes.values() if node.uses_block]
    blocks = [name for name in project.graphs if name != project.main]
    if not all(node.graph for node in nodes):
        return set(blocks)
    return {nearest(node.graph or "", blocks) for node in nodes if node.graph not in project.graphs}


def _kind(view: View, name: str, node: Node) -> Iterator[Diagnostic]:
    declared = view.layers[name]
    if declared is None:
        best = nearest(node.kind, layers())
        yield view.problem(
            "G001",
            f"{name} is of kind {node.kind!r}, which is not in the catalogue.",
            did_you_mean(node.kind, layers())
            or "Choose a kind from `torchloom layers`, or open the project with the version that made it.",
            node=name,
            fix=(f"Change the kind to {best}", SetNode(view.name, name, "kind", best)) if best else None,
        )
    elif declared.role == "custom":
        yield view.problem(
            "G017",
            f"{name} is code written by hand, which is kept in the file but not run.",
            "Replace it with layers or a block.",
            node=name,
        )
    elif declared.role in ("loss", "metric") and not view.is_main:
        yield view.problem(
            "G011",
            f"{name} ({node.kind}) is inside the block {view.name}, but the total loss is computed in the main graph.",
            f"Return the value from the block through an Output, and put the {node.kind} into {view.project.main}.",
            node=name,
        )


def _block(view: View, name: str, node: Node) -> Iterator[Diagnostic]:
    blocks = [graph for graph in view.project.graphs if graph != view.project.main]
    if not node.graph:
        yield view.problem("G009", f"{name} is a block that names no graph.", _choose(blocks), node=name)
    elif node.graph not in view.project.graphs:
        best, hint = nearest(node.graph, blocks), did_you_mean(node.graph, blocks) or _choose(blocks)
        yield view.problem(
            "G009", f"{name} uses the block {node.graph}, which does not exist.", hint, node=name,
            fix=(f"Use {best}", SetNode(view.name, name, "graph", best)) if best else None,
        )  # fmt: skip
    if node.kind == "Loop":
        return
    if not _is_count(node.repeat):
        yield view.problem(
            "G012", f"{name} is repeated {node.repeat!r} times; it must be a whole number from 1 to {MAX_REPEAT}.",
            "Set repeat to 1 to use the block once.", node=name,
            fix=("Set repeat to 1", SetNode(view.name, name, "repeat", 1)),
        )  # fmt: skip
    elif node.repeat > 1 and node.graph in view.project.graphs:
        yield from _repeatable(view, name, node)


def _choose(blocks: list[str]) -> str:
    return f"The blocks are {', '.join(blocks)}." if blocks else "Make a block first."


def _is_count(repeat: object) -> bool:
    return isinstance(repeat, int) and not isinstance(repeat, bool) and 1 <= repeat <= MAX_REPEAT


def _repeatable(view: View, name: str, node: Node) -> Iterator[Diagnostic]:
    inputs, outputs = view.ports[name]
    if len(outputs) > len(inputs) or not inputs:
        yield view.problem(
            "G012",
            f"{name} is repeated {node.repeat} times, but {node.graph} has {len(inputs)} inputs and "
            f"{len(outputs)} outputs.",
            "A repeated block feeds its outputs to its own inputs, in order, so it needs at least as many inputs.",
            node=name,
            fix=("Set repeat to 1", SetNode(view.name, name, "repeat", 1)),
        )


def _shares(view: View, name: str, node: Node) -> Iterator[Diagnostic]:
    wrong, hint = _sharing_problem(view, name, node)
    if wrong:
        yield view.problem(
            "G013", wrong, hint, node=name, fix=("Give it weights of its own", SetNode(view.name, name, "shares", None))
        )
    elif node.params:
        yield view.problem(
            "P004",
            f"{name} uses the weights of {node.shares}, so it cannot have {', '.join(node.params)} of its own.",
            f"Change them on {node.shares}, or give {name} weights of its own.",
            node=name,
            fix=("Give it weights of its own", SetNode(view.name, name, "shares", None)),
        )


def _sharing_problem(view: View, name: str, node: Node) -> tuple[str, str]:
    """Why a node cannot use another's weights, and a hint; both empty when it can."""
    shares = node.shares or ""
    owner = view.graph.nodes.get(shares)
    if shares == name:
        return f"{name} is set to use its own weights.", "Name another node, or none."
    if owner is None:
        return (
            f"{name} uses the weights of {shares}, which does not exist.",
            did_you_mean(shares, view.graph.nodes) or "Name a node of the same graph and kind.",
        )
    if owner.kind != node.kind:
        return (
            f"{name} ({node.kind}) uses the weights of {shares}, which is of kind {owner.kind}.",
            "Both must be of one kind.",
        )
    return _lending_problem(view, name, node, owner)


def _lending_problem(view: View, name: str, node: Node, owner: Node) -> tuple[str, str]:
    shares, declared = node.shares, view.layers[name]
    if owner.shares is not None:
        return f"{name} uses the weights of {shares}, which uses those of {owner.shares}.", f"Name {owner.shares}."
    if owner.is_bypassed and not node.is_bypassed:
        return f"{name} uses the weights of {shares}, which is bypassed.", f"Turn off bypass of {shares}."
    if node.uses_block and (owner.graph, owner.repeat) != (node.graph, node.repeat):
        own_use, other_use = f"{node.graph} x{node.repeat}", f"{owner.graph} x{owner.repeat}"
        return (
            f"{name} is {own_use}, but uses the weights of {shares}, which is {other_use}.",
            "Both must use the same block, with the same repeat.",
        )
    if declared is not None and not declared.stateful and declared.role != "block":
        return f"{name} ({node.kind}) has no weights to share.", "Sharing is for layers that are built once and called."
    return "", ""


def _bypass(view: View, name: str) -> Iterator[Diagnostic]:
    inputs, outputs = view.ports[name]
    declared = view.layers[name]
    wrong = ""
    if declared is None or declared.role not in ("layer", "block") or not inputs or not outputs:
        wrong = f"{name} ({view.graph.nodes[name].kind}) cannot be bypassed: it has no input to pass on."
    elif inputs[0].number in view.graph.nodes[name].params and inputs[0].name not in view.into.get(name, {}):
        wrong = f"{name} is bypassed and passes {inputs[0].name} on, which is a number without a wire."
    else:
        second = next((w for w in view.out_of.get(name, ()) if w.source.port != outputs[0].name), None)
        if second and view.ports[name].output(second.source.port):
            ports_text = f"{inputs[0].name} as {outputs[0].name}"
            wrong = f"{name} is bypassed and passes on {ports_text}, so it has no {second.source.port}."
    if wrong:
        yield view.problem(
            "G014", wrong, f"Turn off bypass of {name}.", node=name,
            fix=(f"Turn off bypass of {name}", SetNode(view.name, name, "bypass", value=False)),
        )  # fmt: skip
