"""The methods of a generated class, parsed back to nodes: ``forward``, and one for each training phase."""

import ast
import re
from collections.abc import Iterable, Iterator

from engine.catalog.emit import Module, Pattern
from engine.codegen.expression import COUNT
from engine.codegen.graph_class import method
from engine.codegen.names import RUNNING
from engine.codegen.parse.draft import Draft, Ref
from engine.codegen.parse.expressions import Computation, computation_of, module_call
from engine.codegen.parse.literals import source_error
from engine.codegen.parse.loops import ParsedLoop, is_stacking, loop_of
from engine.codegen.parse.parsed import Comments, ParsedClass, ParsedModule, Variable, comment_on, value
from engine.graph.loops import LoopSettings
from engine.graph.model import Node

_RESULT = re.compile(r"(?:Computes|Gives) `(\w+)`")  # earlier versions wrote Gives
_PHASE = "phase"


def read_forward(
    tree: ast.FunctionDef, parsed: ParsedClass, comments: Comments, sentence: str, *, is_main: bool
) -> None:
    """Read ``forward``. ``sentence``: the first one of the class, which names a single returned value."""
    reader = _Method(parsed, comments)
    tree = parsed.with_expressions(tree)
    for argument in tree.args.args[1:]:
        if is_main and argument.arg == _PHASE:
            continue
        if _is_count(argument):
            parsed.takes_count = True
            continue
        draft = parsed.drafts.input(argument.arg) if is_main else parsed.drafts.add(Draft(Node("Input"), argument.arg))
        parsed.inputs.append(draft)
        reader.variables[argument.arg] = Ref(draft, "output")
    result = _RESULT.match(sentence)
    parsed.returns = reader.read(
        _without_phase(tree.body, parsed) if is_main else tree.body, result[1] if result else "output"
    )


def read_phase(tree: ast.FunctionDef, parsed: ParsedClass, comments: Comments) -> None:
    """Read the method of a phase that ``forward`` has named."""
    reader = _Method(parsed, comments)
    tree = parsed.with_expressions(tree)
    for argument in tree.args.args[1:]:
        if not _is_count(argument):
            reader.variables[argument.arg] = Ref(parsed.drafts.input(argument.arg), "output")
    name = next(name for name in parsed.phases if method(name) == tree.name)
    parsed.phases[name] = reader.read(tree.body[1:], "output")


def _is_count(argument: ast.arg) -> bool:
    """Whether an argument is the number of samples to draw, rather than a tensor."""
    kinds = ast.walk(argument.annotation) if argument.annotation else ()
    return argument.arg == COUNT and any(isinstance(kind, ast.Name) and kind.id == "int" for kind in kinds)


def _without_phase(body: list[ast.stmt], parsed: ParsedClass) -> Iterator[ast.stmt]:
    """The statements of ``forward`` without a phase, after those that choose the method of a phase."""
    for statement in body:
        match statement:
            case ast.If(
                test=ast.Compare(
                    left=ast.Name(id="phase"), ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))]
                ),
                body=[ast.Return(value=ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=callee)))],
                orelse=[],
            ) if callee == method(name) and not any(parsed.chains):
                parsed.phases[name] = {}
            case (
                ast.If(test=ast.Compare(left=ast.Name(id="phase"), ops=[ast.IsNot()]), body=[ast.Raise()], orelse=[])
                | ast.Raise()
            ) if parsed.phases:
                pass
            case _:
                yield statement


class _Method:
    """Reads the statements of one method; what equals a node of an earlier method is that node."""

    def __init__(self, parsed: ParsedClass, comments: Comments) -> None:
        self._class = parsed
        self._comments = comments
        self._chain: list[Draft] = []
        self.variables: dict[str, Variable] = {}

    def read(self, body: Iterable[ast.stmt], name: str) -> dict[str, Ref]:
        """The values that the method returns, by name. ``name``: that of a single value."""
        returns: dict[str, Ref] = {}
        for statement in body:
            match statement:
                case ast.Return(value=ast.Dict() as entries):
                    returns = dict(self._entries(entries))
                case ast.Return(value=ast.expr() as alone):
                    returns = {name: value(alone, self.variables)}
                case _:
                    self._statement(statement)
        self._class.chains.append(self._chain)
        return returns

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Name() | ast.Subscript(slice=ast.Constant(value=str())) as other,
            ):
                self.variables[name] = value(other, self.variables)
            case ast.Assign(value=ast.Call(func=ast.Name(id="differentiable"))):
                pass  # the generator writes it again for the gradient that needs it
            case ast.Assign(value=ast.List(elts=[])):
                pass  # what a loop collects
            case ast.Assign(value=expression) if is_stacking(expression):
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as entries):
                self.variables[name] = dict(self._entries(entries))
            case ast.If():
                self._condition(statement)
            case ast.Assign(targets=[target], value=expression):
                self._assign(target, expression, comment_on(statement, self._comments))
            case ast.For(
                target=ast.Name(id=variable),
                iter=ast.Attribute(value=ast.Name(id="self"), attr=name),
                body=[ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id=callee)) as expression)],
            ) if variable == callee:
                self._call(target, expression, name, comment_on(statement, self._comments))
            case ast.For() if loop := loop_of(statement):
                self._loop(loop, comment_on(statement, self._comments))
            case _:
                raise source_error(statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates.")

    def _condition(self, tree: ast.If) -> None:
        """Read the statements below a condition, which bypasses the nodes that they compute."""
        match tree:
            case ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=body, orelse=[]):
                pass
            case ast.If(test=test, body=[ast.Assign()], orelse=[_, *_] as body):
                pass
            case _:
                raise source_error(tree, f"{ast.unparse(tree)} is not a statement that Torchloom generates.")
        bypass, count = self._class.condition(test), len(self._chain)
        for statement in body:
            self._statement(statement)
        for draft in self._chain[count:]:
            draft.node.bypass = bypass

    def _entries(self, tree: ast.Dict) -> Iterator[tuple[str, Ref]]:
        for key, entry in zip(tree.keys, tree.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise source_error(tree, "the names must be plain text.")
            yield key.value, value(entry, self.variables)

    def _assign(self, target: ast.expr, expression: ast.expr, comment: str) -> None:
        match expression:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                self._call(target, expression, name, comment)
            case _:
                computation = computation_of(expression)
                if computation.kind.role != "layer":
                    raise source_error(expression, f"{computation.kind.kind} cannot be in forward.")
                self._compute(computation, target, comment)

    def _compute(self, computation: Computation, target: ast.expr, comment: str) -> None:
        outputs = tuple(port.name for port in computation.kind.outputs_with(computation.params))
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        name = comment or (first.id if isinstance(first, ast.Name) and first.id not in ("_", *RUNNING) else "")
        kind = computation.kind.kind
        draft = Draft(Node(kind, computation.params), name or kind.lower(), bool(name), outputs=outputs)
        draft.inputs = {port: value(expression, self.variables) for port, expression in computation.inputs.items()}
        self._bind(target, self._find_or_add(draft), outputs if len(outputs) > 1 else outputs[0])

    def _loop(self, loop: ParsedLoop, comment: str) -> None:
        """A loop: its block takes the first value of what is carried, and the whole of what the rounds run over."""
        block = module.block if (module := self._class.modules.get(loop.module)) else None
        if module is None or block is None:
            raise source_error(loop.call, f"self.{loop.module} is not a block.")
        settings = loop.settings([port.name for port in block.inputs], list(block.outputs))
        outer = self.variables
        self.variables = outer | {name: value(source, outer) for name, (source, _) in loop.sources.items()}
        if module.owner is None:
            module.node.kind, module.node.loop = "Loop", settings
        self._call(loop.target, loop.call, loop.module, comment, settings)
        self.variables = outer | {loop.target.id: self.variables[loop.target.id]}

    def _call(
        self, target: ast.expr, expression: ast.Call, name: str, comment: str, loop: LoopSettings | None = None
    ) -> None:
        """A call of a module: the node of the module, or one that shares its weights where a comment names it."""
        module = self._class.modules.get(name)
        if module is None:
            raise source_error(expression, f"self.{name} is not known.")
        if module.owner is None:
            module.owner = self._class.drafts.add(Draft(module.node, name))
        elif not comment and module.owner in self._chain:
            comment = f"{name}_again"
        draft = Draft(module.node, name)
        if comment:
            use = Node(module.node.kind, shares=name, graph=module.node.graph, repeat=module.node.repeat)
            use.loop = loop
            draft = Draft(use, comment)
        self._feed(draft, module, expression)
        node = self._find_or_add(draft) if comment else self._owner(module.owner, draft, expression)
        if module.block is not None:
            self._bind_block(target, node)
        else:
            emit = module.kind.emit if module.kind else None
            self._bind(target, node, (isinstance(emit, Module) and emit.pattern(module.node.params)) or node.outputs[0])

    def _feed(self, draft: Draft, module: ParsedModule, expression: ast.Call) -> None:
        """Add the inputs of a call of a module to its node, and the outputs."""
        if module.block is not None:
            words = [word.arg for word in expression.keywords]
            if len(expression.args) != len(module.block.inputs) or words != [COUNT] * module.block.takes_count:
                raise source_error(expression, f"{module.block.name} takes {len(module.block.inputs)} values.")
            expressions = {port.name: each for port, each in zip(module.block.inputs, expression.args, strict=True)}
            draft.outputs = tuple(module.block.outputs)
        elif module.kind is not None:
            computation = module_call(module.kind, expression)
            module.node.params.update(computation.params)
            expressions = computation.inputs
            draft.outputs = tuple(port.name for port in module.kind.outputs)
        else:
            raise source_error(expression, f"{ast.unparse(expression.func)} is not known.")
        draft.inputs = {port: value(each, self.variables) for port, each in expressions.items()}

    def _owner(self, owner: Draft, draft: Draft, expression: ast.expr) -> Draft:
        """The node that has the weights, with its inputs; a node that shares them may have come before it."""
        if any(owner in chain for chain in self._class.chains):
            if owner.inputs != draft.inputs:
                raise source_error(expression, f"{owner.name} takes other values here than in the method above.")
        else:
            owner.inputs, owner.outputs = draft.inputs, draft.outputs
            self._class.drafts.nodes.remove(owner)
            self._class.drafts.add(owner)
        self._chain.append(owner)
        return owner

    def _find_or_add(self, draft: Draft) -> Draft:
        """The node itself, or the equal one of an earlier method."""
        existing = self._class.equal_node(draft)
        if existing is None:
            self._class.drafts.add(draft)
        else:
            existing.is_named = existing.is_named or draft.is_named
        self._chain.append(existing or draft)
        return existing or draft

    def _bind(self, target: ast.expr, draft: Draft, pattern: Pattern | str) -> None:
        for variable, port in _unpack(target, pattern):
            self.variables[variable] = Ref(draft, port)

    def _bind_block(self, target: ast.expr, draft: Draft) -> None:
        if not isinstance(target, ast.Name):
            raise source_error(target, f"{ast.unparse(target)} does not fit the number of outputs.")
        refs = {port: Ref(draft, port) for port in draft.outputs}
        self.variables[target.id] = refs if len(refs) > 1 else next(iter(refs.values()))


def _unpack(target: ast.expr, pattern: Pattern | str) -> Iterator[tuple[str, str]]:
    match target:
        case ast.Name(id="_"):
            return
        case ast.Name(id=variable) if isinstance(pattern, str):
            yield variable, pattern
        case ast.Tuple(elts=elements) if not isinstance(pattern, str) and len(elements) == len(pattern):
            for element, part in zip(elements, pattern, strict=True):
                yield from _unpack(element, part)
        case _:
            raise source_error(target, f"{ast.unparse(target)} does not fit the outputs.")
