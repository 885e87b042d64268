"""What training makes small."""

from collections.abc import Mapping

from engine.catalog.params import Choice, Flag, Float, Int, Param, Value, Vector
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import EMPTY, Compares, Element, Extension, Function, Layer, Port, Range

LEFT_OUT = {"size_average": "deprecated: reduction says it", "reduce": "deprecated: reduction says it"}
REDUCTION = Choice("reduction", "mean", options=("mean", "sum"), help="How the errors of all become one number.")
SCALE = Float("scale", 1.0, passed=False, help="Factor of this loss in the total that training makes small.")
CLASS_WEIGHT = Vector("weight", None, min=0.0, help="How much each class counts, one number a class; None: all alike.")
IGNORE_INDEX = Int("ignore_index", -100, help="Targets of this class count for nothing, such as padding.")


def _loss(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: str,
    summary: str,
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
) -> Layer:
    return Layer(
        kind=kind,
        family="loss",
        role="loss",
        emit=Function(f"F.{function}", snippet, extension=extension),
        signature=f"nn.{kind}",
        summary=summary,
        shape=shape,
        source=source,
        params=(*params, SCALE),
        inputs=(Port("input", help="What the network says."), Port("target", target, help="What is true.")),
        outputs=(),
        compares=compares,
        metric=metric,
        metric_params=metric_params,
        metric_takes=metric_takes,
        left_out=left_out,
        preset=preset,
    )


SAME = Shapes((of("B", "*"), of("B", "*")), (of(),))
SHARES = Range(0.0, 1.0)
VALUES = Compares()

LAYERS = (
    _loss(
        "CrossEntropyLoss",
        "cross_entropy",
        "How surprised the scores are by the true class; takes raw scores, no softmax before it.",
        Shapes((of("B", "C", "*"), (of("B", "*", what="int class"), of("B", "C", "*", what="shares"))), (of(),)),
        "Good 1952; Bridle 1990; Szegedy et al. 2016 for label_smoothing",
        CLASS_WEIGHT,
        IGNORE_INDEX,
        REDUCTION,
        Float("label_smoothing", 0.0, min=0.0, max=1.0, help="Share of the target spread evenly over all classes."),
        target="any",
        metric="Accuracy",
        metric_params={"task": "multiclass"},
        metric_takes=("ignore_index",),
        compares=Compares(takes="scores", targets=SHARES, fewest=2),
    ).known_as("classification", "softmax loss", "log loss", "classes", prominence=2),
    _loss(
        "NLLLoss",
        "nll_loss",
        "How surprised log-probabilities are by the true class; goes after LogSoftmax.",
        Shapes((of("B", "C", "*"), of("B", "*", what="int class")), (of(),)),
        "Good 1952",
        CLASS_WEIGHT,
        IGNORE_INDEX,
        REDUCTION,
        target="int",
        metric="Accuracy",
        metric_params={"task": "multiclass"},
        metric_takes=("ignore_index",),
        compares=Compares(takes="log-probabilities", usual="LogSoftmax", fewest=2),
    ),
    _loss(
        "BCEWithLogitsLoss",
        "binary_cross_entropy_with_logits",
        "Cross entropy of yes-or-no questions; takes raw scores, no sigmoid before it.",
        SAME,
        "Good 1952; Cox 1958",
        Vector("weight", None, help="How much each entry of the last axis counts; None: all alike."),
        REDUCTION,
        Vector("pos_weight", None, min=0.0, help="How much a yes counts against a no, per entry of the last axis."),
        metric="Accuracy",
        metric_params={"task": "binary", "threshold": 0.0},
        compares=Compares(takes="scores", targets=SHARES, questions=True),
    ).known_as("binary cross entropy", "sigmoid loss", prominence=1),
    _loss(
        "BCELoss",
        "binary_cross_entropy",
        "Cross entropy of yes-or-no questions; takes probabilities, goes after Sigmoid.",
        SAME,
        "Good 1952; Cox 1958",
        Vector("weight", None, help="How much each entry of the last axis counts; None: all alike."),
        REDUCTION,
        metric="Accuracy",
        metric_params={"task": "binary", "threshold": 0.5},
        compares=Compares(takes="probabilities", usual="Sigmoid", targets=SHARES, questions=True),
    ).known_as("binary cross entropy"),
    _loss(
        "MSELoss",
        "mse_loss",
        "Mean of the squared differences.",
        SAME,
        "Legendre 1805; Gauss 1809",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean squared error", "l2", "regression", prominence=1),
    _loss(
        "L1Loss",
        "l1_loss",
        "Mean of the absolute differences, kind to outliers.",
        SAME,
        "Laplace 1793",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean absolute error", "mae", "regression"),
    _loss(
        "SmoothL1Loss",
        "smooth_l1_loss",
        "Squared for small differences, absolute for large ones.",
        SAME,
        "Girshick 2015",
        REDUCTION,
        Float("beta", 1.0, min=0.0, help="Difference at which squared turns into absolute."),
        compares=VALUES,
    ),
    _loss(
        "HuberLoss",
        "huber_loss",
        "Half the square of small differences, delta times the size of large ones.",
        SAME,
        "Huber 1964",
        REDUCTION,
        Float("delta", 1.0, above=0.0, help="Difference at which squared turns into absolute."),
        left_out={},
        compares=VALUES,
    ),
    _loss(
        "KLDivLoss",
        "kl_div",
        "How far log-probabilities are from a target distribution; goes after LogSoftmax.",
        Shapes((of("B", "C"), of("B", "C")), (of(),)),
        "Kullback and Leibler 1951; Hinton et al. 2015",
        Choice(
            "reduction",
            "mean",
            options=("mean", "batchmean", "sum"),
            help="How the entries become one number; batchmean is the divergence per row.",
        ),
        Flag("log_target", False, help="The target is given as logarithms too."),
        Float(
            "temperature",
            1.0,
            above=0.0,
            help="Softens both distributions along axis 1; the loss is multiplied by its square (distillation).",
        ),
        metric="Accuracy",
        metric_params={"task": "multiclass"},
        preset={"reduction": "batchmean"},
        compares=Compares(takes="log-probabilities", usual="LogSoftmax", targets=SHARES, lifted_by="log_target"),
        snippet="softening",
        extension=Extension("softened_kl_div", "temperature", 1.0),
    ).known_as("distillation", "relative entropy", "teacher"),
)
