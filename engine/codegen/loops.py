"""The ``for`` of a `Loop` or of a repeated block in ``forward``, in which each round calls the block once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.codegen.literals import quote
from engine.codegen.source import Writer
from engine.graph.loops import LoopSettings
from engine.graph.model import End

ROUND = "each_{}"
CARRIED = "previous_{}"
COLLECTED = "all_{}"


class BlockVariable(NamedTuple):
    """The variable of what a block gives. ``outputs``: of the block; those of several are a dict in the source."""

    name: str
    outputs: tuple[str, ...]

    def output(self, name: str) -> str:
        """The expression of an output."""
        return self.name if len(self.outputs) == 1 else f"{self.name}[{quote(name)}]"

    def assignment(self, values: Mapping[str, str]) -> str:
        """The statement that gives outputs these values; empty where they have them already, or there are none."""
        if len(self.outputs) > 1 and values:
            return f"{self.name} = {{{', '.join(f'{quote(output)}: {value}' for output, value in values.items())}}}"
        return "".join(f"{self.name} = {value}" for value in values.values() if value != self.name)


class Rounds(NamedTuple):
    """A ``for`` and the statements around it.

    ``first``: the values of outputs of the block before the first round. ``before``: statements before these are
    assigned. ``lists``: statements after that.
    """

    variable: BlockVariable
    first: dict[str, str]
    before: tuple[str, ...]
    lists: tuple[str, ...]
    head: str
    body: tuple[str, ...]
    after: tuple[str, ...] = ()

    def begins_with(self, values: Mapping[str, str]) -> bool:
        """Whether outputs have these values at first, so that `first` may be assigned before all other statements."""
        reads = any(line.split(" = ")[-1].partition("[")[0] == self.variable.name for line in self.before)
        return values.items() <= self.first.items() and not reads

    def write(self, writer: Writer, owner: str, comment: str, indent: int, *, has_begun: bool) -> None:
        """Write all statements. ``indent``: in spaces. ``has_begun``: that of `first` is written already."""
        first = "" if has_begun else self.variable.assignment(self.first)
        for line in (*self.before, *filter(None, [first]), *self.lists):
            writer.write(line, indent, owner=owner)
        writer.write(self.head, indent, owner=owner, comment=comment)
        for line in self.body:
            writer.write(line, indent + 4, owner=owner)
        for line in self.after:
            writer.write(line, indent, owner=owner)


def repetitions(attribute: str, variable: BlockVariable, inputs: Sequence[str], more: Sequence[str]) -> Rounds:
    """A repeated block: each repetition takes the outputs of the one before; inputs beyond those stay the same.

    ``inputs``: the expression of each. ``more``: further arguments of the block.
    """
    outputs = variable.outputs
    values = [*map(variable.output, outputs), *inputs[len(outputs) :], *more]
    call = f"{variable.name} = block({', '.join(values)})"
    first = dict(zip(outputs, inputs, strict=False))
    return Rounds(variable, first, (), (), f"for block in self.{attribute}:", (call,))


def rounds_of(
    loop: LoopSettings,
    attribute: str,
    variable: BlockVariable,
    inputs: Mapping[str, str],
    more: Sequence[str],
    variables: Mapping[str, str],
    count: str,
) -> Rounds:
    """The rounds of a `Loop`.

    ``inputs``: the expression of each, in the block's order. ``more``: further arguments of the block. ``variables``:
    those that `loop_variables` names, by port. ``count``: the text of the count.
    """
    carried = dict(loop.carry)
    separate = [port for port in inputs if port in carried and port in variables]
    first: dict[str, str] = {}
    for port, value in inputs.items():
        if port in carried and port not in separate:
            first.setdefault(carried[port], value)
    values = [
        variables.get(port) or (variable.output(carried[port]) if port in carried else value)
        for port, value in inputs.items()
    ]
    body = [f"{variable.name} = self.{attribute}({', '.join([*values, *more])})"]
    body += [f"{variables[port]} = {variable.output(carried[port])}" for port in separate]
    body += [f"{variables[name]}.append({variable.output(name)})" for name in loop.collect]
    return Rounds(
        variable,
        first,
        tuple(f"{variables[port]} = {inputs[port]}" for port in separate),
        tuple(f"{variables[name]} = []" for name in loop.collect),
        _head(loop, inputs, variables, count),
        tuple(body),
        tuple(f"{variable.output(name)} = torch.stack({variables[name]}, {loop.axis})" for name in loop.collect),
    )


def _head(loop: LoopSettings, inputs: Mapping[str, str], variables: Mapping[str, str], count: str) -> str:
    if not loop.over:
        return f"for _ in range({count}):"
    parts = [f"{inputs[port]}.unbind({axis})" for port, axis in loop.over]
    names = ", ".join(variables[port] for port, _ in loop.over)
    values = parts[0] if len(parts) == 1 else f"zip({', '.join(parts)}, strict=True)"
    return f"for {names} in {values}:"


def loop_variables(loop: LoopSettings, inputs: Mapping[str, End]) -> dict[str, str]:
    """The names that the variables of a loop ask for, by port of the block.

    ``inputs``: what feeds each, in the block's order. An output that is carried to several inputs is the variable of
    the block at the first of them; one with another value in the first round has a variable of its own.
    """
    names = {port: ROUND.format(_short(port)) for port, _ in loop.over}
    carried, first = dict(loop.carry), dict[str, End]()
    for port, end in inputs.items():
        if port in carried and end != first.setdefault(carried[port], end):
            names[port] = CARRIED.format(_short(port))
    return names | {port: COLLECTED.format(port) for port in loop.collect}


def _short(port: str) -> str:
    """An input without underscores around it: the same where the source gives it another name, as ``input_``."""
    return port.strip("_") or "value"
