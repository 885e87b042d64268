"""The functions ``losses`` and ``metrics`` of our own dialect, back to nodes."""

import ast
from collections.abc import Iterable, Iterator

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.codegen.expression import call
from engine.codegen.parse.draft import Draft, Ref
from engine.codegen.parse.expressions import Computation, computed
from engine.codegen.parse.literals import value_of, wrong
from engine.codegen.parse.parsed import Comments, ParsedClass, Variable, comment_on, value
from engine.graph.model import Node


def parse_losses(tree: ast.FunctionDef, main: ParsedClass, comments: Comments, phase: str = "") -> None:
    """Add the nodes of ``losses``, or of the function that gives the losses of a phase, to the main graph."""
    scores = _Scores(main, tree, comments, main.phases[phase] if phase else main.returned)
    found: dict[str, Draft] = {}
    total: ast.expr | None = None
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id="total")], value=total):
                pass
            case ast.Assign(targets=[ast.Name(id=variable)], value=made):
                recognized = computed(made)
                if recognized.kind.role == "loss":
                    found[variable] = scores.draft(recognized, variable)
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
    main.losses[phase] = scores.close(found.values())


def parse_metrics(tree: ast.FunctionDef, main: ParsedClass, comments: Comments) -> None:
    """Add the nodes of ``metrics`` to the main graph, also the one that every loss brings by itself."""
    scores = _Scores(main, tree, comments, main.returned)
    found = []
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=made):
                scores.aside(computed(made), variable, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for key, entry in zip(keys, values, strict=True):
                    recognized = computed(entry)
                    if recognized.kind.role != "metric":
                        raise wrong(entry, f"{ast.unparse(entry)} is no metric.")
                    found.append(scores.draft(recognized, _key(key, statement)))
            case _:
                raise wrong(statement, f"{ast.unparse(statement)} is not known.")
    main.metrics = scores.close(found)


def leave_out_implied(main: ParsedClass) -> None:
    """Take away the one metric that the first loss brings by itself."""
    if len(main.metrics) == 1 and _is_implied(main, main.metrics[0]):
        main.drafts.nodes.remove(main.metrics[0])


class _Scores:
    """One of these functions while it is read. ``returned``: what its ``outputs`` are, by name."""

    def __init__(self, main: ParsedClass, tree: ast.FunctionDef, comments: Comments, returned: dict[str, Ref]) -> None:
        self._main = main
        self._tree = tree
        self._comments = comments
        self._aside: list[Draft] = []
        single = next(iter(returned.values())) if len(returned) == 1 else None
        batch = {name: Ref(main.drafts.input(name), "output") for name in _fields(tree)}
        self._variables: dict[str, Variable] = {"outputs": single or returned, "batch": batch}

    def statements(self) -> Iterator[ast.stmt]:
        """All but the docstring."""
        for statement in self._tree.body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                yield statement

    def draft(self, found: Computation, name: str) -> Draft:
        """A node for what an expression computes."""
        inputs = {port: value(fed, self._variables) for port, fed in found.inputs.items()}
        outputs = tuple(port.name for port in found.kind.outputs)
        return Draft(Node(found.kind.kind, found.params), name, inputs=inputs, outputs=outputs)

    def aside(self, found: Computation, variable: str, statement: ast.stmt) -> None:
        """A function of the batch; several functions may hold it, but the graph has it once."""
        if found.kind.role != "layer":
            raise wrong(statement, f"{found.kind.kind} does not belong here.")
        draft = self.draft(found, comment_on(statement, self._comments) or variable)
        known = self._main.known(draft)
        if known is None:
            self._main.drafts.add(draft, before=self._next_known(statement))
        else:
            known.is_named = True
        self._aside.append(known or draft)
        self._variables[variable] = Ref(known or draft, draft.outputs[0])

    def close(self, scores: Iterable[Draft]) -> list[Draft]:
        """Add the losses or metrics of the function, but for those that the graph has already; all of them."""
        found = []
        for score in scores:
            known = self._main.known(score)
            if known and known.node.params.get("scale") != score.node.params.get("scale"):
                raise wrong(self._tree, f"{score.name} has another factor here than in the function above.")
            found.append(known or self._main.drafts.add(score))
        self._main.chains += [self._aside, found]
        return found

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


def _is_implied(main: ParsedClass, draft: Draft) -> bool:
    """Whether a metric is what the generator writes of its own accord, for the first loss."""
    kind = layer(draft.node.kind)
    loss = next(
        (other for other in main.drafts.nodes if (found := layer(other.node.kind)) and found.role == "loss"), None
    )
    declared = layer(loss.node.kind) if loss else None
    if kind is None or loss is None or declared is None or declared.metric != kind.kind or draft.inputs != loss.inputs:
        return False
    taken = {name: loss.node.params[name] for name in declared.metric_takes if name in loss.node.params}
    arguments = {port: port for port in draft.inputs}
    text = call(kind, "", arguments, draft.node.params)
    return draft.name == kind.usual_name and text == call(kind, "", arguments, {**declared.metric_params, **taken})
