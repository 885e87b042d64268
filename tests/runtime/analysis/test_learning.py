"""The analysis reports gradients as torch has them: real numbers pass one on, through every layer."""

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.model import generate
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project
from tests.usual.inputs import INPUTS, VALUES, N, Sizes

SHAPES = ((6,), (4, 6), (4, 6, 6), (4, 6, 6, 6), ())
REQUIRED = {
    "GroupNorm": {"num_groups": 2}, "MultiheadAttention": {"num_heads": 2}, "TransformerEncoderLayer": {"nhead": 2},
    "TransformerDecoderLayer": {"nhead": 2}, "Transformer": {"nhead": 2, "num_encoder_layers": 1},
    "Upsample": {"scale_factor": (2.0,)}, "Fold": {"output_size": (3, 4), "kernel_size": 2},
    "FractionalMaxPool2d": {"output_ratio": 0.5}, "FractionalMaxPool3d": {"output_ratio": 0.5},
    "Unflatten": {"unflattened_size": (2, 3), "dim": -1}, "reshape": {"shape": (-1, 6)}, "permute": {"dims": (0, 1)},
    "clamp": {"min": 0.5}, "GroupedQueryAttention": {"num_heads": 2, "num_kv_heads": 1},
    "PatchEmbedding": {"patch_size": 2}, "AdaptiveLogSoftmaxWithLoss": {"n_classes": 9, "cutoffs": (4,)},
}  # fmt: skip
LAYERS = [each for each in layers().values() if each.role == "layer" and each.kind != "long"]
TAKE_OTHERS = {
    entry.kind
    for entry in LAYERS
    if any(port.element in ("int", "bool") and not port.optional for port in entry.inputs)
}
GIVE_OTHERS = {entry.kind for entry in LAYERS if all(port.element in ("int", "bool") for port in entry.outputs)}
OF_TWO = {"grad"}  # one of which is computed from the other
FIXED = {"Buffer"} | {entry.kind for entry in LAYERS if entry.stops_gradient}
SHAPE_ONLY = {entry.kind for entry in LAYERS if all(port.shape_only for port in entry.inputs) and not entry.stateful}


def params_of(entry: Layer) -> dict[str, Value]:
    """Values with which a node has all its outputs and takes small shapes."""
    required = {param.name: param.default for param in entry.params if param.required}
    flags = {port.flag: True for port in entry.outputs if port.flag}
    first = {"batch_first": True} if entry.param("batch_first") else {}
    return {**required, **entry.preset, **VALUES.get(entry.kind, {}), **REQUIRED.get(entry.kind, {}), **flags, **first}


def shapes_of(entry: Layer) -> list[dict[str, Sizes]]:
    """Shapes of a sample by input port, of which at least one is to fit."""
    if entry.kind in INPUTS:
        return [{port: shape[1:] for port, shape in INPUTS[entry.kind].items() if shape[0] == N}]
    ports = [f"{port.name}[0]" if port.variadic else port.name for port in entry.inputs if not port.optional]
    return [dict.fromkeys(ports or [port.name for port in entry.inputs[:1]], shape) for shape in SHAPES]


def learned(entry: Layer, shapes: dict[str, Sizes]) -> tuple[Project, dict[str, FieldSpec]]:
    """A network in which each input of a layer is learned, between 0 and 1, and each output one of the network."""
    params = params_of(entry)
    ports = [port.name for port in entry.outputs_with(params)]
    outputs = {f"y{place}": "Output" for place in range(len(ports))}
    nodes = {"it": Node(entry.kind, params), "x": "Input", "fc": node("Linear", out_features=2), "loss": "MeanLoss"}
    wires = ["x > fc", "fc > loss", *(f"it.{port} > y{place}" for place, port in enumerate(ports))]
    for place, (port, shape) in enumerate(shapes.items()):
        features = int(shape[-1]) if shape else 1
        nodes |= {f"x{place}": "Input", f"fc{place}": node("Linear", out_features=features), f"in{place}": "Sigmoid"}
        wires += [f"x{place} > fc{place}", f"fc{place} > in{place}", f"in{place} > it.{port}"]
    fields = {f"x{place}": FieldSpec(shape, "float32") for place, shape in enumerate(shapes.values())}
    return project(nodes | outputs, *wires), {"x": FieldSpec((2,), "float32"), **fields}


def has_gradient(entry: Layer, value: Tensor, weights: list[nn.Parameter]) -> bool:
    """Whether a value has a gradient; torch gives random numbers one, which must be 0."""
    if entry.kind not in FIXED or not value.requires_grad:
        return value.requires_grad
    gradients = torch.autograd.grad(value.sum(), weights, retain_graph=True, materialize_grads=True)
    return any(bool(gradient.any()) for gradient in gradients)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", LAYERS, ids=lambda entry: entry.kind)
def test_real_numbers_pass_a_gradient_on(entry: Layer, tmp_path: Path) -> None:
    count = 0
    for shapes in shapes_of(entry):
        example, fields = learned(entry, shapes)
        analysis = analyse(example, fields)
        if analysis.errors:
            continue
        model = load_model(generate(example, analysis.derived).text, example, tmp_path / "model.py")
        network = model.network()
        predictions = network(**{name: torch.rand(3, *spec.shape) for name, spec in fields.items()})
        assert isinstance(predictions, dict)
        values = [predictions[name] for name in example.graphs["Net"].of_kind("Output")]
        with_gradient = [
            has_gradient(entry, value, list(network.parameters())) for value in values if value.is_floating_point()
        ]
        count += sum(with_gradient)
        assert with_gradient == [entry.kind not in SHAPE_ONLY | FIXED] * len(with_gradient)
    assert (count > 0) == (entry.kind not in TAKE_OTHERS | GIVE_OTHERS | SHAPE_ONLY | OF_TWO | FIXED)
