"""What is known of a class of our own dialect while it is read."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import Argument
from engine.codegen.parse.draft import Draft, Drafts, Ref
from engine.codegen.parse.literals import wrong
from engine.graph.model import Node

Comments = Mapping[int, str]
"""Node names that stand behind statements, by line."""
Variable = Ref | dict[str, Ref]
"""What a variable holds: a value, or a block's values by name."""


@dataclass(slots=True)
class ModuleCall:
    """A module that the class holds. ``derived``: what its constructor is told of shapes."""

    node: Node
    derived: dict[str, Value | Argument]
    kind: Layer | None = None
    block: "ParsedClass | None" = None
    owner: Draft | None = None


@dataclass(slots=True)
class ParsedClass:
    """A graph as far as its class tells it.

    ``returned``: what ``forward`` returns, by name; ``phases``: what it returns in each phase. ``arguments``: what its
    constructor takes of shapes. ``chains``: the nodes of each method and function in the order of its statements.
    ``losses``: those of each phase, ``""`` without phases. ``metrics``: all that are computed.
    ``speaks``: it says something of its weights. ``takes_count``: ``forward`` takes how many samples to draw.
    """

    name: str
    drafts: Drafts = field(default_factory=Drafts)
    held: dict[str, ModuleCall] = field(default_factory=dict)
    inputs: list[Draft] = field(default_factory=list)
    returned: dict[str, Ref] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    arguments: frozenset[str] = frozenset()
    phases: dict[str, dict[str, Ref]] = field(default_factory=dict)
    chains: list[list[Draft]] = field(default_factory=list)
    losses: dict[str, list[Draft]] = field(default_factory=dict)
    metrics: list[Draft] = field(default_factory=list)
    speaks: bool = False
    takes_count: bool = False

    def known(self, draft: Draft) -> Draft | None:
        """The node of another method or function that has the name of this one and computes the same."""
        earlier = (each for chain in self.chains for each in chain)
        return next((each for each in earlier if each.is_like(draft)), None)


def comment_on(statement: ast.stmt, comments: Comments) -> str:
    """The name that stands behind a statement, or nothing."""
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return next((comments[line] for line in lines if line in comments), "")


def value(node: ast.expr, variables: Mapping[str, Variable]) -> Ref:
    """The value of a variable, or of one entry of a block's values."""
    match node:
        case ast.Name(id=name):
            found = variables.get(name)
            if isinstance(found, Ref):
                return found
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key)):
            entries = variables.get(name)
            if isinstance(entries, dict) and key in entries:
                return entries[key]
    raise wrong(node, f"{ast.unparse(node)} is no value that is known here.")


def add_outputs(own: ParsedClass, names: list[str]) -> None:
    """Give the graph an Output node for each of these returned values."""
    for name in names:
        own.drafts.add(Draft(Node("Output"), name, inputs={"input": own.returned[name]}, outputs=()))
