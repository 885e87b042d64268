"""Layers as they are newly placed, with inputs that they usually take."""

from collections.abc import Mapping

import torch

from engine.catalog.axes import input_axes
from engine.catalog.emit import Gradient
from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.view import View
from engine.graph.model import Graph, Node, Project
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Spec
from engine.runtime.analysis.input_rules import derived_sizes, misfits
from tests.usual.inputs import usual_inputs

LAYERS = {
    kind: layer
    for kind, layer in layers().items()
    if layer.role == "layer" and not isinstance(layer.emit, Gradient)  # of a value by another, not of any two
}
TYPES = {"float": FLOAT, "any": FLOAT, "int": INT, "bool": torch.bool}
CANONICAL = {
    "AdaptiveLogSoftmaxWithLoss": Spec((SAMPLES, 64), FLOAT),
    "GroupNorm": Spec((SAMPLES, 16, 8, 8), FLOAT),
    "Fold": Spec((SAMPLES, 4, 16), FLOAT),
    "PixelShuffle": Spec((SAMPLES, 4, 8, 8), FLOAT),
    "Embedding": Spec((SAMPLES, 5), INT),
    "EmbeddingBag": Spec((SAMPLES, 5), INT),
    "Unflatten": Spec((SAMPLES, 8), FLOAT),
    "reshape": Spec((SAMPLES, 64), FLOAT),
    "squeeze": Spec((SAMPLES, 4, 1), FLOAT),
}


def _alone(layer: Layer) -> Project:
    return Project(graphs={"Net": Graph({"node": Node(layer.kind)})})


def prepared(layer: Layer, given_values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> dict[str, Value] | None:
    """All the layer's values, with derived sizes, or ``None`` when the analysis would not run it."""
    view = View(_alone(layer), "Net", _alone(layer).graphs["Net"])
    if list(misfits(view, "node", layer, inputs, given_values)):
        return None
    read, unreadable = derived_sizes(view, "node", layer, inputs, given_values)
    return None if unreadable else {**given_values, **read}


def placed(kind: str) -> tuple[Layer, dict[str, Value], dict[str, Spec]]:
    """The declaration of a layer, the values that a new node of it has, and usual inputs by port."""
    layer = LAYERS[kind]
    axes = input_axes(kind, layer.inputs[0].name)[0] if layer.inputs else frozenset()
    usual = CANONICAL.get(kind, Spec((SAMPLES, 4, 8, 8, 8)[: max(axes, default=3)], FLOAT))
    names = [f"{port.name}[0]" if port.variadic else port.name for port in layer.inputs if not port.optional]
    shapes = dict.fromkeys(names, usual)
    shapes |= {name: Spec(shape, FLOAT) for name, shape in (usual_inputs(kind, SAMPLES) or {}).items()}
    shapes |= {
        port.name: Spec(shapes[port.name].shape, TYPES[port.element])
        for port in layer.inputs
        if port.element in ("int", "bool") and not port.optional
    }
    if kind == "matmul":
        shapes["other"] = Spec((SAMPLES, 8, 4), FLOAT)
    values = prepared(layer, layer.preset, shapes)
    assert values is not None
    return layer, values, shapes
