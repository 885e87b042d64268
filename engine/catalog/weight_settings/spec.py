"""The declarations of an initializer and of a parametrization."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct, field

from engine.catalog.params import Param


class Axes(Struct, frozen=True):
    """How many axes a weight must have; ``most`` is ``None`` where there is no bound."""

    least: int = 0
    most: int | None = None

    def fit(self, count: int) -> bool:
        """Whether a weight of this many axes fits."""
        return self.least <= count and (self.most is None or count <= self.most)

    def text(self) -> str:
        """The bounds in words."""
        if self.most is None:
            return f"at least {self.least} axes"
        return f"{self.least} axes" if self.least == self.most else f"{self.least} to {self.most} axes"


ANY_AXES = Axes()


class Initializer(Struct, frozen=True, kw_only=True):
    """A function of ``torch.nn.init``, which fills a weight when the network is built.

    ``ordered``: two parameters, of which the first must be below the second. ``fixed``: those that cannot be an
    expression, because the shape of the weight decides which values are legal.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    axes: Axes = ANY_AXES
    ordered: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Parametrization(Struct, frozen=True, kw_only=True):
    """A function of ``torch.nn.utils.parametrizations``: the weight is computed from other tensors, which are learned.

    ``originals``: the names of these below ``parametrizations.<weight>``.
    ``along``: the parameter that names an axis; there is one more learned number for each of its entries.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    axes: Axes = ANY_AXES
    originals: tuple[str, ...] = ("original",)
    along: str = ""
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
