"""The numbers of axes of a layer's values, from the shapes in its declaration."""

from functools import lru_cache

from engine.catalog.index import layer as declaration
from engine.catalog.shapes import Shape
from engine.catalog.spec import Layer


@lru_cache
def input_axes(kind: str, port: str) -> tuple[frozenset[int], str]:
    """The numbers of axes that an input port takes, and the shapes as text; empty where any number is legal."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes:
        return frozenset(), ""
    shapes = _shapes(layer, port)
    if not shapes or any("*" in shape.axes for shape in shapes):
        return frozenset(), ""
    words = " or ".join(f"({', '.join(shape.axes)})" for shape in shapes).replace("(B", "(N")
    return frozenset(len(shape.axes) for shape in shapes), words


@lru_cache
def misfit(kind: str, axes: int) -> int:
    """How badly a layer of a kind fits a value with this many axes, the batch axis included.

    0: it is made for this number, or for any; 1: it is unusual there (a dense layer on an image); 2: it is impossible.
    """
    layer = declaration(kind)
    required = [port.name for port in layer.inputs if not port.optional] if layer else []
    shapes = _shapes(layer, required[0]) if layer and required else ()
    if not shapes or any(shape.is_for(axes) for shape in shapes):
        return 0
    is_open = any("*" in shape.axes for shape in shapes)
    return 2 if layer and layer.traits.counts_axes and not is_open else 1


@lru_cache
def output_axes(kind: str) -> frozenset[int]:
    """The numbers of axes that a layer's first output has; empty where its input or a parameter decides."""
    layer = declaration(kind)
    if layer is None or not layer.traits.counts_axes or not layer.outputs:
        return frozenset()
    if layer.shape.keeps:
        return input_axes(kind, layer.inputs[0].name)[0]
    first = layer.shape.gives[:1]
    return frozenset(len(shape.axes) for shape in first if not any(axis.startswith("*") for axis in shape.axes))


def _shapes(layer: Layer, port: str) -> tuple[Shape, ...]:
    """The shapes that a required port takes; of a variadic port those of all its values."""
    required = [each.name for each in layer.inputs if not each.optional]
    inputs = layer.shape.inputs
    if port not in required:
        return ()
    if len(required) == 1:
        return tuple(shape for one in inputs for shape in one)
    place = required.index(port)
    return inputs[place] if place < len(inputs) else ()
