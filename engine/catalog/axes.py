"""How many axes the values of a layer have, by the shapes that its declaration gives."""

from functools import lru_cache

from engine.catalog.index import layer as declaration
from engine.catalog.shapes import Shape
from engine.catalog.spec import Layer


@lru_cache
def wanted_axes(kind: str, port: str) -> tuple[frozenset[int], str]:
    """The numbers of axes that a port takes, and the shapes in words; nothing where any number is legal."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes:
        return frozenset(), ""
    shapes = _taken(layer, port)
    if not shapes or any("*" in shape.axes for shape in shapes):
        return frozenset(), ""
    words = " or ".join(f"({', '.join(shape.axes)})" for shape in shapes).replace("(B", "(N")
    return frozenset(len(shape.axes) for shape in shapes), words


@lru_cache
def misfit(kind: str, axes: int) -> int:
    """How far a new layer of a kind is from being meant for a value with so many axes, that of the samples included.

    0: that is what it is for, or any number is; 1: it is seldom put there (a dense layer on an image); 2: it cannot be.
    """
    layer = declaration(kind)
    required = [port.name for port in layer.inputs if not port.optional] if layer else []
    shapes = _taken(layer, required[0]) if layer and required else ()
    if not shapes or any(shape.is_for(axes) for shape in shapes):
        return 0
    is_open = any("*" in shape.axes for shape in shapes)
    return 2 if layer and layer.traits.counts_axes and not is_open else 1


@lru_cache
def given_axes(kind: str) -> frozenset[int]:
    """The numbers of axes that a layer's first output has; nothing where its input, or a parameter, decides."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes or not layer.outputs:
        return frozenset()
    if layer.shape.keeps:
        return wanted_axes(kind, layer.inputs[0].name)[0]
    first = layer.shape.gives[:1]
    return frozenset(len(shape.axes) for shape in first if not any(axis.startswith("*") for axis in shape.axes))


def _taken(layer: Layer, port: str) -> tuple[Shape, ...]:
    """The shapes of a value that a required port takes; of a variadic port those of all its values."""
    required = [each.name for each in layer.inputs if not each.optional]
    inputs = layer.shape.inputs
    if port not in required:
        return ()
    if len(required) == 1:
        return tuple(shape for one in inputs for shape in one)
    place = required.index(port)
    return inputs[place] if place < len(inputs) else ()
