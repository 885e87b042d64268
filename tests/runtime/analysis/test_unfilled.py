"""Layers made without numbers are those that torch makes, in everything but the numbers."""

from itertools import product

import pytest
import torch
from torch import nn

from engine.catalog.emit import Module
from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import constructor
from engine.runtime.analysis.empty_weights import Layers

LAYERS = Layers()
UNFILLED = {
    kind: layer
    for kind, layer in layers().items()
    if isinstance(layer.emit, Module) and layer.emit.target == f"nn.{kind}" and LAYERS.has(kind)
}
SMALL = (0, 1, 2, 4)
"""Sizes: where a formula for initial values divides by one, torch refuses 0."""


def form(module: nn.Module) -> tuple[list[object], dict[str, tuple[object, ...]]]:
    """The properties of a layer without its numbers."""
    tensors = {**dict(module.named_parameters()), **dict(module.named_buffers())}
    weights = {name: (tuple(each.shape), each.dtype, each.requires_grad, type(each)) for name, each in tensors.items()}
    return [type(module).__name__, module.extra_repr(), module.training], weights


def sizes_of(layer: Layer) -> list[dict[str, Value]]:
    """Values for what torch has no default for, small ones in all combinations."""
    required = [param.name for param in layer.params if param.required or param in layer.derived]
    more: dict[str, Value] = {"num_groups": 2} if layer.kind == "GroupNorm" else {}
    return [dict(zip(required, sizes, strict=True)) | more for sizes in product(SMALL, repeat=len(required))]


def build_layer(text: str, library: object) -> nn.Module | str:
    """A layer, or the kind of torch's refusal."""
    try:
        layer: nn.Module = eval(text, {"nn": library})  # noqa: S307 (what the generator writes)
    except Exception as wrong:  # noqa: BLE001 (whatever torch raises)
        return type(wrong).__name__
    return layer


@pytest.mark.parametrize("kind", UNFILLED)
@pytest.mark.filterwarnings("ignore:Initializing zero-element tensors")
def test_a_layer_without_numbers_is_made_and_refused_as_torch_makes_it(kind: str):
    layer = UNFILLED[kind]
    for values in sizes_of(layer):
        text = constructor(layer, values)
        ours, torchs = build_layer(text, LAYERS), build_layer(text, nn)
        if isinstance(torchs, str) or isinstance(ours, str):
            assert ours == torchs, values
            continue
        assert form(ours) == form(torchs), values
        assert {each.device for each in (*ours.parameters(), *ours.buffers())} <= {torch.device("meta")}


def test_most_layers_with_weights_are_made_without_numbers():
    with_weights = {"Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "BatchNorm2d", "InstanceNorm2d", "LayerNorm"}
    assert with_weights | {"Embedding", "GroupNorm", "Linear", "LSTM", "PReLU"} <= UNFILLED.keys()
