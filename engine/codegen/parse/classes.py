"""A generated class, parsed back to a graph."""

import ast
from collections.abc import Mapping

from engine.catalog.expressions import Expression
from engine.catalog.params import Value
from engine.codegen.expression import Argument
from engine.codegen.graph_class import method
from engine.codegen.indexed import Indexed, OfIndex, UseValue
from engine.codegen.parse.expressions import module_of
from engine.codegen.parse.literals import ExpressionNode, source_error, value_of_use
from engine.codegen.parse.methods import read_forward, read_phase
from engine.codegen.parse.params import ExpressionReader, declared_params, size_of_argument
from engine.codegen.parse.parsed import Comments, ParsedClass, ParsedModule, add_outputs
from engine.codegen.parse.weights import SettingsReader
from engine.graph.model import Node
from engine.graph.node_expressions import with_expressions


def parse_class(
    tree: ast.ClassDef,
    blocks: Mapping[str, ParsedClass],
    comments: Comments,
    *,
    is_main: bool,
    sizes_by_hand: bool = False,
) -> ParsedClass:
    """Parse one class. ``blocks``: the classes above it. ``sizes_by_hand``: sizes that are expressions are values."""
    reader = _Reader(tree, blocks, comments)
    reader.sizes_by_hand = sizes_by_hand
    parsed = reader.read(is_main=is_main)
    parsed.outputs = list(parsed.returns)
    if not is_main:
        add_outputs(parsed, parsed.outputs)
    return parsed


class _Reader:
    sizes_by_hand = False

    def __init__(self, tree: ast.ClassDef, blocks: Mapping[str, ParsedClass], comments: Comments) -> None:
        self._tree = tree
        self._class = ParsedClass(tree.name)
        self._blocks = blocks
        self._comments = comments
        self._settings = SettingsReader()
        forward = next(
            (each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "forward"), None
        )
        self._inputs = [argument.arg for argument in forward.args.args[1:]] if forward else []

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
            node = self._class.modules[name].node
            node.settings = settings
            node.settings = with_expressions(node, self._class.graph_value).settings
        return self._class

    def _constructor(self, tree: ast.FunctionDef) -> None:
        parsed = self._class
        params = parsed.params = declared_params(tree.args)
        arguments = [argument.arg for argument in tree.args.args[1:]]
        parsed.arguments = frozenset(name for name in arguments if name not in params)
        sizes = {name: size_of_argument(name, self._inputs) for name in parsed.arguments}
        parsed.sizes = {name: size for name, size in sizes.items() if size is not None}
        reader = ExpressionReader({*params, *parsed.sizes}, parsed.arguments)
        for statement in tree.body:
            self._statement(reader.visit(statement))

    def _statement(self, statement: ast.AST, condition: Expression | None = None) -> None:
        """Read a statement of the constructor. ``condition``: what bypasses the modules that it makes."""
        match statement:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)],
                value=ExpressionNode(expression=kept_value),
            ):
                self._class.attributes[name] = kept_value
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=construction):
                module = self._module(self._settings.module_call(name, construction), self._class.arguments)
                module.node.bypass = condition or False
                self._class.modules[name] = module
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                pass
            case ast.Assign(targets=[ast.Attribute(value=ast.Attribute())]) if self._settings.sharing(statement):
                pass
            case ast.If(
                test=ast.UnaryOp(op=ast.Not(), operand=ast.Attribute(value=ast.Name(id="self")) as test), orelse=[]
            ):
                for inner in statement.body:
                    self._statement(inner, self._class.condition(test))
            case ast.stmt() if self._settings.statement(statement, {}):
                pass
            case _:
                raise source_error(statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates.")

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
            values = {word.arg or "": value_of_use(word.value, arguments, repeat) for word in construction.keywords}
            block = self._blocks[construction.func.id]
            derived = {name: value for name, value in values.items() if name not in block.params}
            if set(derived) != block.arguments or construction.args:
                raise source_error(
                    construction, f"{block.name} is built with {', '.join(sorted(block.arguments)) or 'nothing'}."
                )
            node = Node("Block", self._params(construction, values, block), graph=block.name, repeat=repeat)
            own = {name: value for name, value in values.items() if not isinstance(value, Argument | Indexed | OfIndex)}
            own = {name: value for name, value in own.items() if name in block.params}
            return ParsedModule(node, derived, own, block=block)
        computation = module_of(construction, arguments)
        if computation is None or repeat != 1:
            raise source_error(construction, f"{ast.unparse(construction)} is not a known layer.")
        derived, params = dict(computation.derived), dict(computation.params)
        for name, value in computation.derived.items():
            if self.sizes_by_hand and isinstance(value, Expression):
                params[name] = value
                del derived[name]
        params = {name: self._class.graph_value(value) for name, value in params.items()}
        return ParsedModule(Node(computation.kind.kind, params), derived, kind=computation.kind)

    def _params(self, tree: ast.expr, values: Mapping[str, UseValue], block: ParsedClass) -> dict[str, Value]:
        """The values of a block's parameters at a use."""
        params: dict[str, Value] = {}
        for name, value in values.items():
            if name in block.params:
                if isinstance(value, Argument | Indexed | OfIndex):
                    raise source_error(tree, f"{name} of {block.name} is no value and no expression.")
                params[name] = self._class.graph_value(value)
        return params
