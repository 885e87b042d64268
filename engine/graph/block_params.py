"""The parameters that a block declares, each as the catalogue's own kind of parameter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from engine.catalog.expressions import Constant
from engine.catalog.params import Choice, Flag, Float, Int, Param, Sizes
from engine.catalog.value_text import display

if TYPE_CHECKING:
    from engine.graph.model import Graph

ParamType = Literal["int", "float", "flag", "choice", "tuple"]


@dataclass(frozen=True, slots=True)
class BlockParam:
    """A parameter of a block: expressions in the block read it by its name, and each use may set it.

    ``min``, ``max``: inclusive bounds of a number; ``min`` also of each entry of a tuple of whole numbers.
    ``options``: the words of a choice.
    """

    type: ParamType
    default: Constant
    min: float | None = None
    max: float | None = None
    options: tuple[str, ...] = ()
    help: str = ""
    extra: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def is_empty(self) -> bool:
        """Whether no number is within the bounds."""
        return self.min is not None and self.max is not None and self.min > self.max

    def declared(self, name: str) -> Param:
        """The parameter as a form or a rule reads it; without bounds that no number is within."""
        low, high = (None, None) if self.is_empty else (self.min, self.max)
        match self.type:
            case "int":
                return Int(name, self.default, min=_whole(low), max=_whole(high), help=self.help)
            case "float":
                return Float(name, self.default, min=low, max=high, help=self.help)
            case "flag":
                return Flag(name, self.default, help=self.help)
            case "choice":
                return Choice(name, self.default, options=self.options, help=self.help)
            case "tuple":
                return Sizes(name, self.default, min=_whole(low), single=False, help=self.help)

    def default_problem(self, name: str) -> str | None:
        """What is wrong with the default, as the end of a sentence, or ``None``."""
        if self.default is None:
            return f"cannot be {display(None)}"
        return self.declared(name).problem(self.default)


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def block_params(graph: "Graph") -> tuple[Param, ...]:
    """The parameters of a block, in order, as those of a layer are declared."""
    return declared_params(graph.params)


def declared_params(params: Mapping[str, BlockParam]) -> tuple[Param, ...]:
    """Like `block_params`; equal parameters give the same tuple."""
    return _declared(tuple(params.items())) if params else ()


@lru_cache(1024)
def _declared(params: tuple[tuple[str, BlockParam], ...]) -> tuple[Param, ...]:
    return tuple(param.declared(name) for name, param in params)
