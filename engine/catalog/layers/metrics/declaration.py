"""The declaration of a metric, and the parameters and shapes that several have."""

from msgspec.structs import replace

from engine.catalog.emit import Function
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, Int, Param
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Element, Layer, Port

IGNORE_INDEX = Int("ignore_index", -100, help="Targets of this class are ignored, such as padding.")
THRESHOLD = Float(
    "threshold",
    0.0,
    help="Scores above it are positive: 0 for logits, 0.5 for probabilities.",
    idle=(Idle("task", "the best score decides", ("multiclass",)),),
)
TASK = Choice(
    "task",
    "auto",
    options=("auto", "multiclass", "binary"),
    help="multiclass: the highest score along axis 1 is the prediction; binary: each score is one; "
    "auto: multiclass where input has a class axis that target lacks.",
)
FROM_LOGITS = Flag(
    "from_logits", True, help="The scores are logits or log-probabilities; off: probabilities, as Softmax gives them."
)
CLASS_INDEX = Int(
    "class_index",
    None,
    min=0,
    help="The class, or the column of yes-or-no answers, that is measured alone; None: all, by average.",
)
AVERAGE = Choice(
    "average",
    "macro",
    options=("macro", "micro", "weighted"),
    help="macro: mean over the classes, or columns, that are predicted or true; micro: over all predictions together; "
    "weighted: mean by class size.",
    idle=(Idle("class_index", "one class has no average", but=(None,)),),
)
CLASSES = Shapes(
    (of("B", "C", "*", what="scores"), of("B", "*", what="int class")), (of(),), "; or (B, *), (B, *) of 0 and 1 -> ()"
)
COLUMNS = replace(CLASSES, rule="; or (B, C, *), (B, C, *) of 0 and 1 -> ()")
SAME = Shapes((of("B", "*"), of("B", "*")), (of(),))


def metric(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: Function,
    summary: str,
    formula: str,
    shape: Shapes,
    source: str,
    *params: Param,
    target: Element,
    input: Port | None = None,
    more: tuple[Port, ...] = (),
    target_help: str = "The true value.",
    in_unit: bool = False,
    unit_power: int = 1,
    lower_is_better: bool = False,
) -> Layer:
    """A metric with the ports ``input``, ``target``, and ``more``."""
    return Layer(
        kind=kind,
        family="metric",
        role="metric",
        emit=function,
        summary=summary,
        formula=formula,
        shape=shape,
        source=source,
        params=params,
        inputs=(
            input or Port("input", help="The prediction of the network."),
            Port("target", target, help=target_help),
            *more,
        ),
        outputs=(),
        in_unit=in_unit,
        unit_power=unit_power,
        lower_is_better=lower_is_better,
    )
