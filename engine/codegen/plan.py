"""What of a graph is computed, in which order, and where: in ``forward``, or beside the losses and metrics."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.catalog.emit import Gradient
from engine.codegen.wired import Step, Wired
from engine.errors import EngineError
from engine.graph.implied import implied_metric
from engine.graph.model import End, Project
from engine.graph.phases import EffectivePhase, effective_phases


@dataclass(slots=True)
class Plan:
    """What is made of a graph. ``steps``: of ``forward``. ``aside``: beside the losses, straight from the batch.

    ``phases``: where the training of the main graph lists any, what is made of it in each, by name. ``steps`` is then
    what outputs and metrics need, and ``losses`` are those of all phases.
    """

    name: str
    wired: Wired
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
    inputs = set(wired.graph.of_kind("Input"))
    for step in steps:
        is_function = not step.kind.belongs_in_forward and not step.block and step.inputs
        if is_function and all(end.node in pure | inputs for end in step.inputs.values()):
            pure.add(step.name)
    elsewhere = {end.node for end in plan.returns.values()}
    for score in (*plan.losses, *plan.metrics):
        elsewhere |= {end.node for port, end in score.inputs.items() if port != "target"}
    before: set[str] | None = None
    while before != pure:  # what leaves takes along what reads it, and that what it reads
        before = set(pure)
        for step in reversed(steps):
            read = {end.node for end in step.inputs.values()}
            if step.name in elsewhere or step.name not in pure or read - pure - inputs:
                pure.discard(step.name)
                elsewhere |= read
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
