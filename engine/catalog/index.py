"""Every declaration by its kind."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import MappingProxyType

from engine.catalog.spec import Layer

FAMILIES = (
    "structure",
    "linear",
    "convolution",
    "pooling",
    "normalization",
    "activation",
    "regularization",
    "embedding",
    "recurrent",
    "attention",
    "reshaping",
    "merging",
    "math",
    "losses",
    "metrics",
)
"""The modules of ``engine.catalog.layers``, in the palette's order."""


@cache
def layers() -> Mapping[str, Layer]:
    """Every kind of node, in the palette's order."""
    found = (layer for name in FAMILIES for layer in import_module(f"engine.catalog.layers.{name}").LAYERS)
    return MappingProxyType({layer.kind: layer for layer in found})


@cache
def _formerly() -> Mapping[str, str]:
    return {old: kind for kind, layer in layers().items() for old in layer.formerly}


def layer(kind: str) -> Layer | None:
    """The declaration of a kind, also by a former name, or ``None``."""
    return layers().get(kind) or layers().get(_formerly().get(kind, ""))


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the known name most like ``name``, or nothing."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f"Did you mean {by_lower[close[0]]}?" if close else ""
