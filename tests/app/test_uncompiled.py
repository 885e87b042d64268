"""Trying layers leaves torch's compiler unloaded."""

import subprocess
import sys

CODE = """
import sys
from engine.catalog.axes import input_axes
from engine.catalog.index import layers
from engine.runtime.analysis.build import INT, SAMPLES, Result, Spec, try_layer
from tests.usual.layers import LAYERS, TYPES, placed

for kind in LAYERS:
    assert isinstance(try_layer(*placed(kind)), Result), kind
    assert "torch._dynamo" not in sys.modules, kind
for kind, layer in layers().items():
    if layer.role != "loss":
        continue
    axes = max(input_axes(kind, layer.inputs[0].name)[0], default=2)
    shape = (SAMPLES, 8, 8, 8, 8)[:axes]
    inputs = {}
    for place, port in enumerate(layer.inputs):
        own = layer.shape.inputs[place][0].axes if len(layer.inputs) > 1 else ("B", "*")
        spec = Spec(shape if "*" in own else shape[: len(own)], TYPES[port.element])
        if kind in ("CrossEntropyLoss", "NLLLoss") and port.name == "target":
            spec = Spec(shape[:1], INT)
        if not port.optional:
            inputs[port.name] = spec
    values = dict(layer.preset) | {param.name: shape[param.axis] for param in layer.derived}
    result = try_layer(layer, values, inputs)
    assert isinstance(result, Result), (kind, result)
    assert "torch._dynamo" not in sys.modules, kind
print("tried")
"""


def test_no_kind_of_layer_loads_the_compiler():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout == "tried\n", done.stderr
