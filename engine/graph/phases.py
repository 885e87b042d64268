"""The phases of a training step with all their settings, for checks, source, trainer and window."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.catalog.index import layer
from engine.graph.model import Clip, Graph, Node, OtherOptimizer, Part, Phase, Project, SchedulePart, Training
from engine.graph.off import Off
from engine.graph.ports import ports


@dataclass(frozen=True, slots=True)
class EffectivePhase:
    """One phase with all its settings.

    ``name``: empty for the one phase of a training that lists none. ``losses``: in the order of the phase.
    ``learns``: the nodes of the main graph that hold the weights which it changes, in the graph's order. The other
    fields are those of `engine.graph.model.Phase`.
    """

    name: str
    losses: tuple[str, ...]
    learns: tuple[str, ...]
    optimizer: Part
    other_optimizers: tuple[OtherOptimizer, ...]
    schedule: SchedulePart | None
    clip: Clip | None
    l1: float
    l2: float
    times: int = 1
    every: int = 1
    epochs: tuple[int, int] | None = None
    accumulate: int = 1

    def within(self, training: Training) -> Training:
        """The training with the settings of the phase."""
        return replace(
            training,
            optimizer=self.optimizer,
            other_optimizers=self.other_optimizers,
            schedule=self.schedule,
            clip=self.clip,
            l1=self.l1,
            l2=self.l2,
        )

    def runs_in(self, epoch: int) -> bool:
        """Whether it runs in an epoch, counted from 1."""
        return self.epochs is None or self.epochs[0] <= epoch <= self.epochs[1]


def effective_phases(project: Project) -> tuple[EffectivePhase, ...]:
    """The phases in the order in which they run for a batch; a training that lists none has one.

    Names that the main graph does not have, which `engine.check` reports, are left out.
    """
    graph, training = project.graphs.get(project.main, Graph()), project.training
    if not training.phases:
        return (_effective(Phase(""), losses_of(graph), tuple(weight_owners(graph)), training),)
    return tuple(
        _effective(phase, tuple(name for name in phase.losses if _role(graph, name) == "loss"), learns, training)
        for phase, learns in zip(training.phases, _learns(project, graph), strict=True)
    )


def with_schedule(training: Training, name: str, part: SchedulePart) -> Training:
    """The training with another LR schedule of a phase; where the phase uses the training's, that is changed."""
    if any(phase.name == name and phase.schedule for phase in training.phases):
        phases = (replace(phase, schedule=part) if phase.name == name else phase for phase in training.phases)
        return replace(training, phases=tuple(phases))
    return replace(training, schedule=part)


def losses_of(graph: Graph) -> tuple[str, ...]:
    """The losses of a graph, without those that are bypassed."""
    return tuple(name for name, node in graph.nodes.items() if _role(graph, name) == "loss" and not node.is_bypassed)


def weight_owners(graph: Graph) -> list[str]:
    """The nodes that own the weights in use: modules and block uses, without those that share another's weights."""
    in_use = {weight_owner(graph, name) for name, node in graph.nodes.items() if not node.is_bypassed}
    return [name for name in graph.nodes if name in in_use]


def weight_owner(graph: Graph, name: str) -> str | None:
    """The node that owns the weights of a node; ``None`` if its kind has none or it does not exist."""
    node = graph.nodes.get(name)
    if node is None or not _has_weights(node):
        return None
    return name if node.shares is None else node.shares


def owners_of_weights(graph: Graph, name: str) -> set[str]:
    """The nodes that own weights of a node: its `weight_owner`, and those of which it shares single weights."""
    owner = weight_owner(graph, name)
    return {owner, *graph.nodes[owner].settings.owners} & graph.nodes.keys() if owner in graph.nodes else set()


def upstream_in_use(project: Project, graph: Graph, names: Iterable[str]) -> set[str]:
    """The nodes from which values reach the named nodes, directly or not, themselves included.

    Of a bypassed node only the first input counts, since it passes on nothing else.
    """
    sources: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for wire in graph.wires:
        if wire.target.node in sources and wire.source.node in sources:
            node = graph.nodes[wire.target.node]
            if not node.is_bypassed or wire.target.base == _first_input(project, node):
                sources[wire.target.node].append(wire.source.node)
    nodes, todo = set(), [name for name in names if name in graph.nodes]
    while todo:
        name = todo.pop()
        if name not in nodes:
            nodes.add(name)
            todo += sources[name]
    return nodes


def _learns(project: Project, graph: Graph) -> list[tuple[str, ...]]:
    phases, in_order = project.training.phases, weight_owners(graph)
    by_phase = [{weight_owner(graph, name) for name in phase.learns or ()} for phase in phases]
    in_phases = set().union(*by_phase)
    learns = []
    for phase, own in zip(phases, by_phase, strict=True):
        free = upstream_in_use(project, graph, phase.losses) if phase.learns is None else ()
        in_use = [name for name in free if not graph.nodes[name].is_bypassed]
        free_owners = {owner for name in in_use for owner in owners_of_weights(graph, name)}
        phase_owners = own | free_owners - (in_phases - own)
        learns.append(tuple(name for name in in_order if name in phase_owners))
    return learns


def _effective(phase: Phase, losses: tuple[str, ...], learns: tuple[str, ...], training: Training) -> EffectivePhase:
    return EffectivePhase(
        phase.name,
        losses,
        learns,
        phase.optimizer or training.optimizer,
        phase.other_optimizers if phase.optimizer else training.other_optimizers,
        None if isinstance(phase.schedule, Off) else phase.schedule or training.schedule,
        None if isinstance(phase.clip, Off) else phase.clip or training.clip,
        training.l1 if phase.l1 is None else phase.l1,
        training.l2 if phase.l2 is None else phase.l2,
        phase.times,
        phase.every,
        phase.epochs,
        phase.accumulate,
    )


def _role(graph: Graph, name: str) -> str:
    node = graph.nodes.get(name)
    declared = layer(node.kind) if node else None
    return declared.role if declared else ""


def _has_weights(node: Node) -> bool:
    declared = layer(node.kind)
    return declared is not None and (declared.role == "block" or (declared.role == "layer" and declared.stateful))


def _first_input(project: Project, node: Node) -> str:
    inputs = ports(project, node).inputs
    return inputs[0].name if inputs else ""


def phases_of_loss(training: Training, name: str) -> list[int]:
    """The places of the phases that minimize a loss."""
    return [place for place, phase in enumerate(training.phases) if name in phase.losses]
