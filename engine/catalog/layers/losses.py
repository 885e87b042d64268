"""The losses, which training minimizes."""

from collections.abc import Mapping

from engine.catalog.emit import Extension, Function
from engine.catalog.params import Choice, Flag, Float, Int, Param, Value, Vector
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import EMPTY, Compares, Element, Layer, Port, Range

LEFT_OUT = {"size_average": "deprecated: reduction replaces it", "reduce": "deprecated: reduction replaces it"}
REDUCTION = Choice("reduction", "mean", options=("mean", "sum"), help="How the losses of all elements are combined.")
SCALE = Float("scale", 1.0, is_argument=False, help="Weight of this loss in the total that training minimizes.")
CLASS_WEIGHT = Vector("weight", None, min=0.0, help="Weight of each class, one number for each; None: 1 for all.")
IGNORE_INDEX = Int("ignore_index", -100, help="Targets of this class are ignored, such as padding.")


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
        inputs=(Port("input", help="The prediction of the network."), Port("target", target, help="The true value.")),
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
        "Cross entropy of class scores (logits) and the true class; no softmax before it.",
        Shapes((of("B", "C", "*"), (of("B", "*", what="int class"), of("B", "C", "*", what="shares"))), (of(),)),
        "Good 1952; Bridle 1990; Szegedy et al. 2016 for label_smoothing",
        CLASS_WEIGHT,
        IGNORE_INDEX,
        REDUCTION,
        Float(
            "label_smoothing", 0.0, min=0.0, max=1.0, help="Part of the target that is spread evenly over all classes."
        ),
        target="any",
        metric="Accuracy",
        metric_params={"task": "multiclass"},
        metric_takes=("ignore_index",),
        compares=Compares(takes="scores", targets=SHARES, fewest=2),
    ).known_as("classification", "softmax loss", "log loss", "classes", prominence=2),
    _loss(
        "NLLLoss",
        "nll_loss",
        "Negative log likelihood of the true class; takes log-probabilities, as LogSoftmax gives them.",
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
        "Binary cross entropy of scores (logits); no sigmoid before it.",
        SAME,
        "Good 1952; Cox 1958",
        Vector("weight", None, help="Weight of each element of the last axis; None: 1 for all."),
        REDUCTION,
        Vector("pos_weight", None, min=0.0, help="Weight of the positive targets, for each element of the last axis."),
        metric="Accuracy",
        metric_params={"task": "binary", "threshold": 0.0},
        compares=Compares(takes="scores", targets=SHARES, is_binary=True),
    ).known_as("binary cross entropy", "sigmoid loss", prominence=1),
    _loss(
        "BCELoss",
        "binary_cross_entropy",
        "Binary cross entropy of probabilities, as Sigmoid gives them.",
        SAME,
        "Good 1952; Cox 1958",
        Vector("weight", None, help="Weight of each element of the last axis; None: 1 for all."),
        REDUCTION,
        metric="Accuracy",
        metric_params={"task": "binary", "threshold": 0.5},
        compares=Compares(takes="probabilities", usual="Sigmoid", targets=SHARES, is_binary=True),
    ).known_as("binary cross entropy"),
    _loss(
        "MSELoss",
        "mse_loss",
        "Mean squared error.",
        SAME,
        "Legendre 1805; Gauss 1809",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean squared error", "l2", "regression", prominence=1),
    _loss(
        "L1Loss",
        "l1_loss",
        "Mean absolute error; less sensitive to outliers than the squared error.",
        SAME,
        "Laplace 1793",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean absolute error", "mae", "regression"),
    _loss(
        "SmoothL1Loss",
        "smooth_l1_loss",
        "Squared error for small differences, absolute error for large ones.",
        SAME,
        "Girshick 2015",
        REDUCTION,
        Float("beta", 1.0, min=0.0, help="Difference at which the squared error changes to the absolute error."),
        compares=VALUES,
    ),
    _loss(
        "HuberLoss",
        "huber_loss",
        "Half the squared error for small differences, delta times the absolute error for large ones.",
        SAME,
        "Huber 1964",
        REDUCTION,
        Float("delta", 1.0, above=0.0, help="Difference at which the squared error changes to the absolute error."),
        left_out={},
        compares=VALUES,
    ),
    _loss(
        "KLDivLoss",
        "kl_div",
        "Kullback-Leibler divergence of log-probabilities, as LogSoftmax gives them, from a target distribution.",
        Shapes((of("B", "C"), of("B", "C")), (of(),)),
        "Kullback and Leibler 1951; Hinton et al. 2015",
        Choice(
            "reduction",
            "mean",
            options=("mean", "batchmean", "sum"),
            help="How the elements are combined; batchmean is the divergence per sample.",
        ),
        Flag("log_target", False, help="The target is given as log-probabilities."),
        Float(
            "temperature",
            1.0,
            above=0.0,
            help="Temperature of both distributions along axis 1; the loss is multiplied by its square (distillation).",
        ),
        metric="Accuracy",
        metric_params={"task": "multiclass"},
        preset={"reduction": "batchmean"},
        compares=Compares(takes="log-probabilities", usual="LogSoftmax", targets=SHARES, lifted_by="log_target"),
        snippet="softening",
        extension=Extension("softened_kl_div", "temperature", 1.0),
    ).known_as("distillation", "relative entropy", "teacher"),
    Layer(
        kind="MeanLoss",
        family="loss",
        role="loss",
        emit=Function("torch.mean"),
        summary="The mean of a value to minimize, or to maximize with a negative scale, such as a critic's score.",
        shape=Shapes((of("B", "*"),), (of(),)),
        source="Arjovsky et al. 2017",
        params=(SCALE,),
        inputs=(Port("input", help="The value to minimize."),),
        outputs=(),
        left_out={
            "dim": "the mean is over all elements",
            "keepdim": "a loss is one number",
            "dtype": "a loss has the type of its input",
        },
    ).known_as("wasserstein", "critic", "objective", "minimize", "maximize", "custom loss"),
)
