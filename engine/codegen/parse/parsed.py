"""A generated class while it is parsed."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.catalog.expressions import Expression, names
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import Argument
from engine.codegen.indexed import Indexed
from engine.codegen.parse.draft import Draft, Drafts, Ref
from engine.codegen.parse.literals import source_error
from engine.codegen.parse.params import ExpressionReader, with_sizes
from engine.graph.block_params import BlockParam
from engine.graph.model import Graph, Node

Comments = Mapping[int, str]
"""Node names in comments behind statements, by line."""
Variable = Ref | dict[str, Ref]
"""The content of a variable: a value, or the values of a block by name."""


@dataclass(slots=True)
class ParsedModule:
    """A module that the constructor makes. ``derived``: those of its arguments that depend on shapes.

    ``values``: those that are parameters of a block, over the arguments of the class around it.
    """

    node: Node
    derived: Mapping[str, Value | Argument | Indexed]
    values: Mapping[str, Value] = field(default_factory=dict)
    kind: Layer | None = None
    block: "ParsedClass | None" = None
    owner: Draft | None = None


@dataclass(slots=True)
class ParsedClass:
    """The graph of a class, as far as it is parsed.

    ``returns``: the values that ``forward`` returns, by name; ``phases``: those of each phase. ``arguments``: those of
    its constructor that depend on shapes; ``sizes``: the input and the axis of those that are sizes. ``params``: the
    block's. ``attributes``: the values that the constructor keeps. ``chains``: the nodes of each method and function in
    the order of its statements. ``losses``: those of each phase, ``""`` without phases. ``metrics``: all that are
    computed. ``has_settings``: it has settings of weights. ``takes_count``: ``forward`` takes the number of samples to
    draw.
    """

    name: str
    drafts: Drafts = field(default_factory=Drafts)
    modules: dict[str, ParsedModule] = field(default_factory=dict)
    inputs: list[Draft] = field(default_factory=list)
    returns: dict[str, Ref] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    arguments: frozenset[str] = frozenset()
    params: dict[str, BlockParam] = field(default_factory=dict)
    sizes: dict[str, tuple[str, int]] = field(default_factory=dict)
    attributes: dict[str, Expression] = field(default_factory=dict)
    phases: dict[str, dict[str, Ref]] = field(default_factory=dict)
    chains: list[list[Draft]] = field(default_factory=list)
    losses: dict[str, list[Draft]] = field(default_factory=dict)
    metrics: list[Draft] = field(default_factory=list)
    has_settings: bool = False
    takes_count: bool = False

    def graph(self) -> Graph:
        """The finished graph."""
        graph = self.drafts.graph()
        graph.params = self.params
        return graph

    def graph_value(self, value: Value) -> Value:
        """A value as the graph has it, with ``size(x, 1)`` in place of the argument for it."""
        return with_sizes(value, self.sizes) if isinstance(value, Expression) else value

    def with_expressions(self, tree: ast.FunctionDef) -> ast.FunctionDef:
        """A method, with the trees of expressions over kept arguments replaced."""
        by_attribute = {name: value.text for name, value in self.attributes.items() if names(value) == (value.text,)}
        reader = ExpressionReader((), (), by_attribute, self.sizes)
        for statement in tree.body:
            reader.visit(statement)
        return tree

    def condition(self, tree: ast.expr) -> Expression:
        """The expression that an attribute keeps, such as ``self.norm_is_bypassed``."""
        if isinstance(tree, ast.Attribute) and ast.unparse(tree.value) == "self" and tree.attr in self.attributes:
            return with_sizes(self.attributes[tree.attr], self.sizes)
        raise source_error(tree, f"{ast.unparse(tree)} is not known.")

    def equal_node(self, draft: Draft) -> Draft | None:
        """The node of an earlier method or function with the same name that computes the same."""
        drafts = (each for chain in self.chains for each in chain)
        return next((each for each in drafts if each.is_like(draft)), None)


def comment_on(statement: ast.stmt, comments: Comments) -> str:
    """The name in the comment behind a statement, or nothing."""
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return next((comments[line] for line in lines if line in comments), "")


def value(node: ast.expr, variables: Mapping[str, Variable]) -> Ref:
    """The value of a variable, or one of the values of a block."""
    match node:
        case ast.Name(id=name):
            variable = variables.get(name)
            if isinstance(variable, Ref):
                return variable
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str() as key)):
            entries = variables.get(name)
            if isinstance(entries, dict) and key in entries:
                return entries[key]
    raise source_error(node, f"{ast.unparse(node)} is not defined here.")


def add_outputs(parsed: ParsedClass, names: list[str]) -> None:
    """Add an Output node for each of these returned values."""
    for name in names:
        parsed.drafts.add(Draft(Node("Output"), name, inputs={"input": parsed.returns[name]}, outputs=()))
