"""The weights in a class of our own dialect, back to the settings of its nodes."""

import ast
from collections.abc import Mapping
from dataclasses import replace

from engine.catalog.params import Value
from engine.catalog.weights.initializers import INITIALIZERS
from engine.catalog.weights.parametrizations import PARAMETRIZATIONS
from engine.catalog.weights.spec import Initializer, Parametrization
from engine.codegen.parse.literals import dotted, value_of, wrong
from engine.codegen.weights import CONSTANTS, FOLLOWS, LEARNING, WEIGHTS
from engine.errors import FileProblem
from engine.graph.model import Part
from engine.graph.plain.weights import settings_from_json
from engine.graph.weights import NO_SETTINGS, WeightSettings

_INITIALIZERS: Mapping[str, Initializer] = {one.target: one for one in INITIALIZERS.values()}
_PARAMETRIZATIONS: Mapping[str, Parametrization] = {one.target: one for one in PARAMETRIZATIONS.values()}
_REMOVE = "nn.utils.parametrize.remove_parametrizations"
_FIELDS = {WEIGHTS: "weights", LEARNING: "", FOLLOWS: "follows"}
"""Where in the file form of a node each attribute of a class belongs."""


class SettingsReader:
    """Collects the settings of one class. ``found``: by node."""

    def __init__(self) -> None:
        self.found: dict[str, WeightSettings] = {}

    def settled(self) -> dict[str, WeightSettings]:
        """The settings of each node: a follower has nothing of its own but what it follows."""
        return {
            name: WeightSettings(follows=known.follows) if known.follows else known
            for name, known in self.found.items()
        }

    def unwrapped(self, name: str, value: ast.expr) -> ast.expr:
        """The call that makes the module of a node, without what computes its weight."""
        if isinstance(value, ast.Call) and dotted(value.func) in _PARAMETRIZATIONS and value.args:
            self._parametrize(value, (name,), "")
            return value.args[0]
        return value

    def constant(self, name: str, tree: ast.expr) -> bool:
        """Take an attribute of the class; false where it is none of ours."""
        if name not in CONSTANTS:
            return False
        for node, given in _entries(tree):
            values: dict[str, object] = {key: value_of(value) for key, value in _entries(given)}
            field = _FIELDS[name]
            try:
                known = settings_from_json({field: values} if field else values, node)
            except FileProblem as error:
                raise wrong(given, error.message) from error
            self.found[node] = _joined(self.found.get(node, NO_SETTINGS), known)
        return True

    def statement(self, tree: ast.stmt, variables: Mapping[str, tuple[str, ...]]) -> bool:
        """Take a statement of the constructor; false where it is not about weights.

        ``variables``: of the loops around it, the way from the class to what they are.
        """
        match tree:
            case ast.For(target=ast.Name(id=variable), iter=source, body=[inner]) if way := _way(source, variables):
                return self.statement(inner, {**variables, variable: way})
            case ast.Expr(value=ast.Call() as call):
                return self._call(call, variables)
        return False

    def _call(self, call: ast.Call, variables: Mapping[str, tuple[str, ...]]) -> bool:
        target = dotted(call.func)
        way = _way(call.args[0], variables) if call.args else ()
        if target in _INITIALIZERS and len(way) > 1:
            if len(call.args) != 1:
                raise wrong(call, f"{ast.unparse(call)} is not known.")
            known = self.found.get(way[0], NO_SETTINGS)
            part = Part(_INITIALIZERS[target].kind, _values(call, _INITIALIZERS[target]))
            self.found[way[0]] = replace(known, init={**known.init, ".".join(way[1:]): part})
        elif target in _PARAMETRIZATIONS and way:
            self._parametrize(call, way, ".".join(way[1:]))
        elif target == _REMOVE:
            return True  # for what is parametrized again
        else:
            return self._method(call, variables)
        return True

    def _method(self, call: ast.Call, variables: Mapping[str, tuple[str, ...]]) -> bool:
        if not isinstance(call.func, ast.Attribute):
            return False
        way = _way(call.func.value, variables)
        match call.func.attr, call.args:
            case "requires_grad_", [ast.Constant(value=bool() as learns)] if way:
                self.found[way[0]] = replace(self.found.get(way[0], NO_SETTINGS), frozen=not learns)
                return True
            case "load_state_dict", [_] if way:
                return True  # of a follower, whose settings say what it copies
        return False

    def _parametrize(self, call: ast.Call, way: tuple[str, ...], inside: str) -> None:
        declared = _PARAMETRIZATIONS[dotted(call.func)]
        names = [value_of(name) for name in call.args[1:]] or ["weight"]
        if len(names) != 1 or not isinstance(names[0], str):
            raise wrong(call, f"{ast.unparse(call)} is not known.")
        weight = f"{inside}.{names[0]}" if inside else names[0]
        known = self.found.get(way[0], NO_SETTINGS)
        part = Part(declared.kind, _values(call, declared))
        self.found[way[0]] = replace(known, parametrize={**known.parametrize, weight: part})


def _joined(one: WeightSettings, other: WeightSettings) -> WeightSettings:
    """What both say."""
    return replace(
        one,
        lr_scale=one.lr_scale if other.lr_scale is None else other.lr_scale,
        decay=one.decay if other.decay is None else other.decay,
        weights=other.weights or one.weights,
        follows=other.follows or one.follows,
    )


def _entries(tree: ast.expr) -> list[tuple[str, ast.expr]]:
    if not isinstance(tree, ast.Dict):
        raise wrong(tree, f"{ast.unparse(tree)} is no mapping.")
    found = []
    for key, value in zip(tree.keys, tree.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise wrong(tree, "the names must be plain text.")
        found.append((key.value, value))
    return found


def _way(tree: ast.expr, variables: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The names from the class to what ``self.stem.conv1`` is; none for anything else."""
    first, *rest = dotted(tree).split(".")
    if first == "self":
        return tuple(rest)
    return (*variables[first], *rest) if first in variables else ()


def _values(call: ast.Call, declared: Initializer | Parametrization) -> dict[str, Value]:
    params = {param.name: param for param in declared.params}
    if any(word.arg not in params for word in call.keywords):
        raise wrong(call, f"{ast.unparse(call)} has a value that is not known.")
    return {str(word.arg): value_of(word.value) for word in call.keywords}
