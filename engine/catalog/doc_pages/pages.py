"""The documentation pages of the catalogue."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from engine.catalog.averages import AVERAGES
from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.data.field_kinds import field_kinds
from engine.catalog.data.spec import Dataset, Field, Transform
from engine.catalog.data.transforms import transforms
from engine.catalog.doc_pages import left_out
from engine.catalog.doc_pages.tables import table
from engine.catalog.emit import Module
from engine.catalog.generation_kinds import GENERATORS, Generator
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer, Port
from engine.catalog.training_spec import Average, Optimizer, Schedule
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import ANY_AXES, Initializer, Parametrization

HEAD = """\
# Layers, losses, metrics, and how they learn

This page is made from the catalogue by `python -m engine.catalog.doc_pages > docs/layers.md`: change the declarations,
not the page. Kinds, parameters and ports have torch's names, and the defaults are torch's. A value in brackets is what
a newly placed node gets, where torch has no default or another one. In shapes, B is the batch, * any further axes.
Above them is what a loss or metric computes: of an element, where a loss has a reduction."""
DATA_HEAD = """\
# Data and transforms

This page is made from the catalogue by `python -m engine.catalog.doc_pages data > docs/data.md`: change the
declarations, not the page. A project's `data` names a kind and its parameters, the split of the samples, and the
transforms in the order in which they are applied; paths start from the project file, with `/`. An `Input` reads a field
by its name. In shapes, B is the batch, * a size that only the data has. A parameter without a default must be set."""
FIELDS_HEAD = """\
The kind of a field decides how its samples are shown, which transforms can change it, and which files it is asked with.
Every data set declares the kinds of its fields; those of arrays are guessed from shape and type, reported, and set by
the parameter `kinds`. In brackets are the axes of one sample."""
EVERYWHERE = ("device", "dtype", "params", "optimizer", "tensor", "generator", "module", "name")
"""Arguments that every entry leaves out, so that no entry lists them."""
TorchRule = Optimizer | Schedule | Initializer | Parametrization
Rule = TorchRule | Average | Generator
UNCHANGED = (Port("output"), Port("output", "any"))
"""Output ports that need no description."""


_RULES: tuple[tuple[str, Mapping[str, Rule]], ...] = (
    ("Optimizers", OPTIMIZERS),
    ("Schedules", SCHEDULES),
    ("Averages of weights", AVERAGES),
    ("Initializers", INITIALIZERS),
    ("Parametrizations", PARAMETRIZATIONS),
    ("Generation", GENERATORS),
)


def handbook() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join(_paragraphs()) + "\n"


def _paragraphs() -> Iterator[str]:
    yield HEAD
    for family, members in groupby(layers().values(), key=lambda layer: layer.family):
        yield f"## {family.capitalize()}"
        for layer in members:
            yield from _layer(layer)
    for title, rules in _RULES:
        yield f"## {title}"
        for rule in rules.values():
            yield from _rule(rule)
    yield "## Not here, and why"
    for module, reasons in (
        ("torch.nn", left_out.MODULES),
        ("torch.optim", left_out.OPTIMIZERS),
        ("torch.optim.lr_scheduler", left_out.SCHEDULES),
    ):
        yield f"In `{module}`:"
        grouped = groupby(reasons.items(), key=lambda pair: pair[1])
        yield "\n".join(f"- {', '.join(name for name, _ in pairs)}: {reason}." for reason, pairs in grouped)


def data_book() -> str:
    """The page of the kinds of data and of transforms, in Markdown."""
    return "\n\n".join(_data_paragraphs()) + "\n"


def _data_paragraphs() -> Iterator[str]:
    yield DATA_HEAD
    yield "## Kinds of fields"
    yield FIELDS_HEAD
    yield "\n".join(f"- {each.kind}, {each.layout}: {each.summary}" for each in field_kinds().values())
    kinds = datasets().values()
    for title, members in (
        ("Shipped", [each for each in kinds if each.file]),
        ("Your own files", [each for each in kinds if path_params(each)]),
        ("Computed", [each for each in kinds if not each.file and not path_params(each)]),
    ):
        yield f"## {title}"
        for each in members:
            yield from _dataset(each)
    for title, random in (
        ("Transforms of all samples", False),
        ("Random transforms of training samples", True),
    ):
        yield f"## {title}"
        for transform in transforms().values():
            if transform.random == random:
                yield from _transform(transform)


def _dataset(data: Dataset) -> Iterator[str]:
    yield f"### {data.kind}"
    yield data.summary
    if data.fields:
        yield "\n".join(map(_field, data.fields))
    if data.params:
        yield table(data.params)
    if data.licence:
        yield f"Licence: {data.licence}."
    if data.source:
        yield f"Source: {data.source}."


def _field(field: Field) -> str:
    sizes = tuple("*" if size is None else str(size) for size in field.shape)
    element = "whole numbers" if field.element == "int" else "float32"
    meaning = f": {field.help.removesuffix('.')}" if field.help else ""
    return f"- `{field.name}` ({', '.join(('B', *sizes))}), {field.kind}, {element}{meaning}."


def _transform(transform: Transform) -> Iterator[str]:
    yield f"### {transform.kind}"
    yield transform.summary
    if transform.kinds:
        yield f"Only for fields of kind {' or '.join(transform.kinds)}."
    yield table(transform.params)
    if transform.source:
        yield f"Source: {transform.source}."


def _layer(layer: Layer) -> Iterator[str]:
    yield f"### {layer.kind}"
    yield layer.summary
    lines = "\n".join(f"    {line}" for line in (layer.formula, layer.shape.text) if line)
    if lines:
        yield lines
    if len(layer.inputs) > 1 or any(port.variadic or port.help for port in layer.inputs):
        yield f"Inputs: {_ports(layer.inputs)}."
    if layer.outputs[1:] or (layer.outputs and layer.outputs[0] not in UNCHANGED):
        yield f"Outputs: {_ports(layer.outputs)}."
    if layer.params:
        yield table(layer.params, layer.preset)
    yield from _missing(layer)
    if layer.metric:
        yield f"Where the graph has no metric, {layer.metric} is reported."
    if isinstance(layer.emit, Module) and layer.emit.snippet:
        lacks = "no such layer" if not layer.signature else f"{layer.signature}, which this layer extends"
        yield f"torch has {lacks}: its class is written into the generated file."
    if layer.source:
        yield f"Source: {layer.source}."


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.kind}"
    yield rule.summary
    if isinstance(rule, Average):
        yield f"Updated every {rule.every}."
    if isinstance(rule, Schedule):
        yield f"Updated every {rule.every}{', with the watched metric' if rule.watches else ''}."
    if isinstance(rule, Initializer | Parametrization) and rule.axes != ANY_AXES:
        yield f"For weights of {rule.axes.text()}."
    if rule.params:
        yield table(rule.params)
    if not isinstance(rule, Generator | Average):
        yield from _missing(rule)
    if rule.source:
        yield f"Source: {rule.source}."


def _missing(entry: Layer | TorchRule) -> Iterator[str]:
    entries = [f"`{name}` ({reason})" for name, reason in entry.left_out.items() if name not in EVERYWHERE]
    if entries:
        yield f"Left out: {', '.join(entries)}."


def _ports(ports: tuple[Port, ...]) -> str:
    return "; ".join(map(_port, ports))


def _port(port: Port) -> str:
    traits = (
        port.element if port.element != "any" else "",
        "optional" if port.optional else "",
        "any number of wires" if port.variadic else "",
    )
    traits_text = ", ".join(filter(None, traits))
    meaning = port.help.removesuffix(".")
    return f"`{port.name}`{f' ({traits_text})' if traits_text else ''}{f': {meaning}' if meaning else ''}"
