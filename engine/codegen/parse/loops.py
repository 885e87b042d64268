"""A generated ``for`` over an axis or a count, parsed back to the rounds of a loop."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.catalog.params import Value
from engine.codegen.parse.literals import ExpressionNode
from engine.graph.loops import LoopSettings


class ParsedLoop(NamedTuple):
    """A loop as it is written. ``sources``: the value behind each variable of a round.

    ``carried``: by variable, the output of the round before that it holds beside the target.
    """

    target: ast.Name
    call: ast.Call
    module: str
    sources: dict[str, tuple[ast.expr, int]]
    rounds: Value
    carried: dict[str, ast.expr]
    collected: tuple[ast.expr, ...]

    def settings(self, inputs: Sequence[str], outputs: Sequence[str]) -> LoopSettings:
        """The rounds, by the ports of the block that is called."""
        ports = list(zip(inputs, self.call.args, strict=False))
        over = {arg.id: (port, self.sources[arg.id][1]) for port, arg in ports
                if isinstance(arg, ast.Name) and arg.id in self.sources}  # fmt: skip
        carry = [(port, output) for port, arg in ports if (output := self._output(arg, outputs))]
        collect = [output for value in self.collected if (output := self._output(value, outputs))]
        return LoopSettings(
            tuple(over[name] for name in self.sources if name in over), self.rounds, tuple(carry), tuple(collect)
        )

    def _output(self, value: ast.expr, outputs: Sequence[str]) -> str:
        """The output of the round before that a value is, or nothing."""
        match value:
            case ast.Name(id=name) if name in self.carried:
                return self._output(self.carried[name], outputs)
            case ast.Name(id=name) if name == self.target.id and len(outputs) == 1:
                return outputs[0]
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key)):
                return key if name == self.target.id else ""
        return ""


def loop_of(statement: ast.For) -> ParsedLoop | None:
    """The loop that a statement is, or ``None`` for another ``for``."""
    match statement.body:
        case [
            ast.Assign(
                targets=[ast.Name() as target],
                value=ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=module)) as call,
            ),
            *rest,
        ]:
            carried = dict(_carried(rest))
            collected = [_appended(each) for each in rest[len(carried) :]]
            head = _head(statement)
            if head and all(collected):
                return ParsedLoop(target, call, module, *head, carried, tuple(each for each in collected if each))
    return None


def is_stacking(value: ast.expr) -> bool:
    """Whether an expression stacks what a loop has collected."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="torch"), attr="stack"), args=[ast.Name(), _], keywords=[]):
            return True
    return False


def _carried(statements: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """The variables that keep an output for the next round, first in the statements after the call."""
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case _:
                return


def _appended(statement: ast.stmt) -> ast.expr | None:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="append"), args=[value])):
            return value
    return None


def _head(statement: ast.For) -> tuple[dict[str, tuple[ast.expr, int]], Value] | None:
    """The variables of a round with their sources, and the count of rounds."""
    match statement.iter:
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(count))]):
            return {}, count
        case ast.Call(func=ast.Name(id="range"), args=[ExpressionNode() as count]):
            return {}, count.expression
        case ast.Call(func=ast.Name(id="zip"), args=parts):
            targets = statement.target.elts if isinstance(statement.target, ast.Tuple) else []
        case part:
            targets, parts = [statement.target], [part]
    variables = {target.id: _unbound(part) for target, part in zip(targets, parts, strict=False)
             if isinstance(target, ast.Name)}  # fmt: skip
    sources = {name: source for name, source in variables.items() if source}
    return (sources, None) if sources and len(sources) == len(parts) else None


def _unbound(part: ast.expr) -> tuple[ast.expr, int] | None:
    match part:
        case ast.Call(func=ast.Attribute(value=value, attr="unbind"), args=[axis]):
            number = ast.literal_eval(axis)
            return (value, number) if isinstance(number, int) else None
    return None
