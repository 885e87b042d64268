"""The metrics, which are reported and not trained on."""

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
AVERAGE = Choice(
    "average",
    "macro",
    options=("macro", "micro", "weighted"),
    help="macro: mean over the classes that occur; micro: over all predictions together; weighted: mean by class size.",
)
CLASSES = Shapes(
    (of("B", "C", "*", what="scores"), of("B", "*", what="int class")), (of(),), "; or (B, *), (B, *) of 0 and 1 -> ()"
)
COLUMNS = replace(CLASSES, rule="; or (B, C, *), (B, C, *) of 0 and 1 -> ()")
SAME = Shapes((of("B", "*"), of("B", "*")), (of(),))


def _metric(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: str | Function,
    summary: str,
    shape: Shapes,
    source: str,
    *params: Param,
    target: Element,
    in_unit: bool = False,
    lower_is_better: bool = False,
) -> Layer:
    return Layer(
        kind=kind,
        family="metric",
        role="metric",
        emit=function if isinstance(function, Function) else Function(function, snippet="metrics.scores"),
        summary=summary,
        shape=shape,
        source=source,
        params=params,
        inputs=(Port("input", help="The prediction of the network."), Port("target", target, help="The true value.")),
        outputs=(),
        in_unit=in_unit,
        lower_is_better=lower_is_better,
    )


LAYERS = (
    _metric(
        "Accuracy",
        Function(
            "accuracy",
            snippet="metrics.scores",
            by="task",
            forms={
                "multiclass": ("class_accuracy", ("ignore_index",)),
                "binary": ("binary_accuracy", ("threshold", "ignore_index")),
            },
        ),
        "Share of correct predictions.",
        CLASSES,
        "Fisher 1936",
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as(prominence=1),
    _metric(
        "TopKAccuracy",
        "top_k_accuracy",
        "Share of samples whose true class is among the k highest scores.",
        Shapes((of("B", "C", "*", what="scores"), of("B", "*", what="int class")), (of(),)),
        "Russakovsky et al. 2015",
        Int("k", 5, min=1, help="Number of highest scores that count as the prediction."),
        IGNORE_INDEX,
        target="int",
    ).known_as(stem="top_k"),
    _metric(
        "F1Score",
        "f1_score",
        "Harmonic mean of precision and recall.",
        CLASSES,
        "van Rijsbergen 1979; Sokolova and Lapalme 2009 for the averages",
        AVERAGE,
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as(prominence=1),
    _metric(
        "Precision",
        "precision_score",
        "Share of the predictions of a class that are right: true positives / all predicted positives.",
        CLASSES,
        "Kent et al. 1955; Sokolova and Lapalme 2009 for the averages",
        AVERAGE,
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("positive predictive value", "false alarms", "false positives"),
    _metric(
        "Recall",
        "recall_score",
        "Share of the true samples of a class that are predicted so: true positives / all true samples.",
        CLASSES,
        "Kent et al. 1955; Sokolova and Lapalme 2009 for the averages",
        AVERAGE,
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("sensitivity", "true positive rate", "misses", "false negatives", "balanced accuracy"),
    _metric(
        "MeanIoU",
        "mean_iou",
        "Intersection over union of predicted and true places of a class, the mean over the classes that occur.",
        COLUMNS,
        "Jaccard 1901; Everingham et al. 2010",
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("jaccard", "segmentation", "overlap", "miou", stem="mean_iou"),
    _metric(
        "DiceScore",
        "dice_score",
        "Overlap of predicted and true places, 2 |A and B| / (|A| + |B|), the mean over the samples.",
        COLUMNS,
        "Dice 1945; Soerensen 1948",
        THRESHOLD,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("segmentation", "overlap", "f1", stem="dice"),
    _metric(
        "AUROC",
        Function("roc_auc_score", snippet="metrics.confidence"),
        "Chance that a positive sample gets a higher score than a negative one: the area below the ROC curve.",
        COLUMNS,
        "Hanley and McNeil 1982; Provost and Domingos 2003 for several classes",
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("roc auc", "area under the curve", "ranking", stem="roc_auc"),
    _metric(
        "AveragePrecision",
        Function("average_precision_score", snippet="metrics.confidence"),
        "Mean precision at the score of each positive sample: the area below the curve of precision over recall.",
        COLUMNS,
        "Buckley and Voorhees 2000; Davis and Goadrich 2006",
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("pr auc", "area under the curve", "rare class", "ranking", stem="average_precision"),
    _metric(
        "CalibrationError",
        Function("calibration_error", snippet="metrics.confidence"),
        "Expected distance of a prediction's probability from the share of such predictions that is right.",
        COLUMNS,
        "Naeini et al. 2015; Guo et al. 2017",
        Int("bins", 15, min=1, max=10_000, help="Number of equally wide ranges of the probability."),
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
        lower_is_better=True,
    ).known_as("ece", "confidence", "reliability", "trust", stem="calibration_error"),
    _metric(
        "Perplexity",
        Function("perplexity", snippet="metrics.confidence"),
        "Exponential of the mean cross entropy: as unsure as a choice among this many equally likely classes.",
        Shapes((of("B", "C", "*", what="scores"), of("B", "*", what="int class")), (of(),)),
        "Jelinek et al. 1977",
        IGNORE_INDEX,
        target="int",
        lower_is_better=True,
    ).known_as("language model", "text"),
    _metric(
        "MeanAbsoluteError",
        "mean_absolute_error",
        "Mean absolute error, in the unit of the target.",
        SAME,
        "Laplace 1793",
        target="float",
        in_unit=True,
        lower_is_better=True,
    ).known_as(stem="mae", prominence=1),
    _metric(
        "RootMeanSquaredError",
        "root_mean_squared_error",
        "Root mean squared error, in the unit of the target.",
        SAME,
        "Gauss 1809",
        target="float",
        in_unit=True,
        lower_is_better=True,
    ),
    _metric(
        "PeakSignalNoiseRatio",
        "peak_signal_noise_ratio",
        "Ratio of the range of values to the error, 10 log10(data_range^2 / mean squared error), in decibels.",
        SAME,
        "Huynh-Thu and Ghanbari 2008",
        Float("data_range", 1.0, above=0.0, help="Largest value minus smallest, such as 1 or 255 for pictures."),
        target="float",
    ).known_as("psnr", "image quality", "denoising", "super-resolution", "reconstruction", stem="psnr"),
    _metric(
        "R2Score",
        "r2_score",
        "Share of the target's variance that is explained: 1 is perfect, 0 is as good as the mean.",
        SAME,
        "Wright 1921",
        target="float",
    ),
)
