"""The settings of the weights of a node or of a use of a block, beside their shapes."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.graph.model import Part, Raw

Field = Literal["init", "parametrize"]
"""The fields that hold something for each weight by its name."""

SHIPPED = "shipped:"
"""What the path of weights begins with that come with the app."""


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """Weights to start from.

    ``path``: a safetensors file or the folder of a run, relative to the project, or ``shipped:NAME``. ``prefix``: what
    the names in it have before the name below the node; the others are left out.
    """

    path: str
    prefix: str = ""
    extra: "Raw" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Follows:
    """Weights that begin as a copy of those of ``node``, in the same graph, and move towards them after each step.

    ``decay``: how much of the own value stays, in [0, 1]. ``every``: the steps from one copy to the next, from 1 on.
    One of both is given.
    """

    node: str
    decay: float | None = None
    every: int | None = None
    extra: "Raw" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """How the weights of a node begin and learn; ``None``: as usual.

    Weights go by their name below the node, ``weight`` of a layer and ``conv1.weight`` of a block. What stands inside a
    block yields to the settings of its use.

    ``init``: the initializer of a weight. ``parametrize``: what a weight is computed by. ``frozen``: whether they stay
    as they are. ``lr_scale``: the factor of the learning rate. ``decay``: whether weight decay and penalties apply.
    """

    init: dict[str, "Part"] = field(default_factory=dict)
    parametrize: dict[str, "Part"] = field(default_factory=dict)
    frozen: bool | None = None
    lr_scale: float | None = None
    decay: bool | None = None
    weights: WeightsFile | None = None
    follows: Follows | None = None

    def without(self, field: Field, weight: str) -> "WeightSettings":
        """The same without one weight in a field of many."""
        parts = {name: part for name, part in self.parts(field).items() if name != weight}
        return replace(self, init=parts) if field == "init" else replace(self, parametrize=parts)

    def parts(self, field: Field) -> dict[str, "Part"]:
        """A field of many, by the names of weights."""
        return self.init if field == "init" else self.parametrize

    def following(self, names: dict[str, str]) -> "WeightSettings":
        """The same where nodes have other names. ``names``: the new ones by the old."""
        if self.follows is None or self.follows.node not in names:
            return self
        return replace(self, follows=replace(self.follows, node=names[self.follows.node]))

    def under(self, use: "WeightSettings", name: str) -> "WeightSettings":
        """The settings of the node ``name`` inside a block, given those of the use of the block."""
        found = replace(
            self,
            init=self.init | _below(use.init, name),
            parametrize=self.parametrize | _below(use.parametrize, name),
            frozen=self.frozen if use.frozen is None else use.frozen,
            lr_scale=self.lr_scale if use.lr_scale is None else use.lr_scale,
            decay=self.decay if use.decay is None else use.decay,
        )
        return self if found == self else found


def _below(parts: dict[str, "Part"], name: str) -> dict[str, "Part"]:
    return {weight.removeprefix(f"{name}."): part for weight, part in parts.items() if weight.startswith(f"{name}.")}


NO_SETTINGS = WeightSettings()
