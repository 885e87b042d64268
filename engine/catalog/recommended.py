"""The kinds that messages and fixes recommend: of all that fit, the most prominent one."""

from collections.abc import Callable
from functools import cache

from engine.catalog.index import layers
from engine.catalog.port_values import Meaning
from engine.catalog.spec import Compares, Conversion, Layer


@cache
def converter(conversion: Conversion) -> Layer:
    """The layer to insert into a wire for a conversion."""
    return next(layer for layer in layers().values() if layer.converts == conversion)


@cache
def dense() -> str:
    """The kind of dense layer, whose number of outputs is free."""
    return _best(lambda layer: layer.param("in_features") is not None)


@cache
def classification_loss() -> str:
    """The kind of loss that chooses among classes by their scores."""
    return _best_loss(lambda compares: compares.takes == "scores" and compares.min_classes > 1)


@cache
def binary_loss() -> str:
    """The kind of loss for binary decisions, given as scores."""
    return _best_loss(lambda compares: compares.takes == "scores" and compares.is_binary)


@cache
def regression_loss() -> str:
    """The kind of loss that compares numbers directly."""
    return _best_loss(lambda compares: compares.takes == "values")


def losses_that_take(meaning: Meaning) -> tuple[Layer, ...]:
    """Every loss whose input has this meaning."""
    return tuple(layer for layer in layers().values() if layer.compares and layer.compares.takes == meaning)


def _best_loss(is_right: Callable[[Compares], bool]) -> str:
    return _best(lambda layer: layer.compares is not None and is_right(layer.compares))


def _best(is_right: Callable[[Layer], bool]) -> str:
    matches = [layer for layer in layers().values() if is_right(layer)]
    return max(matches, key=lambda layer: layer.prominence).kind  # of equal ones the first
