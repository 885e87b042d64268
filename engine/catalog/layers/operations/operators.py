"""The declaration that all operators share: between two values, or a value and a number."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.emit import Infix
from engine.catalog.params import Number
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Element, Layer, Port

PAIRED = Shapes((of("*"), of("*")), rule="of each axis the larger size; axes of size 1 are repeated")
BROADCAST = "Sizes must be equal, or 1."
NOTHING: Mapping[str, str] = MappingProxyType({})


def infix(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    operator: str,
    summary: str,
    *,
    family: str = "math",
    other: str = "other",
    gives: Element = "any",
    keeps_result: bool = False,
    number_first: bool = False,
    source: str = "",
    left_out: Mapping[str, str] = NOTHING,
) -> Layer:
    """An operator; ``other``: its second operand. ``keeps_result``: its gradient is computed from its result.

    ``number_first``: the first operand may be a number too, where that cannot be written the other way round.
    """
    numbers = (other, "input") if number_first else (other,)
    return Layer(
        kind=kind,
        family=family,
        emit=Infix(operator),
        summary=summary,
        shape=PAIRED,
        source=source,
        params=tuple(
            Number(name, None, help=f"A number instead of a wire into {name}; None: a value is wired.")
            for name in numbers
        ),
        inputs=(Port("input", "any", number="input" if number_first else ""), Port(other, "any", number=other)),
        outputs=(Port("output", gives, backward_use="always" if keeps_result else "never"),),
        signature=f"torch.{kind}",
        agreement=BROADCAST,
        left_out=left_out,
    )
