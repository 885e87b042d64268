"""The generated functions ``losses`` and ``metrics``, parsed back to nodes."""

import ast
from collections.abc import Iterable, Iterator

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.codegen.expression import call
from engine.codegen.parse.draft import Draft, Ref
from engine.codegen.parse.expressions import Computation, computation_of
from engine.codegen.parse.literals import source_error, value_of
from engine.codegen.parse.parsed import Comments, ParsedClass, Variable, comment_on, value
from engine.graph.model import Node


def parse_losses(tree: ast.FunctionDef, main: ParsedClass, comments: Comments, phase: str = "") -> None:
    """Add the nodes of ``losses``, or of the function with the losses of a phase, to the main graph."""
    scores = _Scores(main, tree, comments, main.phases[phase] if phase else main.returns)
    losses: dict[str, Draft] = {}
    total: ast.expr | None = None
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id="total")], value=total):
                pass
            case ast.Assign(targets=[ast.Name(id=variable)], value=expression):
                computation = computation_of(expression)
                if computation.kind.role == "loss":
                    losses[variable] = scores.draft(computation, variable)
                else:
                    scores.add_target_step(computation, variable, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for key, entry in zip(keys, values, strict=True):
                    name = _key(key, statement)
                    if name != "total" and isinstance(entry, ast.Name) and entry.id in losses:
                        losses[entry.id].name = name
                    elif name == "total":
                        total = total if isinstance(entry, ast.Name) and entry.id == "total" else entry
                    else:
                        raise source_error(entry, f"{ast.unparse(entry)} is not a loss.")
            case _:
                raise source_error(statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates.")
    _set_scales(losses, total, tree)
    main.losses[phase] = scores.close(losses.values())


def parse_metrics(tree: ast.FunctionDef, main: ParsedClass, comments: Comments) -> None:
    """Add the nodes of ``metrics`` to the main graph, with the metric that the first loss implies."""
    scores = _Scores(main, tree, comments, main.returns)
    metrics = []
    for statement in scores.statements():
        match statement:
            case ast.Assign(targets=[ast.Name(id=variable)], value=expression):
                scores.add_target_step(computation_of(expression), variable, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for key, entry in zip(keys, values, strict=True):
                    computation = computation_of(entry)
                    if computation.kind.role != "metric":
                        raise source_error(entry, f"{ast.unparse(entry)} is not a metric.")
                    metrics.append(scores.draft(computation, _key(key, statement)))
            case _:
                raise source_error(statement, f"{ast.unparse(statement)} is not a statement that Torchloom generates.")
    main.metrics = scores.close(metrics)


def leave_out_implied(main: ParsedClass) -> None:
    """Remove the only metric if the first loss implies it."""
    if len(main.metrics) == 1 and _is_implied(main, main.metrics[0]):
        main.drafts.nodes.remove(main.metrics[0])


class _Scores:
    """One of these functions while it is parsed. ``returns``: its ``outputs``, by name."""

    def __init__(self, main: ParsedClass, tree: ast.FunctionDef, comments: Comments, returns: dict[str, Ref]) -> None:
        self._main = main
        self._tree = tree
        self._comments = comments
        self._target_steps: list[Draft] = []
        single = next(iter(returns.values())) if len(returns) == 1 else None
        batch = {name: Ref(main.drafts.input(name), "output") for name in _fields(tree)}
        self._variables: dict[str, Variable] = {"outputs": single or returns, "batch": batch}

    def statements(self) -> Iterator[ast.stmt]:
        """All statements but the docstring."""
        for statement in self._tree.body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                yield statement

    def draft(self, computation: Computation, name: str) -> Draft:
        """A node for what an expression computes."""
        inputs = {port: value(expression, self._variables) for port, expression in computation.inputs.items()}
        outputs = tuple(port.name for port in computation.kind.outputs)
        return Draft(Node(computation.kind.kind, computation.params), name, inputs=inputs, outputs=outputs)

    def add_target_step(self, computation: Computation, variable: str, statement: ast.stmt) -> None:
        """Add a function of the batch; it may be in several functions, but is in the graph once."""
        if computation.kind.role != "layer":
            raise source_error(statement, f"{computation.kind.kind} cannot be here.")
        draft = self.draft(computation, comment_on(statement, self._comments) or variable)
        existing = self._main.equal_node(draft)
        if existing is None:
            self._main.drafts.add(draft, before=self._next_known(statement))
        else:
            existing.is_named = True
        self._target_steps.append(existing or draft)
        self._variables[variable] = Ref(existing or draft, draft.outputs[0])

    def close(self, scores: Iterable[Draft]) -> list[Draft]:
        """Add the losses or metrics of the function to the graph, unless it has them already; returns all of them."""
        drafts = []
        for score in scores:
            existing = self._main.equal_node(score)
            if existing and existing.node.params.get("scale") != score.node.params.get("scale"):
                raise source_error(self._tree, f"{score.name} has another factor here than in the function above.")
            drafts.append(existing or self._main.drafts.add(score))
        self._main.chains += [self._target_steps, drafts]
        return drafts

    def _next_known(self, statement: ast.stmt) -> Draft | None:
        """The first node after the statement that is already in the graph: the new one comes before it."""
        for later in self._tree.body[self._tree.body.index(statement) + 1 :]:
            if isinstance(later, ast.Assign) and isinstance(later.targets[0], ast.Name):
                draft = self._main.drafts.by_name(comment_on(later, self._comments) or later.targets[0].id)
                if draft is not None:
                    return draft
        return None


def _fields(tree: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="batch"), slice=ast.Constant(value=str() as name)):
                yield name


def _key(key: ast.expr | None, statement: ast.stmt) -> str:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value
    raise source_error(statement, "the names must be plain text.")


def _set_scales(losses: dict[str, Draft], total: ast.expr | None, tree: ast.FunctionDef) -> None:
    """Set the factor of each loss in the total."""
    remaining = dict(losses)
    for factor, term in _terms(total):
        if not isinstance(term, ast.Name) or term.id not in remaining:
            raise source_error(term, f"{ast.unparse(term)} is not a loss, or is in the total twice.")
        if factor != 1.0:
            remaining[term.id].node.params["scale"] = factor
        del remaining[term.id]
    if remaining:
        raise source_error(tree, f"{', '.join(remaining)} is not part of the total.")


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
    """Whether a metric is the one that the generator adds for the first loss."""
    kind = layer(draft.node.kind)
    kinds = ((each, layer(each.node.kind)) for each in main.drafts.nodes)
    loss = next((each for each, loss_layer in kinds if loss_layer and loss_layer.role == "loss"), None)
    loss_layer = layer(loss.node.kind) if loss else None
    if kind is None or loss is None or loss_layer is None or loss_layer.metric != kind.kind:
        return False
    if draft.inputs != {port: loss.inputs.get(port) for port in draft.inputs}:
        return False
    params = {name: loss.node.params[name] for name in loss_layer.metric_takes if name in loss.node.params}
    arguments = {port: port for port in draft.inputs}
    text = call(kind, "", arguments, draft.node.params)
    return draft.name == kind.usual_name and text == call(kind, "", arguments, {**loss_layer.metric_params, **params})
