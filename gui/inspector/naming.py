"""The name of a node as a parameter: what may be typed, and why not."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from engine.catalog.params import Text, Value
from engine.graph.model import is_name


@dataclass(frozen=True, slots=True)
class NodeName(Text):
    """A name that no other node of the graph has. ``taken`` tells those."""

    taken: Callable[[], Container[str]] = tuple

    def problem(self, value: Value) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "is empty"
        if not is_name(value):
            return f"must be letters, digits and _, not starting with a digit, and no word of Python's; got {value!r}"
        return f"{value!r} is taken by another node" if value in self.taken() else None
