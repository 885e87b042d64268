"""A project as plain data: nodes, wires, graphs, data and training settings."""

import keyword
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from engine.catalog.expressions import Expression
from engine.catalog.params import Value
from engine.graph.block_params import BlockParam
from engine.graph.loops import BLOCK_KINDS, LoopSettings
from engine.graph.training import (
    MATRICES,
    Best,
    Clip,
    EarlyStop,
    OtherOptimizer,
    Part,
    Phase,
    Raw,
    SchedulePart,
    Training,
)
from engine.graph.weights import NO_SETTINGS, WeightSettings

__all__ = [
    "IDENTIFIER", "MATRICES", "NO_DATA", "UNSET", "USUAL_SIZE", "Best", "Clip", "Data", "EarlyStop", "End", "Frame",
    "Graph", "Node", "Note", "OtherOptimizer", "Part", "Phase", "Project", "Published", "Raw", "SchedulePart", "Size",
    "Split", "Training", "Unset", "Wire", "is_name",
]  # fmt: skip
Size = tuple[float, float]
"""Width and height in scene pixels."""

USUAL_SIZE: Size = (180.0, 72.0)
"""Of a node that no window has measured."""

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Unset:
    """The value that resets a parameter to its declared default."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


def is_name(text: object) -> bool:
    """Whether ``text`` can name a node or a graph: an ASCII identifier that is not a keyword."""
    return isinstance(text, str) and IDENTIFIER.fullmatch(text) is not None and not keyword.iskeyword(text)


class End(NamedTuple):
    """One end of a wire: a port of a node, written ``node.port`` (``cat.tensors[0]`` for a variadic one)."""

    node: str
    port: str

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``node.port``. Raises: ``ValueError`` when there is no dot."""
        node, dot, port = text.partition(".")
        if not dot or not node or not port:
            raise ValueError(f"a wire's end is written node.port, got {text!r}")
        return cls(node, port)

    @property
    def base(self) -> str:
        """The port without its variadic index."""
        return self.port.partition("[")[0]

    @property
    def index(self) -> int:  # type: ignore[override]  # nobody searches an end as a tuple
        """The place in a variadic port, 0 for any other."""
        digits = self.port.partition("[")[2].removesuffix("]")
        return int(digits) if digits.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection from an output port to an input port; ``points`` are reroute dots, in scene pixels."""

    source: End
    target: End
    points: tuple[tuple[float, float], ...] = ()


@dataclass(slots=True)
class Node:
    """One layer, input, output or block use. Its name is its key in the graph.

    ``params``: only values that differ from the defaults. ``shares``: the node of the same kind whose weights it uses.
    ``graph``: what a `Block` or `Loop` uses; ``repeat`` and ``loop``: of one of them. ``settings``: of its weights.
    """

    kind: str
    params: dict[str, Value] = field(default_factory=dict)
    pos: tuple[float, float] = (0.0, 0.0)
    bypass: bool | Expression = False
    shares: str | None = None
    graph: str | None = None
    repeat: int = 1
    loop: LoopSettings | None = None
    settings: WeightSettings = NO_SETTINGS
    extra: Raw = field(default_factory=dict)

    def copy(self) -> "Node":
        """A copy that shares nothing mutable with this node; values are never changed, only replaced."""
        return replace(self, params=dict(self.params), extra=deepcopy(self.extra) if self.extra else {})

    @property
    def uses_block(self) -> bool:
        """Whether it is a use of another graph."""
        return self.kind in BLOCK_KINDS

    @property
    def is_bypassed(self) -> bool:
        """Whether its input passes through; an expression counts as no, until `resolved` gives its value."""
        return self.bypass is True

    @property
    def mentions(self) -> tuple[str, ...]:
        """The other nodes whose weights it shares or follows."""
        follows, owners = self.settings.follows, self.settings.owners
        return (*((self.shares,) if self.shares else ()), *owners, *((follows.node,) if follows else ()))


@dataclass(frozen=True, slots=True)
class Frame:
    """A titled rectangle behind nodes: ``rect`` is x, y, width, height in scene pixels."""

    title: str
    rect: tuple[float, float, float, float]
    extra: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A sticky note: ``rect`` is x, y, width, height in scene pixels."""

    text: str
    rect: tuple[float, float, float, float]
    extra: tuple[tuple[str, object], ...] = ()


@dataclass(slots=True)
class Graph:
    """Nodes in the order they were added, and the wires between them; ``params``: those of a block.

    A file may have wires to nodes or ports that do not exist: `engine.check` reports them.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    frames: tuple[Frame, ...] = ()
    notes: tuple[Note, ...] = ()
    params: dict[str, BlockParam] = field(default_factory=dict)
    extra: Raw = field(default_factory=dict)

    def into(self, node: str) -> list[Wire]:
        """The wires that end at ``node``, variadic ones in the order of their index."""
        return sorted((wire for wire in self.wires if wire.target.node == node), key=lambda wire: wire.target.index)

    def out_of(self, node: str) -> list[Wire]:
        """The wires that start at ``node``."""
        return [wire for wire in self.wires if wire.source.node == node]

    def of_kind(self, kind: str) -> dict[str, Node]:
        """The nodes of one kind, in order."""
        return {name: node for name, node in self.nodes.items() if node.kind == kind}


@dataclass(frozen=True, slots=True)
class Split:
    """How samples are held out: fractions of all samples, in [0, 1).

    ``group``: a field of the data; samples with the same value there are never in different parts.
    """

    validation: float = 0.2
    test: float = 0.0
    stratify: bool = True
    seed: int = 0
    group: str = ""
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Data:
    """Where the samples come from; ``kind`` is empty where the project has no data, as in `NO_DATA`."""

    kind: str = "Digits"
    params: dict[str, Value] = field(default_factory=dict)
    split: Split = field(default_factory=Split)
    transforms: tuple[Part, ...] = ()
    extra: Raw = field(default_factory=dict)

    @property
    def is_absent(self) -> bool:
        """Whether the project has no data."""
        return not self.kind


NO_DATA = Data("")
"""The data of a project that has none: it can be edited, checked and exported, but not trained."""


@dataclass(frozen=True, slots=True)
class Published:
    """The block that a file of a library offers; the main graph is an example of its use.

    ``version``: from 1, how often it was published under its name.
    """

    block: str
    summary: str = ""
    version: int = 1
    extra: Raw = field(default_factory=dict)


@dataclass(slots=True)
class Project:
    """What a `.loom` file holds. ``generation``: how the trained network generates samples, if it does.

    ``published``: the block that it offers, if it is a file of a library.
    """

    name: str = "untitled"
    main: str = "Net"
    graphs: dict[str, Graph] = field(default_factory=lambda: {"Net": Graph()})
    data: Data = field(default_factory=Data)
    training: Training = field(default_factory=Training)
    generation: Part | None = None
    published: Published | None = None
    version: int = 2
    extra: Raw = field(default_factory=dict)

    def uses(self, graph: str) -> Iterator[tuple[str, str]]:
        """Every use of a block, as (graph, node)."""
        for owner, inside in self.graphs.items():
            for name, node in inside.nodes.items():
                if node.uses_block and node.graph == graph:
                    yield owner, name
