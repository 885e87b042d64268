"""The settings of the weights of a node or of a block use."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.graph.model import Part, Raw

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

    ``init``: the initializer of a weight. ``parametrize``: its parametrization. ``frozen``: whether weights stay
    unchanged. ``lr_scale``: the factor of the learning rate. ``decay``: whether weight decay and penalties apply.
    """

    init: dict[str, "Part"] = field(default_factory=dict)
    parametrize: dict[str, "Part"] = field(default_factory=dict)
    frozen: bool | None = None
    lr_scale: float | None = None
    decay: bool | None = None
    weights: WeightsFile | None = None
    follows: Follows | None = None

    def without(self, field: Field, weight: str) -> "WeightSettings":
        """The settings without one weight in ``init`` or ``parametrize``."""
        parts = {name: part for name, part in self.parts(field).items() if name != weight}
        return replace(self, init=parts) if field == "init" else replace(self, parametrize=parts)

    def parts(self, field: Field) -> dict[str, "Part"]:
        """The field ``init`` or ``parametrize``."""
        return self.init if field == "init" else self.parametrize

    def following(self, names: dict[str, str]) -> "WeightSettings":
        """The settings after nodes are renamed. ``names``: the new ones by the old."""
        if self.follows is None or self.follows.node not in names:
            return self
        return replace(self, follows=replace(self.follows, node=names[self.follows.node]))

    def under(self, use: "WeightSettings", name: str) -> "WeightSettings":
        """The settings of the node ``name`` inside a block, given those of the use of the block."""
        settings = replace(
            self,
            init=self.init | _below(use.init, name),
            parametrize=self.parametrize | _below(use.parametrize, name),
            frozen=self.frozen if use.frozen is None else use.frozen,
            lr_scale=self.lr_scale if use.lr_scale is None else use.lr_scale,
            decay=self.decay if use.decay is None else use.decay,
        )
        return self if settings == self else settings


def _below(parts: dict[str, "Part"], name: str) -> dict[str, "Part"]:
    return {weight.removeprefix(f"{name}."): part for weight, part in parts.items() if weight.startswith(f"{name}.")}


NO_SETTINGS = WeightSettings()
