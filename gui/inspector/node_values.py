"""What the page of a node shows of its analysis results and of its declaration."""

from collections.abc import Mapping
from html import escape

from engine.catalog.spec import Layer
from engine.protocol.answers import LengthFound
from gui.formatting.formats import count_text, repeated_text, shape_text, short_text, strong
from gui.state.analysis_results import NodeResults


def result_values(results: NodeResults | None) -> list[tuple[str, str]]:
    """The names and values of the shapes, parameters and operations of a node."""
    if results is None:
        return []
    single = len(results.outputs) == 1
    values = [
        ("output" if single else port, shape_text(shape, results.elements.get(port, "float")))
        for port, shape in results.outputs.items()
    ]
    if results.parameters or results.outputs:
        values.append(("parameters", repeated_text(count_text, results.parameters, results.times)))
    if results.macs:
        values.append(("multiply-adds", f"{repeated_text(short_text, results.macs, results.times)} / sample"))
    return values


def length_values(results: NodeResults | None, lengths: Mapping[str, LengthFound]) -> list[tuple[str, str]]:
    """The names and values of the axes of variable length of a node: their limits, and the length of its counts."""
    sizes = [size for shape in results.outputs.values() for size in shape] if results else []
    return [
        (f"length {letter}", f"{axis['limits']}; counted for {axis['length']}")
        for letter, axis in lengths.items()
        if letter in sizes
    ]


def about_text(declared: Layer | None) -> str:
    """What a kind computes, its shapes, the help of the inputs, and the source, as rich text."""
    if declared is None:
        return ""
    shape = escape(declared.shape.text.replace("->", "\u2192")) if declared.role != "input" else ""
    lines = [line for line in (escape(declared.formula), shape) if line]
    parts = [f"<span style=\"font-family: 'JetBrains Mono'\">{line}</span>" for line in lines]
    parts += [f"{strong(port.name)} {escape(port.help)}" for port in declared.inputs if port.help]
    parts.append(escape(declared.source))
    return "<br>".join(part for part in parts if part)
