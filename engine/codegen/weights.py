"""The weights in the class of a graph: how they are initialized, which are frozen, and how the others learn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.catalog.expressions import Expression
from engine.catalog.params import Param, Value, thaw
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Initializer, Parametrization
from engine.codegen.literals import nested_literal, quote
from engine.codegen.parameters import Parameters
from engine.codegen.scripts.data_description import keywords
from engine.codegen.source import Writer
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.model import Graph, Node, Part
from engine.graph.weights import NO_SETTINGS, WeightSettings, owner_of

Declarations = Mapping[str, Initializer] | Mapping[str, Parametrization]
LEARNING, FOLLOWS, WEIGHTS = "LEARNING", "FOLLOWS", "WEIGHTS"
CONSTANTS = {
    WEIGHTS: "The files that weights start from:",
    LEARNING: "Factors of the learning rate, and whether weights decay:",
    FOLLOWS: "Weights that move after those of another layer:",
}
"""The class attributes that the training step reads, each with its comment."""

TRAIN = '"""Set the mode of all layers but the frozen ones, which stay in evaluation mode."""'


@dataclass(frozen=True, slots=True)
class Place:
    """A module below a node, as an expression ``at``.

    ``heads``: the loops over blocks that it is in, and the conditions under which it is there, outermost first.
    """

    heads: tuple[str, ...]
    at: str

    def write(self, writer: Writer, statement: str, owner: str, indent: int = 8) -> None:
        """Write a statement about the module, below its heads."""
        for depth, head in enumerate(self.heads):
            writer.write(head, indent + 4 * depth, owner=owner)
        writer.write(statement, indent + 4 * len(self.heads), owner=owner)


class WeightsCode:
    """Writes the settings of weights in one class.

    ``conditions``: by graph and node, the attribute that is true where the node is bypassed.
    """

    def __init__(self, parameters: Parameters, conditions: Mapping[str, Mapping[str, str]]) -> None:
        self.plan, self.parameters, self.conditions = parameters.plan, parameters, conditions
        self.project = self.plan.wiring.project
        self.steps = self.plan.module_steps()
        settings = {step.name: self._settings(step) for step in self.steps}
        self.settings = {name: each for name, each in settings.items() if each is not NO_SETTINGS}

    def _settings(self, step: Step) -> WeightSettings:
        """The settings of a node; a follower is parametrized as the node that it follows."""
        settings = self.plan.wiring.node(step.name).settings
        if settings.follows is None:
            return settings
        leader = self.plan.wiring.graph.nodes.get(settings.follows.node)
        if leader is None or all(other.name != settings.follows.node for other in self.steps):
            raise EngineError(
                f"{step.name} follows {settings.follows.node}, which is not part of the network.",
                node=step.name,
                code="W005",
            )
        return WeightSettings(parametrize=leader.settings.parametrize, follows=settings.follows)

    def constants(self) -> dict[str, dict[str, Mapping[str, object]]]:
        """The attributes of the class that are not empty: by name, the entry of each node."""
        constants: dict[str, dict[str, Mapping[str, object]]] = {WEIGHTS: {}, LEARNING: {}, FOLLOWS: {}}
        for name, settings in self.settings.items():
            if settings.weights:
                prefix = {"prefix": settings.weights.prefix} if settings.weights.prefix else {}
                constants[WEIGHTS][name] = {"path": settings.weights.path, **prefix}
            learning = {"lr_scale": settings.lr_scale, "decay": settings.decay}
            if any(value is not None for value in learning.values()):
                constants[LEARNING][name] = {key: value for key, value in learning.items() if value is not None}
            if settings.follows:
                terms = {"decay": settings.follows.decay, "every": settings.follows.every}
                rest = {key: value for key, value in terms.items() if value is not None}
                constants[FOLLOWS][name] = {"node": settings.follows.node, **rest}
        for constant, entries in constants.items():
            if entries and any(step.name == constant for step in self.steps):
                message = f"A layer cannot be called {constant} where a layer beside it has settings of its weights."
                raise EngineError(message, hint="Rename it.", node=constant, code="G016")
        return {constant: entries for constant, entries in constants.items() if entries}

    def write_constants(self, writer: Writer) -> None:
        """Write the attributes of the class."""
        constants = self.constants()
        for constant, entries in constants.items():
            writer.paste(f"    # {CONSTANTS[constant]}")
            writer.write(f"{constant}: ClassVar = {nested_literal(entries)}", 4)
        if constants:
            writer.blank()

    def construction(self, step: Step, text: str) -> str:
        """The expression that makes a module, inside the call that parametrizes its only parametrized weight."""
        settings = self.settings.get(step.name, NO_SETTINGS)
        if step.block or settings.init or len(settings.parametrize) != 1:
            return text
        ((weight, part),) = settings.parametrize.items()
        return text if "." in weight else _parametrization(text, weight, part)

    def write_beginning(self, writer: Writer, step: Step, indent: int = 8) -> None:
        """Write the lines after the one that makes a module."""
        settings, name = self.settings.get(step.name), step.name
        if settings is None:
            return
        for weight, part in sorted(settings.init.items()):
            *path, last = weight.split(".")
            place = self._place(step, path)
            arguments = ", ".join(filter(None, (f"{place.at}.{last}", self._values(part))))
            place.write(writer, f"{_declaration(INITIALIZERS, part).target}({arguments})", name, indent)
        is_around = self.construction(step, "") != ""
        for weight, part in sorted(settings.parametrize.items()) if not is_around else ():
            *path, last = weight.split(".")
            place = self._place(step, path)
            if step.block and self._is_parametrized(step.block, path, last):
                removal = f"nn.utils.parametrize.remove_parametrizations({place.at}, {quote(last)})"
                place.write(writer, removal, name, indent)
            place.write(writer, _parametrization(place.at, last, part), name, indent)
        if settings.frozen:
            writer.write(f"self.{name}.requires_grad_(False)", indent, owner=name)
        for place in self._let_go(step):
            place.write(writer, f"{place.at}.requires_grad_(True)", name, indent)

    def _values(self, part: Part) -> str:
        """The arguments of an initializer, with its expressions as the constructor spells them."""
        params = {
            name: Expression(self.parameters.in_constructor(value)) if isinstance(value, Expression) else value
            for name, value in part.params.items()
        }
        return _arguments(INITIALIZERS, replace(part, params=params))

    def write_sharing(self, writer: Writer) -> None:
        """Write the lines in which weights become those of other layers, after all layers are made."""
        for name, settings in self.settings.items():
            for weight, other in sorted(settings.shares.items()):
                if all(step.name != owner_of(other) for step in self.steps):
                    message = f"{weight} of {name} is to be {other}, which is not part of the network."
                    raise EngineError(message, hint=f"Wire {owner_of(other)}.", node=name, code="W012")
                own, source = (
                    f"self{''.join(map(_attribute, each.split('.')))}" for each in (f"{name}.{weight}", other)
                )
                indent = self._write_conditions(writer, name, owner_of(other))
                writer.write(f"{own} = {source}", indent, owner=name)

    def write_following(self, writer: Writer) -> None:
        """Write the end of a constructor: followers begin as copies."""
        for name, settings in self.settings.items():
            if settings.follows:
                copy = f"self.{name}.load_state_dict(self.{settings.follows.node}.state_dict())"
                indent = self._write_conditions(writer, name, settings.follows.node)
                writer.write(copy, indent, owner=name)
                writer.write(f"self.{name}.requires_grad_(False)", indent, owner=name)

    def write_train(self, writer: Writer) -> None:
        """Write the method ``train``, where the mode of a layer differs from that of the network."""
        frozen = [name for name, settings in self.settings.items() if settings.frozen]
        let_go = [(step.name, place) for step in self.steps for place in self._let_go(step)]
        if not frozen and not let_go:
            return
        writer.write(f'def train(self, mode: bool = True) -> "{self.plan.name}":', 4)
        writer.write(TRAIN, 8)
        writer.write("super().train(mode)", 8)
        for name in frozen:
            indent = self._write_conditions(writer, name)
            writer.write(f"self.{name}.eval()", indent, owner=name)
        for name, place in let_go:
            indent = self._write_conditions(writer, name)
            place.write(writer, f"{place.at}.train(mode)", name, indent)
        writer.write("return self", 8)
        writer.blank()

    def _write_conditions(self, writer: Writer, name: str, *others: str) -> int:
        """Write the line below which some nodes are there; returns the indentation of what stands below it."""
        own = self.conditions.get(self.plan.name, {})
        attributes = [f"self.{attribute}" for attribute in dict.fromkeys(map(own.get, (name, *others))) if attribute]
        if not attributes:
            return 8
        condition = attributes[0] if len(attributes) == 1 else f"({' or '.join(attributes)})"
        writer.write(f"if not {condition}:", 8, owner=name)
        return 12

    def _place(self, step: Step, path: Iterable[str]) -> Place:
        """Where the module of a weight is. ``path``: the names from the node to it."""
        heads: list[str] = []
        at, inside = f"self.{step.name}", step.block
        if step.repeat > 1:
            at = _loop_variable(heads, at)
        for name in path:
            condition = self.conditions.get(inside, {}).get(name)
            heads += [f"if not {at}.{condition}:"] if condition else []
            at = f"{at}{_attribute(name)}"
            node = self._node(inside, name) if inside else None
            inside = node.graph or "" if node else ""
            if node and node.kind == "Block" and node.repeat > 1:
                at = _loop_variable(heads, at)
        return Place(tuple(heads), at)

    def _node(self, graph: str, name: str) -> Node:
        node = self.project.graphs.get(graph, Graph()).nodes.get(name)
        if node is None:
            raise EngineError(f"There is no node {name} in {graph}.", code="W001")
        return node

    def _is_parametrized(self, graph: str, path: list[str], weight: str) -> bool:
        """Whether a block itself parametrizes a weight. ``path``: the names to its layer."""
        for depth, name in enumerate(path):
            node = self._node(graph, name) if graph else None
            if node is None:
                return False
            if ".".join([*path[depth + 1 :], weight]) in node.settings.parametrize:
                return True
            graph = node.graph or ""
        return False

    def _let_go(self, step: Step) -> Iterator[Place]:
        """The modules that a block freezes and the use of it does not."""
        if step.block and self.settings.get(step.name, NO_SETTINGS).frozen is False:
            for path in self._inside(step.block, (), lambda node: bool(node.settings.frozen)):
                yield self._place(step, path)

    def _inside(self, graph: str, path: tuple[str, ...], is_match: Callable[[Node], bool]) -> Iterator[tuple[str, ...]]:
        for name, node in self.project.graphs.get(graph, Graph()).nodes.items():
            if node.shares is None and not node.is_bypassed:
                if is_match(node):
                    yield (*path, name)
                elif node.uses_block:
                    yield from self._inside(node.graph or "", (*path, name), is_match)


def _attribute(name: str) -> str:
    """The end of an expression for what is inside a module: an attribute, or an entry of a list of modules."""
    return f"[{name}]" if name.isdigit() else f".{name}"


def _loop_variable(heads: list[str], source: str) -> str:
    loops = sum(head.startswith("for ") for head in heads)
    variable = f"block{loops + 1 if loops else ''}"
    heads.append(f"for {variable} in {source}:")
    return variable


def _declaration(declarations: Declarations, part: Part) -> Initializer | Parametrization:
    if part.kind not in declarations:
        raise EngineError(f"{part.kind!r} is not in the catalogue.", code="W002")
    return declarations[part.kind]


def _arguments(declarations: Declarations, part: Part) -> str:
    declared = _declaration(declarations, part).params
    params = [param for param in declared if param.name in part.params or param.required]
    values = {param.name: _legal(param, part.params.get(param.name, param.default)) for param in params}
    return keywords(tuple(params), values)


def _legal(param: Param, value: Value) -> Value:
    """The value of the type that torch takes."""
    return value if isinstance(value, Expression) else param.from_json(thaw(value))


def _parametrization(module: str, weight: str, part: Part) -> str:
    name = quote(weight) if weight != "weight" else ""
    arguments = ", ".join(filter(None, (module, name, _arguments(PARAMETRIZATIONS, part))))
    return f"{_declaration(PARAMETRIZATIONS, part).target}({arguments})"
