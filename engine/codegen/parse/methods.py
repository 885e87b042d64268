"""The methods of a class of our own dialect, back to nodes: ``forward``, and one for each training phase."""

import ast
import re
from collections.abc import Iterable, Iterator

from engine.catalog.emit import Module, Pattern
from engine.codegen.block import method
from engine.codegen.expression import COUNT
from engine.codegen.names import RUNNING
from engine.codegen.parse.draft import Draft, Ref
from engine.codegen.parse.expressions import Computation, called_module, computed
from engine.codegen.parse.literals import wrong
from engine.codegen.parse.parsed import Comments, ModuleCall, ParsedClass, Variable, comment_on, value
from engine.graph.model import Node

_GIVES = re.compile(r"Gives `(\w+)`")
_PHASE = "phase"


def read_forward(tree: ast.FunctionDef, own: ParsedClass, comments: Comments, sentence: str, *, is_main: bool) -> None:
    """Read ``forward``. ``sentence``: the first of the class, which names a value that is returned alone."""
    reader = _Method(own, comments)
    for argument in tree.args.args[1:]:
        if is_main and argument.arg == _PHASE:
            continue
        if _is_count(argument):
            own.takes_count = True
            continue
        draft = own.drafts.input(argument.arg) if is_main else own.drafts.add(Draft(Node("Input"), argument.arg))
        own.inputs.append(draft)
        reader.variables[argument.arg] = Ref(draft, "output")
    gives = _GIVES.match(sentence)
    own.returned = reader.read(_chosen(tree.body, own) if is_main else tree.body, gives[1] if gives else "output")


def read_phase(tree: ast.FunctionDef, own: ParsedClass, comments: Comments) -> None:
    """Read the method of a phase that ``forward`` knows."""
    reader = _Method(own, comments)
    for argument in tree.args.args[1:]:
        if not _is_count(argument):
            reader.variables[argument.arg] = Ref(own.drafts.input(argument.arg), "output")
    name = next(name for name in own.phases if method(name) == tree.name)
    own.phases[name] = reader.read(tree.body[1:], "output")


def _is_count(argument: ast.arg) -> bool:
    """Whether an argument is the number of samples to draw, rather than a value."""
    kinds = ast.walk(argument.annotation) if argument.annotation else ()
    return argument.arg == COUNT and any(isinstance(kind, ast.Name) and kind.id == "int" for kind in kinds)


def _chosen(body: list[ast.stmt], own: ParsedClass) -> Iterator[ast.stmt]:
    """The statements of ``forward`` without a phase; those that choose the method of a phase come first."""
    for statement in body:
        match statement:
            case ast.If(
                test=ast.Compare(
                    left=ast.Name(id="phase"), ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))]
                ),
                body=[ast.Return(value=ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=called)))],
                orelse=[],
            ) if called == method(name) and not any(own.chains):
                own.phases[name] = {}
            case (
                ast.If(test=ast.Compare(left=ast.Name(id="phase"), ops=[ast.IsNot()]), body=[ast.Raise()], orelse=[])
                | ast.Raise()
            ) if own.phases:
                pass
            case _:
                yield statement


class _Method:
    """Reads the statements of one method; what an earlier one computes alike is the same node."""

    def __init__(self, own: ParsedClass, comments: Comments) -> None:
        self._own = own
        self._comments = comments
        self._chain: list[Draft] = []
        self.variables: dict[str, Variable] = {}

    def read(self, body: Iterable[ast.stmt], name: str) -> dict[str, Ref]:
        """What it returns, by name. ``name``: of a value that is returned alone."""
        returned: dict[str, Ref] = {}
        for statement in body:
            match statement:
                case ast.Return(value=ast.Dict() as entries):
                    returned = dict(self._entries(entries))
                case ast.Return(value=ast.expr() as alone):
                    returned = {name: value(alone, self.variables)}
                case _:
                    self._statement(statement)
        self._own.chains.append(self._chain)
        return returned

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Name() | ast.Subscript(slice=ast.Constant(value=str())) as other,
            ):
                self.variables[name] = value(other, self.variables)
            case ast.Assign(value=ast.Call(func=ast.Name(id="differentiable"))):
                pass  # written again for what differentiates by it
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as entries):
                self.variables[name] = dict(self._entries(entries))
            case ast.Assign(targets=[target], value=expression):
                self._assign(target, expression, comment_on(statement, self._comments))
            case ast.For(
                target=ast.Name(id=variable),
                iter=ast.Attribute(value=ast.Name(id="self"), attr=name),
                body=[ast.Assign(targets=[target], value=ast.Call(func=ast.Name(id=called)) as expression)],
            ) if variable == called:
                self._call(target, expression, name, comment_on(statement, self._comments))
            case _:
                raise wrong(statement, f"{ast.unparse(statement)} is not known.")

    def _entries(self, tree: ast.Dict) -> Iterator[tuple[str, Ref]]:
        for key, entry in zip(tree.keys, tree.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise wrong(tree, "the names must be plain text.")
            yield key.value, value(entry, self.variables)

    def _assign(self, target: ast.expr, expression: ast.expr, comment: str) -> None:
        match expression:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                self._call(target, expression, name, comment)
            case _:
                found = computed(expression)
                if found.kind.role != "layer":
                    raise wrong(expression, f"{found.kind.kind} does not belong into forward.")
                self._compute(found, target, comment)

    def _compute(self, found: Computation, target: ast.expr, comment: str) -> None:
        outputs = tuple(port.name for port in found.kind.outputs)
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        wanted = comment or (first.id if isinstance(first, ast.Name) and first.id not in ("_", *RUNNING) else "")
        draft = Draft(
            Node(found.kind.kind, found.params), wanted or found.kind.kind.lower(), bool(wanted), outputs=outputs
        )
        draft.inputs = {port: value(fed, self.variables) for port, fed in found.inputs.items()}
        self._bind(target, self._settled(draft), ())

    def _call(self, target: ast.expr, expression: ast.Call, name: str, comment: str) -> None:
        """A call of a held module: its own node, or, where a comment names another, one that shares its weights."""
        held = self._own.held.get(name)
        if held is None:
            raise wrong(expression, f"self.{name} is not known.")
        if held.owner is None:
            held.owner = self._own.drafts.add(Draft(held.node, name))
        elif not comment and held.owner in self._chain:
            comment = f"{name}_again"
        draft = Draft(held.node, name)
        if comment:
            draft = Draft(Node(held.node.kind, shares=name, graph=held.node.graph, repeat=held.node.repeat), comment)
        self._feed(draft, held, expression)
        settled = self._settled(draft) if comment else self._owner(held.owner, draft, expression)
        if held.block is not None:
            self._bind_block(target, settled)
        else:
            emit = held.kind.emit if held.kind else None
            self._bind(target, settled, emit.gives if isinstance(emit, Module) else ())

    def _feed(self, draft: Draft, held: ModuleCall, expression: ast.Call) -> None:
        """Note what is passed to a held module, and what it gives."""
        if held.block is not None:
            words = [word.arg for word in expression.keywords]
            if len(expression.args) != len(held.block.inputs) or words != [COUNT] * held.block.takes_count:
                raise wrong(expression, f"{held.block.name} takes {len(held.block.inputs)} values.")
            fed = {port.name: each for port, each in zip(held.block.inputs, expression.args, strict=True)}
            draft.outputs = tuple(held.block.outputs)
        elif held.kind is not None:
            found = called_module(held.kind, expression)
            held.node.params.update(found.params)
            fed = found.inputs
            draft.outputs = tuple(port.name for port in held.kind.outputs)
        else:
            raise wrong(expression, f"{ast.unparse(expression.func)} is not known.")
        draft.inputs = {port: value(each, self.variables) for port, each in fed.items()}

    def _owner(self, owner: Draft, draft: Draft, expression: ast.expr) -> Draft:
        """The node that holds the weights, once its inputs are known; it may have lent them before its turn."""
        if any(owner in chain for chain in self._own.chains):
            if owner.inputs != draft.inputs:
                raise wrong(expression, f"{owner.name} takes other values here than in the method above.")
        else:
            owner.inputs, owner.outputs = draft.inputs, draft.outputs
            self._own.drafts.nodes.remove(owner)
            self._own.drafts.add(owner)
        self._chain.append(owner)
        return owner

    def _settled(self, draft: Draft) -> Draft:
        """The node itself, or the one of an earlier method that computes the same by the same name."""
        known = self._own.known(draft)
        if known is None:
            self._own.drafts.add(draft)
        else:
            known.is_named = known.is_named or draft.is_named
        self._chain.append(known or draft)
        return known or draft

    def _bind(self, target: ast.expr, draft: Draft, gives: Pattern) -> None:
        pattern: Pattern | str = gives or (draft.outputs if len(draft.outputs) > 1 else draft.outputs[0])
        for variable, port in _unpacked(target, pattern):
            self.variables[variable] = Ref(draft, port)

    def _bind_block(self, target: ast.expr, draft: Draft) -> None:
        if not isinstance(target, ast.Name):
            raise wrong(target, f"{ast.unparse(target)} does not fit what is given.")
        refs = {port: Ref(draft, port) for port in draft.outputs}
        self.variables[target.id] = refs if len(refs) > 1 else next(iter(refs.values()))


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
