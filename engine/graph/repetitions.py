"""Repetitions of a block use in paths: those that differ from the first have their index, as in ``stage[1].conv``."""

from collections.abc import Sequence


def repetition(use: str, index: int) -> str:
    """The element of a path for one repetition of a block use, counted from 0; the first is the use itself."""
    return f"{use}[{index}]" if index else use


def node_name(element: str) -> str:
    """The name of the node that an element of a path is, without the index of a repetition."""
    return element.partition("[")[0]


def node_names(path: Sequence[str]) -> tuple[str, ...]:
    """A path without the indices of repetitions."""
    return tuple(map(node_name, path))


def dotted_names(path: str) -> str:
    """A dotted path without the indices of repetitions."""
    return ".".join(node_names(path.split(".")))
