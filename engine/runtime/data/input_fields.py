"""The fields that the inputs of a network declare, for projects whose data does not define them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.catalog.sample_shape import SAMPLES_LETTER, is_axis_letter
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Batch, SetParam
from engine.graph.model import UNSET, Node, Project
from engine.graph.ports import LENGTH, end_of, entries, field_of
from engine.runtime.data.field_spec import FieldSpec


def declared_fields(project: Project) -> dict[str, FieldSpec]:
    """The fields whose shape an Input of the main graph gives; the first Input of a field decides."""
    graph = project.graphs.get(project.main)
    specs: dict[str, FieldSpec] = {}
    for name, node in graph.of_kind("Input").items() if graph else ():
        spec = _spec_of(node)
        if spec is not None:
            specs.setdefault(field_of(name, node), spec)
    lengths = (field for entry, field in entries(graph).items() if end_of(entry).port == LENGTH) if graph else ()
    return {field: FieldSpec((), "int64") for field in lengths} | specs


def problems(project: Project, fields: Mapping[str, FieldSpec]) -> Iterator[Diagnostic]:
    """Inputs that give another shape or type than the data has, or than another Input of that field."""
    view = View(project, project.main, project.graphs[project.main])
    specs = declared_fields(project)
    for name, node in view.graph.of_kind("Input").items():
        field = str(node.params.get("field") or name)
        own, there = _spec_of(node), fields.get(field) or specs.get(field)
        is_from_data = field in fields and not project.data.is_absent
        if own is None or there is None or _agree(own, there, is_from_data=is_from_data):
            continue
        label = "Read the shape off the data"
        whose = "the data has" if is_from_data else "another Input gives"
        yield view.problem(
            "D114",
            f"{name} gives the field {field} as {_text(own)}, but {whose} {_text(there)}.",
            "Leave the shape out, so that it is read off the data, or set it to that.",
            node=name,
            fix=(label, Batch(label, tuple(SetParam(view.name, name, each, UNSET) for each in ("shape", "element")))),
        )


def with_letters(project: Project, fields: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """The fields, of variable length where an Input of the main graph gives a letter for an axis."""
    declared = declared_fields(project)
    return {
        name: replace(spec, shape=declared[name].shape)
        if name in declared and _agree(declared[name], spec, is_from_data=True)
        else spec
        for name, spec in fields.items()
    }


def _agree(own: FieldSpec, there: FieldSpec, *, is_from_data: bool) -> bool:
    """Whether two specs of a field agree; a letter agrees with any size of the data."""
    shape = own.shape
    if is_from_data and len(shape) == len(there.shape):
        shape = tuple(size if is_axis_letter(one) else one for one, size in zip(shape, there.shape, strict=True))
    return (shape, own.dtype) == (there.shape, there.dtype)


def _spec_of(node: Node) -> FieldSpec | None:
    shape = node.params.get("shape")
    if not isinstance(shape, tuple) or not all(map(_is_size, shape)):
        return None
    sizes = tuple(size for size in shape if isinstance(size, int | str))
    match node.params.get("element", "float32"):
        case "float32" | "int64" | "bool" as dtype:
            return FieldSpec(sizes, dtype)
    return None


def _is_size(size: object) -> bool:
    return (type(size) is int and size > 0) or (is_axis_letter(size) and size != SAMPLES_LETTER)


def _text(spec: FieldSpec) -> str:
    return f"{spec.dtype} of shape {' x '.join(map(str, spec.shape)) or '()'}"
