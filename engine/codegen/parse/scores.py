"""The functions ``losses`` and ``metrics`` of our own dialect, back to nodes."""

import ast
from collections.abc import Iterator

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import call
from engine.codegen.parse.classes import Comments, ParsedClass, Variable, comment_on, value
from engine.codegen.parse.draft import Draft, Ref
from engine.codegen.parse.expressions import Recognized, computed
from engine.codegen.parse.literals import value_of, wrong
from engine.graph.model import Node


def parse_losses(tree: ast.FunctionDef, main: ParsedClass, comments: Comments) -> None:
    """Add the nodes of ``losses`` to the main graph."""
    scores = _Scores(main, tree, comments)
    found: dict[str, Draft] = {}
    total: ast.expr | None = None
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id="total")], value=total):
                pass
            case ast.Assign(targets=[ast.Name(id=variable)], value=made):
                recognized = computed(made)
                if recognized.kind.role == "loss":
                    found[variable] = main.drafts.add(scores.draft(recognized, variable))
                else:
                    scores.aside(recognized, variable, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for key, entry in zip(keys, values, strict=True):
                    name = _key(key, statement)
                    if name != "total" and isinstance(entry, ast.Name) and entry.id in found:
                        found[entry.id].name = name
                    elif name == "total":
                        total = total if isinstance(entry, ast.Name) and entry.id == "total" else entry
                    else:
                        raise wrong(entry, f"{ast.unparse(entry)} is no loss.")
            case _:
                raise wrong(statement, f"{ast.unparse(statement)} is not known.")
    _weigh(found, total, tree)


def parse_metrics(tree: ast.FunctionDef, main: ParsedClass, comments: Comments) -> None:
    """Add the nodes of ``metrics`` to the main graph, but for the one that every loss brings by itself."""
    scores = _Scores(main, tree, comments)
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=made):
                scores.aside(computed(made), variable, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for key, entry in zip(keys, values, strict=True):
                    recognized = computed(entry)
                    if recognized.kind.role != "metric":
                        raise wrong(entry, f"{ast.unparse(entry)} is no metric.")
                    draft = scores.draft(recognized, _key(key, statement))
                    if len(keys) > 1 or not _is_default(main, draft, recognized.kind):
                        main.drafts.add(draft)
            case _:
                raise wrong(statement, f"{ast.unparse(statement)} is not known.")


class _Scores:
    """One of both functions while it is read."""

    def __init__(self, main: ParsedClass, tree: ast.FunctionDef, comments: Comments) -> None:
        self._main = main
        self._tree = tree
        self._comments = comments
        single = next(iter(main.returned.values())) if len(main.returned) == 1 else None
        batch = {name: Ref(main.drafts.input(name), "output") for name in _fields(tree)}
        self._variables: dict[str, Variable] = {"outputs": single or main.returned, "batch": batch}

    def statements(self) -> Iterator[ast.stmt]:
        """All but the docstring."""
        for statement in self._tree.body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                yield statement

    def draft(self, found: Recognized, name: str) -> Draft:
        """A node for what an expression computes."""
        inputs = {port: value(fed, self._variables) for port, fed in found.inputs.items()}
        outputs = tuple(port.name for port in found.kind.outputs)
        return Draft(Node(found.kind.kind, found.params), name, inputs=inputs, outputs=outputs)

    def aside(self, found: Recognized, variable: str, statement: ast.stmt) -> None:
        """A function of the batch; both functions may hold it, but the graph has it once."""
        if found.kind.role != "layer":
            raise wrong(statement, f"{found.kind.kind} does not belong here.")
        name = comment_on(statement, self._comments) or variable
        draft = self._main.drafts.named(name)
        if draft is None:
            draft = self._main.drafts.add(self.draft(found, name), before=self._next_known(statement))
        self._variables[variable] = Ref(draft, draft.outputs[0])

    def _next_known(self, statement: ast.stmt) -> Draft | None:
        """The first node below the statement that the graph has already: the new one comes before it."""
        for later in self._tree.body[self._tree.body.index(statement) + 1 :]:
            if isinstance(later, ast.Assign) and isinstance(later.targets[0], ast.Name):
                known = self._main.drafts.named(comment_on(later, self._comments) or later.targets[0].id)
                if known is not None:
                    return known
        return None


def _fields(tree: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="batch"), slice=ast.Constant(value=str() as name)):
                yield name


def _key(key: ast.expr | None, statement: ast.stmt) -> str:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    raise wrong(statement, "the names must be plain text.")


def _weigh(found: dict[str, Draft], total: ast.expr | None, tree: ast.FunctionDef) -> None:
    """Give each loss the factor that it has in the total."""
    left = dict(found)
    for factor, term in _terms(total):
        if not isinstance(term, ast.Name) or term.id not in left:
            raise wrong(term, f"{ast.unparse(term)} is no loss that is summed once.")
        if factor != 1.0:
            left[term.id].node.params["scale"] = factor
        del left[term.id]
    if left:
        raise wrong(tree, f"{', '.join(left)} is not part of the total.")


def _terms(total: ast.expr | None) -> Iterator[tuple[Value, ast.expr]]:
    match total:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _terms(left)
            yield from _terms(right)
        case ast.BinOp(left=factor, op=ast.Mult(), right=term):
            yield value_of(factor), term
        case ast.expr():
            yield 1.0, total


def _is_default(main: ParsedClass, draft: Draft, kind: Layer) -> bool:
    """Whether a metric is what the generator writes of its own accord, for the first loss."""
    loss = next(
        (other for other in main.drafts.nodes if (found := layer(other.node.kind)) and found.role == "loss"), None
    )
    declared = layer(loss.node.kind) if loss else None
    if loss is None or declared is None or declared.metric != kind.kind or draft.inputs != loss.inputs:
        return False
    taken = {name: loss.node.params[name] for name in declared.metric_takes if name in loss.node.params}
    arguments = {port: port for port in draft.inputs}
    said = call(kind, "", arguments, draft.node.params)
    return draft.name == kind.usual_name and said == call(kind, "", arguments, {**declared.metric_params, **taken})
