"""A generated class, parsed back to a graph."""

import ast
from collections.abc import Mapping

from engine.codegen.graph_class import method
from engine.codegen.parse.expressions import module_of
from engine.codegen.parse.literals import source_error, value_of_use
from engine.codegen.parse.methods import read_forward, read_phase
from engine.codegen.parse.parsed import Comments, ParsedClass, ParsedModule, add_outputs
from engine.codegen.parse.weights import SettingsReader
from engine.graph.model import Node


def parse_class(
    tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments, *, is_main: bool
) -> ParsedClass:
    """Parse one class. ``blocks``: the classes above it."""
    parsed = _Reader(tree, blocks, comments).read(is_main=is_main)
    parsed.outputs = list(parsed.returns)
    if not is_main:
        add_outputs(parsed, parsed.outputs)
    return parsed


class _Reader:
    def __init__(self, tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments) -> None:
        self._tree = tree
        self._class = ParsedClass(tree.name)
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
                    read_forward(statement, self._class, self._comments, sentence, is_main=is_main)
                case ast.FunctionDef(name=name) if name in map(method, self._class.phases):
                    read_phase(statement, self._class, self._comments)
                case ast.FunctionDef(name="train"):
                    self._class.has_settings = True  # `engine.codegen.parse.project` compares it with the settings
                case ast.AnnAssign(
                    target=ast.Name(id=name), annotation=ast.Name(id="ClassVar"), value=ast.expr() as value
                ) if self._settings.constant(name, value):
                    self._class.has_settings = True
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case _:
                    raise source_error(
                        statement, f"{self._class.name} contains something else than __init__ and forward."
                    )
        for name, settings in self._settings.by_node().items():
            if name not in self._class.modules:
                raise source_error(self._tree, f"{self._class.name} has settings of {name}, which it does not contain.")
            self._class.has_settings = True
            self._class.modules[name].node.settings = settings
        return self._class

    def _constructor(self, tree: ast.FunctionDef) -> None:
        arguments = self._class.arguments = frozenset(argument.arg for argument in tree.args.args[1:])
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=construction):
                    self._class.modules[name] = self._module(self._settings.module_call(name, construction), arguments)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                    pass
                case ast.Assign(targets=[ast.Attribute(value=ast.Attribute())]) if self._settings.sharing(statement):
                    pass
                case _ if not self._settings.statement(statement, {}):
                    raise source_error(
                        statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates."
                    )

    def _module(self, construction: ast.expr, arguments: frozenset[str]) -> ParsedModule:
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
            derived = {word.arg or "": value_of_use(word.value, arguments, repeat) for word in construction.keywords}
            block = self._blocks[construction.func.id]
            if set(derived) != block.arguments or construction.args:
                raise source_error(
                    construction, f"{block.name} is built with {', '.join(sorted(block.arguments)) or 'nothing'}."
                )
            return ParsedModule(Node("Block", graph=block.name, repeat=repeat), derived, block=block)
        computation = module_of(construction, arguments)
        if computation is None or repeat != 1:
            raise source_error(construction, f"{ast.unparse(construction)} is not a known layer.")
        return ParsedModule(
            Node(computation.kind.kind, computation.params), {**computation.derived}, kind=computation.kind
        )
