"""The analysis results of single nodes."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.catalog.params import Value

Path = tuple[str, ...]
"""Node names from the main graph inwards: ``("stem", "conv1")``."""

Derived = dict[Path, dict[str, Value]]
"""The parameter values that were read off the wires, by the path of the node that has the weights."""

Sizes = Mapping[str, tuple[int, ...]]
"""The shapes of weights by their names below a node."""


@dataclass(frozen=True, slots=True)
class NodeAnalysis:
    """The analysis results of one node, in one place where it is used.

    ``outputs`` and ``elements`` (``float``, ``int``, ``bool``) by port. ``parameters`` and ``macs`` (multiply-adds per
    sample) count all of its ``times``, the repetitions of it and of the blocks around it; a borrower of weights has no
    parameters of its own. ``weights``: the shapes of its weights by their names below the node, of one of all
    repetitions; ``None`` where not all of them are known.
    """

    outputs: dict[str, tuple[int | str, ...]]
    elements: dict[str, str]
    parameters: int = 0
    macs: int = 0
    times: int = 1
    weights: Sizes | None = None
