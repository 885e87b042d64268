"""The rule about fields that this version does not know: a file keeps them, but they have no effect."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType

from engine.catalog.index import did_you_mean
from engine.check.diagnostics import Diagnostic, Severity
from engine.check.view import View
from engine.graph.json_form.schema import inside
from engine.graph.model import Clip, Part, Phase, Project, SchedulePart, Training
from engine.graph.weights import NO_SETTINGS

DECISIVE: Mapping[type, frozenset[str]] = MappingProxyType(
    {
        Part: frozenset({"for"}),
        Clip: frozenset({"kind", "params"}),
    }
)
"""Fields of the format without which a training would differ, by the class that has the other fields beside them."""


def problems(project: Project) -> Iterator[Diagnostic]:
    """Unknown fields of the project, its data, training and generation."""
    for name in project.extra:
        yield _problem("", name, project)
    yield from _unknown("data", project.data)
    yield from _unknown("training", project.training)
    yield from _unknown("generation", project.generation)
    yield from _unknown("published", project.published)


def of_graph(view: View) -> Iterator[Diagnostic]:
    """Unknown fields of a graph and its nodes."""
    for field in view.graph.extra:
        problem = _problem(f"graphs.{view.name}", field, view.graph)
        yield view.problem("G027", problem.message, problem.hint, severity=problem.severity)
    for name, node in view.graph.nodes.items():
        place = f"graphs.{view.name}.nodes.{name}"
        unknown = [_problem(place, field, node) for field in node.extra if field != "params"]
        if node.settings is not NO_SETTINGS:
            unknown += _unknown(place, node.settings)
        for problem in unknown:
            yield view.problem("G027", problem.message, problem.hint, node=name, severity=problem.severity)


def _unknown(place: str, value: object) -> Iterator[Diagnostic]:
    """The unknown fields of a value of the model and of all within it; ``place``: its path in the file."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _unknown(f"{place}[{index}]", item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _unknown(f"{place}.{name}", item)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in getattr(value, "extra", ()):
            if name != "params" or not isinstance(value, Part):  # those of an unknown kind, which is reported
                yield _problem(place, name, value)
        for name, item in _items(value):
            yield from _unknown(f"{place}.{name}", item)


def _items(value: object) -> Iterator[tuple[str, object]]:
    """The fields of a value of the model with their names in the file, where lists hold several of them."""
    values = {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type] # dataclasses
    values = {name: item for name, item in values.items() if name not in ("params", "extra", "then")}
    if isinstance(value, Training | Phase):
        others = values.pop("other_optimizers")
        values["optimizer"] = (value.optimizer, *others) if others else value.optimizer
        if isinstance(value.schedule, SchedulePart) and value.schedule.then:
            values["schedule"] = value.schedule.parts
    yield from values.items()


def _problem(place: str, name: str, owner: object) -> Diagnostic:
    severity: Severity = "error" if name in DECISIVE.get(type(owner), ()) else "warning"
    effect = "which would train without it" if severity == "error" else "and changes nothing"
    names = [field.name for field in fields(owner) if field.name != "extra"] if is_dataclass(owner) else []
    hint = f"{did_you_mean(name, names)} Remove it from the file, or open the file with a newer Torchloom.".strip()
    return Diagnostic(
        "T041", severity, f"{inside(place, name)} is unknown to this version of Torchloom, {effect}.", hint
    )
