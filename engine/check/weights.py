"""Rules about the settings of weights that need only the graphs."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.catalog.expressions import Expression
from engine.catalog.index import did_you_mean
from engine.catalog.spec import effective
from engine.catalog.value_text import display
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Initializer, Parametrization
from engine.check.diagnostics import Diagnostic, Severity
from engine.check.parameters.values import faults
from engine.check.view import View
from engine.graph.edits import SetWeights
from engine.graph.model import Graph, Node, Part, Project
from engine.graph.weights import NO_SETTINGS, Field, Follows, WeightSettings

Declarations = Mapping[str, Initializer] | Mapping[str, Parametrization]


def problems(view: View) -> Iterator[Diagnostic]:
    """The problems of the settings of weights in a graph."""
    for name, node in view.graph.nodes.items():
        if node.settings == NO_SETTINGS or view.layers[name] is None:
            continue
        rules = _Settings(view, name, node)
        if not has_weights(view, name):
            yield from rules.of_no_weights()
        elif node.shares is not None:
            yield rules.of_borrowed_weights()
        else:
            yield from rules.problems()


def phase_problems(project: Project) -> Iterator[Diagnostic]:
    """Phases that are to learn weights which do not learn."""
    graph = project.graphs.get(project.main, Graph())
    for phase in project.training.phases:
        for name in phase.learns or ():
            node = graph.nodes.get(name)
            if node and (node.settings.frozen or node.settings.follows):
                why = "is frozen" if node.settings.frozen else "follows another node"
                yield Diagnostic(
                    "W011",
                    "error",
                    f"The phase {phase.name} is to learn the weights of {name}, which {why}.",
                    f"Remove {name} from the phase, or let it learn.",
                    node=name,
                    graph=project.main,
                )


def has_weights(view: View, name: str) -> bool:
    """Whether a node is a module or a block use, which may have weights."""
    declared = view.layers[name]
    return declared is not None and (declared.stateful or declared.role == "block")


def follow_problem(view: View, name: str, node: Node, follows: Follows) -> tuple[str, str]:
    """Why a node cannot follow another, and a hint; both empty when it can."""
    leader = view.graph.nodes.get(follows.node)
    if follows.node == name:
        return f"{name} is to follow its own weights.", "Name another node, or none."
    if leader is None:
        return (
            f"{name} follows the weights of {follows.node}, which does not exist.",
            did_you_mean(follows.node, view.graph.nodes) or "Name a node of the same graph and kind.",
        )
    what = f"{name} follows the weights of {follows.node}"
    if leader.settings.follows is not None:
        return f"{what}, which follows {leader.settings.follows.node}.", f"Name {leader.settings.follows.node}."
    if leader.shares is not None:
        return f"{what}, which uses those of {leader.shares}.", f"Name {leader.shares}."
    if leader.is_bypassed and not node.is_bypassed:
        return f"{what}, which is bypassed.", f"Turn off bypass of {follows.node}."
    return _difference(view, name, node, follows.node, leader)


def _difference(view: View, name: str, node: Node, follows: str, leader: Node) -> tuple[str, str]:
    """The difference between a follower and the layer that it follows, and a hint; both empty without one."""
    if leader.kind != node.kind:
        return f"{name} ({node.kind}) follows the weights of {follows} ({leader.kind}).", "Both must be of one kind."
    if (leader.graph, leader.repeat) != (node.graph, node.repeat):
        own_block, other_block = f"{node.graph} x{node.repeat}", f"{leader.graph} x{leader.repeat}"
        hint = "Both must use the same block, with the same repeat."
        return f"{name} is {own_block}, but follows {follows}, which is {other_block}.", hint
    declared = view.layers[name]
    if declared is not None:
        own_values, other_values = (effective(declared.params, each.params) for each in (node, leader))
        other = next((key for key in (*own_values, *other_values) if own_values.get(key) != other_values.get(key)), "")
        if other:
            own_text, other_text = repr(own_values.get(other)), repr(other_values.get(other))
            wrong = f"{name} follows the weights of {follows}, but {other} is {own_text} here and {other_text} there."
            return wrong, f"Set {other} of {name} to {other_text}."
    return "", ""


class _Settings:
    """The settings of one node."""

    def __init__(self, view: View, name: str, node: Node) -> None:
        self.view, self.name, self.node = view, name, node
        self.settings = view.unresolved.nodes[name].settings  # with expressions, which the fixes keep

    def of_no_weights(self) -> Iterator[Diagnostic]:
        """Settings of weights for a node that has none."""
        yield self._problem(
            "W008",
            f"{self.name} ({self.node.kind}) has no weights, so {_names_text(self.settings)} has no effect.",
            "Set it for a layer that learns.",
            NO_SETTINGS,
            is_warning=True,
        )

    def of_borrowed_weights(self) -> Diagnostic:
        """Settings of weights for a node that shares those of another."""
        return self._problem(
            "W006",
            f"{self.name} uses the weights of {self.node.shares}, so it cannot have {_names_text(self.settings)}.",
            f"Set it for {self.node.shares}, or give {self.name} weights of its own.",
            NO_SETTINGS,
        )

    def problems(self) -> Iterator[Diagnostic]:
        """The problems of single values, and values that exclude each other."""
        yield from self._parts("init", self.node.settings.init, INITIALIZERS)
        yield from self._fixed()
        yield from self._parts("parametrize", self.settings.parametrize, PARAMETRIZATIONS)
        yield from self._order()
        scale = self.settings.lr_scale
        if scale is not None and scale <= 0:
            yield self._problem(
                "W007",
                f"{self.name}: lr_scale must be > 0, got {scale:g}.",
                "Freeze the weights to keep them as they are.",
                replace(self.settings, lr_scale=None),
            )
        if self.settings.follows:
            yield from self._follows(self.settings.follows)
        else:
            yield from self._without_effect()
        yield from self._inside()

    def _parts(self, field: Field, parts: dict[str, Part], kinds: Declarations) -> Iterator[Diagnostic]:
        what = "initializer" if field == "init" else "parametrization"
        for weight, part in parts.items():
            rest = self.settings.without(field, weight)
            declared = kinds.get(part.kind)
            if declared is None:
                yield self._problem(
                    "W002",
                    f"{self.name}: {part.kind!r}, for {weight}, is not a known {what}.",
                    did_you_mean(part.kind, kinds) or f"Choose one of {', '.join(kinds)}.",
                    rest,
                )
                continue
            values = {key: value for key, value in part.params.items() if not isinstance(value, Expression)}
            for wrong in faults(part.kind, declared.params, values):
                if wrong.param in part.params and not wrong.is_set:
                    continue  # an expression without a value here, which the rules of expressions judge
                message = (
                    f"{part.kind} of {weight}: {wrong.message}"
                    if wrong.declared
                    else (f"{part.kind} of {weight} {wrong.message}")
                )
                yield self._problem("W003", f"{self.name}: {message}", wrong.hint, rest)

    def _fixed(self) -> Iterator[Diagnostic]:
        """Expressions where the shape of the weight decides which values are legal."""
        for weight, part in self.settings.init.items():
            declared = INITIALIZERS.get(part.kind)
            for name in declared.fixed if declared else ():
                if isinstance(part.params.get(name), Expression):
                    message = f"{self.name}: {part.kind} of {weight}: {name} cannot be an expression."
                    yield self._problem("W003", message, "Write a value.")

    def _order(self) -> Iterator[Diagnostic]:
        for weight, part in self.node.settings.init.items():
            declared = INITIALIZERS.get(part.kind)
            if declared is None or not declared.ordered:
                continue
            values = effective(declared.params, part.params)
            low, high = (values[name] for name in declared.ordered)
            if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
                names = declared.ordered
                yield self._problem(
                    "W003",
                    f"{self.name}: {part.kind} of {weight}: {names[0]} ({low:g}) must be below {names[1]} ({high:g}).",
                    "They are the bounds of the values.",
                )

    def _follows(self, follows: Follows) -> Iterator[Diagnostic]:
        wrong, hint = follow_problem(self.view, self.name, self.node, follows)
        if wrong:
            yield self._problem("W005", wrong, hint, replace(self.settings, follows=None))
        own = replace(self.settings, follows=None)
        if own != NO_SETTINGS:
            yield self._problem(
                "W006",
                f"{self.name} follows the weights of {follows.node}, so it cannot have {_names_text(own)} of its own.",
                f"Set it for {follows.node}: a follower copies the weights of that node, and does not learn.",
                replace(NO_SETTINGS, follows=follows),
            )
        if (follows.decay is None) == (follows.every is None):
            count = "neither" if follows.decay is None else "both"
            yield self._problem(
                "W007",
                f"{self.name} follows {follows.node} with {count} of decay and every.",
                "Give decay, the share of its own value that it keeps in a step, or every, the steps between copies.",
                replace(self.settings, follows=replace(follows, decay=0.999, every=None)),
            )
        elif follows.decay is not None and not 0 <= follows.decay <= 1:
            wrong = f"{self.name}: the decay of a follower must be 0 to 1, got {follows.decay:g}."
            yield self._problem("W007", wrong, "0.999 is usual; with 1 it never changes.")
        elif follows.every is not None and follows.every < 1:
            yield self._problem("W007", f"{self.name}: every must be >= 1, got {follows.every}.", "It counts steps.")

    def _without_effect(self) -> Iterator[Diagnostic]:
        frozen, own = self.settings.frozen, self.settings
        learning = replace(NO_SETTINGS, lr_scale=own.lr_scale, decay=own.decay)
        if frozen and learning != NO_SETTINGS:
            yield self._problem(
                "W008",
                f"{self.name} is frozen, so {_names_text(learning)} has no effect.",
                "Remove it, or let the weights learn.",
                replace(own, lr_scale=None, decay=None),
                is_warning=True,
            )
        if own.weights and own.init:
            yield self._problem(
                "W008",
                f"{self.name} starts from {display(own.weights.path)}, so its initial values have no effect.",
                "Remove one of the two.",
                replace(own, init={}),
                is_warning=True,
            )

    def _inside(self) -> Iterator[Diagnostic]:
        """Initial values for a weight that a parametrization inside a block computes."""
        for weight in self.settings.init:
            inner = parametrized_inside(self.view.project, self.node, weight)
            if inner:
                yield self._problem(
                    "W006",
                    f"{self.name}: {weight} is computed by {inner} inside the block, so it cannot be filled here.",
                    f"Set its initial values inside {self.node.graph}.",
                    self.settings.without("init", weight),
                )

    def _problem(
        self,
        code: str,
        message: str,
        hint: str,
        new: WeightSettings | None = None,
        *,
        is_warning: bool = False,
    ) -> Diagnostic:
        edit = SetWeights(self.view.name, self.name, new) if new is not None else None
        fix = (_label(self.settings, new), edit) if edit and new is not None else None
        severity: Severity = "warning" if is_warning else "error"
        return self.view.problem(code, message, hint, node=self.name, severity=severity, fix=fix)


def parametrized_inside(project: Project, use: Node, weight: str) -> str:
    """The parametrization of a weight inside a block, or ``""``."""
    *way, last = weight.split(".")
    graph = use.graph
    for depth, name in enumerate(way):
        node = project.graphs[graph].nodes.get(name) if graph in project.graphs else None
        if node is None:
            return ""
        part = node.settings.parametrize.get(".".join([*way[depth + 1 :], last]))
        if part:
            return part.kind
        graph = node.graph
    return ""


def _names_text(settings: WeightSettings) -> str:
    """The names of the settings that are set, as in the file."""
    return " and ".join(_names(settings))


def _names(settings: WeightSettings) -> list[str]:
    return [name for name in WeightSettings.__dataclass_fields__ if getattr(settings, name) not in (None, {})]


def _label(before: WeightSettings, after: WeightSettings) -> str:
    removed = [name for name in _names(before) if name not in _names(after)]
    differing = [name for name in _names(before) if getattr(before, name) != getattr(after, name)]
    return f"Remove {' and '.join(removed)}" if removed else f"Correct {' and '.join(differing)}"
