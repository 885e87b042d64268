"""Every declaration by its kind."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from types import MappingProxyType

from engine.catalog.families import FAMILIES
from engine.catalog.spec import Layer


@cache
def layers() -> Mapping[str, Layer]:
    """Every kind of node, in the palette's order."""
    modules = dict.fromkeys(family.module for family in FAMILIES.values())
    every = (layer for name in modules for layer in import_module(f"engine.catalog.layers.{name}").LAYERS)
    return MappingProxyType({layer.kind: layer for layer in every})


@cache
def usual_metrics() -> Mapping[str, Layer]:
    """The usual metrics of the losses, by name."""
    metrics = (layers()[loss.metric] for loss in layers().values() if loss.metric)
    return MappingProxyType({metric.usual_name: metric for metric in metrics})


@cache
def _formerly() -> Mapping[str, str]:
    return {old: kind for kind, layer in layers().items() for old in layer.formerly}


@lru_cache(4096)
def layer(kind: str) -> Layer | None:
    """The declaration of a kind, also by a former name, or ``None``."""
    return layers().get(kind) or layers().get(_formerly().get(kind, ""))


def nearest(name: str, names: Iterable[str]) -> str:
    """The most similar of ``names``, or ``""`` if none is similar."""
    by_lower = {candidate.lower(): candidate for candidate in names}
    close = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A sentence that suggests the most similar of ``names``, or ``""``."""
    best = nearest(name, names)
    return f"Did you mean {best}?" if best else ""
