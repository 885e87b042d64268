"""Legal values at the ends of their ranges: each has a result, quickly, and never an exception."""

import math

import pytest

from engine.catalog.axes import input_axes
from engine.catalog.index import layers
from engine.catalog.params import Param, Value
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Refusal, Result, Spec, try_layer

LAYERS = {kind: layer for kind, layer in layers().items() if layer.role == "layer"}
HUGE = 2**53
EXTREMES: tuple[Value, ...] = (
    HUGE, 10**6, 64, (HUGE, HUGE, HUGE), (HUGE, HUGE), (10**9, 10**9), 1e300, 1e-300, math.inf, (1e300, 1e300),
)  # fmt: skip


def extremes(param: Param) -> list[Value]:
    """The extreme values that the parameter takes."""
    return [value for value in EXTREMES if param.problem(value) is None]


@pytest.mark.parametrize("kind", LAYERS)
def test_an_extreme_value_is_answered(kind: str):
    layer = LAYERS[kind]
    axes, element = frozenset(), FLOAT
    if layer.inputs:
        axes, _ = input_axes(kind, layer.inputs[0].name)
        element = INT if layer.inputs[0].element == "int" else FLOAT
    spec = Spec((SAMPLES, 4, 8, 8, 8)[: max(axes, default=3)], element)
    names = [f"{port.name}[0]" if port.variadic else port.name for port in layer.inputs if not port.optional]
    usual: dict[str, Value] = {param.name: spec.shape[param.axis] for param in layer.derived}
    usual |= {"batch_first": True} if layer.param("batch_first") else {}
    for param in layer.params:
        for value in extremes(param):
            answer = try_layer(layer, {**usual, param.name: value}, dict.fromkeys(names, spec))
            assert isinstance(answer, Result | Refusal)
