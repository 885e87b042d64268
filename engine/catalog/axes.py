"""How many axes a layer's values have, read off the shapes that its declaration shows."""

import re
from functools import lru_cache

from engine.catalog.index import layer as declaration
from engine.catalog.spec import Layer

Shape = tuple[str, ...]
"""The letters of one value's axes; ``*``: any further ones."""


@lru_cache
def wanted_axes(kind: str, port: str) -> tuple[frozenset[int], str]:
    """The numbers of axes that a port takes, and the shapes in words; nothing where any number is legal."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes:
        return frozenset(), ""
    shapes = _taken(layer, port)
    if not shapes or any("*" in shape for shape in shapes):
        return frozenset(), ""
    words = " or ".join(f"({', '.join(shape)})" for shape in shapes).replace("(B", "(N")
    return frozenset(map(len, shapes)), words


@lru_cache
def misfit(kind: str, axes: int) -> int:
    """How far a new layer of a kind is from being meant for a value with so many axes, the rows included.

    0: that is what it is for, or any number is; 1: it is seldom put there (a dense layer on an image); 2: it cannot be.
    """
    layer = declaration(kind)
    required = [port.name for port in layer.inputs if not port.optional] if layer else []
    shapes = _taken(layer, required[0]) if layer and required else ()
    if not shapes or any(_is_for(shape, axes) for shape in shapes):
        return 0
    starred = any("*" in shape for shape in shapes)
    return 2 if layer and layer.traits.counts_axes and not starred else 1


@lru_cache
def given_axes(kind: str) -> frozenset[int]:
    """The numbers of axes that a layer's first output has; nothing where its input, or a parameter, says."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes or not layer.outputs:
        return frozenset()
    given = layer.shape.partition("->")[2].strip()
    if given.startswith("the same"):
        return wanted_axes(kind, layer.inputs[0].name)[0]
    shapes = _shapes(given)[:1]
    return (
        frozenset() if any(axis.startswith("*") for shape in shapes for axis in shape) else frozenset(map(len, shapes))
    )


def _taken(layer: Layer, port: str) -> tuple[Shape, ...]:
    """The shapes of a value that a required port takes: several where the only one may have either."""
    shapes = _shapes(layer.shape.partition("->")[0])
    required = [each.name for each in layer.inputs if not each.optional]
    if port not in required:
        return ()
    return shapes if len(required) == 1 else shapes[required.index(port) :][:1]


def _shapes(text: str) -> tuple[Shape, ...]:
    found: list[str] = re.findall(r"\(([^()]*)\)", text)
    return tuple(tuple(axis.strip() for axis in shape.split(",")) for shape in found)


def _is_for(shape: Shape, axes: int) -> bool:
    """Whether values of a shape usually have so many axes: with ``*`` in the middle, few."""
    if "*" not in shape:
        return len(shape) == axes
    named = len([axis for axis in shape if axis != "*"])
    return axes >= named and (shape[-1] == "*" or axes <= named + 1)
