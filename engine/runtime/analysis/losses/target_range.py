"""Whether the targets in the data are in the range that a loss takes, and that the network can reach."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.catalog.data.transforms import SCALERS, scaler, transforms
from engine.catalog.index import layer
from engine.catalog.recommended import regression_loss
from engine.catalog.spec import Compares, Layer, Range, effective
from engine.check.diagnostics import Diagnostic
from engine.check.value_origin import Origin, is_bounded, origin, range_text
from engine.check.view import View
from engine.graph.edits import Edit, SetData, SetNode
from engine.graph.model import Part, Project
from engine.runtime.data.fields import Counts

SLACK = 1e-3  # of the targets' own range: for rounding
SIGNS = (-1, 1)
NORMALIZED = (-1.0, 1.0)  # at least one of a mean of 0 and a deviation of 1 is as far away


@dataclass(frozen=True, slots=True)
class Targets:
    """The field that a loss compares with. ``low`` and ``high``: its smallest and largest number, transforms included.

    ``is_whole``: it holds whole numbers, which no transform changes.
    """

    field: str
    low: float
    high: float
    is_whole: bool
    is_normalized: bool

    @property
    def text(self) -> str:
        if self.is_normalized:
            return f"{self.field} is normalized, so its numbers are on both sides of 0"
        return f"{self.field} goes from {self.low:,.6g} to {self.high:,.6g}"

    def is_in(self, within: Range) -> bool:
        slack = SLACK * max(1.0, self.high - self.low)
        return within.low - slack <= self.low and self.high <= within.high + slack


def problems(project: Project, counts: Counts) -> Iterator[Diagnostic]:
    """Problems of losses of the main graph that compare with a field as it is, where its numbers are known."""
    view = View(project, project.main, project.graphs[project.main])
    for name, node in view.graph.nodes.items():
        declaration = layer(node.kind)
        if declaration is not None:
            yield from _signs(view, name, declaration, counts)
        targets = _targets(view, name, "target", counts) if declaration and declaration.compares else None
        if declaration is None or declaration.compares is None or targets is None:
            continue
        values = effective(declaration.params, node.params)
        takes_any_target = values.get(declaration.compares.any_target_flag) is True
        if not takes_any_target and not targets.is_in(declaration.compares.targets):
            port = declaration.input("target")
            takes_classes = port is not None and port.element != "float"
            if not (targets.is_whole and takes_classes):  # class numbers are counted elsewhere
                yield _outside(view, name, declaration.compares, targets)
        elif declaration.compares.takes == "values" and (source := origin(view, name, "input")):
            yield from _out_of_reach(view, name, source, targets)


def _signs(view: View, name: str, declaration: Layer, counts: Counts) -> Iterator[Diagnostic]:
    """Targets that should be 1 and -1, and are in another range within these, or in any that no other rule judges."""
    for port in declaration.inputs:
        targets = _targets(view, name, port.name, counts) if port.is_sign else None
        if targets is None or (targets.low in SIGNS and targets.high in SIGNS):
            continue
        if declaration.compares is None or targets.is_in(declaration.compares.targets):
            yes_or_no = (targets.low, targets.high) == (0, 1)
            yield view.problem(
                "S017",
                f"{name} ({declaration.kind}) wants 1 or -1 in {port.name}, but {targets.text}.",
                "Multiply it by 2 and subtract 1." if yes_or_no else "Make 1 and -1 of it, such as by a comparison.",
                node=name,
                port=port.name,
            )


def _targets(view: View, loss: str, port: str, counts: Counts) -> Targets | None:
    field = view.field_behind(loss, port)
    if field is None:
        return None
    whole, other = counts.ranges.get(field), counts.bounds.get(field)
    if whole is not None or other is None:
        return Targets(field, *whole, is_whole=True, is_normalized=False) if whole else None
    return _after_transforms(view.project, Targets(field, *other, is_whole=False, is_normalized=False))


def _after_transforms(project: Project, targets: Targets) -> Targets:
    """The targets after the transforms of the project."""
    for part in project.data.transforms:
        declaration = transforms().get(part.kind)
        if declaration is None or part.params.get("field") != targets.field:
            continue
        if declaration.scales == "to mean 0":
            targets = replace(targets, low=NORMALIZED[0], high=NORMALIZED[1], is_normalized=True)
        elif declaration.scales == "to a range":
            values = effective(declaration.params, part.params)
            low, high = (value if isinstance(value, int | float) else 0.0 for value in (values["low"], values["high"]))
            targets = replace(targets, low=min(low, high), high=max(low, high), is_normalized=False)
    return targets


def _outside(view: View, name: str, compares: Compares, targets: Targets) -> Diagnostic:
    target_range = range_text(compares.targets)
    return view.problem(
        "S017",
        f"{name} ({view.graph.nodes[name].kind}) wants targets {target_range}, but {targets.text}.",
        "Turn them into 0 and 1, or use another loss."
        if targets.is_whole
        else f"Rescale {targets.field} to {target_range.removeprefix('from ')}, or use another loss, such as "
        f"{regression_loss()}.",
        node=name,
        port="target",
        fix=_rescale_fix(view.project, targets),
    )


def _rescale_fix(project: Project, targets: Targets) -> tuple[str, Edit] | None:
    """The edit that brings a field of real numbers to the range from 0 to 1."""
    if targets.is_whole:
        return None
    others = tuple(
        part
        for part in project.data.transforms
        if not (part.kind in SCALERS and part.params.get("field") == targets.field)
    )
    label, scaling = f"Rescale {targets.field} to 0 to 1", Part(scaler("to a range"), {"field": targets.field})
    return label, SetData(replace(project.data, transforms=(*others, scaling)), label)


def _out_of_reach(view: View, name: str, source: Origin, targets: Targets) -> Iterator[Diagnostic]:
    if not is_bounded(source.within) or targets.is_in(source.within):
        return
    yield view.problem(
        "S018",
        f"{name} ({view.graph.nodes[name].kind}) compares with targets that the network cannot reach: {targets.text}, "
        f"and {source.title} gives only numbers {range_text(source.within)}.",
        f"Remove {source.name}, or rescale {targets.field} to that range.",
        node=name,
        port="input",
        severity="warning",
        fix=(f"Bypass {source.name}", SetNode(source.view.name, source.name, "bypass", value=True)),
    )
