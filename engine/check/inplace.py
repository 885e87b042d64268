"""The rule about layers that overwrite their input: nobody else may read what they overwrite."""

from collections.abc import Iterator

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.graph.model import UNSET, End

PASSING = frozenset({"reshaping", "regularization"})
"""Families whose result may be the very numbers of their input, laid out anew."""


def problems(view: View) -> Iterator[Diagnostic]:
    """Layers with ``inplace`` whose input is also read elsewhere; torch would compute something else than is drawn."""
    overwriting = [name for name in view.graph.nodes if _overwrites(view, name)]
    live = view.live() if overwriting else set()
    for name in overwriting:
        other = _other_reader(view, name, live)
        if other is not None:
            node = view.graph.nodes[name]
            yield view.problem(
                "G023",
                f"{name} ({node.kind}) overwrites its input, which {other} too.",
                "Set inplace to false.",
                node=name,
                port="input",
                fix=("Set inplace to false", SetParam(view.name, node.shares or name, "inplace", UNSET)),
            )


def _overwrites(view: View, name: str) -> bool:
    node = view.graph.nodes[name]
    owner = view.graph.nodes.get(node.shares or name, node)
    return owner.params.get("inplace") is True and not node.bypass


def _other_reader(view: View, name: str, live: set[str]) -> str | None:
    """Who else reads the numbers that a node overwrites, with the verb, or ``None``."""
    seen = set()
    while name not in seen and (wire := next(iter(view.into.get(name, {}).values()), None)) is not None:
        seen.add(name)
        source = wire.source
        others = [reader for reader in _readers(view, source) if reader != name and reader in live]
        if others:
            return f"{others[0]} reads"
        if view.role(source.node) == "input" and not view.is_main:
            return f"the graph around {view.name} may read"
        if not _passes_on(view, source.node):
            return None
        name = source.node
    return None


def _readers(view: View, value: End) -> list[str]:
    return [wire.target.node for wire in view.out_of.get(value.node, ()) if wire.source == value]


def _passes_on(view: View, name: str) -> bool:
    node, declared = view.graph.nodes.get(name), view.layers.get(name)
    if node is None or declared is None:
        return False
    return node.bypass or declared.family in PASSING or declared.kind == "Identity"
