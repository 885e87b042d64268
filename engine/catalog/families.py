"""The families of node kinds, and the traits that all kinds of a family share."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Family(Struct, frozen=True, kw_only=True):
    """A family of kinds, declared by ``module`` in `engine.catalog.layers`; ``section``: its heading in the palette.

    ``keeps_shape``: the output has the shape of the input. ``counts_axes``: the declared shapes hold for any number of
    samples and have all axes; elsewhere they are examples. ``is_sequence``: one axis is read as steps, with
    ``one_by_one`` in order. ``has_window``: an input can be too small for it. ``joins``: its inputs must fit each
    other. ``scales``: it normalizes values, for which one sample may be too few.
    """

    name: str
    module: str
    section: str = ""
    keeps_shape: bool = False
    counts_axes: bool = False
    is_sequence: bool = False
    one_by_one: bool = False
    has_window: bool = False
    joins: bool = False
    scales: bool = False


_ALL = (
    Family(name="data", module="structure"),
    Family(name="structure", module="structure"),
    Family(name="convolution", module="convolution", section="Convolution", counts_axes=True, has_window=True),
    Family(name="pooling", module="pooling", section="Pooling", counts_axes=True, has_window=True),
    Family(name="linear", module="linear", section="Linear & embedding"),
    Family(name="embedding", module="embedding", section="Linear & embedding"),
    Family(name="activation", module="activation", section="Activation", keeps_shape=True),
    Family(
        name="normalization",
        module="normalization",
        section="Normalization & dropout",
        keeps_shape=True,
        counts_axes=True,
        scales=True,
    ),
    Family(
        name="regularization",
        module="regularization",
        section="Normalization & dropout",
        keeps_shape=True,
        counts_axes=True,
    ),
    Family(
        name="recurrent",
        module="recurrent",
        section="Recurrent & attention",
        counts_axes=True,
        is_sequence=True,
        one_by_one=True,
    ),
    Family(
        name="attention", module="attention.index", section="Recurrent & attention", counts_axes=True, is_sequence=True
    ),
    Family(name="padding", module="padding", section="Shape & merge", counts_axes=True),
    Family(name="reshaping", module="reshaping", section="Shape & merge"),
    Family(name="merging", module="merging", section="Shape & merge", joins=True),
    Family(name="indexing", module="operations.indexing", section="Shape & merge"),
    Family(name="sampling", module="operations.sampling", section="Images & signals", counts_axes=True),
    Family(name="spectral", module="operations.spectral", section="Images & signals", has_window=True),
    Family(name="tensor", module="operations.tensors", section="Math"),
    Family(name="math", module="operations.math", section="Math"),
    Family(name="reduction", module="operations.reduction", section="Math"),
    Family(name="pointwise", module="operations.pointwise", section="Math"),
    Family(name="comparison", module="operations.comparison", section="Comparison & logic"),
    Family(name="constant", module="creation", section="Math"),
    Family(name="random", module="creation", section="Random"),
    Family(name="loss", module="losses.index", section="Loss"),
    Family(name="metric", module="metrics.index", section="Metric"),
)

FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in _ALL})
"""Every family by its name, in the palette's order."""
