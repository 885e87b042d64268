"""A class of our own dialect, back to a graph."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.catalog.spec import Layer, Module, Pattern
from engine.codegen.expression import Argument
from engine.codegen.names import RUNNING
from engine.codegen.parse.draft import Draft, Drafts, Ref
from engine.codegen.parse.expressions import Recognized, built_module, called_module, computed
from engine.codegen.parse.literals import value_or_argument, wrong
from engine.codegen.parse.weights import SettingsReader
from engine.graph.model import Node

_GIVES = re.compile(r"Gives `(\w+)`")
Comments = Mapping[int, str]
"""Node names that stand behind statements, by line."""
Variable = Ref | dict[str, Ref]
"""What a variable holds: a value, or a block's values by name."""


@dataclass(slots=True)
class Held:
    """A module that the class holds. ``derived``: what its constructor is told of shapes."""

    node: Node
    derived: dict[str, Value | Argument]
    kind: Layer | None = None
    block: "ParsedClass | None" = None
    owner: Draft | None = None


@dataclass(slots=True)
class ParsedClass:
    """A graph as far as its class tells it. ``returned``: what it returns, by name.

    ``arguments``: what its constructor is told of shapes. ``speaks``: it says something of its weights.
    """

    name: str
    drafts: Drafts = field(default_factory=Drafts)
    held: dict[str, Held] = field(default_factory=dict)
    inputs: list[Draft] = field(default_factory=list)
    returned: dict[str, Ref] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    arguments: frozenset[str] = frozenset()
    variables: dict[str, Variable] = field(default_factory=dict)
    speaks: bool = False


def comment_on(statement: ast.stmt, comments: Comments) -> str:
    """The name that stands behind a statement, or nothing."""
    lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    return next((comments[line] for line in lines if line in comments), "")


def parse_class(
    tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments, *, is_main: bool
) -> ParsedClass:
    """Read one class. ``blocks``: those above it."""
    return _Reader(ParsedClass(tree.name), blocks, comments, is_main=is_main).read(tree)


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


class _Reader:
    def __init__(
        self, own: ParsedClass, blocks: Mapping[str, ParsedClass], comments: Comments, *, is_main: bool
    ) -> None:
        self._own = own
        self._blocks = blocks
        self._comments = comments
        self._is_main = is_main
        self._settings = SettingsReader()

    def read(self, tree: ast.ClassDef) -> ParsedClass:
        for statement in tree.body:
            match statement:
                case ast.FunctionDef(name="__init__"):
                    self._constructor(statement)
                case ast.FunctionDef(name="forward"):
                    self._forward(statement, ast.get_docstring(tree) or "")
                case ast.FunctionDef(name="train"):
                    self._own.speaks = True  # `engine.codegen.parse.project` compares it with what is said
                case ast.Assign(targets=[ast.Name(id=name)], value=said) if self._settings.constant(name, said):
                    self._own.speaks = True
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case _:
                    raise wrong(statement, f"{tree.name} holds something else than __init__ and forward.")
        for name, settings in self._settings.settled().items():
            if name not in self._own.held:
                raise wrong(tree, f"{tree.name} says something of {name}, which it does not hold.")
            self._own.speaks = True
            self._own.held[name].node.settings = settings
        return self._own

    def _constructor(self, tree: ast.FunctionDef) -> None:
        arguments = self._own.arguments = frozenset(argument.arg for argument in tree.args.args[1:])
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=made):
                    self._own.held[name] = self._held(self._settings.unwrapped(name, made), arguments)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                    pass
                case _ if not self._settings.statement(statement, {}):
                    raise wrong(statement, f"{ast.unparse(statement)} is not known.")

    def _held(self, made: ast.expr, arguments: frozenset[str]) -> Held:
        repeat = 1
        match made:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="nn"), attr="ModuleList"),
                args=[
                    ast.GeneratorExp(
                        elt=one, generators=[ast.comprehension(iter=ast.Call(args=[ast.Constant(value=int(count))]))]
                    )
                ],
            ):
                made, repeat = one, count
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in self._blocks:
            given = {word.arg or "": value_or_argument(word.value, arguments) for word in made.keywords}
            block = self._blocks[made.func.id]
            if set(given) != block.arguments or made.args:
                raise wrong(made, f"{block.name} is built with {', '.join(sorted(block.arguments)) or 'nothing'}.")
            return Held(Node("Block", graph=block.name, repeat=repeat), given, block=block)
        found = built_module(made, arguments)
        if found is None or repeat != 1:
            raise wrong(made, f"{ast.unparse(made)} is no layer that is known.")
        return Held(Node(found.kind.kind, found.params), found.derived, kind=found.kind)

    def _forward(self, tree: ast.FunctionDef, sentence: str) -> None:
        for argument in tree.args.args[1:]:
            draft = self._own.drafts.input(argument.arg) if self._is_main else Draft(Node("Input"), argument.arg)
            if not self._is_main:
                self._own.drafts.add(draft)
            self._own.inputs.append(draft)
            self._own.variables[argument.arg] = Ref(draft, "output")
        for statement in tree.body:
            match statement:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Name() | ast.Subscript(slice=ast.Constant(value=str())) as other,
                ):
                    self._own.variables[name] = value(other, self._own.variables)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as entries):
                    self._own.variables[name] = dict(self._entries(entries))
                case ast.Assign(targets=[target], value=made):
                    self._assign(target, made, comment_on(statement, self._comments))
                case ast.For(
                    target=ast.Name(id=variable),
                    iter=ast.Attribute(value=ast.Name(id="self"), attr=name),
                    body=[ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id=called)) as made)],
                ) if variable == called:
                    self._call(target, made, name, comment_on(statement, self._comments))
                case ast.Return(value=ast.expr() as returned):
                    self._return(returned, sentence)
                case _:
                    raise wrong(statement, f"{ast.unparse(statement)} is not known.")

    def _entries(self, tree: ast.Dict) -> Iterator[tuple[str, Ref]]:
        for key, entry in zip(tree.keys, tree.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise wrong(tree, "the names must be plain text.")
            yield key.value, value(entry, self._own.variables)

    def _assign(self, target: ast.expr, made: ast.expr, comment: str) -> None:
        match made:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                self._call(target, made, name, comment)
            case _:
                found = computed(made)
                if found.kind.role != "layer":
                    raise wrong(made, f"{found.kind.kind} does not belong into forward.")
                self._own.drafts.add(self.draft(found, target, comment))

    def draft(self, found: Recognized, target: ast.expr, comment: str) -> Draft:
        outputs = tuple(port.name for port in found.kind.outputs)
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        told = comment or (first.id if isinstance(first, ast.Name) and first.id not in ("_", *RUNNING) else "")
        draft = Draft(Node(found.kind.kind, found.params), told or found.kind.kind.lower(), bool(told), outputs=outputs)
        draft.inputs = {port: value(fed, self._own.variables) for port, fed in found.inputs.items()}
        self._bind(target, draft, ())
        return draft

    def _call(self, target: ast.expr, made: ast.Call, name: str, comment: str) -> None:
        """A call of a held module: its own node, or, where a comment names another, one that shares its weights."""
        held = self._own.held.get(name)
        if held is None:
            raise wrong(made, f"self.{name} is not known.")
        if held.owner is None:
            held.owner = self._own.drafts.add(Draft(held.node, name))
        elif not comment and held.owner.inputs:
            comment = f"{name}_again"
        draft = held.owner
        if comment:
            borrowed = Node(held.node.kind, shares=name, graph=held.node.graph, repeat=held.node.repeat)
            draft = self._own.drafts.add(Draft(borrowed, comment))
        else:
            self._own.drafts.nodes.remove(draft)  # it may have lent its weights before its turn
            self._own.drafts.add(draft)
        if held.block is not None:
            self._call_block(target, made, held.block, draft)
            return
        if held.kind is None:
            raise wrong(made, f"self.{name} is not known.")
        found = called_module(held.kind, made)
        held.node.params.update(found.params)
        draft.outputs = tuple(port.name for port in held.kind.outputs)
        draft.inputs = {port: value(fed, self._own.variables) for port, fed in found.inputs.items()}
        self._bind(target, draft, held.kind.emit.gives if isinstance(held.kind.emit, Module) else ())

    def _call_block(self, target: ast.expr, made: ast.Call, block: ParsedClass, draft: Draft) -> None:
        draft.outputs = tuple(block.outputs)
        if len(made.args) != len(block.inputs) or made.keywords or not isinstance(target, ast.Name):
            raise wrong(made, f"{block.name} takes {len(block.inputs)} values.")
        draft.inputs = {
            port.name: value(fed, self._own.variables) for port, fed in zip(block.inputs, made.args, strict=True)
        }
        refs = {port: Ref(draft, port) for port in draft.outputs}
        self._own.variables[target.id] = refs if len(refs) > 1 else next(iter(refs.values()))

    def _bind(self, target: ast.expr, draft: Draft, gives: Pattern) -> None:
        pattern: Pattern | str = gives or (draft.outputs if len(draft.outputs) > 1 else draft.outputs[0])
        for variable, port in _unpacked(target, pattern):
            self._own.variables[variable] = Ref(draft, port)

    def _return(self, returned: ast.expr, sentence: str) -> None:
        if isinstance(returned, ast.Dict):
            self._own.returned = dict(self._entries(returned))
        else:
            told = _GIVES.match(sentence)
            self._own.returned = {told[1] if told else "output": value(returned, self._own.variables)}
        self._own.outputs = list(self._own.returned)
        if not self._is_main:
            add_outputs(self._own, self._own.outputs)


def add_outputs(own: ParsedClass, names: list[str]) -> None:
    """Give the graph an Output node for each of these returned values."""
    for name in names:
        own.drafts.add(Draft(Node("Output"), name, inputs={"input": own.returned[name]}, outputs=()))


def _unpacked(target: ast.expr, pattern: Pattern | str) -> Iterator[tuple[str, str]]:
    match target:
        case ast.Name(id="_"):
            return
        case ast.Name(id=variable) if isinstance(pattern, str):
            yield variable, pattern
        case ast.Tuple(elts=elements) if not isinstance(pattern, str) and len(elements) == len(pattern):
            for element, part in zip(elements, pattern, strict=True):
                yield from _unpacked(element, part)
        case _:
            raise wrong(target, f"{ast.unparse(target)} does not fit what is given.")
