"""The kinds that messages and fixes recommend: of those that do something, the one that people know best."""

from collections.abc import Callable
from functools import cache

from engine.catalog.index import layers
from engine.catalog.spec import Compares, Conversion, Layer, Meaning


@cache
def converter(conversion: Conversion) -> Layer:
    """The layer that is put on a wire for a conversion."""
    return next(layer for layer in layers().values() if layer.converts == conversion)


@cache
def dense() -> str:
    """The kind of layer that gives as many numbers as it is asked for."""
    return _best(lambda layer: layer.param("in_features") is not None)


@cache
def loss_of_classes() -> str:
    """The kind of loss that chooses among classes by their scores."""
    return _best_loss(lambda compares: compares.takes == "scores" and compares.fewest > 1)


@cache
def loss_of_questions() -> str:
    """The kind of loss for answers that are yes or no, given as scores."""
    return _best_loss(lambda compares: compares.takes == "scores" and compares.questions)


@cache
def loss_of_numbers() -> str:
    """The kind of loss that compares numbers as they are."""
    return _best_loss(lambda compares: compares.takes == "values")


def losses_that_take(meaning: Meaning) -> tuple[Layer, ...]:
    """Every loss whose input means this."""
    return tuple(layer for layer in layers().values() if layer.compares and layer.compares.takes == meaning)


def _best_loss(is_right: Callable[[Compares], bool]) -> str:
    return _best(lambda layer: layer.compares is not None and is_right(layer.compares))


def _best(is_right: Callable[[Layer], bool]) -> str:
    found = [layer for layer in layers().values() if is_right(layer)]
    return max(found, key=lambda layer: layer.prominence).kind  # of equal ones the first
