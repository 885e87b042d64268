"""The outputs of a layer are in the range that the catalogue declares, and come close to both its ends."""

import math

import pytest
import torch

from engine.catalog.emit import Module
from engine.catalog.index import layers
from engine.catalog.spec import Layer, Range, effective
from engine.codegen.expression import call, constructor
from engine.runtime.analysis.build import _names as namespace

BOUNDED = [entry for entry in layers().values() if isinstance(entry.within, Range) and entry.within != Range()]
REACHED = 0.01
VALUES = {"AdaptiveLogSoftmaxWithLoss": {"n_classes": 5, "cutoffs": (3,), "div_value": 2.0}}


def layer_values(entry: Layer, **changed: float) -> torch.Tensor:
    """The layer's output for many numbers, small and large."""
    read = {param.name: 3 for param in entry.derived}
    values = {**read, **entry.preset, **VALUES.get(entry.kind, {}), **changed}
    module = None
    if isinstance(entry.emit, Module):
        module = eval(constructor(entry, values), namespace(entry))  # noqa: S307 (names and literals)
    spread = torch.cat([torch.linspace(-8, 8, 4001), torch.linspace(-300, 300, 4001)])
    tensor = torch.stack([spread, spread.flip(0), torch.zeros_like(spread)], 1)
    axes = 2 if "*" in entry.shape.inputs[0][0].axes else len(entry.shape.inputs[0][0].axes)
    tensor = tensor.reshape(*tensor.shape, *(1,) * (axes - 2))
    ports = [port.name for port in entry.inputs if not port.optional] or [entry.inputs[0].name]
    text = call(entry, "module", dict(zip(ports, ("tensor", "other"), strict=False)), values)
    return eval(text, namespace(entry), {"module": module, "tensor": tensor, "other": tensor.flip(0)})  # noqa: S307 (likewise)


@pytest.mark.parametrize("entry", BOUNDED, ids=lambda entry: entry.kind)
@pytest.mark.parametrize("depth", [0.5, 3.0])
def test_the_numbers_are_within_the_declared_range(entry: Layer, depth: float):
    within = entry.within
    assert isinstance(within, Range)
    changed = {within.depth: depth} if within.depth else {}
    low = -float(effective(entry.params, changed)[within.depth]) if within.depth else within.low
    values = layer_values(entry, **changed)
    values = values[~values.isnan()]  # where the function has no value
    assert values.min() >= low
    assert values.max() <= within.high
    if low > -math.inf:
        assert values.min() - low < REACHED
    if within.high < math.inf:
        assert within.high - values.max() < REACHED


@pytest.mark.parametrize(
    "entry", [entry for entry in layers().values() if entry.gives != "values"], ids=lambda e: e.kind
)
def test_what_the_numbers_mean_fits_their_range(entry: Layer):
    assert entry.within == {"probabilities": Range(0.0, 1.0), "log-probabilities": Range(high=0.0)}[entry.gives]
