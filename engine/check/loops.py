"""Rules about loops: what their rounds take, carry and collect must be ports of their block."""

from collections.abc import Iterator, Sequence

from engine.catalog.expressions import Expression
from engine.catalog.index import did_you_mean
from engine.catalog.params import Int
from engine.catalog.value_text import display
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import SetNode
from engine.graph.loops import MAX_ROUNDS, LoopSettings
from engine.graph.model import Node

COUNT = Int("count", 1, min=1, max=MAX_ROUNDS)


def count_problem(loop: LoopSettings) -> str | None:
    """What is wrong with a count, as half a sentence; an expression is judged by its value at each use."""
    return None if loop.count is None or isinstance(loop.count, Expression) else COUNT.problem(loop.count)


def problems(view: View, name: str, node: Node) -> Iterator[Diagnostic]:
    """The problems of one loop whose block exists."""
    loop = node.loop
    if node.repeat != 1:
        yield view.problem(
            "G028",
            f"{name} is a loop, which cannot be repeated {node.repeat} times.",
            "Set repeat to 1.",
            node=name,
            fix=("Set repeat to 1", SetNode(view.name, name, "repeat", 1)),
        )
    if loop is None:
        yield _problem(view, name, f"{name} is a loop without rounds.", "Set the axis it runs over, or a count.")
        return
    yield from _rounds(view, name, loop)
    inputs = [port.name for port in view.ports[name].inputs]
    outputs = [port.name for port in view.ports[name].outputs]
    yield from _unknown(view, name, [port for port, _ in (*loop.over, *loop.carry)], inputs, "input")
    yield from _unknown(view, name, [*(output for _, output in loop.carry), *loop.collect], outputs, "output")
    yield from _twice(view, name, loop)


def _rounds(view: View, name: str, loop: LoopSettings) -> Iterator[Diagnostic]:
    if loop.over and loop.count is not None:
        yield _problem(view, name, f"{name} runs over an axis and has a count too.", "Remove one of them.")
    elif not loop.over:
        wrong = "must be set" if loop.count is None else count_problem(loop)
        if wrong:
            yield _problem(view, name, f"The count of the loop {name} {wrong}.", "Or let it run over an axis.")
    for port, axis in loop.over:
        if axis == 0:
            hint = "Choose another axis, such as 1."
            yield _problem(view, name, f"{name} cannot run over axis 0 of {port}: it holds the samples.", hint)


def _unknown(
    view: View, name: str, ports: Sequence[str], ports_of_block: Sequence[str], what: str
) -> Iterator[Diagnostic]:
    block = view.graph.nodes[name].graph
    for port in dict.fromkeys(ports):
        if port not in ports_of_block:
            hint = did_you_mean(port, ports_of_block) or f"Its {what}s are {', '.join(ports_of_block) or 'none'}."
            yield _problem(view, name, f"The loop {name} names {port}, which is no {what} of {block}.", hint)


def _twice(view: View, name: str, loop: LoopSettings) -> Iterator[Diagnostic]:
    ports = [port for port, _ in (*loop.over, *loop.carry)]
    for port in dict.fromkeys(port for port in ports if ports.count(port) > 1):
        message = f"{display(port)} of the loop {name} takes its value from two places."
        yield _problem(view, name, message, "Keep one of them.")


def _problem(view: View, name: str, message: str, hint: str) -> Diagnostic:
    return view.problem("G028", message, hint, node=name)
