"""Rules about parameters: known names and legal values, for nodes and all other declarations."""

from collections.abc import Iterator, Mapping

from engine.catalog.data.roles import name_by_role
from engine.catalog.expressions import Expression, shortened, with_whole_division
from engine.catalog.index import did_you_mean
from engine.catalog.param_index import index_of
from engine.catalog.params import Param, Value
from engine.catalog.spec import Layer, effective
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetParam
from engine.graph.model import UNSET


def problems(view: View) -> Iterator[Diagnostic]:
    """Unknown parameters and illegal values of every node of a graph."""
    for name, node in view.graph.nodes.items():
        declared, params = view.layers[name], view.params(name)
        if declared is None or not (node.params or index_of(params).unset):
            continue
        if node.uses_block and node.graph not in view.project.graphs:
            continue
        values = {key: value for key, value in node.params.items() if not isinstance(value, Expression)}
        for wrong in faults(node.graph or node.kind, params, values):
            if wrong.param in node.params and not wrong.is_set:
                continue  # an expression without a value here, which the rules of expressions judge
            expression = view.unresolved.nodes[name].params.get(wrong.param)
            if wrong.declared and isinstance(expression, Expression):
                yield _of_expression(view, name, wrong, expression, values[wrong.param])
                continue
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


def _of_expression(view: View, name: str, wrong: "Fault", expression: Expression, value: Value) -> Diagnostic:
    """The problem of a value that an expression gives; a whole number in place of 4.0 needs ``//``."""
    message = wrong.message.replace(wrong.param, f"{wrong.param} = {shortened(expression.text)}", 1)
    hint, after = wrong.hint, with_whole_division(expression)
    is_whole = isinstance(value, float) and value.is_integer() and after != expression
    if is_whole:
        hint = "Write // in place of /, which gives a whole number."
    change = SetParam(view.name, name, wrong.param, after)
    return view.problem(
        "P002", f"{name}: {message}", hint, node=name, fix=("Divide with //", change) if is_whole else None
    )


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
