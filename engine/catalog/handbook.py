"""The catalogue as a page to read: ``python -m engine.catalog.handbook`` prints what stands in ``docs/layers.md``."""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby

from engine.catalog import left_out
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import EMPTY, Layer, Module, Optimizer, Port, Schedule

HEAD = """\
# Layers, losses, metrics, optimizers and schedules

This page is made from the catalogue by `python -m engine.catalog.handbook > docs/layers.md`: change the declarations,
not the page. Kinds, parameters and ports bear torch's names, and the defaults are torch's. A value in brackets is what
a newly placed node gets, where torch has no default or another one. In shapes, B is the batch, * any further axes."""
EVERYWHERE = ("device", "dtype", "params", "optimizer")
"""Left out of everything, so not worth repeating at each entry."""
UNCHANGED = (Port("output"), Port("output", "any"))
"""Results that need no words."""


def handbook() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join(_paragraphs()) + "\n"


def _paragraphs() -> Iterator[str]:
    yield HEAD
    for family, members in groupby(layers().values(), key=lambda layer: layer.family):
        yield f"## {family.capitalize()}"
        for layer in members:
            yield from _layer(layer)
    for title, rules in (("Optimizers", OPTIMIZERS), ("Schedules", SCHEDULES)):
        yield f"## {title}"
        for rule in rules.values():
            yield from _rule(rule)
    yield "## Not here, and why"
    for module, table in (
        ("torch.nn", left_out.MODULES),
        ("torch.optim", left_out.OPTIMIZERS),
        ("torch.optim.lr_scheduler", left_out.SCHEDULES),
    ):
        yield f"In `{module}`:"
        grouped = groupby(table.items(), key=lambda pair: pair[1])
        yield "\n".join(f"- {', '.join(name for name, _ in pairs)}: {reason}." for reason, pairs in grouped)


def _layer(layer: Layer) -> Iterator[str]:
    yield f"### {layer.kind}"
    yield layer.summary
    if layer.shape:
        yield f"    {layer.shape}"
    if len(layer.inputs) > 1 or any(port.variadic or port.help for port in layer.inputs):
        yield f"Inputs: {_ports(layer.inputs)}."
    if layer.outputs and layer.outputs[0] not in UNCHANGED:
        yield f"Outputs: {_ports(layer.outputs)}."
    if layer.params:
        yield _table(layer.params, layer.preset)
    yield from _missing(layer)
    if layer.metric:
        yield f"Where no metric is drawn, {layer.metric} is shown."
    if isinstance(layer.emit, Module) and layer.emit.snippet:
        yield "torch has no such layer: its class is written into the generated file."
    if layer.source:
        yield f"Source: {layer.source}."


def _rule(rule: Optimizer | Schedule) -> Iterator[str]:
    yield f"### {rule.kind}"
    yield rule.summary
    if isinstance(rule, Schedule):
        yield f"Moves every {rule.every}{', and is told the watched figure' if rule.watches else ''}."
    yield _table(rule.params, EMPTY)
    yield from _missing(rule)
    yield f"Source: {rule.source}."


def _missing(entry: Layer | Optimizer | Schedule) -> Iterator[str]:
    told = [f"`{name}` ({reason})" for name, reason in entry.left_out.items() if name not in EVERYWHERE]
    if told:
        yield f"Left out: {', '.join(told)}."


def _ports(ports: tuple[Port, ...]) -> str:
    return "; ".join(map(_port, ports))


def _port(port: Port) -> str:
    traits = (
        port.element if port.element != "any" else "",
        "optional" if port.optional else "",
        "any number of wires" if port.variadic else "",
    )
    listed = ", ".join(filter(None, traits))
    meaning = port.help.removesuffix(".")
    return f"`{port.name}`{f' ({listed})' if listed else ''}{f': {meaning}' if meaning else ''}"


def _table(params: tuple[Param, ...], preset: Mapping[str, Value]) -> str:
    head = ("| parameter | type | default | range | meaning |", "|---|---|---|---|---|")
    return "\n".join((*head, *(_row(param, preset.get(param.name)) for param in params)))


def _row(param: Param, preset: Value) -> str:
    cells = (
        f"`{param.name}`",
        param.type_name,
        _default(param, preset),
        f"{param.range_text()} {f'({param.unit})' if param.unit else ''}".strip(),
        param.help,
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(param: Param, preset: Value) -> str:
    if isinstance(param, FromInput):
        return ""
    if param.required:
        return f"[{param.default!r}]"
    return f"{param.default!r}" if preset is None else f"{param.default!r} [{preset!r}]"


if __name__ == "__main__":
    sys.stdout.write(handbook())
