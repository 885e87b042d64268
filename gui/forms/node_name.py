"""The name of a node or a block as a parameter, with its rules."""

from collections.abc import Callable, Container

from engine.catalog.params import Value
from engine.catalog.text_params import Text
from engine.graph.compose import name_problem


class NodeName(Text, frozen=True):
    """A name that no other has. ``other_names`` returns theirs; ``what`` has the name."""

    other_names: Callable[[], Container[str]] = tuple
    what: str = "node"

    def problem(self, value: Value) -> str | None:
        return name_problem(value if isinstance(value, str) else "", self.other_names(), self.what)
