"""A `Loop` in ``forward``: a plain ``for``, in which each round calls the block once."""

from collections.abc import Mapping
from typing import NamedTuple

from engine.codegen.literals import quote
from engine.codegen.source import Writer
from engine.graph.loops import LoopSettings

ROUND = "each_{}"
COLLECTED = "all_{}"


class LoopCode(NamedTuple):
    """What a loop is written with.

    ``target``: the variable of its outputs. ``outputs``: of the block; several are a dict in the source.
    ``inputs``: the expression of the value at each wired port, in the order of the block's inputs.
    ``variables``: those of a single round, by port, and of what is collected. ``rounds``: the text of the count.
    """

    settings: LoopSettings
    attribute: str
    target: str
    outputs: tuple[str, ...]
    inputs: Mapping[str, str]
    variables: Mapping[str, str]
    rounds: str

    def output(self, name: str) -> str:
        """The expression of an output after a round."""
        return self.target if len(self.outputs) == 1 else f"{self.target}[{quote(name)}]"

    def write(self, writer: Writer, owner: str, comment: str, more: list[str], indent: int) -> None:
        """Write the loop. ``more``: further arguments of the block. ``indent``: in spaces."""
        for line in self._before():
            writer.write(line, indent, owner=owner)
        writer.write(self._head(), indent, owner=owner, comment=comment)
        carried, rounds = dict(self.settings.carry), dict(self.settings.over)
        values = [
            self.output(carried[port]) if port in carried else self.variables[port] if port in rounds else value
            for port, value in self.inputs.items()
        ]
        writer.write(f"{self.target} = self.{self.attribute}({', '.join([*values, *more])})", indent + 4, owner=owner)
        for name in self.settings.collect:
            writer.write(f"{self.variables[name]}.append({self.output(name)})", indent + 4, owner=owner)
        for name in self.settings.collect:
            stack = f"torch.stack({self.variables[name]}, {self.settings.axis})"
            writer.write(f"{self.output(name)} = {stack}", indent, owner=owner)

    def _before(self) -> list[str]:
        """The values before the first round."""
        first = {output: self.inputs[port] for port, output in self.settings.carry}
        lines = []
        if len(self.outputs) > 1 and first:
            entries = ", ".join(f"{quote(output)}: {value}" for output, value in first.items())
            lines.append(f"{self.target} = {{{entries}}}")
        elif any(value != self.target for value in first.values()):
            lines += [f"{self.target} = {value}" for value in first.values()]
        return [*lines, *(f"{self.variables[name]} = []" for name in self.settings.collect)]

    def _head(self) -> str:
        over = self.settings.over
        if not over:
            return f"for _ in range({self.rounds}):"
        parts = [f"{self.inputs[port]}.unbind({axis})" for port, axis in over]
        names = ", ".join(self.variables[port] for port, _ in over)
        values = parts[0] if len(parts) == 1 else f"zip({', '.join(parts)}, strict=True)"
        return f"for {names} in {values}:"


def loop_variables(settings: LoopSettings) -> dict[str, str]:
    """The names that the variables of a loop ask for, by port of the block."""
    names = {port: ROUND.format(port) for port, _ in settings.over}
    return names | {port: COLLECTED.format(port) for port in settings.collect}
