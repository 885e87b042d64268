"""What of a graph is computed, in which order, and where: in ``forward``, or beside the losses and metrics."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.catalog.emit import Gradient
from engine.catalog.index import layer, nearest
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.errors import EngineError
from engine.graph.algorithms import order
from engine.graph.implied import implied_metric
from engine.graph.model import End, Node, Project, is_name
from engine.graph.phases import EffectivePhase, effective_phases
from engine.graph.ports import Ports, ports


@dataclass(frozen=True, slots=True)
class Step:
    """A node that is computed. ``inputs``: the value at each wired port. ``attribute``: the name of its module."""

    name: str
    kind: Layer
    inputs: dict[str, End]
    params: dict[str, Value]
    attribute: str = ""
    block: str = ""  # the graph it uses
    repeat: int = 1


@dataclass(slots=True)
class Plan:
    """What is made of a graph. ``steps``: of ``forward``. ``aside``: beside the losses, straight from the batch.

    ``phases``: where the training of the main graph lists any, what is made of it in each, by name. ``steps`` is then
    what outputs and metrics need, and ``losses`` are those of all phases.
    """

    name: str
    wired: "Wired"
    steps: list[Step] = field(default_factory=list)
    aside: list[Step] = field(default_factory=list)
    losses: list[Step] = field(default_factory=list)
    metrics: list[Step] = field(default_factory=list)
    returns: dict[str, End] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)  # the Input nodes that `forward` takes
    phases: dict[str, "Plan"] = field(default_factory=dict)

    @property
    def ways(self) -> tuple["Plan", ...]:
        """What ``forward`` can be asked for: without a phase, if that gives anything, and in each."""
        return (*([self] if self.returns else []), *self.phases.values())

    @property
    def differentiated(self) -> tuple[End, ...]:
        """The values by which others are differentiated, each once."""
        gradients = (step for step in self.steps if isinstance(step.kind.emit, Gradient))
        return tuple(dict.fromkeys(step.inputs["inputs"] for step in gradients if "inputs" in step.inputs))

    def built(self) -> list[Step]:
        """The nodes whose modules the class holds, in the order they are first called."""
        names = dict.fromkeys(step.attribute for way in self.ways for step in way.steps if step.attribute)
        return [self.wired.step(name) for name in names]


class Wired:
    """A graph whose wires are quickly followed, around what is bypassed."""

    def __init__(self, project: Project, name: str) -> None:
        if name not in project.graphs:
            raise EngineError(f"There is no graph {name}.", hint=nearest(name, project.graphs), code="G009")
        self.project, self.name = project, name
        self.graph = project.graphs[name]
        for node in self.graph.nodes:
            if not is_name(node):
                raise EngineError(f"{node!r} cannot name a node.", hint="Rename it.", code="G015")
        self._ports: dict[str, Ports] = {}
        self._inputs: dict[str, dict[str, End]] = {}
        self._steps: dict[str, Step] = {}
        self._into: dict[str, dict[End, End]] = defaultdict(dict)
        for wire in self.graph.wires:
            self._into[wire.target.node].setdefault(wire.target, wire.source)

    @cached_property
    def order(self) -> list[str]:
        """The nodes, each after all that it needs."""
        return order(self.graph)

    def kind(self, name: str) -> Layer:
        """The declaration of a node. Raises: `EngineError` for a node that has no source."""
        node = self.node(name)
        found = layer(node.kind)
        if found is None or found.role == "custom":
            raise EngineError(f"{name} is of kind {node.kind!r}, which has no source.", node=name, code="G001")
        if found.role == "block" and node.graph not in self.project.graphs:
            raise EngineError(f"{name} uses the block {node.graph}, which does not exist.", node=name, code="G009")
        return found

    def node(self, name: str) -> Node:
        """The node of that name. Raises: `EngineError`."""
        if name not in self.graph.nodes:
            raise EngineError(f"There is no node {name}.", hint=nearest(name, self.graph.nodes), code="G002")
        return self.graph.nodes[name]

    def field(self, name: str) -> str:
        """The field of the data that an Input of the main graph reads."""
        return str(self.node(name).params.get("field") or name)

    def role(self, name: str) -> str:
        """The role of a node, ``""`` for an unknown kind."""
        found = layer(self.graph.nodes[name].kind)
        return found.role if found else ""

    def ports(self, name: str) -> Ports:
        """The ports of a node."""
        if name not in self._ports:
            self._ports[name] = ports(self.project, self.node(name))
        return self._ports[name]

    def inputs(self, name: str) -> dict[str, End]:
        """The value at each wired input port of a node, in the order of its ports."""
        if name not in self._inputs:
            places = {port.name: place for place, port in enumerate(self.ports(name).inputs)}
            wired = [(end, source) for end, source in self._into.get(name, {}).items() if end.base in places]
            if len(wired) > 1:
                wired.sort(key=lambda pair: (places[pair[0].base], pair[0].index))
            self._inputs[name] = {end.port: self.value(source) for end, source in wired}
        return self._inputs[name]

    def value(self, end: End) -> End:
        """Where a value really comes from."""
        seen = set()
        while self.node(end.node).bypass and self.role(end.node) in ("layer", "block"):
            entries = self.ports(end.node).inputs
            wired = self._into.get(end.node, {})
            first = next(
                (entry for entry in sorted(wired, key=lambda e: e.index) if entries and entry.base == entries[0].name),
                None,
            )
            if first is None or end in seen or end.port != self.ports(end.node).outputs[0].name:
                raise EngineError(f"{end.node} is bypassed and has nothing to pass on.", node=end.node, code="G014")
            seen.add(end)
            end = wired[first]
        if self.ports(end.node).output(end.port) is None:
            self.kind(end.node)
            raise EngineError(f"{end.node} has no output {end.port}.", node=end.node, code="G003")
        return end

    def step(self, name: str) -> Step:
        """A node as it is computed; one that shares weights has the values of the node that lends them."""
        if name not in self._steps:
            self._steps[name] = self._step(name)
        return self._steps[name]

    def _step(self, name: str) -> Step:
        node, kind = self.node(name), self.kind(name)
        lender = name
        if node.shares is not None and (kind.stateful or kind.role == "block"):
            lender = node.shares
            if self.node(lender).kind != node.kind or self.node(lender).shares is not None:
                raise EngineError(f"{name} cannot use the weights of {lender}.", node=name, code="G013")
        owner = self.node(lender)
        if kind.role == "block":
            return Step(name, kind, self.inputs(name), {}, lender, owner.graph or "", max(owner.repeat, 1))
        return Step(name, kind, self.inputs(name), owner.params, lender if kind.stateful else "")


def plan_block(project: Project, name: str) -> Plan:
    """What is made of a graph that is used as a block: all its inputs, and what its outputs need."""
    wired = Wired(project, name)
    plan = Plan(name, wired, inputs=list(wired.graph.of_kind("Input")))
    plan.returns = _outputs(wired)
    plan.steps = _steps(wired, {end.node for end in plan.returns.values()})
    return plan


def plan_main(project: Project) -> Plan:
    """What is made of the main graph."""
    wired = Wired(project, project.main)
    names = [name for name in wired.order if not wired.graph.nodes[name].bypass]
    losses = [wired.step(name) for name in names if wired.role(name) == "loss"]
    metrics = [wired.step(name) for name in names if wired.role(name) == "metric"] or _implied_metric(project, losses)
    if not project.training.phases:
        plan = _way(wired, _outputs(wired), losses, metrics)
    else:
        plan = _way(wired, _outputs(wired), [], metrics)
        plan.losses = losses
        for phase in effective_phases(project):
            plan.phases[phase.name] = _phase(wired, phase, losses)
        _sort_inputs(plan)
    if not plan.ways:
        raise EngineError(
            f"{project.main} has no output and no loss.", hint="Add an Output or a loss, and wire it.", code="G020"
        )
    return plan


def _sort_inputs(plan: Plan) -> None:
    """Let every way take the fields in the order of ``forward``: what all take first, as it has no default."""
    fields = [{plan.wired.field(name) for name in way.inputs} for way in plan.ways]
    for way in plan.ways:
        way.inputs.sort(key=lambda name: not all(plan.wired.field(name) in own for own in fields))


def _phase(wired: Wired, phase: EffectivePhase, losses: list[Step]) -> Plan:
    plan = _way(wired, {}, [step for step in losses if step.name in phase.losses], [])
    if not plan.returns:
        hint = "Name a loss that compares what the network computes."
        raise EngineError(f"No loss of the phase {phase.name} reads a value of the network.", hint=hint, code="T010")
    return plan


def _way(wired: Wired, returns: dict[str, End], losses: list[Step], metrics: list[Step]) -> Plan:
    """What ``forward`` computes for these outputs, losses and metrics."""
    plan = Plan(wired.name, wired, losses=losses, metrics=metrics, returns=returns)
    scores = [*losses, *metrics]
    roots = [*returns.values(), *(end for score in scores for end in score.inputs.values())]
    steps = _steps(wired, {end.node for end in roots})
    beside = _beside(wired, steps, plan)
    plan.aside = [step for step in steps if step.name in beside]
    plan.steps = [step for step in steps if step.name not in beside]
    for score in scores:
        for end in score.inputs.values():
            if end.node not in beside and wired.role(end.node) != "input":
                _return(plan, end)
    read = {end.node for step in plan.steps for end in step.inputs.values()}
    read |= {end.node for end in plan.returns.values()}
    plan.inputs = [name for name in wired.graph.of_kind("Input") if name in read]
    return plan


def key_of(wired: Wired, end: End) -> str:
    """What a value is called that has no Output: its node, and for further ports the port."""
    return end.node if end.port == wired.ports(end.node).outputs[0].name else f"{end.node}_{end.port}"


def _return(plan: Plan, end: End) -> None:
    if end not in plan.returns.values():
        key = key_of(plan.wired, end)
        while key in plan.returns:
            key += "_"
        plan.returns[key] = end


def _outputs(wired: Wired) -> dict[str, End]:
    found = {}
    for name in wired.graph.of_kind("Output"):
        inputs = wired.inputs(name)
        if not inputs:
            raise EngineError(f"{name} needs a wire into input.", node=name, code="G005")
        found[name] = inputs["input"]
    return found


def _steps(wired: Wired, roots: set[str]) -> list[Step]:
    """All that the roots need, in order, without inputs."""
    needed: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += {end.node for end in wired.inputs(name).values()}
    names = [name for name in wired.order if name in needed]
    if len(names) < len(needed):
        stuck = next(name for name in wired.graph.nodes if name in needed.difference(names))
        raise EngineError(f"{stuck} is on a cycle, or fed by one.", node=stuck, code="G006")
    return [wired.step(name) for name in names if wired.graph.nodes[name].kind != "Input"]


def _beside(wired: Wired, steps: list[Step], plan: Plan) -> set[str]:
    """The steps that only prepare targets: functions of the batch that only ``target`` ports of scores read."""
    pure: set[str] = set()
    for step in steps:
        if (
            not step.kind.belongs_into_forward
            and not step.block
            and step.inputs
            and all(end.node in pure or wired.role(end.node) == "input" for end in step.inputs.values())
        ):
            pure.add(step.name)
    elsewhere = {end.node for end in plan.returns.values()}
    for score in (*plan.losses, *plan.metrics):
        elsewhere |= {end.node for port, end in score.inputs.items() if port != "target"}
    for step in reversed(steps):
        if step.name in elsewhere or step.name not in pure:
            pure.discard(step.name)
            elsewhere |= {end.node for end in step.inputs.values()}
    return pure


def _implied_metric(project: Project, losses: Iterable[Step]) -> list[Step]:
    """The metric of a graph in which none is drawn, compared as its loss compares."""
    implied = implied_metric(project)
    loss = next((step for step in losses if implied and step.name == implied[0]), None)
    if implied is None or loss is None:
        return []
    kind = implied[1]
    taken = {name: loss.params[name] for name in loss.kind.metric_takes if name in loss.params}
    return [replace(loss, name=kind.usual_name, kind=kind, params={**loss.kind.metric_params, **taken})]
