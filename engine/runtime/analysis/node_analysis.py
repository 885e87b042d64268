"""The analysis results of single nodes, and of parts of a network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.catalog.params import Value

Path = tuple[str, ...]
"""Node names from the main graph inwards: ``("stem", "conv1")``.

Of the repetitions of a block use that are not as the first, the name has the index: ``("stage[1]", "conv1")``.
"""

Derived = dict[Path, dict[str, Value]]
"""The parameter values that were read off the wires, by the path of the node that has the weights.

Every repetition that differs from the first has paths of its own.
"""

Sizes = Mapping[str, tuple[int, ...]]
"""The shapes of weights by their names below a node."""


@dataclass(frozen=True, slots=True)
class NodeAnalysis:
    """The analysis results of one node, in one place where it is used.

    ``outputs`` and ``elements`` (``float``, ``int``, ``bool``) by port; of a repeated block those of the last
    repetition. ``parameters`` and ``macs`` (multiply-adds per sample) count all of its ``times``, the equal repetitions
    of it and of the blocks around it; a use whose repetitions differ counts them all, once. A borrower of weights has
    no parameters of its own. ``weights``: the shapes of its weights by their names below the node, of the first
    repetition that has them; ``None`` where not all of them are known.
    """

    outputs: dict[str, tuple[int | str, ...]]
    elements: dict[str, str]
    parameters: int = 0
    macs: int = 0
    times: int = 1
    weights: Sizes | None = None

    def repeated(self, times: int) -> "NodeAnalysis":
        """The results of this many equal copies."""
        if times == 1:
            return self
        return replace(self, parameters=self.parameters * times, macs=self.macs * times, times=self.times * times)


@dataclass(slots=True)
class Results:
    """The results of a part of the network: of its nodes by path, and in all of those that count."""

    nodes: dict[Path, NodeAnalysis] = field(default_factory=dict)
    derived: Derived = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0

    def in_rounds(self, rounds: int) -> "Results":
        """The results of a loop of this many rounds, all with the same weights."""
        nodes = {path: replace(node, macs=node.macs * rounds) for path, node in self.nodes.items()}
        return replace(self, nodes=nodes, macs=self.macs * rounds)

    def add(self, other: "Results", times: int = 1) -> None:
        """Add the results of this many equal copies of another part."""
        self.nodes |= {path: node.repeated(times) for path, node in other.nodes.items()}
        self.derived |= other.derived
        self.parameters += other.parameters * times
        self.macs += other.macs * times
