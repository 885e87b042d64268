"""Which nodes of a graph are computed, in which order, and where: in ``forward``, or in ``losses`` and ``metrics``."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from engine.catalog.emit import Gradient
from engine.codegen.wiring import Step, Wiring
from engine.errors import EngineError
from engine.graph.default_metric import implied_metric
from engine.graph.model import End, Project
from engine.graph.phases import EffectivePhase, effective_phases
from engine.graph.ports import entries, entry_of


@dataclass(slots=True)
class Plan:
    """The source that a graph becomes. ``steps``: those of ``forward``.

    ``target_steps``: those that only compute targets from the batch, in ``losses`` and ``metrics``.
    ``phases``: the plan of each training phase by name, where the main graph is trained in phases. ``steps`` is then
    what outputs and metrics need, and ``losses`` are those of all phases.
    """

    name: str
    wiring: Wiring
    steps: list[Step] = field(default_factory=list)
    target_steps: list[Step] = field(default_factory=list)
    losses: list[Step] = field(default_factory=list)
    metrics: list[Step] = field(default_factory=list)
    returns: dict[str, End] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)  # the entries of Inputs that `forward` takes: `x`, `x.length`
    phases: dict[str, "Plan"] = field(default_factory=dict)
    _module_steps: list[Step] | None = None

    @property
    def variants(self) -> tuple["Plan", ...]:
        """The plans that ``forward`` carries out: without a phase, if that returns anything, and in each phase."""
        return (*([self] if self.returns else []), *self.phases.values())

    @property
    def gradient_inputs(self) -> dict[str, list[End]]:
        """The values with respect to which others are differentiated, each once, by node."""
        gradients = (step for step in self.steps if isinstance(step.kind.emit, Gradient))
        ends: dict[str, list[End]] = {}
        for end in dict.fromkeys(step.inputs["inputs"] for step in gradients if "inputs" in step.inputs):
            ends.setdefault(end.node, []).append(end)
        return ends

    def module_steps(self) -> list[Step]:
        """The nodes whose modules the class holds, in the order of their first call, owners of shared weights first.

        They are found once, since a complete plan does not change.
        """
        if self._module_steps is None:
            names = dict.fromkeys(step.attribute for plan in self.variants for step in plan.steps if step.attribute)
            self._module_steps = [self.wiring.step(name) for name in _owners_first(self.wiring, names)]
        return self._module_steps


def _owners_first(wiring: Wiring, names: Iterable[str]) -> list[str]:
    """The nodes in this order, but each after those whose single weights it shares: their names are the weights'."""
    in_order: dict[str, None] = {}
    names = dict.fromkeys(names)

    def add(name: str, sharers: tuple[str, ...]) -> None:
        for owner in wiring.graph.nodes[name].settings.owners:
            if owner in names and owner not in (*sharers, name):
                add(owner, (*sharers, name))
        in_order[name] = None

    for name in names:
        add(name, ())
    return list(in_order)


def plan_block(project: Project, name: str) -> Plan:
    """The plan of a graph that is used as a block: all its inputs, and what its outputs need."""
    wiring = Wiring(project, name)
    plan = Plan(name, wiring, inputs=list(wiring.graph.of_kind("Input")))
    plan.returns = _outputs(wiring)
    plan.steps = _steps(wiring, {end.node for end in plan.returns.values()})
    return plan


def plan_main(project: Project) -> Plan:
    """The plan of the main graph."""
    wiring = Wiring(project, project.main)
    names = [name for name in wiring.order if not wiring.graph.nodes[name].is_bypassed]
    losses = [wiring.step(name) for name in names if wiring.role(name) == "loss"]
    metrics = [wiring.step(name) for name in names if wiring.role(name) == "metric"] or _implied_metric(project, losses)
    if not project.training.phases:
        plan = _variant(wiring, _outputs(wiring), losses, metrics)
    else:
        plan = _variant(wiring, _outputs(wiring), [], metrics)
        plan.losses = losses
        for phase in effective_phases(project):
            plan.phases[phase.name] = _phase(wiring, phase, losses)
        _sort_inputs(plan)
    if not plan.variants:
        raise EngineError(
            f"{project.main} has no output and no loss.", hint="Add an Output or a loss, and wire it.", code="G020"
        )
    return plan


def _sort_inputs(plan: Plan) -> None:
    """Sort the inputs as ``forward`` takes them: the fields of all variants come first, as they have no default."""
    fields = [{plan.wiring.field(name) for name in variant.inputs} for variant in plan.variants]
    for variant in plan.variants:
        variant.inputs.sort(key=lambda name: not all(plan.wiring.field(name) in names for names in fields))


def _phase(wiring: Wiring, phase: EffectivePhase, losses: list[Step]) -> Plan:
    plan = _variant(wiring, {}, [step for step in losses if step.name in phase.losses], [])
    if not plan.returns:
        hint = "Name a loss that compares what the network computes."
        raise EngineError(f"No loss of the phase {phase.name} reads a value of the network.", hint=hint, code="T010")
    return plan


def _variant(wiring: Wiring, returns: dict[str, End], losses: list[Step], metrics: list[Step]) -> Plan:
    """What ``forward`` computes for these outputs, losses and metrics."""
    plan = Plan(wiring.name, wiring, losses=losses, metrics=metrics, returns=returns)
    scores = [*losses, *metrics]
    roots = [*returns.values(), *(end for score in scores for end in score.inputs.values())]
    steps = _steps(wiring, {end.node for end in roots})
    beside = _target_step_names(wiring, steps, plan)
    plan.target_steps = [step for step in steps if step.name in beside]
    plan.steps = [step for step in steps if step.name not in beside]
    for score in scores:
        for end in score.inputs.values():
            if end.node not in beside and wiring.role(end.node) != "input":
                _return(plan, end)
    read = {entry_of(end) for step in plan.steps for end in step.inputs.values()}
    read |= {entry_of(end) for end in plan.returns.values()}
    plan.inputs = [entry for entry in entries(wiring.graph) if entry in read]
    return plan


def key_of(wiring: Wiring, end: End) -> str:
    """The name of a value without an Output: that of its node, with the port unless it is the first."""
    return end.node if end.port == wiring.ports(end.node).outputs[0].name else f"{end.node}_{end.port}"


def _return(plan: Plan, end: End) -> None:
    if end not in plan.returns.values():
        key = key_of(plan.wiring, end)
        while key in plan.returns:
            key += "_"
        plan.returns[key] = end


def _outputs(wiring: Wiring) -> dict[str, End]:
    ends = {}
    for name in wiring.graph.of_kind("Output"):
        inputs = wiring.inputs(name)
        if not inputs:
            raise EngineError(f"{name} needs a wire into input.", node=name, code="G005")
        ends[name] = inputs["input"]
    return ends


def _steps(wiring: Wiring, roots: set[str]) -> list[Step]:
    """The nodes that the roots need, in order, without Input nodes."""
    reachable: set[str] = set()
    todo = sorted(roots)  # so that of several errors always the same one is found
    while todo:
        name = todo.pop()
        if name not in reachable:
            reachable.add(name)
            todo += [end.node for end in wiring.inputs(name).values()]
    names = [name for name in wiring.order if name in reachable]
    if len(names) < len(reachable):
        stuck = next(name for name in wiring.graph.nodes if name in reachable.difference(names))
        raise EngineError(f"{stuck} is on a cycle, or fed by one.", node=stuck, code="G006")
    return [wiring.step(name) for name in names if wiring.graph.nodes[name].kind != "Input"]


def _target_step_names(wiring: Wiring, steps: list[Step], plan: Plan) -> set[str]:
    """The steps that only compute targets: functions of the batch that only ``target`` ports of scores read."""
    pure: set[str] = set()
    inputs = set(wiring.graph.of_kind("Input"))
    for step in steps:
        is_function = not step.kind.belongs_in_forward and not step.block and step.inputs
        if is_function and all(end.node in pure | inputs for end in step.inputs.values()):
            pure.add(step.name)
    if not pure:
        return pure
    elsewhere = {end.node for end in plan.returns.values()}
    for score in (*plan.losses, *plan.metrics):
        elsewhere |= {end.node for port, end in score.inputs.items() if port != "target"}
    before: set[str] | None = None
    while before != pure:  # a step that is dropped drops its readers, and what those read
        before = set(pure)
        for step in reversed(steps):
            read = {end.node for end in step.inputs.values()}
            if step.name in elsewhere or step.name not in pure or read - pure - inputs:
                pure.discard(step.name)
                elsewhere |= read
    return pure


def _implied_metric(project: Project, losses: Iterable[Step]) -> list[Step]:
    """The metric of a graph that has no metric node: it compares what its loss compares."""
    implied = implied_metric(project)
    loss = next((step for step in losses if implied and step.name == implied[0]), None)
    if implied is None or loss is None:
        return []
    kind = implied[1]
    params = {name: loss.params[name] for name in loss.kind.metric_takes if name in loss.params}
    inputs = {port.name: loss.inputs[port.name] for port in kind.inputs if port.name in loss.inputs}
    params = {**loss.kind.metric_params, **params}
    return [replace(loss, name=kind.usual_name, kind=kind, inputs=inputs, params=params)]
