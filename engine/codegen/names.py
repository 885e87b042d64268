"""Which names generated source can bear: attributes, classes, fields, and the local variables of its functions."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from engine.errors import EngineError
from engine.graph.model import is_name
from engine.graph.reserved import RESERVED_ATTRIBUTES, RESERVED_CLASSES, RESERVED_FIELDS

K = TypeVar("K", bound=Hashable)

RUNNING = ("x", "h", "z")
"""Variables that a value is rebound to when only the next line reads it, in order of preference."""

_LOCALS = RESERVED_CLASSES | {*RUNNING, "block", "batch", "outputs", "total"}


def attribute(name: str) -> str:
    """``name``, when a layer with weights can bear it. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("_") or name in RESERVED_ATTRIBUTES:
        raise EngineError(f"A layer cannot be called {name!r}: torch.nn.Module uses that name.", node=name, code="G016")
    return name


def class_name(name: str, taken: Iterable[str] = ()) -> str:
    """``name``, when a graph can bear it. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("__") or name in RESERVED_CLASSES or name in taken:
        raise EngineError(f"A graph cannot be called {name!r}: the generated source uses that name.", code="G016")
    return name


def field_name(name: str, node: str, taken: Iterable[str] = ()) -> str:
    """``name``, when ``forward`` can take a field of that name. Raises: `EngineError`."""
    if not is_name(name) or name.startswith("__") or name in RESERVED_FIELDS or name in taken:
        raise EngineError(
            f"The network cannot take a field called {name!r}.",
            hint="Use letters, digits and underscores, and no name that the source uses itself.",
            node=node,
            code="G016",
        )
    return name


class Scope:
    """Gives each wanted variable its name, with underscores behind it where something else has that name."""

    def __init__(self, taken: Iterable[str] = (), avoid: Iterable[str] = ()) -> None:
        """``avoid``: names that may be given to who wants them, but to nobody in place of another."""
        self._taken = set(_LOCALS).union(taken)
        self._avoid = frozenset(avoid)

    def take(self, wanted: Mapping[K, str]) -> dict[K, str]:
        """The variable for each value by the name it wants; a free name is kept, whatever the others are."""
        given: dict[K, str] = {}
        for value, name in wanted.items():
            if name not in self._taken and not name.startswith("__"):
                self._taken.add(name)
                given[value] = name
        for value, name in wanted.items():
            if value not in given:
                given[value] = self._free(name)
        return given

    def _free(self, name: str) -> str:
        variable = f"{name.lstrip('_') or 'value'}_"
        while variable in self._taken or variable in self._avoid:
            variable += "_"
        self._taken.add(variable)
        return variable
