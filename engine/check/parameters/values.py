"""Rules about parameters: known names and legal values, for nodes and all other declarations."""

from collections.abc import Iterator, Mapping

from engine.catalog.data.roles import name_by_role
from engine.catalog.expressions import Expression
from engine.catalog.index import did_you_mean
from engine.catalog.param_index import index_of
from engine.catalog.params import Param, Value
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.block_params import block_params
from engine.graph.edits import SetParam
from engine.graph.model import UNSET, Node


def problems(view: View) -> Iterator[Diagnostic]:
    """Unknown parameters and illegal values of every node of a graph."""
    for name, node in view.graph.nodes.items():
        declared, params = view.layers[name], view.params(name)
        if declared is None or not (node.params or index_of(params).unset):
            continue
        if node.kind == "Block" and node.graph not in view.project.graphs:
            continue
        for wrong in faults(node.graph or node.kind, params, node.params):
            if wrong.declared and isinstance(view.unresolved.nodes[name].params.get(wrong.param), Expression):
                continue  # the rules of expressions judge their values
            drop = SetParam(view.name, name, wrong.param, UNSET)
            default = wrong.declared.default if wrong.declared else None
            label = f"Remove {wrong.param}" if not wrong.declared else f"Set {wrong.param} to {default!r}"
            yield view.problem(
                "P002" if wrong.declared else "P001",
                f"{name}: {wrong.message}" if wrong.declared else f"{name} {wrong.message}",
                wrong.hint,
                node=name,
                fix=(label, drop) if wrong.is_set else None,
            )
        yield from _in_order(view, name, declared, node.params)


def _params(view: View, node: Node, declared: Layer) -> tuple[Param, ...]:
    """The parameters of a node; those of a use of a block are the block's."""
    block = view.project.graphs.get(node.graph or "") if declared.role == "block" else None
    return block_params(block) if block else declared.params


def _in_order(view: View, name: str, declared: Layer, params: Mapping[str, Value]) -> Iterator[Diagnostic]:
    """Two bounds of which the lower one is larger."""
    order = declared.ascending
    if order is None:
        return
    values = effective(declared.params, params)
    low, high = values[order.low], values[order.high]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return
    if low > high or (order.strictly and low == high):
        rule = "be less than" if order.strictly else "not be larger than"
        yield view.problem(
            "P003",
            f"{name} ({declared.kind}): {order.low}, which is {low}, must {rule} {order.high}, which is {high}.",
            "Change one of them.",
            node=name,
        )


class Fault:
    """One wrong parameter; ``declared`` is ``None`` when the name is unknown."""

    __slots__ = ("declared", "hint", "is_set", "message", "param")

    def __init__(self, param: str, message: str, hint: str, declared: Param | None, *, is_set: bool) -> None:
        self.param, self.message, self.hint, self.declared, self.is_set = param, message, hint, declared, is_set


def faults(kind: str, params: tuple[Param, ...], values: Mapping[str, Value]) -> Iterator[Fault]:
    """The wrong parameters among the values for a declaration."""
    names, unset = index_of(params).by_name, index_of(params).unset
    for name, value in values.items():
        param = names.get(name)
        if param is None:
            has = f"{kind} has {', '.join(names)}." if names else f"{kind} has no parameters."
            hint = did_you_mean(name, names) or has
            yield Fault(name, f"has no parameter {name}.", hint, None, is_set=True)
        elif (wrong := param.problem(value)) is not None:
            yield Fault(name, f"{name} {wrong}.", param.help, param, is_set=True)
    for param, wrong in unset:
        if param.name not in values and not name_by_role(params, values, param.name):
            yield Fault(param.name, f"{param.name} {wrong}.", param.help, param, is_set=False)
