"""Rules about the parameters that a block declares: names, defaults, ranges, and whether anything reads them."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.expressions import names
from engine.catalog.value_text import display
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.block_params import BlockParam
from engine.graph.compose import remove_param, unused_name
from engine.graph.edits import RESERVED_PARAMS, Edit, EditError, RenameBlockParam, SetBlockParam
from engine.graph.node_expressions import expressions_in

BOUNDS = {"int": ("min", "max"), "float": ("min", "max"), "tuple": ("min",)}
"""The bounds that each type of parameter has."""


def problems(view: View) -> Iterator[Diagnostic]:
    """The problems of the parameters of a graph."""
    params = view.graph.params
    read = {name for expression in expressions_in(view.unresolved) for name in names(expression)} if params else set()
    for name, param in params.items():
        if view.is_main:
            message = f"The main graph {view.name} has the parameter {name}, which nothing can set."
            yield view.problem(
                "P012", message, "Make a block of the nodes that read it, or remove it.",
                severity="warning", fix=_drop(view, name),
            )  # fmt: skip
            continue
        yield from _name(view, name)
        yield from _range(view, name, param)
        if name not in read:
            message = f"{view.name}: nothing reads the parameter {name}."
            hint = f"Read it in a field, as in = {name}, or remove it."
            yield view.problem("P012", message, hint, severity="warning", fix=_drop(view, name))


def _name(view: View, name: str) -> Iterator[Diagnostic]:
    node = view.graph.nodes.get(name)
    if node is None or node.kind not in ("Input", "Output"):
        return
    free = unused_name({*view.graph.nodes, *view.graph.params, *RESERVED_PARAMS}, f"{name}_value")
    yield view.problem(
        "P013",
        f"{view.name} has a parameter and an {node.kind} of the name {name}.",
        f"Rename one of them, say the parameter to {free}.",
        node=name,
        fix=(f"Rename the parameter to {free}", RenameBlockParam(view.name, name, free)),
    )


def _range(view: View, name: str, param: BlockParam) -> Iterator[Diagnostic]:
    place = f"{view.name}: the parameter {name}"
    for bound in ("min", "max"):
        value = getattr(param, bound)
        without = (f"Remove {bound} of {name}", SetBlockParam(view.name, name, _unbounded(param, bound)))
        if value is not None and bound not in BOUNDS.get(param.type, ()):
            yield view.problem("P011", f"{place} is a {param.type}, which has no {bound}.", "Remove it.", fix=without)
        elif value is not None and param.type != "float" and value != int(value):
            message = f"{place} has {bound} = {value}, but its values are whole numbers."
            yield view.problem("P011", message, "Write a whole number.", fix=without)
    if param.is_empty:
        message = f"{place} has min = {param.min} and max = {param.max}, so no value is legal."
        yield view.problem("P011", message, "Exchange them.")
    elif param.options and param.type != "choice":
        fix = (f"Remove options of {name}", SetBlockParam(view.name, name, replace(param, options=())))
        yield view.problem("P011", f"{place} is a {param.type}, which has no options.", "Remove them.", fix=fix)
    elif param.type == "choice" and not param.options:
        yield view.problem("P011", f"{place} is a choice without options.", "List the words to choose from.")
    elif odd := [option for option in param.options if not option or not option.isprintable()]:
        message = f"{place} has the option {display(odd[0])}, which cannot be shown as a word."
        yield view.problem("P011", message, "Use words of printable letters.")
    elif wrong := param.default_problem(name):
        yield view.problem("P011", f"{place} has a default that is not legal: it {wrong}.", _legal(param))


def _unbounded(param: BlockParam, bound: str) -> BlockParam:
    return replace(param, min=None) if bound == "min" else replace(param, max=None)


def _legal(param: BlockParam) -> str:
    text = param.declared("").range_text()
    return f"Choose another one: {text}." if text else "Choose another one."


def _drop(view: View, name: str) -> tuple[str, Edit] | None:
    try:
        return f"Remove {name}", remove_param(view.project, view.name, name)
    except EditError:  # its default cannot be part of an expression
        return None
