"""The weights in the class of a graph: how they begin, which stay as they are, and how the others learn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.catalog.params import thaw
from engine.catalog.weights.initializers import INITIALIZERS
from engine.catalog.weights.parametrizations import PARAMETRIZATIONS
from engine.catalog.weights.spec import Initializer, Parametrization
from engine.codegen.literals import nested, quote
from engine.codegen.plan import Plan
from engine.codegen.scripts.data_description import keywords
from engine.codegen.source import Writer
from engine.codegen.wired import Step
from engine.errors import EngineError
from engine.graph.model import Graph, Node, Part
from engine.graph.weights import WeightSettings

Known = Mapping[str, Initializer] | Mapping[str, Parametrization]
LEARNING, FOLLOWS, WEIGHTS = "LEARNING", "FOLLOWS", "WEIGHTS"
CONSTANTS = {
    WEIGHTS: "The files that weights start from:",
    LEARNING: "Factors of the learning rate, and whether weights decay:",
    FOLLOWS: "Weights that move after those of another layer:",
}
"""The attributes of a class that the training step reads, each with its comment."""

TRAIN = '"""Set the mode of all layers but the frozen ones, which stay in evaluation mode."""'


@dataclass(frozen=True, slots=True)
class Place:
    """A module below a node, as an expression ``at``; ``loops``: variables, and the lists of blocks they run over."""

    loops: tuple[tuple[str, str], ...]
    at: str

    def write(self, writer: Writer, statement: str, owner: str) -> None:
        """Write a statement about the module, within the loops."""
        for depth, (variable, source) in enumerate(self.loops):
            writer.write(f"for {variable} in {source}:", 8 + 4 * depth, owner=owner)
        writer.write(statement, 8 + 4 * len(self.loops), owner=owner)


class WeightsCode:
    """Writes it for one class."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.project = plan, plan.wired.project
        self.steps = plan.built()
        self.settings = {step.name: self._settings(step) for step in self.steps}

    def _settings(self, step: Step) -> WeightSettings:
        """The settings of a node; a follower is computed as what it follows is."""
        own = self.plan.wired.node(step.name).settings
        if own.follows is None:
            return own
        leader = self.plan.wired.graph.nodes.get(own.follows.node)
        if leader is None or all(other.name != own.follows.node for other in self.steps):
            raise EngineError(
                f"{step.name} follows {own.follows.node}, which is not part of the network.",
                node=step.name,
                code="W005",
            )
        return WeightSettings(parametrize=leader.settings.parametrize, follows=own.follows)

    def constants(self) -> dict[str, dict[str, Mapping[str, object]]]:
        """The attributes of the class, those that say something: by their names, what they say of each node."""
        found: dict[str, dict[str, Mapping[str, object]]] = {WEIGHTS: {}, LEARNING: {}, FOLLOWS: {}}
        for name, given in self.settings.items():
            if given.weights:
                prefix = {"prefix": given.weights.prefix} if given.weights.prefix else {}
                found[WEIGHTS][name] = {"path": given.weights.path, **prefix}
            learning = {"lr_scale": given.lr_scale, "decay": given.decay}
            if any(value is not None for value in learning.values()):
                found[LEARNING][name] = {key: value for key, value in learning.items() if value is not None}
            if given.follows:
                terms = {"decay": given.follows.decay, "every": given.follows.every}
                rest = {key: value for key, value in terms.items() if value is not None}
                found[FOLLOWS][name] = {"node": given.follows.node, **rest}
        if any(found.values()) and "ClassVar" in self.project.graphs:
            raise EngineError("A graph cannot be called ClassVar here.", hint="Rename it.", code="G016")
        for constant, entries in found.items():
            if entries and any(step.name == constant for step in self.steps):
                message = f"A layer cannot be called {constant} where a layer beside it has settings of its weights."
                raise EngineError(message, hint="Rename it.", node=constant, code="G016")
        return {constant: entries for constant, entries in found.items() if entries}

    def write_constants(self, writer: Writer) -> None:
        """Write the attributes of the class."""
        found = self.constants()
        for constant, entries in found.items():
            writer.paste(f"    # {CONSTANTS[constant]}")
            writer.write(f"{constant}: ClassVar = {nested(entries)}", 4)
        if found:
            writer.blank()

    def construction(self, step: Step, text: str) -> str:
        """The expression that makes a module, with what its only parametrized weight is computed by around it."""
        given = self.settings[step.name]
        if step.block or given.init or len(given.parametrize) != 1:
            return text
        ((weight, part),) = given.parametrize.items()
        return text if "." in weight else _parametrized(text, weight, part)

    def write_beginning(self, writer: Writer, step: Step) -> None:
        """Write what stands below the line that makes a module."""
        given, name = self.settings[step.name], step.name
        for weight, part in sorted(given.init.items()):
            *way, last = weight.split(".")
            place = self._place(step, way)
            passed = ", ".join(filter(None, (f"{place.at}.{last}", _given(INITIALIZERS, part))))
            place.write(writer, f"{_declared(INITIALIZERS, part).target}({passed})", name)
        is_around = self.construction(step, "") != ""
        for weight, part in sorted(given.parametrize.items()) if not is_around else ():
            *way, last = weight.split(".")
            place = self._place(step, way)
            if step.block and self._is_parametrized(step.block, way, last):
                removed = f"nn.utils.parametrize.remove_parametrizations({place.at}, {quote(last)})"
                place.write(writer, removed, name)
            place.write(writer, _parametrized(place.at, last, part), name)
        if given.frozen:
            writer.write(f"self.{name}.requires_grad_(False)", 8, owner=name)
        for place in self._let_go(step):
            place.write(writer, f"{place.at}.requires_grad_(True)", name)

    def write_following(self, writer: Writer) -> None:
        """Write what stands at the end of a constructor: followers begin as copies."""
        for name, given in self.settings.items():
            if given.follows:
                copied = f"self.{name}.load_state_dict(self.{given.follows.node}.state_dict())"
                writer.write(copied, 8, owner=name)
                writer.write(f"self.{name}.requires_grad_(False)", 8, owner=name)

    def write_train(self, writer: Writer) -> None:
        """Write the method ``train``, where a layer stays in a mode of its own."""
        frozen = [name for name, given in self.settings.items() if given.frozen]
        let_go = [(step.name, place) for step in self.steps for place in self._let_go(step)]
        if not frozen and not let_go:
            return
        writer.write(f'def train(self, mode: bool = True) -> "{self.plan.name}":', 4)
        writer.write(TRAIN, 8)
        writer.write("super().train(mode)", 8)
        for name in frozen:
            writer.write(f"self.{name}.eval()", 8, owner=name)
        for name, place in let_go:
            place.write(writer, f"{place.at}.train(mode)", name)
        writer.write("return self", 8)
        writer.blank()

    def _place(self, step: Step, way: Iterable[str]) -> Place:
        """Where the module of a weight is. ``way``: the names from the node to it."""
        loops: list[tuple[str, str]] = []
        at, inside = f"self.{step.name}", step.block
        if step.repeat > 1:
            at = _looped(loops, at)
        for name in way:
            at = f"{at}.{name}"
            node = self._node(inside, name) if inside else None
            inside = node.graph or "" if node else ""
            if node and node.kind == "Block" and node.repeat > 1:
                at = _looped(loops, at)
        return Place(tuple(loops), at)

    def _node(self, graph: str, name: str) -> Node:
        found = self.project.graphs.get(graph, Graph()).nodes.get(name)
        if found is None:
            raise EngineError(f"There is no node {name} in {graph}.", code="W001")
        return found

    def _is_parametrized(self, graph: str, way: list[str], weight: str) -> bool:
        """Whether a block has a parametrization of a weight itself. ``way``: the names to its layer."""
        for depth, name in enumerate(way):
            node = self._node(graph, name) if graph else None
            if node is None:
                return False
            if ".".join([*way[depth + 1 :], weight]) in node.settings.parametrize:
                return True
            graph = node.graph or ""
        return False

    def _let_go(self, step: Step) -> Iterator[Place]:
        """What a block freezes itself and the use of it does not."""
        if step.block and self.settings[step.name].frozen is False:
            for way in self._inside(step.block, (), lambda node: bool(node.settings.frozen)):
                yield self._place(step, way)

    def _inside(self, graph: str, way: tuple[str, ...], wanted: Callable[[Node], bool]) -> Iterator[tuple[str, ...]]:
        for name, node in self.project.graphs.get(graph, Graph()).nodes.items():
            if node.shares is None and not node.bypass:
                if wanted(node):
                    yield (*way, name)
                elif node.kind == "Block":
                    yield from self._inside(node.graph or "", (*way, name), wanted)


def _looped(loops: list[tuple[str, str]], source: str) -> str:
    variable = f"block{len(loops) + 1 if loops else ''}"
    loops.append((variable, source))
    return variable


def _declared(known: Known, part: Part) -> Initializer | Parametrization:
    if part.kind not in known:
        raise EngineError(f"{part.kind!r} is not in the catalogue.", code="W002")
    return known[part.kind]


def _given(known: Known, part: Part) -> str:
    params = [param for param in _declared(known, part).params if param.name in part.params or param.required]
    given = {param.name: param.from_json(thaw(part.params.get(param.name, param.default))) for param in params}
    return keywords(tuple(params), given)


def _parametrized(module: str, weight: str, part: Part) -> str:
    name = quote(weight) if weight != "weight" else ""
    given = ", ".join(filter(None, (module, name, _given(PARAMETRIZATIONS, part))))
    return f"{_declared(PARAMETRIZATIONS, part).target}({given})"
