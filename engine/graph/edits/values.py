"""Edits of a node: its parameters, its other fields, its position."""

from typing import Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from engine.catalog.expressions import Constant, Expression
from engine.graph.edits.insertion import EditError, insert, node_of, place_of
from engine.graph.loops import LoopSettings
from engine.graph.model import UNSET, Project, Unset
from engine.graph.weights import WeightSettings


class SetParam(Struct, frozen=True):
    """Give one parameter of one node a new value.

    ``index``: its place among the node's values; by default it keeps its place, or is the last when it had none.
    """

    graph: str
    node: str
    name: str
    value: Constant | Expression | Unset  # UNSET: back to the declared default
    gesture: int = 0  # edits of one mouse drag have the same number, and are one undo step
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Set {self.name} of {self.node}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        params = node_of(project, self.graph, self.node).params
        before = params.get(self.name, UNSET)
        place = place_of(params, self.name) if self.name in params else None
        if isinstance(self.value, Unset):
            params.pop(self.name, None)
        elif place is not None and self.index in (None, place):
            params[self.name] = self.value
        else:
            params.pop(self.name, None)
            insert(params, self.name, self.value, self.index)
        return replace(self, value=before, index=place)

    @property
    def targets(self) -> frozenset[object]:
        """What the edit changes, for `Batch.absorb`."""
        return frozenset(((self.graph, self.node, self.name),))

    def absorb(self, later: object) -> Self | None:
        """The single edit equal to both, or ``None`` if they are separate steps."""
        match later:
            case SetParam(self.graph, self.node, self.name, gesture=self.gesture, index=None) if self.gesture:
                # A value that was unset would come back as the last one: two steps keep the order.
                both_set = not isinstance(self.value, Unset) and not isinstance(later.value, Unset)
                return replace(self, value=later.value) if both_set else None
        return None


class SetNode(Struct, frozen=True):
    """Change a field of a node other than its parameters."""

    graph: str
    node: str
    name: Literal["kind", "bypass", "shares", "graph", "repeat"]
    value: str | bool | int | Expression | None

    @property
    def label(self) -> str:
        return f"Set {self.name} of {self.node}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        node = node_of(project, self.graph, self.node)
        if self.name == "shares" and self.value is not None and node.settings.shares:
            raise EditError(f"{self.node} shares single weights: give it its own before it shares all of another node")
        if self.name == "kind" and self.value != "Loop" and node.loop is not None:
            raise EditError(f"{self.node} has rounds: remove them before it becomes a {self.value}")
        before = getattr(node, self.name)
        setattr(node, self.name, self.value)
        return replace(self, value=before)


class SetLoop(Struct, frozen=True):
    """Change the rounds of a loop."""

    graph: str
    node: str
    loop: LoopSettings | None

    @property
    def label(self) -> str:
        return f"Set the rounds of {self.node}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        node = node_of(project, self.graph, self.node)
        if self.loop is not None and node.kind != "Loop":
            raise EditError(f"{self.node} is a {node.kind}: only a Loop has rounds")
        before, node.loop = node.loop, self.loop
        return replace(self, loop=before)


class SetWeights(Struct, frozen=True):
    """Change the weight settings of a node."""

    graph: str
    node: str
    settings: WeightSettings

    @property
    def label(self) -> str:
        return f"Set the weights of {self.node}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        node = node_of(project, self.graph, self.node)
        if self.settings.shares and node.shares is not None:
            raise EditError(f"{self.node} shares all weights of {node.shares}: give it its own before it shares some")
        before, node.settings = node.settings, self.settings
        return replace(self, settings=before)


class MoveNodes(Struct, frozen=True):
    """Put nodes at new positions, in scene pixels."""

    graph: str
    positions: dict[str, tuple[float, float]]
    gesture: int = 0

    @property
    def label(self) -> str:
        return f"Move {next(iter(self.positions))}" if len(self.positions) == 1 else f"Move {len(self.positions)} nodes"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        nodes = {name: node_of(project, self.graph, name) for name in self.positions}
        before = {name: node.pos for name, node in nodes.items()}
        for name, node in nodes.items():
            node.pos = self.positions[name]
        return replace(self, positions=before)

    @property
    def targets(self) -> frozenset[object]:
        """What the edit touches, for `Batch.absorb`."""
        return frozenset((self.graph, name) for name in self.positions)

    def absorb(self, later: object) -> Self | None:
        """The single edit equal to both, or ``None`` if they are separate steps."""
        match later:
            case MoveNodes(self.graph, gesture=self.gesture) if self.gesture:
                return replace(self, positions=self.positions | later.positions)
        return None
