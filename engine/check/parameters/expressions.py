"""Rules about the expressions of nodes: they can be read, read what there is, and have a value."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.expressions import (
    Constant,
    Expression,
    ExpressionError,
    evaluate,
    names,
    parse,
    rename,
    rename_ports,
    shortened,
    sizes,
)
from engine.catalog.index import did_you_mean, nearest
from engine.catalog.params import find
from engine.catalog.value_text import display
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, SetLoop, SetNode, SetParam, SetWeights
from engine.graph.loops import LoopSettings
from engine.graph.model import UNSET, Node
from engine.graph.node_expressions import LOOP_NAMES, expressions_of, with_expressions
from engine.graph.resolved import NO_SIZES, loop_values

MAX_TRIALS = 1000  # repetitions of which the values are computed; more are a problem of their own


def problems(view: View) -> Iterator[Diagnostic]:
    """The problems of every expression of a graph, at the first use of the graph."""
    for name, node in view.unresolved.nodes.items():
        for param, expression in expressions_of(node):
            yield from _Rules(view, name, node, param, expression).problems()


class _Rules:
    """The rules about one expression; ``param`` is ``None`` for that of a bypass."""

    def __init__(self, view: View, name: str, node: Node, param: str | None, expression: Expression) -> None:
        self._view, self._name, self._node, self._param, self._expression = view, name, node, param, expression
        self._what = param or "bypass"
        self._is_repeated = param in node.params and node.kind == "Block" and node.repeat > 1

    def problems(self) -> Iterator[Diagnostic]:
        """The problem of the text, or else those of what it reads, or else that it has no value."""
        try:
            parse(self._expression.text)
        except ExpressionError as wrong:
            yield self._problem("P010", f"{self._what}: {wrong.message}", wrong.hint, fix=self._reset())
            return
        wrong_reads = [*self._names(), *self._sizes()]
        yield from wrong_reads
        if not wrong_reads:
            yield from self._value()

    def _names(self) -> Iterator[Diagnostic]:
        view, block = self._view, self._view.name
        params = () if view.is_main else tuple(view.unresolved.params)
        allowed = (*params, *(LOOP_NAMES if self._is_repeated else ()))
        for name in names(self._expression):
            if name in allowed:
                continue
            if name in LOOP_NAMES:
                hint = f"Only the parameters of a repeated use of a block may read {name}: write a value."
                yield self._problem("P008", f"{self._text} reads {name} outside of a repeated use.", hint)
            elif view.is_main:
                message = f"{self._text} reads {name}, but the main graph has no parameters."
                yield self._problem("P007", message, "Write a value, or make a block of it, which can have parameters.")
            else:
                has = f"{block} has {', '.join(params)}." if params else f"Add the parameter {name} to {block}."
                best = nearest(name, allowed)
                change = self._set(rename(self._expression, {name: best}))
                message = f"{self._text} reads {name}, which is no parameter of {block}."
                yield self._problem(
                    "P007", message, did_you_mean(name, allowed) or has, fix=(f"Read {best}", change) if best else None
                )

    def _sizes(self) -> Iterator[Diagnostic]:
        view = self._view
        inputs = () if view.is_main else tuple(view.unresolved.of_kind("Input"))
        for port, axis in sizes(self._expression):
            text = f"size({port}, {axis})"
            if view.is_main:
                message = f"{self._text} reads {text}, but only a block may read sizes of its inputs."
                yield self._problem("P009", message, "Write a number.")
            elif port not in inputs:
                has = f"{view.name} has {', '.join(inputs)}." if inputs else f"{view.name} has no input."
                best = nearest(port, inputs)
                change = self._set(rename_ports(self._expression, {port: best}))
                message = f"{self._text} reads {text}, but {port} is no input of {view.name}."
                yield self._problem(
                    "P009", message, did_you_mean(port, inputs) or has, fix=(f"Read {best}", change) if best else None
                )
            elif axis == 0:
                message = f"{self._text} reads {text}, the number of samples, which differs from batch to batch."
                yield self._problem("P009", message, "Read another axis; they count from 0.")

    def _value(self) -> Iterator[Diagnostic]:
        values = self._view.values or {}
        read = names(self._expression)
        if sizes(self._expression) or any(name not in values and name not in LOOP_NAMES for name in read):
            return  # the analysis knows them
        times = min(self._node.repeat, MAX_TRIALS) if self._is_repeated and "index" in read else 1
        for index in range(times):
            try:
                value = evaluate(self._expression, {**values, **loop_values(self._node, index)}, NO_SIZES)
            except ExpressionError as wrong:
                yield self._problem("P006", f"{self._at(index)}{self._what}: {wrong.message}", wrong.hint)
                return
            if problem := self._illegal(value, self._at(index)):
                yield problem
                return

    def _illegal(self, value: Constant, where: str) -> Diagnostic | None:
        """The problem of a value that `values.problems` does not see: of a bypass, or along repetitions."""
        if self._param is None:
            problem = None if isinstance(value, bool) else f"must be true or false, got {display(value)}"
        else:
            is_open = isinstance(self._view.graph.nodes[self._name].params.get(self._param), Expression)
            declared = find(self._view.params(self._name), self._param) if is_open else None
            problem = declared.problem(value) if declared else None
        return None if problem is None else self._problem("P002", f"{where}{self._text} {problem}.", "")

    def _at(self, index: int) -> str:
        return f"in repetition {index + 1}, " if index else ""

    @property
    def _text(self) -> str:
        return f"{self._what} = {shortened(self._expression.text)}"

    def _set(self, value: Expression) -> Edit:
        if self._param is None:
            return SetNode(self._view.name, self._name, "bypass", value)
        if loop := self._rounds:
            return SetLoop(self._view.name, self._name, replace(loop, count=value))
        if self._is_of_weight:
            after = with_expressions(self._node, lambda each: value if each is self._expression else each)
            return SetWeights(self._view.name, self._name, after.settings)
        return SetParam(self._view.name, self._name, self._param, value)

    def _reset(self) -> tuple[str, Edit]:
        if self._param is None:
            return "Turn off bypass", SetNode(self._view.name, self._name, "bypass", value=False)
        if loop := self._rounds:
            return "Set count to 1", SetLoop(self._view.name, self._name, replace(loop, count=1))
        if self._is_of_weight:
            weight, _, name = self._what.rpartition(".")
            settings = self._node.settings
            part = settings.init[weight]
            part = replace(part, params={key: value for key, value in part.params.items() if key != name})
            new = replace(settings, init={**settings.init, weight: part})
            return f"Reset {name}", SetWeights(self._view.name, self._name, new)
        return f"Reset {self._param}", SetParam(self._view.name, self._name, self._param, UNSET)

    @property
    def _is_of_weight(self) -> bool:
        """Whether it is a value of an initializer."""
        return "." in self._what

    @property
    def _rounds(self) -> LoopSettings | None:
        """The rounds whose count the expression is, if it is one."""
        loop = self._node.loop
        return loop if loop and loop.count is self._expression else None

    def _problem(self, code: str, message: str, hint: str, fix: tuple[str, Edit] | None = None) -> Diagnostic:
        return self._view.problem(code, f"{self._name}: {message}", hint, node=self._name, fix=fix)
