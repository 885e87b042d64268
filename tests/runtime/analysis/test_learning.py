"""The analysis reports gradients as torch has them: real numbers pass one on, through every layer."""

from pathlib import Path

import pytest
import torch

from engine.catalog.index import layers
from engine.catalog.spec import Layer
from engine.codegen.model import generate
from engine.graph.model import Node
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.fields import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project

SHAPES = ((6,), (4, 6), (4, 6, 6), (4, 6, 6, 6), ())
REQUIRED = {
    "GroupNorm": {"num_groups": 2}, "MultiheadAttention": {"num_heads": 2}, "TransformerEncoderLayer": {"nhead": 2},
    "TransformerDecoderLayer": {"nhead": 2}, "Transformer": {"nhead": 2, "num_encoder_layers": 1},
    "Upsample": {"scale_factor": (2.0,)}, "Fold": {"output_size": (3, 4), "kernel_size": 2},
    "FractionalMaxPool2d": {"output_ratio": 0.5}, "FractionalMaxPool3d": {"output_ratio": 0.5},
    "Unflatten": {"unflattened_size": (2, 3), "dim": -1}, "reshape": {"shape": (-1, 6)}, "permute": {"dims": (0, 1)},
    "clamp": {"min": 0.5}, "GroupedQueryAttention": {"num_heads": 2, "num_kv_heads": 1},
    "PatchEmbedding": {"patch_size": 2},
}  # fmt: skip
LAYERS = [each for each in layers().values() if each.role == "layer" and each.kind != "long"]
TAKE_OTHERS = {
    entry.kind
    for entry in LAYERS
    if any(port.element in ("int", "bool") and not port.optional for port in entry.inputs)
}
GIVE_OTHERS = {entry.kind for entry in LAYERS if all(port.element in ("int", "bool") for port in entry.outputs)}
OF_TWO = {"grad"}  # one of which is computed from the other
SHAPE_ONLY = {entry.kind for entry in LAYERS if all(port.shape_only for port in entry.inputs) and not entry.stateful}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", LAYERS, ids=lambda entry: entry.kind)
def test_real_numbers_pass_a_gradient_on(entry: Layer, tmp_path: Path) -> None:
    count = 0
    for shape in SHAPES:
        outputs = {f"y{place}": "Output" for place in range(len(entry.outputs))}
        first = {"batch_first": True} if entry.param("batch_first") else {}
        flags = {port.flag: True for port in entry.outputs if port.flag}
        layer_node = Node(entry.kind, {**REQUIRED.get(entry.kind, {}), **flags, **first})
        nodes = {"x": "Input", "learns": node("Linear", out_features=6), "it": layer_node, "loss": "MSELoss", **outputs}
        ports = [f"{port.name}[0]" if port.variadic else port.name for port in entry.inputs if not port.optional]
        ports = ports or [entry.inputs[0].name]
        wires = ["x > learns", "learns > loss", "x > loss.target", *(f"learns > it.{port}" for port in ports)]
        wires += [f"it.{port.name} > y{place}" for place, port in enumerate(entry.outputs)]
        example = project(nodes, *wires)
        analysis = analyse(example, {"x": FieldSpec(shape, "float32")})
        if analysis.errors:
            continue
        model = load_model(generate(example, analysis.derived).text, example, tmp_path / "model.py")
        predictions = model.network()(x=torch.rand(3, *shape))
        assert isinstance(predictions, dict)
        values = [predictions[name] for name in outputs]
        count += sum(value.requires_grad for value in values)
        expected = entry.kind not in SHAPE_ONLY
        assert all(value.requires_grad == expected for value in values if value.is_floating_point())
    assert (count > 0) == (entry.kind not in TAKE_OTHERS | GIVE_OTHERS | SHAPE_ONLY | OF_TWO)
