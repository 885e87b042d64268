"""What a generated ``model.py`` compares with what: read from its ``losses`` and ``metrics`` functions."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

CLASS_LOSSES = frozenset({"cross_entropy", "nll_loss"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A loss that compares an output of the network, ``None`` when there is only one, with a field of the data."""

    node: str | None
    function: str  # of torch.nn.functional
    output: str | None
    field: str

    @property
    def is_class(self) -> bool:
        """Whether the field holds class numbers, and the output a score for each class."""
        return self.function in CLASS_LOSSES


def answer_fields(source: str) -> tuple[str, ...]:
    """The fields of a batch that losses and metrics read, in the order they are first read."""
    found = (_key(node, "batch") for function in _measures(source) for node in ast.walk(function))
    return tuple(dict.fromkeys(name for name in found if name is not None))


def forward_fields(source: str, network: str) -> tuple[str, ...]:
    """The fields that the network's ``forward`` takes, in order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == network:
            functions = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "forward"]
            return tuple(one.arg for function in functions for one in function.args.args[1:])
    return ()


def first_comparison(source: str) -> Comparison | None:
    """The first loss that compares the network's output with a field as it is, or ``None``."""
    return next(_comparisons(source), None)


def class_comparison(source: str) -> Comparison | None:
    """The first of these that compares scores with classes, or ``None``."""
    return next((found for found in _comparisons(source) if found.is_class), None)


def _comparisons(source: str) -> Iterator[Comparison]:
    for function in _measures(source):
        names = {id(value): name for name, value in _named(function)}
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(attr=called), args=[scores, target, *_]):
                    output, field = _key(scores, "outputs"), _key(target, "batch")
                    bare = isinstance(scores, ast.Name) and scores.id == "outputs"
                    if field is not None and (bare or output is not None):
                        yield Comparison(names.get(id(node)), called, output, field)


def _named(function: ast.FunctionDef) -> Iterator[tuple[str, ast.expr]]:
    """Each value with the name it is given, by assignment or as a dict's key."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value


def _measures(source: str) -> Iterator[ast.FunctionDef]:
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    yield from (function for name in ("losses", "metrics") for function in functions if function.name == name)


def _key(node: ast.AST, of: str) -> str | None:
    """``name`` when the node is ``of["name"]``."""
    match node:
        case ast.Subscript(value=ast.Name(id=base), slice=ast.Constant(value=str(name))) if base == of:
            return name
    return None
