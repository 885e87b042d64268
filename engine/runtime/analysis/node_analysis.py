"""What the analysis finds out about single nodes."""

from dataclasses import dataclass

from engine.catalog.params import Value

Path = tuple[str, ...]
"""Node names from the main graph inwards: ``("stem", "conv1")``."""

Derived = dict[Path, dict[str, Value]]
"""The parameter values that were read off the wires, by the path of the node that has the weights."""


@dataclass(frozen=True, slots=True)
class NodeAnalysis:
    """What is known of one node, in one place where it is used.

    ``outputs`` and ``elements`` (``float``, ``int``, ``bool``) by port. ``parameters`` and ``macs`` (multiply-adds for
    one row) count all of its ``times``, as often as it and the blocks around it are repeated; the borrower of weights
    has no parameters of its own.
    """

    outputs: dict[str, tuple[int | str, ...]]
    elements: dict[str, str]
    parameters: int = 0
    macs: int = 0
    times: int = 1
