"""The declaration of a loss, and the parameters and shapes that several have."""

from collections.abc import Mapping

from engine.catalog.emit import Extension, Function
from engine.catalog.params import Choice, Float, Param, Value
from engine.catalog.port_values import Takes, WholeNumbers
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import EMPTY, Compares, Element, Layer, Port, Range

LEFT_OUT = {"size_average": "deprecated: reduction replaces it", "reduce": "deprecated: reduction replaces it"}
REDUCTION = Choice("reduction", "mean", options=("mean", "sum"), help="How the losses of all elements are combined.")
SCALE = Float("scale", 1.0, is_argument=False, help="Weight of this loss in the total that training minimizes.")
SAME = Shapes((of("B", "*"), of("B", "*")), (of(),))

SIGNS = Range(-1.0, 1.0)
"""The range of targets that are 1 and -1."""


def torch_loss(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: str,
    summary: str,
    formula: str,
    shape: Shapes,
    source: str,
    *params: Param,
    compares: Compares,
    target: Element = "float",
    metric: str = "MeanAbsoluteError",
    metric_params: Mapping[str, Value] = EMPTY,
    metric_takes: tuple[str, ...] = (),
    left_out: Mapping[str, str] = LEFT_OUT,
    preset: Mapping[str, Value] = EMPTY,
    snippet: str = "",
    extension: Extension | None = None,
    more: tuple[Port, ...] = (),
    numbers: WholeNumbers | None = None,
    takes: Takes | None = None,
) -> Layer:
    """A loss of torch that compares ``input`` with ``target``."""
    return Layer(
        kind=kind,
        family="loss",
        role="loss",
        emit=Function(f"F.{function}", snippet, extension=extension),
        signature=f"nn.{kind}",
        summary=summary,
        formula=formula,
        shape=shape,
        source=source,
        params=(*params, SCALE),
        inputs=(
            Port("input", help="The prediction of the network.", takes=takes),
            Port("target", target, help="The true value.", numbers=numbers, is_sign=compares.targets == SIGNS),
            *more,
        ),
        outputs=(),
        compares=compares,
        metric=metric,
        metric_params=metric_params,
        metric_takes=metric_takes,
        left_out=left_out,
        preset=preset,
    )
