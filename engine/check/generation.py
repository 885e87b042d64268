"""Rules about generation: the kind, its values, and a network that needs no data for it."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.index import did_you_mean
from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.parameters.values import faults
from engine.check.value_origin import is_bounded, origin, range_text
from engine.check.view import View
from engine.graph.algorithms import upstream
from engine.graph.edits import SetGeneration
from engine.graph.generation import output_of
from engine.graph.model import Part, Project


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems of the project's generation."""
    part = project.generation
    if part is None:
        return
    declared = GENERATORS.get(part.kind)
    if declared is None:
        hint = did_you_mean(part.kind, GENERATORS) or f"Choose one of {', '.join(GENERATORS)}."
        yield Diagnostic("T030", "error", f"The generation {part.kind!r} is unknown.", hint)
        return
    wrong = list(faults(part.kind, declared.params, part.params))
    for fault in wrong:
        text = f": {fault.message}" if fault.declared else f" {fault.message}"
        others = {name: value for name, value in part.params.items() if name != fault.param}
        fix = Fix(f"Remove {fault.param}", SetGeneration(replace(part, params=others))) if fault.is_set else None
        yield Diagnostic("T030", "error", f"The generation {part.kind}{text}", fault.hint, fix=fix)
    if not wrong and project.main in project.graphs:
        yield from _output(project, part)


def _output(project: Project, part: Part) -> Iterator[Diagnostic]:
    view = View(project, project.main, project.graphs[project.main])
    outputs = list(view.graph.of_kind("Output"))
    name = output_of(project)
    if name is None:
        output = part.params.get("output")
        what = (
            f"names {output!r}, which is not an Output of {project.main}"
            if output
            else f"needs an Output of {project.main}"
        )
        has = f"It has {', '.join(outputs)}; name one in output." if outputs else "Add an Output and wire it."
        fix = Fix(f"Generate {outputs[-1]}", SetGeneration(_with(part, outputs[-1]))) if outputs else None
        yield Diagnostic("T031", "error", f"The generation {what}.", has, fix=fix)
        return
    if GENERATORS[part.kind].without_data:
        yield from _inputs(view, part)
    yield from _pixels(view, part, name)


def _with(part: Part, output: str) -> Part:
    return replace(part, params={**part.params, "output": output})


def _inputs(view: View, part: Part) -> Iterator[Diagnostic]:
    """The data that the network needs at every call, so that noise alone is not enough."""
    roles = ("output", "metric", *(() if view.project.training.phases else ("loss",)))
    for name in (each for each in view.graph.nodes if view.role(each) in roles):
        port = "input"
        source = view.into.get(name, {}).get(port)
        before = upstream(view.graph, [source.source.node]) if source else set()
        field = next((each for each in before if view.role(each) == "input"), None)
        if field is not None:
            yield view.problem(
                "T032",
                f"{part.kind} calls the network without any data, but {name} is computed from {field}.",
                "Remove it, compute it from noise, or train in phases, which compute their losses separately.",
                node=name,
                port=port,
            )


def _pixels(view: View, part: Part, name: str) -> Iterator[Diagnostic]:
    """Pixels whose range is not that of the samples, where that is known: images would be clipped, or pale."""
    source = origin(view, name, "input")
    values = effective(GENERATORS[part.kind].params, part.params)
    low, high = values.get("low"), values.get("high")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return
    if low >= high:
        text = f"The generation {part.kind}: low must be less than high, got {low:g} and {high:g}."
        yield Diagnostic("T030", "error", text, "Black is low, white is high.")
    elif source is not None and is_bounded(source.within) and (source.within.low, source.within.high) != (low, high):
        within = {"low": source.within.low, "high": source.within.high}
        new_part = replace(part, params={**part.params, **within})
        yield view.problem(
            "T033",
            f"Pixels are black at {low:g} and white at {high:g}, but {source.title} gives numbers "
            f"{range_text(source.within)}.",
            "Set low and high of the generation to that range.",
            node=name,
            severity="warning",
            fix=("Set low and high", SetGeneration(new_part)),
        )
