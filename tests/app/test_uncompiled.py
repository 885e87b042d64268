"""Trying layers leaves torch's compiler unloaded."""

import subprocess
import sys

CODE = """
import sys
import torch
from engine.catalog.index import layers
from engine.catalog.axes import input_axes
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Result, Spec, try_layer

for kind, layer in layers().items():
    if layer.role not in ("layer", "loss"):
        continue
    axes = max(input_axes(kind, layer.inputs[0].name)[0], default=3 if layer.role == "layer" else 2)
    axes += (kind == "PixelShuffle") - (kind == "EmbeddingBag")
    shape = (SAMPLES, 8, 8, 8, 8)[:axes]
    inputs = {}
    for place, port in enumerate(layer.inputs):
        own = layer.shape.inputs[place][0].axes if layer.role == "loss" and len(layer.inputs) > 1 else ("B", "*")
        element = {"int": INT, "bool": torch.bool}.get(port.element, FLOAT)
        spec = Spec(shape if "*" in own else shape[: len(own)], element)
        if kind in ("CrossEntropyLoss", "NLLLoss") and port.name == "target":
            spec = Spec(shape[:1], INT)
        if not port.optional:
            inputs[f"{port.name}[0]" if port.variadic else port.name] = spec
    values = dict(layer.preset) | {param.name: shape[param.axis] for param in layer.derived}
    values |= {"batch_first": True} if layer.param("batch_first") else {}
    values |= {"shape": (-1, 8)} if kind == "reshape" else {}
    values |= {"output_size": (3, 5)} if kind == "Fold" else {}
    result = try_layer(layer, values, inputs)
    assert isinstance(result, Result), (kind, result)
    assert "torch._dynamo" not in sys.modules, kind
print("tried")
"""


def test_no_kind_of_layer_loads_the_compiler():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout == "tried\n", done.stderr
