"""The settings of the weights of a node or of a block use."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from engine.graph.model import Part, Raw

T = TypeVar("T")
Field = Literal["init", "parametrize"]
"""The fields that hold a part for each weight, by its name."""

SHIPPED = "shipped:"
"""The prefix of the paths of weights that ship with the app."""


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """Weights to start from.

    ``path``: a safetensors file or the folder of a run, relative to the project, or ``shipped:NAME``. ``prefix``: what
    names in the file have before the name below the node; names without it are ignored.
    """

    path: str
    prefix: str = ""
    extra: "Raw" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follows:
    """Weights that start as a copy of those of ``node``, in the same graph, and move towards them after each step.

    ``decay``: the share of the own value that stays, in [0, 1]. ``every``: the steps from one copy to the next, from 1
    on. One of the two is set.
    """

    node: str
    decay: float | None = None
    every: int | None = None
    extra: "Raw" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """How the weights of a node start and learn; ``None``: the default.

    Weights have their names below the node: ``weight`` of a layer, ``conv1.weight`` of a block. The settings of a block
    use override those inside the block.

    ``shares``: for a weight, the weight of another node of the graph that it is, such as ``wte.weight``, or in a block
    ``encoder.wte.weight``. ``init``: the initializer of a weight. ``parametrize``: its parametrization. ``frozen``:
    whether weights stay unchanged. ``lr_scale``: the factor of the learning rate. ``decay``: whether weight decay and
    penalties apply.
    """

    init: dict[str, "Part"] = field(default_factory=dict)
    parametrize: dict[str, "Part"] = field(default_factory=dict)
    frozen: bool | None = None
    lr_scale: float | None = None
    decay: bool | None = None
    weights: WeightsFile | None = None
    follows: Follows | None = None
    shares: dict[str, str] = field(default_factory=dict)

    def without(self, field: Field, weight: str) -> "WeightSettings":
        """The settings without one weight in ``init`` or ``parametrize``."""
        parts = {name: part for name, part in self.parts(field).items() if name != weight}
        return replace(self, init=parts) if field == "init" else replace(self, parametrize=parts)

    def parts(self, field: Field) -> dict[str, "Part"]:
        """The field ``init`` or ``parametrize``."""
        return self.init if field == "init" else self.parametrize

    @property
    def owners(self) -> tuple[str, ...]:
        """The nodes whose weights it shares, each once."""
        return tuple(dict.fromkeys(map(owner_of, self.shares.values()))) if self.shares else ()

    def following(self, names: dict[str, str]) -> "WeightSettings":
        """The settings after nodes are renamed. ``names``: the new ones by the old."""
        settings = self
        if self.follows and self.follows.node in names:
            settings = replace(settings, follows=replace(self.follows, node=names[self.follows.node]))
        if any(owner in names for owner in self.owners):
            settings = replace(settings, shares={key: _renamed(value, names) for key, value in self.shares.items()})
        return settings

    def sharing_with(self, is_owner: Callable[[str], bool]) -> "WeightSettings":
        """The settings in which it shares only the weights of some nodes."""
        if all(map(is_owner, self.owners)):
            return self
        return replace(self, shares={key: value for key, value in self.shares.items() if is_owner(owner_of(value))})

    def under(self, use: "WeightSettings", name: str) -> "WeightSettings":
        """The settings of the node ``name`` inside a block, given those of the use of the block."""
        if use is NO_SETTINGS:
            return self
        settings = replace(
            self,
            shares=self.shares | _below(use.shares, name),
            init=self.init | _below(use.init, name),
            parametrize=self.parametrize | _below(use.parametrize, name),
            frozen=self.frozen if use.frozen is None else use.frozen,
            lr_scale=self.lr_scale if use.lr_scale is None else use.lr_scale,
            decay=self.decay if use.decay is None else use.decay,
        )
        return self if settings == self else settings


def owner_of(weight: str) -> str:
    """The node of a graph that owns a weight with this name, such as ``wte.weight``, directly or in a block."""
    return weight.partition(".")[0]


def _renamed(weight: str, names: dict[str, str]) -> str:
    owner, dot, rest = weight.partition(".")
    return f"{names.get(owner, owner)}{dot}{rest}"


def _below(parts: dict[str, T], name: str) -> dict[str, T]:
    return {weight.removeprefix(f"{name}."): part for weight, part in parts.items() if weight.startswith(f"{name}.")}


NO_SETTINGS = WeightSettings()
