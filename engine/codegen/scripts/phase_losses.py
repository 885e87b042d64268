"""The losses of phases: which phases compute them all, and the factor of each in their sum."""

from engine.codegen.plan import plan_main
from engine.graph.model import Project
from engine.graph.phases import effective_phases


def validation_phases(project: Project) -> tuple[str, ...]:
    """The phases that together compute all losses: each has one that none before it has."""
    first: dict[str, str] = {}
    for phase in effective_phases(project):
        for name in phase.losses:
            first.setdefault(name, phase.name)
    return tuple(dict.fromkeys(first.values()))


def scales(project: Project) -> dict[str, float]:
    """Every loss of the phases with its factor in their sum."""
    factors = {}
    for step in plan_main(project).losses:
        scale = step.params.get("scale", 1.0)
        factors[step.name] = float(scale) if isinstance(scale, int | float) else 1.0
    names = {name for phase in effective_phases(project) for name in phase.losses}
    return {name: factor for name, factor in factors.items() if name in names}
