"""Where axes should be joined: a dense layer that works on the last axis of an image, detected by the final loss."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.catalog.recommended import converter
from engine.catalog.spec import Layer
from engine.check.view import View
from engine.graph.edits import Batch, Edit, SetParam
from engine.graph.model import UNSET, End, Node
from engine.runtime.analysis.wire_fixes import conversion_fix

Shape = tuple[int | str, ...]
ShapeOf = Callable[[End], Shape | None]
"""Gives the shape at an output, if it is known, with ``N`` for the samples."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The dense layer that Flatten is missing before, what it gets, and the edit that fixes it, with its label."""

    before: str
    gets: Shape
    fix: tuple[str, Edit]

    @property
    def hint(self) -> str:
        """The place where it is missing, as text."""
        shape = ", ".join(map(str, self.gets))
        kind = converter("join axes").kind
        return f"Add {kind} before {self.before}: it gets ({shape}), and works on the last axis alone."


def missing_flatten(view: View, name: str, shapes: ShapeOf) -> Missing | None:
    """The place before the scores of a loss or metric where a Flatten is missing, if there is one."""
    dense = _first_dense(view, name, shapes)
    if dense is None:
        return None
    before, gets = dense
    fix = conversion_fix(view, before, "input", "join axes")
    if fix is None:
        return None
    by_hand = view.graph.nodes[before].params.get("in_features")
    if by_hand is not None:  # it was the size of the last axis
        label, edit = fix
        fix = label, Batch(label, (edit, SetParam(view.name, before, "in_features", UNSET)))
    return Missing(before, gets, fix)


def _first_dense(view: View, name: str, shapes: ShapeOf) -> tuple[str, Shape] | None:
    """The first of the last dense layers before the scores, and the shape that it gets."""
    dense, port = None, "input"
    while (wire := view.into.get(name, {}).get(port)) is not None:
        name = wire.source.node
        node, layer = view.graph.nodes[name], view.layers[name]
        inputs = view.ports[name].inputs
        if layer is None or not inputs:
            break
        port = inputs[0].name
        if node.is_bypassed:
            continue
        if layer.param("in_features") is not None:
            gets = _image(view, name, shapes)
            if gets is None or _is_shared(view, name):
                break
            dense = name, gets
        elif not _keeps(layer, node.params):
            break
    return dense


def _image(view: View, name: str, shapes: ShapeOf) -> Shape | None:
    """The shape that a dense layer gets, if every sample of it has several axes."""
    wire = view.into.get(name, {}).get("input")
    shape = shapes(wire.source) if wire else None
    if shape is None or len(shape) < 3 or any(isinstance(size, str) for size in shape[1:]):
        return None
    return shape


def _is_shared(view: View, name: str) -> bool:
    nodes: Mapping[str, Node] = view.graph.nodes
    return bool(nodes[name].shares) or any(node.shares == name for node in nodes.values())


def _keeps(layer: Layer, values: Mapping[str, object]) -> bool:
    """Whether a layer gives what it gets, and takes samples of one axis as well."""
    if not layer.shape.keeps or not any(shape.is_for(2) for one in layer.shape.inputs for shape in one):
        return False
    dim = values.get("dim", -1)
    by_hand = any(param.axis != -1 and values.get(param.name) is not None for param in layer.derived)
    fits_axes = isinstance(dim, int) and -2 <= dim < 2
    return fits_axes and not by_hand
