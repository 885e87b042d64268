"""Kinds that are declared for one test alone, as a person would declare them in the catalogue."""

import sys

import pytest

from engine.catalog.layers import activation
from engine.catalog.params import Float
from engine.catalog.spec import Layer, Module

HARDSHRINK = Layer(
    kind="Hardshrink",
    family="activation",
    emit=Module("nn.Hardshrink"),
    summary="Set small numbers to 0, keep the others.",
    shape=activation.SAME,
    source="Donoho and Johnstone 1994",
    params=(Float("lambd", 0.5, min=0.0, help="Numbers up to this far from 0 become 0."),),
).known_as("threshold")


def forget() -> None:
    """Let every module of the engine read the catalogue again."""
    modules = [module for name, module in sys.modules.items() if name.startswith("engine.")]
    for function in [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]:
        function.cache_clear()


def declare(monkeypatch: pytest.MonkeyPatch, layer: Layer = HARDSHRINK) -> Layer:
    """Add a layer to its family."""
    monkeypatch.setattr(activation, "LAYERS", (*activation.LAYERS, layer))
    forget()
    return layer
