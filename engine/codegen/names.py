"""Which names generated source can use: attributes, classes, fields, and the local variables of its functions."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from engine.errors import EngineError
from engine.graph.model import is_name
from engine.graph.node_expressions import LOOP_NAMES
from engine.graph.reserved import RESERVED_ATTRIBUTES, RESERVED_CLASSES, RESERVED_FIELDS

K = TypeVar("K", bound=Hashable)

RUNNING = ("x", "h", "z")
"""Names of the variable that holds each value which only the next line reads, in order of preference."""

_LOCALS = RESERVED_CLASSES | {*RUNNING, "block", "batch", "outputs", "total"}

CONSTRUCTOR_NAMES = RESERVED_CLASSES | {*LOOP_NAMES, "block", *(f"block{depth}" for depth in range(2, 10))}
"""The names that no argument of a constructor can have: others are variables of its loops."""


def attribute(name: str) -> str:
    """``name``, when a layer with weights can have it. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("_") or name in RESERVED_ATTRIBUTES:
        raise EngineError(f"A layer cannot be called {name!r}: torch.nn.Module uses that name.", node=name, code="G016")
    return name


def class_name(name: str, others: Iterable[str] = ()) -> str:
    """``name``, when a graph can have it. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("__") or name in RESERVED_CLASSES or name in others:
        raise EngineError(f"A graph cannot be called {name!r}: the generated source uses that name.", code="G016")
    return name


def field_name(name: str, node: str, others: Iterable[str] = ()) -> str:
    """``name``, when ``forward`` can take a field of that name. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("__") or name in RESERVED_FIELDS or name in others:
        raise EngineError(
            f"The network cannot take a field called {name!r}.",
            hint="Use letters, digits and underscores, and no name that the source uses itself.",
            node=node,
            code="G016",
        )
    return name


class Scope:
    """Gives each variable its name, with underscores behind it where something else has that name."""

    def __init__(
        self, names: Iterable[str] = (), avoid: Iterable[str] = (), local_names: Iterable[str] = _LOCALS
    ) -> None:
        """``names``: those in use. ``avoid``: names that a variable may ask for, but that replace no other name.

        ``local_names``: those that mean something else in the function.
        """
        self._names = set(local_names).union(names)
        self._avoid = frozenset(avoid)

    def is_free(self, name: str) -> bool:
        """Whether a variable that asks for this name gets it."""
        return name not in self._names and not name.startswith("__")

    def take(self, names: Mapping[K, str]) -> dict[K, str]:
        """The variable of each value, by the name that it asks for; a free name stays as it is."""
        variables: dict[K, str] = {}
        for value, name in names.items():
            if self.is_free(name):
                self._names.add(name)
                variables[value] = name
        for value, name in names.items():
            if value not in variables:
                variables[value] = self._free(name)
        return variables

    def _free(self, name: str) -> str:
        variable = f"{name.lstrip('_') or 'value'}_"
        while variable in self._names or variable in self._avoid:
            variable += "_"
        self._names.add(variable)
        return variable
