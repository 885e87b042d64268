"""The weights in a generated class, parsed back to the settings of its nodes."""

import ast
from collections.abc import Mapping
from dataclasses import replace

from engine.catalog.params import Value
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Initializer, Parametrization
from engine.codegen.parse.literals import ExpressionNode, dotted_name, source_error, value_of
from engine.codegen.weights import CONSTANTS, FOLLOWS, LEARNING, WEIGHTS
from engine.errors import FileProblem
from engine.graph.json_form.weights import settings_from_json
from engine.graph.model import Part
from engine.graph.weights import NO_SETTINGS, WeightSettings

_INITIALIZERS: Mapping[str, Initializer] = {one.target: one for one in INITIALIZERS.values()}
_PARAMETRIZATIONS: Mapping[str, Parametrization] = {one.target: one for one in PARAMETRIZATIONS.values()}
_REMOVE = "nn.utils.parametrize.remove_parametrizations"
_FIELDS = {WEIGHTS: "weights", LEARNING: "", FOLLOWS: "follows"}
"""The key of each class attribute in the JSON of a node."""


class SettingsReader:
    """Collects the settings of one class. ``settings``: by node."""

    def __init__(self) -> None:
        self.settings: dict[str, WeightSettings] = {}

    def by_node(self) -> dict[str, WeightSettings]:
        """The settings of each node: a follower has no other settings than that."""
        return {
            name: WeightSettings(follows=settings.follows) if settings.follows else settings
            for name, settings in self.settings.items()
        }

    def module_call(self, name: str, value: ast.expr) -> ast.expr:
        """The call that makes the module of a node, without the call that parametrizes it."""
        if isinstance(value, ast.Call) and dotted_name(value.func) in _PARAMETRIZATIONS and value.args:
            self._parametrize(value, (name,), "")
            return value.args[0]
        return value

    def constant(self, name: str, tree: ast.expr) -> bool:
        """Read an attribute of the class; false where it has no settings."""
        if name not in CONSTANTS:
            return False
        for node, entries in _entries(tree):
            values: dict[str, object] = {key: value_of(value) for key, value in _entries(entries)}
            field = _FIELDS[name]
            try:
                settings = settings_from_json({field: values} if field else values, node)
            except FileProblem as error:
                raise source_error(entries, error.message) from error
            self.settings[node] = _merged(self.settings.get(node, NO_SETTINGS), settings)
        return True

    def statement(self, tree: ast.stmt, variables: Mapping[str, tuple[str, ...]]) -> bool:
        """Read a statement of the constructor; false where it is not about weights.

        ``variables``: those of the loops around it, each with the path of its modules in the class.
        """
        match tree:
            case ast.If(test=ast.UnaryOp(op=ast.Not()), body=[inner], orelse=[]):  # a layer that may be bypassed
                return self.statement(inner, variables)
            case ast.For(target=ast.Name(id=variable), iter=source, body=[inner]) if path := _path(source, variables):
                return self.statement(inner, {**variables, variable: path})
            case ast.Expr(value=ast.Call() as call):
                return self._call(call, variables)
        return False

    def sharing(self, tree: ast.Assign) -> bool:
        """Read the statement by which a weight is that of another node; false where it is another statement."""
        own, other = _path(tree.targets[0], {}), _path(tree.value, {})
        if len(own) < 2 or len(other) < 2:
            return False
        settings = self.settings.get(own[0], NO_SETTINGS)
        shares = {**settings.shares, ".".join(own[1:]): ".".join(other)}
        self.settings[own[0]] = replace(settings, shares=shares)
        return True

    def _call(self, call: ast.Call, variables: Mapping[str, tuple[str, ...]]) -> bool:
        target = dotted_name(call.func)
        path = _path(call.args[0], variables) if call.args else ()
        if target in _INITIALIZERS and len(path) > 1:
            if len(call.args) != 1:
                raise source_error(call, f"{ast.unparse(call)} is not known.")
            settings = self.settings.get(path[0], NO_SETTINGS)
            part = Part(_INITIALIZERS[target].kind, _values(call, _INITIALIZERS[target]))
            self.settings[path[0]] = replace(settings, init={**settings.init, ".".join(path[1:]): part})
        elif target in _PARAMETRIZATIONS and path:
            self._parametrize(call, path, ".".join(path[1:]))
        elif target == _REMOVE:
            return True  # of a weight that is parametrized again
        else:
            return self._method(call, variables)
        return True

    def _method(self, call: ast.Call, variables: Mapping[str, tuple[str, ...]]) -> bool:
        if not isinstance(call.func, ast.Attribute):
            return False
        path = _path(call.func.value, variables)
        match call.func.attr, call.args:
            case "requires_grad_", [ast.Constant(value=bool() as learns)] if path:
                self.settings[path[0]] = replace(self.settings.get(path[0], NO_SETTINGS), frozen=not learns)
                return True
            case "load_state_dict", [_] if path:
                return True  # of a follower, whose settings name what it copies
        return False

    def _parametrize(self, call: ast.Call, path: tuple[str, ...], inside: str) -> None:
        declaration = _PARAMETRIZATIONS[dotted_name(call.func)]
        names = [value_of(name) for name in call.args[1:]] or ["weight"]
        if len(names) != 1 or not isinstance(names[0], str):
            raise source_error(call, f"{ast.unparse(call)} is not known.")
        weight = f"{inside}.{names[0]}" if inside else names[0]
        settings = self.settings.get(path[0], NO_SETTINGS)
        part = Part(declaration.kind, _values(call, declaration))
        self.settings[path[0]] = replace(settings, parametrize={**settings.parametrize, weight: part})


def _merged(one: WeightSettings, other: WeightSettings) -> WeightSettings:
    """The settings of both."""
    return replace(
        one,
        lr_scale=one.lr_scale if other.lr_scale is None else other.lr_scale,
        decay=one.decay if other.decay is None else other.decay,
        weights=other.weights or one.weights,
        follows=other.follows or one.follows,
    )


def _entries(tree: ast.expr) -> list[tuple[str, ast.expr]]:
    if not isinstance(tree, ast.Dict):
        raise source_error(tree, f"{ast.unparse(tree)} is not a mapping.")
    entries = []
    for key, value in zip(tree.keys, tree.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise source_error(tree, "the names must be plain text.")
        entries.append((key.value, value))
    return entries


def _path(tree: ast.expr, variables: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The path of ``self.stem.conv1`` or ``self.stem.layers[0]`` in the class; empty for anything else."""
    match tree:
        case ast.Attribute(value=ast.Subscript() | ast.Attribute() as inner, attr=name) if path := _path(
            inner, variables
        ):
            return (*path, name)
        case ast.Subscript(value=inner, slice=ast.Constant(value=int() as place)) if path := _path(inner, variables):
            return (*path, str(place))
    first, *rest = dotted_name(tree).split(".")
    if first == "self":
        return tuple(rest)
    return (*variables[first], *rest) if first in variables else ()


def _values(call: ast.Call, declaration: Initializer | Parametrization) -> dict[str, Value]:
    params = {param.name: param for param in declaration.params}
    if any(word.arg not in params for word in call.keywords):
        raise source_error(call, f"{ast.unparse(call)} has a value that is not known.")
    return {
        str(word.arg): word.value.expression if isinstance(word.value, ExpressionNode) else value_of(word.value)
        for word in call.keywords
    }
