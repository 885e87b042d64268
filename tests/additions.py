"""Kinds that are declared for one test only, in the way of the catalogue."""

import sys

import pytest

from engine.catalog.emit import Function
from engine.catalog.layers import activation
from engine.catalog.params import Int
from engine.catalog.spec import Layer

GAMMA = Layer(
    kind="multigammaln",
    family="activation",
    emit=Function("torch.special.multigammaln"),
    summary="Logarithm of the multivariate gamma function.",
    shape=activation.SAME,
    source="Wishart 1928",
    params=(Int("p", 1, min=1, help="Number of dimensions."),),
).known_as("wishart")


def forget() -> None:
    """Let every module of the engine read the catalogue again."""
    modules = [module for name, module in sys.modules.items() if name.startswith("engine.")]
    for function in [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]:
        function.cache_clear()


def declare(monkeypatch: pytest.MonkeyPatch, layer: Layer = GAMMA) -> Layer:
    """Add a layer to its family."""
    monkeypatch.setattr(activation, "LAYERS", (*activation.LAYERS, layer))
    forget()
    return layer
