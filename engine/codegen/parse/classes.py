"""A class of our own dialect, back to a graph."""

import ast
from collections.abc import Mapping

from engine.codegen.block import method
from engine.codegen.parse.expressions import built_module
from engine.codegen.parse.literals import value_or_argument, wrong
from engine.codegen.parse.methods import read_forward, read_phase
from engine.codegen.parse.parsed import Comments, ModuleCall, ParsedClass, add_outputs
from engine.codegen.parse.weights import SettingsReader
from engine.graph.model import Node


def parse_class(
    tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments, *, is_main: bool
) -> ParsedClass:
    """Read one class. ``blocks``: those above it."""
    own = _Reader(tree, blocks, comments).read(is_main=is_main)
    own.outputs = list(own.returned)
    if not is_main:
        add_outputs(own, own.outputs)
    return own


class _Reader:
    def __init__(self, tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments) -> None:
        self._tree = tree
        self._own = ParsedClass(tree.name)
        self._blocks = blocks
        self._comments = comments
        self._settings = SettingsReader()

    def read(self, *, is_main: bool) -> ParsedClass:
        sentence = ast.get_docstring(self._tree) or ""
        for statement in self._tree.body:
            match statement:
                case ast.FunctionDef(name="__init__"):
                    self._constructor(statement)
                case ast.FunctionDef(name="forward"):
                    read_forward(statement, self._own, self._comments, sentence, is_main=is_main)
                case ast.FunctionDef(name=name) if name in map(method, self._own.phases):
                    read_phase(statement, self._own, self._comments)
                case ast.FunctionDef(name="train"):
                    self._own.speaks = True  # `engine.codegen.parse.project` compares it with the rest
                case ast.AnnAssign(
                    target=ast.Name(id=name), annotation=ast.Name(id="ClassVar"), value=ast.expr() as held
                ) if self._settings.constant(name, held):
                    self._own.speaks = True
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case _:
                    raise wrong(statement, f"{self._own.name} holds something else than __init__ and forward.")
        for name, settings in self._settings.settled().items():
            if name not in self._own.held:
                raise wrong(self._tree, f"{self._own.name} has settings of {name}, which it does not hold.")
            self._own.speaks = True
            self._own.held[name].node.settings = settings
        return self._own

    def _constructor(self, tree: ast.FunctionDef) -> None:
        arguments = self._own.arguments = frozenset(argument.arg for argument in tree.args.args[1:])
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=construction):
                    self._own.held[name] = self._held(self._settings.unwrapped(name, construction), arguments)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                    pass
                case _ if not self._settings.statement(statement, {}):
                    raise wrong(statement, f"{ast.unparse(statement)} is not known.")

    def _held(self, construction: ast.expr, arguments: frozenset[str]) -> ModuleCall:
        repeat = 1
        match construction:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="nn"), attr="ModuleList"),
                args=[
                    ast.GeneratorExp(
                        elt=one, generators=[ast.comprehension(iter=ast.Call(args=[ast.Constant(value=int(count))]))]
                    )
                ],
            ):
                construction, repeat = one, count
        if (
            isinstance(construction, ast.Call)
            and isinstance(construction.func, ast.Name)
            and construction.func.id in self._blocks
        ):
            given = {word.arg or "": value_or_argument(word.value, arguments) for word in construction.keywords}
            block = self._blocks[construction.func.id]
            if set(given) != block.arguments or construction.args:
                raise wrong(
                    construction, f"{block.name} is built with {', '.join(sorted(block.arguments)) or 'nothing'}."
                )
            return ModuleCall(Node("Block", graph=block.name, repeat=repeat), given, block=block)
        found = built_module(construction, arguments)
        if found is None or repeat != 1:
            raise wrong(construction, f"{ast.unparse(construction)} is no layer that is known.")
        return ModuleCall(Node(found.kind.kind, found.params), found.derived, kind=found.kind)
